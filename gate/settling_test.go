package gate_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// shown is a run as an answer shows it: its status, and its criteria as pairs of name and status.
func shown(status string, pairs ...string) telnyx.Run {
	return telnyx.Run{Status: telnyx.Status(status), Criteria: criteria(pairs...)}
}

// word is what polls show from an age of the run on; without a status they are unusable.
type word struct {
	from time.Duration
	run  telnyx.Run
}

// wordy is a Telnyx whose answers about the runs of t1 on one version are given; on any other version its runs fail, and all other
// tests pass.
type wordy struct {
	*fakeAPI
	version string
	atOnce  telnyx.Run // what the answer to the trigger says of the run
	words   []word
	told    map[string]bool // runs of t1 on the version
	slow    time.Duration   // how long an answer about one of these takes
}

func (w *wordy) TriggerTest(ctx context.Context, r telnyx.TriggerRequest) (telnyx.Triggered, error) {
	made, err := w.fakeAPI.TriggerTest(ctx, r)
	if err == nil && r.TestID == "t1" && r.VersionID == w.version {
		w.told[made.Run.ID] = true
		if w.atOnce.Status != "" {
			made.Run.Status, made.Run.Criteria = w.atOnce.Status, w.atOnce.Criteria
		}
	}
	return made, err
}

func (w *wordy) GetRun(ctx context.Context, testID, runID string) (telnyx.Run, error) {
	run, err := w.fakeAPI.GetRun(ctx, testID, runID)
	if err != nil || testID != "t1" {
		return run, err
	}
	if !w.told[runID] {
		run.Status, run.Criteria = telnyx.StatusFailed, criteria("polite", "failed")
		return run, nil
	}
	time.Sleep(w.slow)
	var said telnyx.Run
	for _, word := range w.words {
		if time.Since(run.CreatedAt) >= word.from {
			said = word.run
		}
	}
	if said.Status == "" {
		return telnyx.Run{}, apiError(telnyx.KindMalformed, 200)
	}
	run.Status, run.Criteria = said.Status, said.Criteria
	return run, nil
}

const second = time.Second

// TestTwoStatusesSettleNothing, however much time has passed between them.
func TestTwoStatusesSettleNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		words := []word{{0, shown("passed")}, {40 * second, shown("failed")}}
		w := &wordy{fakeAPI: f, version: "v1", words: words, told: map[string]bool{}, slow: 15 * second}
		o := gate.Run(t.Context(), gate.Config{Settings: settingsFor(f), API: w, Pacer: freePace{}})
		if o.ExitCode() != 1 {
			t.Errorf("exit %d: %s", o.ExitCode(), said(o))
		}
	})
}

// TestCriteriaAreBounded: a run whose answers all name other criteria does not fill the memory and is not evidence.
func TestCriteriaAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		var words []word
		for i := range 20 {
			said := shown("running")
			for j := range 300 {
				said.Criteria = append(said.Criteria, telnyx.CriterionResult{Name: fmt.Sprintf("%d of %d", j, i), Status: telnyx.StatusPassed})
			}
			words = append(words, word{time.Duration(i) * 2 * second, said})
		}
		words = append(words, word{time.Minute, shown("failed")})
		w := &wordy{fakeAPI: f, version: "v1", words: words, told: map[string]bool{}}
		o := gate.Run(t.Context(), gate.Config{Settings: settingsFor(f), API: w, Pacer: freePace{}})
		if a := o.Results[0].Last(); o.ExitCode() != 3 || len(a.Criteria) != 1000 {
			t.Errorf("exit %d with %d criteria: %s", o.ExitCode(), len(a.Criteria), said(o))
		}
	})
}

// TestUnknownCriterionStatusIsReportedOnce for each run, however many there are.
func TestUnknownCriterionStatusIsReportedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		var words []word
		for i := range 20 {
			words = append(words, word{time.Duration(i) * 2 * second, shown(fmt.Sprintf("phase %d", i))})
		}
		words = append(words, word{time.Minute, shown("passed", "polite", "passed")})
		w := &wordy{fakeAPI: f, version: "v1", words: words, told: map[string]bool{}}
		o := gate.Run(t.Context(), gate.Config{Settings: settingsFor(f), API: w, Pacer: freePace{}})
		if o.ExitCode() != 0 || len(o.Warnings) != 1 || !strings.Contains(o.Warnings[0], `has status "phase `) {
			t.Errorf("exit %d, %d warnings: %q", o.ExitCode(), len(o.Warnings), o.Warnings)
		}
	})
}

// TestAnEndIsSettled: a passed run on the version under test counts only if no later answer takes it back; nothing is paid for
// that.
func TestAnEndIsSettled(t *testing.T) {
	running, passed, pass := shown("running"), shown("passed"), shown("passed", "polite", "passed")
	for name, tt := range map[string]struct {
		atOnce   telnyx.Run
		words    []word
		rubric   []string // "polite" if there is none
		advisory []string
		state    string
		least    time.Duration // that it takes
		says     string
	}{
		"passed at once, later failed":                  {atOnce: passed, words: []word{{0, running}, {25 * second, shown("failed")}}, state: "failed", least: 25 * second, says: "first gave the run as passed, later as failed"},
		"passed at once with its criteria, then failed": {atOnce: pass, words: []word{{0, running}, {25 * second, shown("failed")}}, state: "failed", least: 25 * second},
		"passed at once, later error":                   {atOnce: passed, words: []word{{0, running}, {25 * second, shown("error")}}, state: "errored", least: 25 * second},
		"passed at once, then nothing":                  {atOnce: pass, words: []word{{0, telnyx.Run{}}}, state: "errored"},
		"passed at once, then passed":                   {atOnce: passed, words: []word{{0, running}, {25 * second, pass}}, state: "passed", least: 25 * second},
		"failed at once, then passed":                   {atOnce: shown("failed"), words: []word{{0, running}, {25 * second, pass}}, state: "passed", least: 25 * second, says: "first gave the run as failed, later as passed; the later counts"},
		"error at once, then passed":                    {atOnce: shown("error"), words: []word{{0, running}, {25 * second, pass}}, state: "passed", least: 25 * second},
		"a criterion failed at once, then it passed":    {atOnce: shown("pending", "polite", "failed"), words: []word{{0, pass}}, state: "failed"},

		"a criterion failed, then error":              {words: []word{{0, shown("running", "polite", "failed")}, {8 * second, shown("error")}}, state: "failed", says: "its criteria had failed"},
		"a criterion failed, then nothing to be read": {words: []word{{0, shown("running", "polite", "failed")}, {8 * second, telnyx.Run{}}}, state: "failed", least: time.Minute, says: "its criteria had failed"},

		"one stray passed, then it fails":               {words: []word{{0, passed}, {4 * second, running}, {25 * second, shown("failed")}}, state: "failed", least: 25 * second, says: "first gave the run as passed, later as running; the later counts"},
		"one stray passed, then it passes":              {words: []word{{0, passed}, {4 * second, running}, {25 * second, pass}}, state: "passed", least: 25 * second},
		"one stray passed, then it goes on":             {words: []word{{0, passed}, {4 * second, running}}, state: "timed-out", least: time.Minute, says: `still "running" at Telnyx`},
		"one stray passed, then a word that is unknown": {words: []word{{0, passed}, {4 * second, shown("archived")}}, state: "timed-out", least: time.Minute},
		"one stray passed, then error":                  {words: []word{{0, passed}, {4 * second, shown("error")}}, state: "errored"},
		"one stray passed, then nothing is to be read":  {words: []word{{0, passed}, {4 * second, telnyx.Run{}}}, state: "errored", least: time.Minute, says: "that could not be confirmed"},
		"passed, taken back by its criteria":            {words: []word{{0, passed}, {8 * second, shown("failed", "polite", "passed")}}, state: "failed"},
		"passed, taken back without a rubric":           {words: []word{{0, passed}, {8 * second, shown("failed")}}, rubric: []string{}, state: "failed"},
		"passed, without a rubric":                      {words: []word{{0, passed}}, rubric: []string{}, state: "passed", least: 10 * second},
		"passed, and never a criterion":                 {words: []word{{0, passed}}, state: "passed", least: 10 * second, says: "no result for any criterion"},
		"passed again and again":                        {words: []word{{0, passed}, {7 * second, running}, {14 * second, passed}, {21 * second, running}, {28 * second, shown("failed")}}, state: "failed", least: 28 * second},
		"criteria that come late after nothing":         {words: []word{{0, passed}, {4 * second, shown("passed", "polite", "pending")}, {30 * second, pass}}, state: "passed", least: 30 * second},
		"criteria while it runs, then passed alone":     {words: []word{{0, shown("running", "polite", "passed")}, {4 * second, passed}, {8 * second, shown("failed")}}, state: "failed"},
		"passed, an advisory one unfinished": {
			words:  []word{{0, shown("passed", "polite", "passed", "kind", "pending")}, {8 * second, shown("failed", "polite", "failed", "kind", "failed")}},
			rubric: []string{"polite", "kind"}, advisory: []string{"kind"}, state: "failed", least: 8 * second,
		},
		"passed, an advisory one not there": {
			words:  []word{{0, shown("passed", "polite", "passed")}, {8 * second, shown("error", "polite", "passed", "kind", "error")}},
			rubric: []string{"polite", "kind"}, advisory: []string{"kind"}, state: "errored", least: 8 * second,
		},
		"passed, an advisory one never finished": {
			words:  []word{{0, shown("passed", "polite", "passed", "kind", "pending")}},
			rubric: []string{"polite", "kind"}, advisory: []string{"kind"}, state: "passed", least: time.Minute,
		},

		"failed, then passed":                {words: []word{{0, shown("failed")}, {4 * second, pass}}, state: "failed"},
		"error, then passed":                 {words: []word{{0, shown("error")}, {4 * second, pass}}, state: "errored"},
		"a criterion that failed for a time": {words: []word{{0, shown("running", "polite", "failed")}, {6 * second, pass}}, state: "failed", says: `first gave criterion "polite" as failed, later as passed; the first counts`},
		"a criterion that erred for a time":  {words: []word{{0, shown("running", "polite", "error")}, {6 * second, pass}}, state: "errored", says: "could not judge"},
		"a criterion that is gone":           {words: []word{{0, shown("running", "polite", "passed", "other", "pending")}, {6 * second, pass}}, state: "errored", least: time.Minute, says: `never finished judging: "other"`},
		"a criterion that nobody knows":      {words: []word{{0, shown("passed", "polite", "passed", "other", "failed")}}, state: "failed"},
		"Passed":                             {words: []word{{0, shown("Passed", "polite", "passed")}}, state: "timed-out", least: time.Minute},
		"passed and a blank":                 {words: []word{{0, shown("passed ", "polite", "passed")}}, state: "timed-out", least: time.Minute},
		"a criterion PASSED":                 {words: []word{{0, shown("passed", "polite", "PASSED")}}, state: "errored", least: time.Minute},

		"failed, its criteria come later, advisory": {
			words:  []word{{0, shown("failed", "polite", "pending", "kind", "pending")}, {20 * second, shown("failed", "polite", "passed", "kind", "failed")}},
			rubric: []string{"polite", "kind"}, advisory: []string{"kind"}, state: "passed", least: 20 * second, says: `not counted: "kind"`,
		},
		"failed, its criteria come later, and count": {
			words:  []word{{0, shown("failed", "polite", "pending", "kind", "pending")}, {20 * second, shown("failed", "polite", "failed", "kind", "failed")}},
			rubric: []string{"polite", "kind"}, advisory: []string{"kind"}, state: "failed", least: 20 * second,
		},
		"failed, its criteria never end": {
			words:  []word{{0, shown("failed", "polite", "passed", "kind", "pending")}},
			rubric: []string{"polite", "kind"}, advisory: []string{"kind"}, state: "failed", least: time.Minute,
		},
		"failed, then nothing is to be read": {
			words:  []word{{0, shown("failed", "polite", "passed", "kind", "pending")}, {4 * second, telnyx.Run{}}},
			rubric: []string{"polite", "kind"}, advisory: []string{"kind"}, state: "failed",
		},
		"failed, then passed, advisory": {
			words:  []word{{0, shown("failed", "polite", "passed", "kind", "pending")}, {4 * second, shown("passed", "polite", "passed", "kind", "passed")}},
			rubric: []string{"polite", "kind"}, advisory: []string{"kind"}, state: "failed",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(2)
				if tt.rubric != nil {
					f.tests[0].Rubric = nil
				}
				for _, c := range tt.rubric {
					f.tests[0].Rubric = append(f.tests[0].Rubric, telnyx.Criterion{Name: c})
				}
				f.takes = 4 * time.Minute // the other one is read all the time
				s := settingsFor(f)
				s.Advisory, s.RunTimeout = tt.advisory, 5*time.Minute
				if tt.state == "timed-out" {
					s.RunTimeout, f.takes = time.Minute, 10*second
				}
				w := &wordy{fakeAPI: f, version: "v1", atOnce: tt.atOnce, words: tt.words, told: map[string]bool{}}
				o := gate.Run(t.Context(), gate.Config{Settings: s, API: w, Pacer: freePace{}})
				r := o.Results[0]
				took := r.Last().SeenAt.Sub(r.Last().TriggeredAt)
				if string(r.State) != tt.state || took < tt.least || took > tt.least+2*time.Minute || (o.ExitCode() == 0) != (tt.state == "passed") {
					t.Errorf("%s after %s, exit %d; want %s after %s: %s", r.State, took, o.ExitCode(), tt.state, tt.least, said(o))
				}
				if !strings.Contains(said(o), tt.says) {
					t.Errorf("nothing says %q: %s", tt.says, said(o))
				}
				if len(f.triggers) != 2 {
					t.Errorf("%d triggers, want 2", len(f.triggers))
				}
			})
		})
	}
}

// TestAFailureOnTheBaselineIsSettled: whatever contradicts it counts, and nothing is paid for that.
func TestAFailureOnTheBaselineIsSettled(t *testing.T) {
	running, failed, fail, pass := shown("running"), shown("failed"), shown("failed", "polite", "failed"), shown("passed", "polite", "passed")
	const known, blocks = 0, 1
	for name, tt := range map[string]struct {
		atOnce telnyx.Run
		words  []word
		exit   int
		runs   int // on the baseline
	}{
		"it fails":                                  {words: []word{{0, fail}}, exit: known, runs: 2},
		"it fails, and criteria never come":         {words: []word{{0, failed}}, exit: known, runs: 2},
		"failed at once, then it passes":            {atOnce: failed, words: []word{{0, running}, {10 * second, pass}}, exit: blocks, runs: 1},
		"failed at once with its criteria, passes":  {atOnce: fail, words: []word{{0, pass}}, exit: blocks, runs: 1},
		"failed at once, then it fails":             {atOnce: failed, words: []word{{0, running}, {10 * second, fail}}, exit: known, runs: 2},
		"failed at once, then nothing":              {atOnce: fail, words: []word{{0, telnyx.Run{}}}, exit: blocks, runs: 1},
		"passed at once, then it fails":             {atOnce: pass, words: []word{{0, fail}}, exit: blocks, runs: 1},
		"one stray failed, then it passes":          {words: []word{{0, failed}, {4 * second, running}, {10 * second, pass}}, exit: blocks, runs: 1},
		"one stray failed, then passed":             {words: []word{{0, failed}, {4 * second, shown("passed")}}, exit: blocks, runs: 1},
		"one stray failed, then error":              {words: []word{{0, failed}, {4 * second, shown("error")}}, exit: blocks, runs: 1},
		"one stray failed, then it goes on":         {words: []word{{0, failed}, {4 * second, running}}, exit: blocks, runs: 1},
		"one stray failed, then it fails":           {words: []word{{0, failed}, {4 * second, running}, {10 * second, fail}}, exit: known, runs: 2},
		"one stray failed, then nothing to be read": {words: []word{{0, failed}, {4 * second, telnyx.Run{}}}, exit: blocks, runs: 1},
		"failed, and all criteria passed":           {words: []word{{0, shown("failed", "polite", "passed")}}, exit: blocks, runs: 1},
		"failed, and its criterion could not be":    {words: []word{{0, shown("failed", "polite", "error")}}, exit: blocks, runs: 1},
		"failed, its criterion passed before":       {words: []word{{0, shown("running", "polite", "passed")}, {4 * second, fail}}, exit: blocks, runs: 1},
		"passed with a failed criterion":            {words: []word{{0, shown("passed", "polite", "failed")}}, exit: blocks, runs: 1},
		"FAILED":                                    {words: []word{{0, shown("FAILED", "polite", "failed")}}, exit: blocks, runs: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(2)
				f.takes = 6 * time.Minute
				s := settingsFor(f)
				s.BaselineVersion, s.RunTimeout = "v0", 7*time.Minute
				w := &wordy{fakeAPI: f, version: "v0", atOnce: tt.atOnce, words: tt.words, told: map[string]bool{}}
				o := gate.Run(t.Context(), gate.Config{Settings: s, API: w, Pacer: freePace{}})
				if o.ExitCode() != tt.exit || len(w.told) != tt.runs || len(f.triggers) != 2+tt.runs {
					t.Errorf("exit %d, %d runs on the baseline, want %d and %d: %s, baseline %+v", o.ExitCode(), len(w.told), tt.exit, tt.runs, said(o), o.Results[0].Baseline)
				}
			})
		})
	}
}

// TestCriteriaAreNotForgotten: a criterion keeps its status if a later answer does not mention it.
func TestCriteriaAreNotForgotten(t *testing.T) {
	passed := telnyx.Run{Status: telnyx.StatusPassed}
	for name, tt := range map[string]struct {
		runs   []telnyx.Run
		rubric []string
		exit   int
		within time.Duration
		says   string
	}{
		"pending, then nothing":                   {[]telnyx.Run{{Status: telnyx.StatusPassed, Criteria: criteria("polite", "pending")}, passed}, []string{"polite"}, 3, 2 * time.Minute, "never finished"},
		"failed while running":                    {[]telnyx.Run{{Status: telnyx.StatusRunning, Criteria: criteria("polite", "failed")}, passed}, []string{"polite"}, 1, time.Minute, "its criteria failed"},
		"one result for two criteria of one name": {[]telnyx.Run{{Status: telnyx.StatusPassed, Criteria: criteria("polite", "passed")}}, []string{"polite", "polite"}, 3, 2 * time.Minute, "never finished"},
		"no result at all":                        {[]telnyx.Run{passed}, []string{"polite"}, 0, 20 * time.Second, "no result for any criterion"},
		"no rubric, no results":                   {[]telnyx.Run{passed}, nil, 0, 20 * time.Second, ""},
		"results that come late":                  {[]telnyx.Run{passed, {Status: telnyx.StatusPassed, Criteria: criteria("polite", "failed")}}, []string{"polite"}, 1, 20 * time.Second, "its criteria failed"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(1)
				f.tests[0].Rubric = nil
				for _, c := range tt.rubric {
					f.tests[0].Rubric = append(f.tests[0].Rubric, telnyx.Criterion{Name: c})
				}
				answers(f, tt.runs...)
				began := time.Now()
				o, _ := runGate(t, t.Context(), f, settingsFor(f))
				if took := time.Since(began); o.ExitCode() != tt.exit || took > tt.within || !strings.Contains(said(o), tt.says) {
					t.Errorf("exit %d after %s, want %d within %s:\n%s", o.ExitCode(), took, tt.exit, tt.within, said(o))
				}
			})
		})
	}
}
