package ci

import (
	"strconv"
	"unicode/utf8"
)

// Level is how grave an annotation is.
type Level string

// The levels that GitHub has.
const (
	LevelError   Level = "error"
	LevelWarning Level = "warning"
	LevelNotice  Level = "notice"
)

// Annotation is a message for the run's page.
type Annotation struct {
	Level   Level
	Title   string // may be empty; at most 255 bytes are kept
	Message string // at most 4000 bytes are kept
	File    string // path inside the repository; empty for none
	Line    int    // line of File, from 1; 0 for none
}

const (
	// maxMessage is below the 4096 characters at which the runner cuts a message without a sign of it
	// (actions/runner, ExecutionContext.cs).
	maxMessage = 4000
	// maxTitle is what GitHub's API takes for an annotation's title (REST API, check runs).
	maxTitle = 255
)

func (a Annotation) cut() Annotation {
	a.Title = cut(a.Title, maxTitle)
	a.Message = cut(a.Message, maxMessage)
	return a
}

// fields are the properties of the workflow command. Only what is known is named: the runner drops a line without a file.
func (a Annotation) fields() map[string]string {
	fields := map[string]string{}
	if a.Title != "" {
		fields["title"] = a.Title
	}
	if a.File != "" {
		fields["file"] = a.File
		if a.Line > 0 {
			fields["line"] = strconv.Itoa(a.Line)
		}
	}
	return fields
}

// cut shortens s to at most most bytes, on the boundary of a character, and shows that it did.
func cut(s string, most int) string {
	const sign = "..."
	if len(s) <= most {
		return s
	}
	end := most - len(sign)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + sign
}
