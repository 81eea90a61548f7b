package gate_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// skewed is a Telnyx whose clock is ahead, and that has runs beside those of this gate.
type skewed struct {
	*fakeAPI
	ahead   time.Duration
	undated bool            // triggers are answered without a time
	others  []time.Duration // when runs of t1 were made, after the start of the gate, by a clock that is right
	began   time.Time
	list    func(ctx context.Context) error
	listed  int
}

func (s *skewed) TriggerTest(ctx context.Context, r telnyx.TriggerRequest) (telnyx.Triggered, error) {
	triggered, err := s.fakeAPI.TriggerTest(ctx, r)
	triggered.Run.CreatedAt = triggered.Run.CreatedAt.Add(s.ahead)
	if s.undated {
		triggered.Run.CreatedAt = time.Time{}
	}
	return triggered, err
}

func (s *skewed) ListRuns(ctx context.Context, testID string, most int) ([]telnyx.Run, error) {
	s.listed++
	if s.list != nil {
		if err := s.list(ctx); err != nil {
			return nil, err
		}
	}
	runs, err := s.fakeAPI.ListRuns(ctx, testID, most)
	for i := range runs {
		runs[i].CreatedAt = runs[i].CreatedAt.Add(s.ahead)
	}
	for _, at := range s.others {
		runs = append(runs, telnyx.Run{ID: "other", TestID: testID, CreatedAt: s.began.Add(at + s.ahead)})
	}
	return runs, err
}

// TestSearchForDuplicates: if a trigger had an unusable answer, runs since its first send are counted by Telnyx's
// clock as far as that is known.
func TestSearchForDuplicates(t *testing.T) {
	lost := apiError(telnyx.KindAmbiguous, 500)
	for name, tt := range map[string]struct {
		api      skewed
		fault    error  // of the first send
		fails    string // the script of t1
		baseline string
		warns    string // empty: no warning at all
		listed   int
		within   time.Duration
	}{
		"a run of this moment":                       {api: skewed{others: []time.Duration{0}}, fault: lost, listed: 1, warns: "has 2 runs since its trigger was sent, but the gate decided on 1; check who made the others: other"},
		"no other run":                               {fault: lost, listed: 1},
		"times that are rounded":                     {api: skewed{others: []time.Duration{-3 * time.Second}}, fault: lost, listed: 1, warns: "possible duplicate"},
		"a run of the minute before":                 {api: skewed{others: []time.Duration{-time.Minute}}, fault: lost, listed: 1},
		"the same, where no clock is known":          {api: skewed{undated: true, others: []time.Duration{-time.Minute}}, fault: lost, listed: 1, warns: "possible duplicate"},
		"an old run, where no clock is known":        {api: skewed{undated: true, others: []time.Duration{-3 * time.Minute}}, fault: lost, listed: 1},
		"an old run, by a clock that is ahead":       {api: skewed{ahead: time.Minute, others: []time.Duration{-10 * time.Second}}, fault: lost, listed: 1},
		"a run of this moment, by such a clock":      {api: skewed{ahead: time.Hour, others: []time.Duration{0}}, fault: lost, listed: 1, warns: "possible duplicate"},
		"a run of this moment, by one that is late":  {api: skewed{ahead: -time.Minute, others: []time.Duration{0}}, fault: lost, listed: 1, warns: "possible duplicate"},
		"runs on the baseline were decided on too":   {fault: lost, fails: "f", baseline: "v0", listed: 1},
		"sends that were not executed make no doubt": {api: skewed{others: []time.Duration{0}}, fault: apiError(telnyx.KindRateLimited, 429)},
		"no send without an answer":                  {api: skewed{others: []time.Duration{0}}},
		"a list that cannot be had":                  {api: skewed{list: func(context.Context) error { return apiError(telnyx.KindAmbiguous, 503) }}, fault: lost, listed: 1, warns: "its runs could not be listed to look for a duplicate: call"},
		"a list that hangs":                          {api: skewed{list: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}, fault: lost, listed: 1, warns: "could not be listed", within: 25 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(1)
				if tt.fails != "" {
					scripted(f, map[string]string{"t1": tt.fails})
				}
				f.onTrigger = func(n int, _ telnyx.TriggerRequest) error {
					if n == 1 {
						return tt.fault
					}
					return nil
				}
				api := tt.api
				api.fakeAPI, api.began = f, time.Now()
				s := settingsFor(f)
				s.BaselineVersion = tt.baseline
				o := gate.Run(t.Context(), gate.Config{Settings: s, API: &api, Pacer: freePace{}})
				warned := strings.Join(o.Warnings, "\n")
				if !strings.Contains(warned, tt.warns) || (warned == "") != (tt.warns == "") || api.listed != tt.listed {
					t.Errorf("listed %d times, want %d; warned %q, want %q", api.listed, tt.listed, warned, tt.warns)
				}
				if took := o.Ended.Sub(o.Started); tt.within > 0 && took > tt.within {
					t.Errorf("took %s, want %s at most", took, tt.within)
				}
			})
		})
	}
}

// TestACancelledGateSearchesNoDuplicates: it has no time for that.
func TestACancelledGateSearchesNoDuplicates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.never["t1"] = true
		f.onTrigger = func(n int, _ telnyx.TriggerRequest) error {
			if n == 1 {
				return apiError(telnyx.KindAmbiguous, 500)
			}
			return nil
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(30*time.Second, func() { cancel(outcome.Cancelled{Signal: "SIGINT"}) })
		api := &skewed{fakeAPI: f}
		o := gate.Run(ctx, gate.Config{Settings: settingsFor(f), API: api, Pacer: freePace{}})
		if api.listed != 0 || o.ExitCode() != 130 {
			t.Errorf("listed %d times, exit %d", api.listed, o.ExitCode())
		}
	})
}

// TestDuplicatesAreNamed: a run that was made although its trigger had no usable answer is found and named, never used.
func TestDuplicatesAreNamed(t *testing.T) {
	for _, executed := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(2)
			f.onTrigger = func(n int, r telnyx.TriggerRequest) error {
				if n > 1 {
					return nil
				}
				if executed { // "500 after the run was made": only successes are replayed
					f.runs = append(f.runs, fakeRun{run: telnyx.Run{ID: "lost", TestID: r.TestID, CreatedAt: time.Now()}, from: time.Now()})
				}
				return apiError(telnyx.KindAmbiguous, 500)
			}
			o, _ := runGate(t, t.Context(), f, settingsFor(f))
			if o.ExitCode() != 0 {
				t.Errorf("exit %d: %s", o.ExitCode(), said(o))
			}
			if warned := strings.Contains(said(o), "possible duplicate") && strings.Contains(said(o), "lost"); warned != executed {
				t.Errorf("executed %v, but the warnings are %q", executed, o.Warnings)
			}
			for _, r := range o.Results {
				if r.Last().RunID == "lost" {
					t.Error("a run that only looks like ours was taken as evidence")
				}
			}
		})
	}
}

// TestDuplicatesThatWereNotSearched: if a signal or the gate's own timeout leaves no time for it, the outcome says so.
func TestDuplicatesThatWereNotSearched(t *testing.T) {
	for name, says := range map[string]string{"timeout": "no time to search its runs", "signal": "no time to search its runs"} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(1)
			f.never["t1"] = true
			f.onTrigger = func(n int, r telnyx.TriggerRequest) error {
				if n > 1 {
					return nil
				}
				f.runs = append(f.runs, fakeRun{run: telnyx.Run{ID: "lost", TestID: r.TestID, CreatedAt: time.Now()}, from: time.Now()})
				return apiError(telnyx.KindAmbiguous, 500)
			}
			s := settingsFor(f)
			s.Timeout = 30 * time.Second
			ctx, cancel := context.WithCancelCause(t.Context())
			if name == "signal" {
				time.AfterFunc(20*time.Second, func() { cancel(outcome.Cancelled{Signal: "SIGINT"}) })
			}
			o, _ := runGate(t, ctx, f, s)
			cancel(nil)
			if !strings.Contains(said(o), says) {
				t.Errorf("after a %s nothing says %q: %s", name, says, said(o))
			}
		})
	}
}
