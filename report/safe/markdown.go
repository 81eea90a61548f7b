package safe

import "strings"

// CodeSpan is s on one line as a code span of Markdown outside of HTML. Readers of comments look for mentions and references
// everywhere but in code, and an escape does not stop them: it is undone before they look.
func CodeSpan(s string, maxBytes int) Markup {
	s = PlainLine(s, maxBytes)
	if s == "" {
		return Markup{}
	}
	ticks := strings.Repeat("`", longestRun(s, '`')+1)
	pad := ""
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		pad = " "
	}
	return Markup{ticks + pad + s + pad + ticks}
}

// Fence is s as a fenced code block of Markdown, with a blank line after it. The fence is longer than any in s.
func Fence(s string, maxBytes int) Markup {
	s = strings.Trim(PlainText(s, maxBytes), "\n")
	fence := strings.Repeat("`", max(3, longestRun(s, '`')+1))
	return Markup{fence + "text\n" + s + "\n" + fence + "\n\n"}
}

// longestRun is how often c comes in a row at most.
func longestRun(s string, c byte) int {
	longest, run := 0, 0
	for i := range len(s) {
		if run++; s[i] != c {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}
