package cli

import (
	"slices"
	"strings"
	"unicode"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// splitIDs splits a list of ids at newlines, commas and blanks. It removes comments, which start with #, and duplicates.
func splitIDs(value string) []string {
	var ids []string
	for line := range strings.FieldsFuncSeq(value, isLineBreak) {
		line, _, _ = strings.Cut(line, "#")
		for id := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
			ids = append(ids, id)
		}
	}
	return onceByID(ids)
}

// onceByID removes all but the first of the ids that mean the same object, and keeps the order.
func onceByID(ids []string) []string {
	seen := make(map[string]bool, len(ids))
	return slices.DeleteFunc(ids, func(id string) bool {
		key := strings.ToLower(id)
		if !telnyx.SameID(key, id) {
			key = id
		}
		again := seen[key]
		seen[key] = true
		return again
	})
}

// suiteLines puts each of the comma-separated suites on its own line. It does not change a value with several lines, because
// the names in it may contain commas.
func suiteLines(value string) string {
	if strings.ContainsFunc(value, isLineBreak) {
		return value
	}
	return strings.ReplaceAll(value, ",", "\n")
}

// splitLines splits a list of names at line breaks, because a name may contain commas and blanks. It removes blanks around
// names, and duplicates.
func splitLines(value string) []string {
	var names []string
	for line := range strings.FieldsFuncSeq(value, isLineBreak) {
		if name := strings.TrimSpace(line); name != "" {
			names = append(names, name)
		}
	}
	return once(names)
}

func isLineBreak(r rune) bool { return r == '\n' || r == '\r' }

// once removes duplicates and keeps the order.
func once(items []string) []string {
	seen := make(map[string]bool, len(items))
	return slices.DeleteFunc(items, func(item string) bool {
		again := seen[item]
		seen[item] = true
		return again
	})
}
