package summary

import (
	"cmp"
	"slices"

	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// section is a part of the summary. If it does not fit, whole entries at its end are left out.
type section struct {
	one, many   string // what an entry is called
	open, close safe.Markup
	entries     []safe.Markup
	rank        int // sections of a lower rank get room first
}

// first is the section with its first n entries, and nothing if n is 0.
func (s section) first(n int) safe.Markup {
	if n == 0 {
		return safe.Markup{}
	}
	return safe.Concat(s.open, safe.Concat(s.entries[:n]...), s.close)
}

// fitting is how many of the entries fit into room bytes.
func (s section) fitting(room int) int {
	room -= s.open.Len() + s.close.Len()
	for n, e := range s.entries {
		if room -= e.Len(); room < 0 {
			return n
		}
	}
	return len(s.entries)
}

// rest says how many entries are left out, and which file has them.
func (s section) rest(n int, more string) safe.Markup {
	if n == 0 {
		return safe.Markup{}
	}
	number := line(view.Plural(n, "more "+s.one+" is", "more "+s.many+" are"))
	if more == "" {
		return safe.Format("<p>%s not shown here</p>\n\n", number)
	}
	return safe.Format("<p>%s in <code>%s</code></p>\n\n", number, safe.HTMLLine(more, maxPathBytes))
}

// maxPathBytes bounds the path of the file that has what is left out.
const maxPathBytes = 1024

// fit puts head and sections together in at most room bytes. A section that is cut says how much is left out, if there is room
// to say it. ok is false if not even head fits.
func fit(head safe.Markup, sections []section, room int, more string) (document safe.Markup, ok bool) {
	left := room - head.Len()
	if left < 0 {
		return safe.Markup{}, false
	}
	for _, s := range sections {
		left -= s.rest(len(s.entries), more).Len()
	}
	if left < 0 {
		return head, true
	}
	parts := []safe.Markup{head}
	for i, n := range share(sections, left, more) {
		parts = append(parts, sections[i].first(n), sections[i].rest(len(sections[i].entries)-n, more))
	}
	return safe.Concat(parts...), true
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
		n, line := len(s.entries), s.rest(len(s.entries), more).Len()
		if whole := s.first(n).Len(); whole <= left+line {
			shown[i] = n
			left += line - whole
			continue
		}
		shown[i] = s.fitting(left)
		left -= s.first(shown[i]).Len()
	}
	return shown
}
