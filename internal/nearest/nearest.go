// Package nearest finds the name that a mistyped one was meant to be.
package nearest

import (
	"strings"
	"unicode/utf8"
)

const (
	// maxRunes is the maximum length of names that are compared letter by letter. It bounds the work for long remote names.
	maxRunes = 100
	// leastPrefix is the minimum length of a name that may be the beginning of another.
	leastPrefix = 3
)

// Name returns the candidate that given was probably meant to be, or "". In this order: the one that differs only in case or in blanks
// around it; the one with the fewest mistyped letters, a third of given at most; the only one that begins with given or that given begins
// with, like the short and the long form of a commit hash.
func Name(given string, candidates []string) string {
	wanted := folded(given)
	if wanted == "" {
		return ""
	}
	best, least := "", max(utf8.RuneCountInString(wanted), 3)/3+1
	var longer []string
	for _, candidate := range candidates {
		name := folded(candidate)
		switch {
		case name == "":
			continue
		case name == wanted:
			return candidate
		case hasPrefix(name, wanted) || hasPrefix(wanted, name):
			longer = append(longer, candidate)
		}
		if d := distance(wanted, name, least); d < least {
			best, least = candidate, d
		}
	}
	if best == "" && len(longer) == 1 {
		return longer[0]
	}
	return best
}

func folded(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

func hasPrefix(name, prefix string) bool {
	return utf8.RuneCountInString(prefix) >= leastPrefix && strings.HasPrefix(name, prefix)
}

// distance returns how many letters must be changed, added, left out or exchanged with their neighbour to make b of a, or limit if it is
// that many or more, or if a name is too long.
func distance(a, b string, limit int) int {
	from, to := []rune(a), []rune(b)
	if max(len(from), len(to)) > maxRunes || len(from)-len(to) >= limit || len(to)-len(from) >= limit {
		return limit
	}
	var before []int // the row before last
	last := make([]int, len(to)+1)
	for j := range last {
		last[j] = j
	}
	for i := range from {
		row := make([]int, len(to)+1)
		row[0] = i + 1
		for j := range to {
			change := last[j]
			if from[i] != to[j] {
				change++
			}
			row[j+1] = min(change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && from[i] == to[j-1] && from[i-1] == to[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return min(last[len(to)], limit)
}
