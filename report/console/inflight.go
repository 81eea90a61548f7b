package console

import (
	"cmp"
	"maps"
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// mostLooked is among how many runs under way names are looked for: more than that are not of a few tests.
const mostLooked = 100

// underWay are the remote runs that were accepted and whose test has not ended. Its zero value has none.
type underWay struct {
	runs map[string]runUnderWay // by id
	all  int                    // how many there ever were
}

type runUnderWay struct {
	name  string // of its test
	place int    // in the order in which runs were triggered
}

func (u *underWay) begun(id, name string) {
	if u.runs == nil {
		u.runs = map[string]runUnderWay{}
	}
	u.all++
	u.runs[id] = runUnderWay{name: name, place: u.all}
}

// ended takes out the runs of a test that ended.
func (u *underWay) ended(r outcome.TestResult) {
	for _, attempts := range [][]outcome.Attempt{r.Attempts, r.Baseline} {
		for _, a := range attempts {
			delete(u.runs, a.RunID)
		}
	}
}

// names are the names of the tests whose runs are under way, each once, in the order in which they were triggered; none
// where the runs are many.
func (u *underWay) names() []string {
	if len(u.runs) > mostLooked {
		return nil
	}
	runs := slices.SortedFunc(maps.Values(u.runs), func(a, b runUnderWay) int { return cmp.Compare(a.place, b.place) })
	var names []string
	for _, run := range runs {
		if !slices.Contains(names, run.name) {
			names = append(names, run.name)
		}
	}
	return names
}
