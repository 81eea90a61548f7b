package gate_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// scripted makes each run of a test on a version end as its script says: one letter a run, p(assed), f(ailed),
// e(rror), n(ever ends); the last repeats. Keys are "test" or "test@version".
func scripted(f *fakeAPI, scripts map[string]string) {
	counts := map[string]int{}
	kinds := map[string]byte{}
	f.onMade = func(run telnyx.Run, version string) {
		script, ok := scripts[run.TestID+"@"+version]
		if !ok {
			script, ok = scripts[run.TestID]
		}
		if !ok {
			script = "p"
		}
		n := counts[run.TestID+"@"+version]
		counts[run.TestID+"@"+version]++
		kinds[run.ID] = script[min(n, len(script)-1)]
	}
	f.onEnd = func(run *telnyx.Run) {
		switch kinds[run.ID] {
		case 'f':
			run.Status, run.Criteria = telnyx.StatusFailed, criteria("polite", "failed")
		case 'e':
			run.Status, run.Criteria = telnyx.StatusError, nil
		case 'n':
			run.Status, run.Criteria = telnyx.StatusRunning, nil
		}
	}
}

func policy(t *testing.T, s string) outcome.Policy {
	t.Helper()
	p, err := outcome.ParsePolicy(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func quarantine(expires time.Time, ids ...string) outcome.Quarantine {
	var q outcome.Quarantine
	for i, id := range ids {
		q = append(q, outcome.QuarantineEntry{ID: id, Reason: "being rewritten", Owner: "team-voice", Expires: expires, Line: i + 1})
	}
	return q
}

func TestPolicies(t *testing.T) {
	soon := func(d time.Duration) time.Time { return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(d) } // a bubble begins then
	month := soon(30 * 24 * time.Hour)
	tests := map[string]struct {
		n        int
		scripts  map[string]string
		settings func(t *testing.T, s *gate.Settings)
		states   string
		exit     int
		triggers int
		excused  int
		flaky    int
		within   time.Duration
		says     string
	}{
		"1: a failure is final":                 {n: 1, scripts: map[string]string{"t1": "fp"}, states: "failed", exit: 1, triggers: 1},
		"1-of-3: a retry":                       {n: 1, scripts: map[string]string{"t1": "ffp"}, settings: with("1-of-3"), states: "passed", exit: 0, triggers: 3, flaky: 1},
		"1-of-3: nothing is run after a pass":   {n: 2, settings: with("1-of-3"), states: "passed passed", exit: 0, triggers: 2},
		"2-of-3: two go out together":           {n: 1, settings: with("2-of-3"), states: "passed", exit: 0, triggers: 2, within: 14 * time.Second},
		"2-of-3: the third decides":             {n: 1, scripts: map[string]string{"t1": "fpp"}, settings: with("2-of-3"), states: "passed", exit: 0, triggers: 3, flaky: 1},
		"2-of-3: two failures are enough":       {n: 1, scripts: map[string]string{"t1": "f"}, settings: with("2-of-3"), states: "failed", exit: 1, triggers: 2},
		"confirm:3: a first pass counts":        {n: 1, settings: with("confirm:3"), states: "passed", exit: 0, triggers: 1},
		"confirm:3: a failure is outvoted":      {n: 1, scripts: map[string]string{"t1": "fpp"}, settings: with("confirm:3"), states: "passed", exit: 0, triggers: 3, flaky: 1},
		"confirm:3: a failure is confirmed":     {n: 1, scripts: map[string]string{"t1": "ff"}, settings: with("confirm:3"), states: "failed", exit: 1, triggers: 2},
		"ladder: two passes are enough":         {n: 1, settings: with("ladder:2,5,6,7"), states: "passed", exit: 0, triggers: 2, within: 14 * time.Second},
		"ladder: after a failure five":          {n: 1, scripts: map[string]string{"t1": "fpppppp"}, settings: with("ladder:2,5,6,7"), states: "passed", exit: 0, triggers: 6, flaky: 1, says: "passed 5 of 6 runs: after 1 failure, 5 passes are needed"},
		"ladder: a late failure":                {n: 1, scripts: map[string]string{"t1": "pfpfpppp"}, settings: with("ladder:2,5,6,7"), states: "passed", exit: 0, triggers: 8, flaky: 1},
		"ladder: the fourth failure":            {n: 1, scripts: map[string]string{"t1": "ff"}, settings: with("ladder:2,5,6,7"), states: "failed", exit: 1, triggers: 4},
		"ladder: an errored run is no vote":     {n: 1, scripts: map[string]string{"t1": "pep"}, settings: both("ladder:2,5", 1), states: "passed", exit: 0, triggers: 3},
		"ladder: max-runs is spent midway":      {n: 1, scripts: map[string]string{"t1": "fp"}, settings: func(t *testing.T, s *gate.Settings) { with("ladder:2,5")(t, s); s.MaxRuns = 4 }, states: "errored", exit: 3, triggers: 4, flaky: 1, says: "max-runs (4) is spent"},
		"ladder: failures that disagree":        {n: 1, scripts: map[string]string{"t1": "pff"}, settings: with("ladder:2,5"), states: "failed", exit: 1, triggers: 3, flaky: 1, says: "failed 2 of 3 runs: 2 failures are too many"},
		"auto: as many runs as the ladder":      {n: 10, settings: with("auto"), states: strings.TrimSpace(strings.Repeat("passed ", 10)), exit: 0, triggers: 20},
		"auto: decides as its ladder":           {n: 1, scripts: map[string]string{"t1": "fpppppp"}, settings: with("auto"), states: "passed", exit: 0, triggers: 6, flaky: 1},
		"auto: an impossible target":            {n: 20, settings: with("auto:broken=90"), exit: 2, triggers: 0, says: "slip=10 at broken=90 needs more than 15 runs"},
		"auto: first runs over max-runs":        {n: 20, settings: func(t *testing.T, s *gate.Settings) { with("auto")(t, s); s.MaxRuns = 39 }, exit: 2, triggers: 0, says: "20 tests need 40 first runs but max-runs is 39"},
		"first runs failed more than by chance": {n: 20, scripts: map[string]string{"t1": "fpp", "t2": "fpp", "t3": "fpp", "t4": "fpp"}, settings: with("confirm:3"), states: strings.TrimSpace(strings.Repeat("passed ", 20)), exit: 0, triggers: 28, flaky: 4, says: "4 of 20 first runs failed; at 95 % that happens in 1.6 % of gates"},
		"an errored run is run again":           {n: 1, scripts: map[string]string{"t1": "ep"}, settings: reruns(1), states: "passed", exit: 0, triggers: 2},
		"not more often than error-reruns":      {n: 1, scripts: map[string]string{"t1": "eep"}, settings: reruns(1), states: "errored", exit: 3, triggers: 2},
		"an errored run is not a vote":          {n: 1, scripts: map[string]string{"t1": "epfp"}, settings: both("2-of-3", 1), states: "passed", exit: 0, triggers: 4, flaky: 1},
		"a run that never ends is not rerun":    {n: 1, scripts: map[string]string{"t1": "np"}, settings: both("1-of-3", 3), states: "timed-out", exit: 4, triggers: 1},
		"attempts of one test overlap others":   {n: 3, scripts: map[string]string{"t1": "fp"}, settings: with("1-of-2"), states: "passed passed passed", exit: 0, triggers: 4, flaky: 1, within: 26 * time.Second},
		"max-runs is spent midway":              {n: 2, scripts: map[string]string{"t1": "ffp", "t2": "ffp"}, settings: func(t *testing.T, s *gate.Settings) { with("1-of-3")(t, s); s.MaxRuns = 3 }, states: "errored errored", exit: 3, triggers: 3, says: "max-runs (3) is spent"},
		"max-runs below the first runs":         {n: 2, settings: func(t *testing.T, s *gate.Settings) { with("2-of-3")(t, s); s.MaxRuns = 3 }, exit: 2, triggers: 0, says: "4 first runs"},
		"fail-fast waits for the policy":        {n: 3, scripts: map[string]string{"t1": "fp", "t2": "f"}, settings: func(t *testing.T, s *gate.Settings) { with("1-of-2")(t, s); s.MaxInFlight, s.FailFast = 1, true }, states: "passed failed not-run", exit: 1, triggers: 4, flaky: 1},
		"a regression blocks":                   {n: 1, scripts: map[string]string{"t1@v1": "f"}, settings: against("main"), states: "failed", exit: 1, triggers: 2, says: "regression t1"},
		"a known failure does not":              {n: 2, scripts: map[string]string{"t1": "f"}, settings: against("v0"), states: "failed passed", exit: 0, triggers: 4, excused: 1},
		"one failure of two is not a known one": {n: 2, scripts: map[string]string{"t1@v1": "f", "t1@v0": "fp"}, settings: against("v0"), states: "failed passed", exit: 1, triggers: 4},
		"a baseline without verdict":            {n: 2, scripts: map[string]string{"t1@v1": "f", "t1@v0": "e"}, settings: against("v0"), states: "failed passed", exit: 1, triggers: 3, says: "the baseline v0 has no verdict"},
		"passing tests need no baseline":        {n: 3, settings: against("v0"), states: "passed passed passed", exit: 0, triggers: 3},
		"all excused and none passed":           {n: 1, scripts: map[string]string{"t1": "f"}, settings: against("v0"), states: "failed", exit: 3, triggers: 3, excused: 1},
		"a broken environment":                  {n: 4, scripts: map[string]string{"t1": "f", "t2": "f", "t3": "f"}, settings: against("v0"), states: "errored errored errored passed", exit: 3, triggers: 10, says: "the environment is broken"},
		"half of the tests is not broken":       {n: 6, scripts: map[string]string{"t1": "f", "t2": "f", "t3": "f"}, settings: against("v0"), states: "failed failed failed passed passed passed", exit: 0, triggers: 12, excused: 3},
		"a regression in a broken environment":  {n: 5, scripts: map[string]string{"t1": "f", "t2": "f", "t3": "f", "t4@v1": "f"}, settings: against("v0"), states: "errored errored errored failed passed", exit: 1, triggers: 12},
		"quarantined":                           {n: 2, scripts: map[string]string{"t1": "f"}, settings: held(month, "t1"), states: "failed passed", exit: 0, triggers: 2, excused: 1},
		"quarantine excuses an error":           {n: 2, scripts: map[string]string{"t1": "e"}, settings: held(month, "t1"), states: "errored passed", exit: 0, triggers: 2, excused: 1},
		"quarantine excuses a timeout":          {n: 2, scripts: map[string]string{"t1": "n"}, settings: held(month, "t1"), states: "timed-out passed", exit: 0, triggers: 2, excused: 1},
		"quarantine excuses no other test":      {n: 2, scripts: map[string]string{"t2": "f"}, settings: held(month, "t1"), states: "passed failed", exit: 1, triggers: 2, says: "the entry can be removed"},
		"an expired entry blocks again":         {n: 2, scripts: map[string]string{"t1": "f"}, settings: held(soon(0), "t1"), states: "failed passed", exit: 1, triggers: 2, says: "expired after 1999-12-31"},
		"an entry that expires soon":            {n: 2, settings: held(soon(6*24*time.Hour), "t1"), states: "passed passed", exit: 0, triggers: 2, says: "expires after 2000-01-06"},
		"an entry that expires late":            {n: 2, settings: held(soon(91*24*time.Hour), "t1"), states: "passed passed", exit: 0, triggers: 2, says: "more than 90 days ahead"},
		"an entry for a test not selected":      {n: 1, settings: held(month, "other"), states: "passed", exit: 0, triggers: 1, says: "test other is not selected"},
		"a quarantined test needs no baseline":  {n: 2, scripts: map[string]string{"t1": "f"}, settings: func(t *testing.T, s *gate.Settings) { held(month, "t1")(t, s); s.BaselineVersion = "v0" }, states: "failed passed", exit: 0, triggers: 2, excused: 1},
		"all quarantined and none passed":       {n: 2, scripts: map[string]string{"t1": "f", "t2": "f"}, settings: held(month, "t1", "t2"), states: "failed failed", exit: 3, triggers: 2, excused: 2},
		"fail-fast ignores the excused":         {n: 2, scripts: map[string]string{"t1": "f"}, settings: func(t *testing.T, s *gate.Settings) { held(month, "t1")(t, s); s.MaxInFlight, s.FailFast = 1, true }, states: "failed passed", exit: 0, triggers: 2, excused: 1},
		"no criterion that counts":              {n: 2, settings: advisory("polite"), exit: 2, triggers: 0, says: `every criterion is advisory in "test 1 (t1)", "test 2 (t2)": nothing could fail there`},
		"an advisory criterion nobody has":      {n: 1, settings: advisory("Polite"), exit: 2, triggers: 0, says: `"polite"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(tt.n)
				scripted(f, tt.scripts)
				s := settingsFor(f)
				if tt.settings != nil {
					tt.settings(t, &s)
				}
				began := time.Now()
				o, _ := runGate(t, t.Context(), f, s)
				if got := states(o); got != tt.states || o.ExitCode() != tt.exit {
					t.Errorf("states %q and exit %d, want %q and %d\n%s", got, o.ExitCode(), tt.states, tt.exit, said(o))
				}
				if len(f.triggers) != tt.triggers {
					t.Errorf("%d runs, want %d", len(f.triggers), tt.triggers)
				}
				if c := o.Counts(); c.Excused != tt.excused || c.Flaky != tt.flaky {
					t.Errorf("%d excused and %d flaky, want %d and %d", c.Excused, c.Flaky, tt.excused, tt.flaky)
				}
				if took := time.Since(began); tt.within > 0 && took > tt.within {
					t.Errorf("took %s, want %s at most", took, tt.within)
				}
				for _, r := range o.Results {
					o.Notes = append(o.Notes, r.Notes...)
					if r.Regression {
						o.Notes = append(o.Notes, "regression "+r.Test.ID)
					}
				}
				if text := said(o) + strings.Join(o.Notes, "\n"); !strings.Contains(text, tt.says) {
					t.Errorf("nothing says %q:\n%s", tt.says, text)
				}
				keys := map[string]bool{}
				for _, r := range f.triggers {
					if keys[r.IdempotencyKey] {
						t.Errorf("two decisions share key %s", r.IdempotencyKey)
					}
					keys[r.IdempotencyKey] = true
				}
			})
		})
	}
}

func with(form string) func(*testing.T, *gate.Settings) { return both(form, 0) }

func both(form string, n int) func(*testing.T, *gate.Settings) {
	return func(t *testing.T, s *gate.Settings) { s.Policy, s.ErrorReruns = policy(t, form), n }
}

func reruns(n int) func(*testing.T, *gate.Settings) { return both("1", n) }

func against(version string) func(*testing.T, *gate.Settings) {
	return func(_ *testing.T, s *gate.Settings) { s.BaselineVersion = version }
}

func held(expires time.Time, ids ...string) func(*testing.T, *gate.Settings) {
	return func(_ *testing.T, s *gate.Settings) { s.Quarantine = quarantine(expires, ids...) }
}

func advisory(names ...string) func(*testing.T, *gate.Settings) {
	return func(_ *testing.T, s *gate.Settings) { s.Advisory = names }
}

// TestBoundsWithPolicies: retries and baseline runs count in max-in-flight and max-runs too.
func TestBoundsWithPolicies(t *testing.T) {
	for _, bound := range []int{1, 2, 5} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(12)
			scripts := map[string]string{}
			for i := range f.tests {
				scripts[fmt.Sprintf("t%d@v1", i+1)] = []string{"f", "fp", "ep", "p"}[i%4]
			}
			scripted(f, scripts)
			s := settingsFor(f)
			s.Policy, s.ErrorReruns, s.BaselineVersion = policy(t, "2-of-3"), 1, "v0"
			s.MaxInFlight, s.MaxRuns, s.Timeout = bound, 40, 10*time.Hour
			o, _ := runGate(t, t.Context(), f, s)
			if f.peak > bound {
				t.Errorf("%d runs at the same time, want %d at most", f.peak, bound)
			}
			if len(f.triggers) > 40 {
				t.Errorf("%d runs were paid, max-runs is 40", len(f.triggers))
			}
			if o.ExitCode() != 1 {
				t.Errorf("exit %d: %s", o.ExitCode(), said(o))
			}
		})
	}
}
