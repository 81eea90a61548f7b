package summary

import (
	"cmp"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// section is a part of the summary that is cut, where there is no room for all of it, behind a whole entry.
type section struct {
	one, many   string // what an entry is called
	open, close string // around the entries
	entries     []string
	rank        int // sections of a lower rank get room first
}

// first is the section with its first n entries, and nothing where n is 0.
func (s section) first(n int) string {
	if n == 0 {
		return ""
	}
	return s.open + strings.Join(s.entries[:n], "") + s.close
}

// fitting is how many entries, not all of them, fit into room bytes.
func (s section) fitting(room int) int {
	room -= len(s.open) + len(s.close)
	for n, e := range s.entries {
		if room -= len(e); room < 0 {
			return n
		}
	}
	return len(s.entries)
}

// rest says how many entries are left out, and which file has them.
func (s section) rest(n int, more string) string {
	if n == 0 {
		return ""
	}
	text := "<p>" + view.Plural(n, "more "+s.one+" is", "more "+s.many+" are")
	if more == "" {
		return text + " not shown here</p>\n\n"
	}
	return text + " in <code>" + safe.HTMLLine(more, 1024) + "</code></p>\n\n"
}

// fit puts head and sections together in at most room bytes. A section that is cut says how much is left out, where there
// is room to say it. ok is false where not even head fits.
func fit(head string, sections []section, room int, more string) (text string, ok bool) {
	left := room - len(head)
	if left < 0 {
		return "", false
	}
	for _, s := range sections {
		left -= len(s.rest(len(s.entries), more))
	}
	if left < 0 {
		return head, true
	}
	shown := share(sections, left, more)
	var b strings.Builder
	b.WriteString(head)
	for i, s := range sections {
		b.WriteString(s.first(shown[i]))
		b.WriteString(s.rest(len(s.entries)-shown[i], more))
	}
	return b.String(), true
}

// share decides how many entries of each section are shown. left is what remains beside a line for every section that
// says all of it is left out; a section that is shown whole gives its line's bytes back.
func share(sections []section, left int, more string) []int {
	order := make([]int, len(sections))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sections[a].rank, sections[b].rank) })
	shown := make([]int, len(sections))
	for _, i := range order {
		s := sections[i]
		n, line := len(s.entries), len(s.rest(len(s.entries), more))
		if whole := len(s.first(n)); whole <= left+line {
			shown[i] = n
			left += line - whole
			continue
		}
		shown[i] = s.fitting(left)
		left -= len(s.first(shown[i]))
	}
	return shown
}
