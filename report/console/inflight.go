package console

import (
	"cmp"
	"maps"
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// maxSearched is among how many runs in flight names are looked for: more than that do not belong to a few tests.
const maxSearched = 100

// inFlight are the remote runs that were accepted and whose test has not ended. Its zero value has none.
type inFlight struct {
	runs map[string]inFlightRun // by id
	all  int                    // how many there ever were
}

type inFlightRun struct {
	name  string // of its test
	index int    // in the order in which runs were triggered
}

func (f *inFlight) add(id, name string) {
	if f.runs == nil {
		f.runs = map[string]inFlightRun{}
	}
	f.all++
	f.runs[id] = inFlightRun{name: name, index: f.all}
}

// remove takes out the runs of a test that ended.
func (f *inFlight) remove(r outcome.TestResult) {
	for _, attempts := range [][]outcome.Attempt{r.Attempts, r.Baseline} {
		for _, a := range attempts {
			delete(f.runs, a.RunID)
		}
	}
}

// names are the names of the tests whose runs are in flight, each once, in the order in which they were triggered; none if the
// runs are many.
func (f *inFlight) names() []string {
	if len(f.runs) > maxSearched {
		return nil
	}
	runs := slices.SortedFunc(maps.Values(f.runs), func(a, b inFlightRun) int { return cmp.Compare(a.index, b.index) })
	var names []string
	for _, run := range runs {
		if !slices.Contains(names, run.name) {
			names = append(names, run.name)
		}
	}
	return names
}
