package gate_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestAListThatCannotBeTrusted is not evidence: every run that it leaves open is polled by itself.
func TestAListThatCannotBeTrusted(t *testing.T) {
	short := func(page telnyx.SuiteRuns, n int) telnyx.SuiteRuns {
		page.Runs = page.Runs[:max(0, len(page.Runs)-n)]
		return page
	}
	for name, tt := range map[string]struct {
		page  func(n int, page telnyx.SuiteRuns) (telnyx.SuiteRuns, error)
		never bool // the list is of use for nothing
	}{
		"short of its last runs": {page: func(_ int, p telnyx.SuiteRuns) (telnyx.SuiteRuns, error) { return short(p, 5), nil }},
		"short, and says so": {page: func(_ int, p telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
			p = short(p, 5)
			p.Total -= 5
			return p, nil
		}},
		"of another number of runs, all passed": {page: func(_ int, p telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
			p.Total = 99
			for i := range p.Runs {
				p.Runs[i].Status, p.Runs[i].Criteria = telnyx.StatusPassed, criteria("polite", "passed")
			}
			return p, nil
		}},
		"empty":                       {page: func(int, telnyx.SuiteRuns) (telnyx.SuiteRuns, error) { return telnyx.SuiteRuns{}, nil }, never: true},
		"empty, with the right count": {page: func(_ int, p telnyx.SuiteRuns) (telnyx.SuiteRuns, error) { return short(p, 1000), nil }, never: true},
		"of other tests": {page: func(_ int, p telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
			for i := range p.Runs {
				p.Runs[i].TestID = "x"
			}
			return p, nil
		}, never: true},
		"not there": {page: func(_ int, p telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
			return p, apiError(telnyx.KindNotFound, 404)
		}, never: true},
		"refused": {page: func(_ int, p telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
			return p, apiError(telnyx.KindRejected, 422)
		}, never: true},
		"never readable": {page: func(_ int, p telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
			return telnyx.SuiteRuns{}, apiError(telnyx.KindMalformed, 200)
		}, never: true},
		"unreadable at first": {page: func(n int, p telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
			if n < 3 {
				return telnyx.SuiteRuns{}, apiError(telnyx.KindAmbiguous, 503)
			}
			return p, nil
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(20)
				f.takes = time.Minute
				f.ends["t4"] = telnyx.Run{Status: telnyx.StatusFailed, Criteria: criteria("polite", "failed")}
				f.onPage = tt.page
				o, _ := runGate(t, t.Context(), f, wholeSettings(f))
				c := o.Counts()
				if o.ExitCode() != 1 || c.Passed != 19 || c.Failed != 1 || len(f.suites) != 1 || len(f.triggers) != 0 {
					t.Errorf("exit %d, %+v: %s", o.ExitCode(), c, said(o))
				}
				if tt.never && (f.polls < 20 || f.pages > 4) {
					t.Errorf("%d pages were asked for, %d single runs", f.pages, f.polls)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) { // a list that is late is waited for
		f := newFake(20)
		f.onPage = func(n int, p telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
			if n < 3 {
				p = short(p, 5)
				p.Total -= 5
			}
			return p, nil
		}
		if o, _ := runGate(t, t.Context(), f, wholeSettings(f)); o.ExitCode() != 0 || f.polls != 0 {
			t.Errorf("exit %d, %d polls of single runs: %s", o.ExitCode(), f.polls, said(o))
		}
	})
	synctest.Test(t, func(t *testing.T) { // 429 says nothing about the list
		f := newFake(20)
		f.onPage = func(n int, p telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
			if n < 8 {
				return telnyx.SuiteRuns{}, apiError(telnyx.KindRateLimited, 429)
			}
			return p, nil
		}
		if o, _ := runGate(t, t.Context(), f, wholeSettings(f)); o.ExitCode() != 0 || f.polls != 0 {
			t.Errorf("exit %d, %d polls of single runs: %s", o.ExitCode(), f.polls, said(o))
		}
	})
	synctest.Test(t, func(t *testing.T) { // a list that fails does not outlive the runs' time
		f := newFake(20)
		f.never["t1"] = true
		f.onPage = func(int, telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
			return telnyx.SuiteRuns{}, apiError(telnyx.KindRateLimited, 429)
		}
		s := wholeSettings(f)
		s.RunTimeout = 30 * time.Second
		if o, _ := runGate(t, t.Context(), f, s); o.ExitCode() != 4 || o.Counts().Passed != 19 || time.Since(o.Started) > 2*time.Minute {
			t.Errorf("exit %d after %s, %+v", o.ExitCode(), time.Since(o.Started), o.Counts())
		}
	})
}

// TestCriteriaThatAreWaitedFor: past the run's deadline too, and no more often than usual.
func TestCriteriaThatAreWaitedFor(t *testing.T) {
	for name, limited := range map[string]bool{"the list is answered": false, "and then it is not": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(5)
				f.takes = 28 * time.Second
				f.onEnd = func(r *telnyx.Run) { r.Criteria = criteria("polite", "pending") }
				s := wholeSettings(f)
				s.RunTimeout = 30 * time.Second
				f.onPage = func(n int, p telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
					if n == 1000 {
						panic("it is asked for without a pause")
					}
					if limited && time.Since(f.runs[0].from) > 40*time.Second {
						return telnyx.SuiteRuns{}, apiError(telnyx.KindRateLimited, 429)
					}
					return p, nil
				}
				o, _ := runGate(t, t.Context(), f, s)
				took := time.Since(o.Started)
				if o.ExitCode() != 3 || f.pages > 55 || f.polls > 10 || took < 88*time.Second || took > 95*time.Second {
					t.Errorf("exit %d after %s, %d pages, %d polls of single runs: %s", o.ExitCode(), took, f.pages, f.polls, said(o))
				}
			})
		})
	}
}

// TestRunIDsThatDiffer in the case of a letter alone are those of two runs, both of which are watched.
func TestRunIDsThatDiffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(3)
		f.onSuite = func(_ int, made []telnyx.Run) ([]telnyx.Run, error) {
			made[0].ID, made[1].ID = "x", "X"
			f.runs[0].run.ID, f.runs[1].run.ID = "x", "X"
			return made, nil
		}
		o, _ := runGate(t, t.Context(), f, wholeSettings(f))
		if took := time.Since(o.Started); o.ExitCode() != 0 || took > 15*time.Second {
			t.Errorf("exit %d after %s: %s", o.ExitCode(), took, said(o))
		}
	})
}

// hangingAPI does not answer polls of a suite's first page from a moment on, for a while.
type hangingAPI struct {
	*fakeAPI
	from, to time.Time
}

func (h *hangingAPI) GetSuiteRuns(ctx context.Context, r telnyx.SuiteRunsRequest) (telnyx.SuiteRuns, error) {
	if now := time.Now(); r.Page == 1 && now.After(h.from) && now.Before(h.to) {
		select {
		case <-time.After(30 * time.Second):
		case <-ctx.Done():
		}
		return telnyx.SuiteRuns{}, apiError(telnyx.KindAmbiguous, 0)
	}
	return h.fakeAPI.GetSuiteRuns(ctx, r)
}

// TestAPageThatHangs keeps no run from its final poll, before the gate's timeout or its own.
func TestAPageThatHangs(t *testing.T) {
	for name, set := range map[string]func(*gate.Settings){
		"timeout":     func(s *gate.Settings) { s.Timeout = time.Minute },
		"run-timeout": func(s *gate.Settings) { s.RunTimeout = time.Minute },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(150)
				f.takes = 50 * time.Second
				s := wholeSettings(f)
				set(&s)
				now := time.Now()
				o := gate.Run(t.Context(), gate.Config{Settings: s, API: &hangingAPI{fakeAPI: f, from: now.Add(40 * time.Second), to: now.Add(45 * time.Second)}, Pacer: freePace{}, Observe: func(outcome.Event) {}})
				if took := time.Since(o.Started); o.ExitCode() != 0 || took > time.Minute+time.Second {
					t.Errorf("exit %d after %s, %+v", o.ExitCode(), took, o.Counts())
				}
			})
		})
	}
}

// TestWhatAListLeavesOut decides nothing: an end without criteria, or shown twice, is polled by itself.
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
		polls  [2]int // at single runs, at least and at most
	}{
		"in full":  {n: 4, end: failing, failed: 1},
		"in short": {n: 4, end: failing, page: inShort, failed: 1, polls: [2]int{4, 4}},
		"in short, and all passed": {
			n: 4, end: telnyx.Run{Status: telnyx.StatusPassed, Criteria: passing},
			page: inShort, polls: [2]int{4, 4},
		},
		"passed although the run failed, without criteria": {
			n: 4, end: telnyx.Run{Status: telnyx.StatusFailed, Criteria: criteria("polite", "failed")},
			page: func(_ int, page telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
				for i := range page.Runs {
					page.Runs[i].Status, page.Runs[i].Criteria = telnyx.StatusPassed, nil
				}
				return page, nil
			}, failed: 1, polls: [2]int{10, 40},
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
		}, failed: 1, polls: [2]int{1, 1}},
		"a row on two pages": {n: 150, end: failing, page: func(_ int, page telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
			of := slices.IndexFunc(page.Runs, func(r telnyx.Run) bool { return r.TestID == "t1" })
			if of < 0 && ended(page) { // the other page has it, as it is
				page.Runs[0] = telnyx.Run{ID: "r1", TestID: "t1", Status: telnyx.StatusPassed, Criteria: passing, SuiteRunID: "s1"}
			}
			return page, nil
		}, failed: 1, polls: [2]int{2, 2}},
		"tests of other ids": {n: 4, end: failing, page: func(_ int, page telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
			for i := range page.Runs {
				page.Runs[i].TestID = strings.ToUpper(page.Runs[i].TestID) // no UUIDs: other tests
			}
			return page, nil
		}, failed: 1, polls: [2]int{8, 30}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(tt.n)
				f.ends["t1"] = tt.end
				f.onPage = tt.page
				o, _ := runGate(t, t.Context(), f, wholeSettings(f))
				if c := o.Counts(); c.Failed != tt.failed || c.Passed != tt.n-tt.failed || f.polls < tt.polls[0] || f.polls > tt.polls[1] {
					t.Errorf("%+v after %d polls of single runs, want %d failed after %v: %s", c, f.polls, tt.failed, tt.polls, said(o))
				}
				if f.sent() != tt.n {
					t.Errorf("%d runs were asked for", f.sent())
				}
			})
		})
	}
}

// TestAListTakesAPassedBack as a poll at the run itself does.
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

// TestPollOfASuiteIsARequestAHundred, until so few runs are left that looking at each is less.
func TestPollOfASuiteIsARequestAHundred(t *testing.T) {
	for n, perLook := range map[int]int{100: 1, 101: 2, 1000: 10} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(n)
			o, _ := runGate(t, t.Context(), f, wholeSettings(f))
			rounds := 10/2 + 1 // runs of 10 s, a gap of 3 s less its jitter
			if o.ExitCode() != 0 || f.polls != 0 || f.pages%perLook != 0 || f.pages > rounds*perLook || len(o.Results) != n {
				t.Errorf("%d runs: exit %d, %d polls of single runs, %d pages, %d a poll", n, o.ExitCode(), f.polls, f.pages, perLook)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) { // the last one is looked at by itself
		f := newFake(300)
		f.never["t7"] = true
		s := wholeSettings(f)
		s.RunTimeout = time.Minute
		o, _ := runGate(t, t.Context(), f, s)
		if o.ExitCode() != 4 || o.Counts().TimedOut != 1 || f.pages > 18 || f.polls < 10 {
			t.Errorf("exit %d, %d pages, %d polls of single runs", o.ExitCode(), f.pages, f.polls)
		}
	})
}
