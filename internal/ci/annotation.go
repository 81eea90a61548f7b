package ci

import (
	"strconv"
	"unicode/utf8"
)

// Level is the severity of an annotation.
type Level string

// GitHub's levels.
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
	File    string // path inside the repository; may be empty
	Line    int    // line of File, from 1; 0: none
}

const (
	// maxMessage is below the 4096 characters at which the runner silently cuts a message
	// (actions/runner, ExecutionContext.cs).
	maxMessage = 4000
	// maxTitle is the limit of GitHub's API for an annotation's title (REST API, check runs).
	maxTitle = 255
)

func (a Annotation) cut() Annotation {
	a.Title = cut(a.Title, maxTitle)
	a.Message = cut(a.Message, maxMessage)
	return a
}

// fields returns the properties of the workflow command. A line needs a file: without one, the runner drops it.
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

// cut shortens s to at most limit bytes without splitting a character, and marks the cut.
func cut(s string, limit int) string {
	const sign = "..."
	if len(s) <= limit {
		return s
	}
	end := limit - len(sign)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + sign
}
