package safe

import (
	"regexp"
	"strings"
)

// attachment is how GitLab, Azure and Jenkins are told in a test's output to attach a file of the build machine.
var attachment = regexp.MustCompile(`(?i)\[(\[ATTACHMENT)`)

// XMLText makes s fit for text and attribute values of XML 1.0; encoding/xml then escapes it. It takes out every
// character that XML 1.0 does not allow, and breaks the command that makes some readers of JUnit XML attach a file.
func XMLText(s string, maxBytes int) string {
	s = PlainText(s, maxBytes-maxBytes/16) // the command grows by a blank
	if strings.Contains(s, "[[") {
		s = attachment.ReplaceAllString(s, "[ $1")
	}
	return CutText(s, maxBytes)
}

// XMLLine is XMLText on one line, for attribute values.
func XMLLine(s string, maxBytes int) string {
	return XMLText(PlainLine(s, maxBytes), maxBytes)
}
