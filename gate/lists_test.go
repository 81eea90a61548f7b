package gate_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestWhatAListLeavesOut decides nothing: an end that it shows in short, or twice, is looked at by itself.
func TestWhatAListLeavesOut(t *testing.T) {
	failing := telnyx.Run{Status: telnyx.StatusPassed, Criteria: criteria("polite", "failed")}
	passing := criteria("polite", "passed")
	inShort := func(_ int, page telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
		for i := range page.Runs {
			page.Runs[i].Criteria = nil
		}
		return page, nil
	}
	ended := func(page telnyx.SuiteRuns) bool { return len(page.Runs) > 0 && page.Runs[0].Status.Terminal() }
	for name, tt := range map[string]struct {
		n      int
		end    telnyx.Run // of t1
		page   func(n int, page telnyx.SuiteRuns) (telnyx.SuiteRuns, error)
		failed int
		looks  [2]int // at single runs, at least and at most
	}{
		"in full":  {n: 4, end: failing, failed: 1},
		"in short": {n: 4, end: failing, page: inShort, failed: 1, looks: [2]int{4, 4}},
		"in short, and all passed": {
			n: 4, end: telnyx.Run{Status: telnyx.StatusPassed, Criteria: passing},
			page: inShort, looks: [2]int{4, 4},
		},
		"passed although the run failed, without criteria": {
			n: 4, end: telnyx.Run{Status: telnyx.StatusFailed, Criteria: criteria("polite", "failed")},
			page: func(_ int, page telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
				for i := range page.Runs {
					page.Runs[i].Status, page.Runs[i].Criteria = telnyx.StatusPassed, nil
				}
				return page, nil
			}, failed: 1, looks: [2]int{10, 40},
		},
		"a row twice, first passed, then failed": {n: 4, end: failing, page: func(_ int, page telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
			if ended(page) {
				for i, run := range page.Runs {
					if run.TestID == "t1" {
						again := run
						page.Runs[i].Criteria = passing
						page.Runs = append(page.Runs, again)
						break
					}
				}
			}
			return page, nil
		}, failed: 1, looks: [2]int{1, 1}},
		"a row on two pages": {n: 150, end: failing, page: func(_ int, page telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
			of := slices.IndexFunc(page.Runs, func(r telnyx.Run) bool { return r.TestID == "t1" })
			if of < 0 && ended(page) { // the other page has it, as it is
				page.Runs[0] = telnyx.Run{ID: "r1", TestID: "t1", Status: telnyx.StatusPassed, Criteria: passing, SuiteRunID: "s1"}
			}
			return page, nil
		}, failed: 1, looks: [2]int{2, 2}},
		"tests of other ids": {n: 4, end: failing, page: func(_ int, page telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
			for i := range page.Runs {
				page.Runs[i].TestID = strings.ToUpper(page.Runs[i].TestID) // no UUIDs: other tests
			}
			return page, nil
		}, failed: 1, looks: [2]int{8, 30}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(tt.n)
				f.ends["t1"] = tt.end
				f.onPage = tt.page
				o, _ := runGate(t, t.Context(), f, wholeSettings(f))
				if c := o.Counts(); c.Failed != tt.failed || c.Passed != tt.n-tt.failed || f.looks < tt.looks[0] || f.looks > tt.looks[1] {
					t.Errorf("%+v after %d looks at single runs, want %d failed after %v: %s", c, f.looks, tt.failed, tt.looks, said(o))
				}
				if f.sent() != tt.n {
					t.Errorf("%d runs were asked for", f.sent())
				}
			})
		})
	}
}

// TestAListTakesAPassedBack as a look at the run itself does.
func TestAListTakesAPassedBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(4)
		f.takes = 30 * time.Second
		f.ends["t1"] = telnyx.Run{Status: telnyx.StatusFailed, Criteria: criteria("polite", "failed")}
		f.onPage = func(n int, page telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
			if n == 1 {
				for i := range page.Runs {
					page.Runs[i].Status, page.Runs[i].Criteria = telnyx.StatusPassed, criteria("polite", "pending")
				}
			}
			return page, nil
		}
		o, _ := runGate(t, t.Context(), f, wholeSettings(f))
		if got := states(o); got != "failed passed passed passed" || !strings.Contains(said(o), "first gave the run as passed, later as running") {
			t.Errorf("states %q: %s", got, said(o))
		}
	})
}

// TestUUIDsInOtherLetters are the same runs and tests.
func TestUUIDsInOtherLetters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(4)
		for i := range f.tests {
			f.tests[i].ID = strings.Replace("00000000-0000-4000-8000-00000000000x", "x", string(rune('a'+i)), 1)
		}
		f.ends[f.tests[0].ID] = telnyx.Run{Status: telnyx.StatusFailed, Criteria: criteria("polite", "failed")}
		f.onPage = func(_ int, page telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
			for i := range page.Runs {
				page.Runs[i].TestID = strings.ToUpper(page.Runs[i].TestID)
			}
			return page, nil
		}
		s := wholeSettings(f)
		s.Quarantine = outcome.Quarantine{{ID: strings.ToUpper(f.tests[0].ID), Reason: "r", Owner: "o", Expires: time.Now().Add(time.Hour)}}
		o, _ := runGate(t, t.Context(), f, s)
		if got := states(o); got != "failed passed passed passed" || o.ExitCode() != 0 || f.looks != 0 || len(o.Notes) != 0 {
			t.Errorf("states %q, exit %d, %d looks at single runs, notes %q: %s", got, o.ExitCode(), f.looks, o.Notes, said(o))
		}
	})
}
