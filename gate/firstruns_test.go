package gate

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestNoteFirstRuns: tests by the letters of their runs, p(assed), f(ailed), e(rrored); the result is the last letter's.
func TestNoteFirstRuns(t *testing.T) {
	passed := func(n int) (runs []string) {
		for range n {
			runs = append(runs, "p")
		}
		return runs
	}
	for name, tt := range map[string]struct {
		tests    []string
		attempts string
		want     []string
	}{
		"chance explains it":                {append(passed(17), "fpp", "fpp", "fpp"), "confirm:3", nil},
		"chance does not":                   {append(passed(16), "fpp", "fpp", "fpp", "fpp"), "confirm:3", []string{"4 of 20 first runs failed; at 95 % that happens in 1.6 % of gates"}},
		"an errored run is no first run":    {append(passed(16), "efpp", "fpp", "epp", "fpp", "fpp"), "confirm:3", []string{"4 of 21 first runs failed; at 95 % that happens in 1.9 % of gates"}},
		"some failed in the end":            {append(passed(16), "ff", "fpp", "ff", "ff"), "confirm:3", []string{"4 of 20 first runs failed; at 95 % that happens in 1.6 % of gates"}},
		"all of them blocks already":        {append(passed(16), "ff", "ff", "ff", "ff"), "confirm:3", nil},
		"a single one":                      {[]string{"fpp"}, "confirm:3", nil},
		"a single one that is very rare":    {[]string{"fpp"}, "auto:healthy=99", nil},
		"the second test of two":            {[]string{"fpp", "fpp"}, "confirm:3", []string{"2 of 2 first runs failed; at 95 % that happens in 0.3 % of gates"}},
		"at the rate that auto was given":   {append(passed(16), "fpp", "fpp", "fpp", "fpp"), "auto:healthy=80", nil},
		"an excused test does not count":    {append(passed(16), "fpp", "fpp", "fpp", "xf", "xf", "xf"), "confirm:3", nil},
		"a quarantined test does not count": {append(passed(16), "fpp", "fpp", "fpp", "qfpp"), "confirm:3", nil},
		"nothing ran":                       {[]string{"", "e"}, "confirm:3", nil},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := outcome.ParsePolicy(tt.attempts)
			if err != nil {
				t.Fatal(err)
			}
			s := Settings{Policy: p, Started: time.Unix(0, 0), Quarantine: outcome.Quarantine{{ID: "q", Expires: time.Unix(1, 0)}}}
			o := &outcome.Outcome{}
			for _, runs := range tt.tests {
				o.Results = append(o.Results, resultOf(runs))
			}
			if diff := cmp.Diff(tt.want, noteFirstRuns(o, s)); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
		})
	}
}

func resultOf(runs string) outcome.TestResult {
	r := outcome.TestResult{Test: telnyx.Test{ID: "t"}}
	states := map[rune]outcome.State{'p': outcome.StatePassed, 'f': outcome.StateFailed, 'e': outcome.StateErrored}
	for _, letter := range runs {
		switch letter {
		case 'q':
			r.Test.ID = "q"
		case 'x':
			r.Excuse.Kind = outcome.ExcuseKnownFailure
		default:
			r.State = states[letter]
			r.Attempts = append(r.Attempts, outcome.Attempt{State: r.State})
		}
	}
	return r
}
