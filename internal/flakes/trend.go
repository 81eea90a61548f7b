package flakes

import (
	"cmp"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Period is the votes of a month, or on a version.
type Period struct {
	Name          string // as 2026-11, or the id of the version
	Votes, Failed int
	PassRate      Interval // 95 %
	First         time.Time
}

// Rate is its share of passed votes.
func (p Period) Rate() float64 { return float64(p.Votes-p.Failed) / float64(p.Votes) }

type periods map[string]*Period

func (all periods) add(name string, v vote) {
	p := all[name]
	if p == nil {
		p = &Period{Name: name}
		all[name] = p
	}
	p.Votes++
	if v.failed {
		p.Failed++
	}
	p.First = outcome.EarliestKnown(p.First, v.at)
}

func byName(a, b Period) int { return cmp.Compare(a.Name, b.Name) }

func byTime(a, b Period) int { return cmp.Or(a.First.Compare(b.First), byName(a, b)) }

func (all periods) sorted(by func(a, b Period) int) []Period {
	var sorted []Period
	for _, p := range all {
		p.PassRate = Wilson(p.Votes-p.Failed, p.Votes)
		sorted = append(sorted, *p)
	}
	slices.SortFunc(sorted, by)
	return sorted
}

// leastOfMonth is how many votes of a month make it worth a comparison.
const leastOfMonth = 30

// Decline returns the first and the last month with enough votes if the pass rate fell between them by more than chance explains:
// their intervals do not touch.
func (a *Analysis) Decline() (from, to Period, found bool) {
	months := slices.DeleteFunc(slices.Clone(a.Months), func(p Period) bool { return p.Votes < leastOfMonth })
	if len(months) < 2 {
		return from, to, false
	}
	from, to = months[0], months[len(months)-1]
	return from, to, to.PassRate.High < from.PassRate.Low
}
