package gate_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

const (
	// randomSeeds is how many worlds are tried.
	randomSeeds = 1000
	// longEnough is a timeout that only a gate that hangs comes to: runs that never end keep their places for six minutes.
	longEnough = 6 * time.Hour
)

// newRandomWorld is a Telnyx and the settings of a gate, as random as the promises allow.
func newRandomWorld(seed uint64) (*keyedAPI, gate.Settings) {
	random := rand.New(rand.NewPCG(seed, 7))
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	f := newFake(2 + random.IntN(14))
	k := &keyedAPI{
		fakeAPI: f, random: random, made: map[string][]telnyx.Run{}, firstOf: map[string]string{}, accepted: map[string]bool{},
		latency: time.Duration(random.IntN(400)) * time.Millisecond,
	}
	f.takes = time.Duration(1+random.IntN(40)) * time.Second
	if random.IntN(2) == 0 {
		k.faults = random.Float64() * 0.8
	}
	if random.IntN(2) == 0 {
		k.badLists = random.Float64() * 0.9
	}
	s := settingsFor(f)
	s.TestIDs = nil
	for i := range f.tests {
		t := &f.tests[i]
		t.Suite = pick("a", "a", "b", "none")
		t.Destination = pick("assistant-a", "assistant-a", "assistant-b", "assistant-c")
		if random.IntN(3) == 0 {
			t.Channel = telnyx.ChannelPhoneCall
		}
		switch random.IntN(12) {
		case 0:
			f.ends[t.ID] = telnyx.Run{Status: telnyx.StatusFailed, Criteria: criteria("polite", "failed")}
		case 1:
			f.ends[t.ID] = telnyx.Run{Status: telnyx.StatusError}
		case 2:
			f.ends[t.ID] = telnyx.Run{Status: telnyx.StatusPassed, Criteria: criteria("polite", "pending")}
		case 3:
			if random.IntN(3) == 0 {
				f.never[t.ID] = true
			}
		}
		if t.Suite == "none" || random.IntN(6) == 0 {
			s.TestIDs = append(s.TestIDs, t.ID)
		}
	}
	for _, suite := range []string{"a", "b"} {
		if len(k.ofSuite(suite)) > 0 && random.IntN(4) > 0 {
			s.Suites = append(s.Suites, suite)
		}
	}
	if len(s.TestIDs)+len(s.Suites) == 0 {
		s.TestIDs = []string{"t1"}
	}
	s.Timeout = longEnough
	s.MaxInFlight = []int{gate.AutoBound, gate.AutoBound, 0, 1, 4, 16}[random.IntN(6)]
	s.Policy = policyOf(pick("1", "1", "2-of-3", "confirm:3", "1-of-3", "ladder:2,3,3", "ladder:1,1,4", "auto"))
	s.ErrorReruns = random.IntN(3)
	s.MaxRuns = 30 + random.IntN(30)
	s.RunTimeout = time.Duration(20+random.IntN(60)) * time.Second
	if random.IntN(3) == 0 {
		s.BaselineVersion = "v0"
	}
	if random.IntN(4) == 0 {
		s.Timeout = time.Duration(10+random.IntN(200)) * time.Second
	}
	return k, s
}

// TestRandomSuites: whatever happens to the triggers and the lists of suites, nothing is paid twice, no bound is broken,
// nothing is green that did not pass, and the gate ends.
func TestRandomSuites(t *testing.T) {
	for seed := range uint64(randomSeeds) {
		synctest.Test(t, func(t *testing.T) {
			k, s := newRandomWorld(seed)
			o := gate.Run(t.Context(), gate.Config{Settings: s, API: k, Pacer: freePace{}, Observe: func(outcome.Event) {}})
			if problems := k.judge(o, s); len(problems) > 0 {
				t.Errorf("seed %d, %d tests, settings %+v:\n%s\nexit %d: %s", seed, len(k.tests), s, strings.Join(problems, "\n"), o.ExitCode(), said(o))
			}
		})
		if t.Failed() {
			return
		}
	}
}

// judge says which promise is broken.
func (k *keyedAPI) judge(o *outcome.Outcome, s gate.Settings) []string {
	var out []string
	wrong := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	took := time.Since(o.Started)
	if o.Panic != "" {
		wrong("panic: %s", o.Panic)
	}
	if took > s.Timeout+20*time.Second {
		wrong("it took %s", took)
	}
	hitTimeout := slices.ContainsFunc(o.Problems, func(p outcome.Problem) bool { return p.Verdict == outcome.VerdictTimedOut })
	if hitTimeout && s.Timeout == longEnough {
		wrong("it hung until its timeout: %v", o.Problems)
	}
	for _, b := range k.breaches {
		if !slices.ContainsFunc(o.Results, mayExistUnwatched) {
			wrong("%s", b)
		}
	}
	if len(k.runs) > s.MaxRuns {
		wrong("%d runs, max-runs %d", len(k.runs), s.MaxRuns)
	}
	if s.MaxInFlight > 0 && k.most > s.MaxInFlight {
		wrong("%d runs at the same time, max-in-flight %d", k.most, s.MaxInFlight)
	}
	if s.MaxInFlight == gate.AutoBound && k.mostCalls > 5 {
		wrong("%d calls at the same time", k.mostCalls)
	}
	named := map[string]bool{}
	for _, r := range o.Results {
		passes := 0
		for _, a := range slices.Concat(r.Attempts, r.Baseline) {
			if named[a.RunID] && a.RunID != "" {
				wrong("run %s is named twice", a.RunID)
			}
			named[a.RunID] = true
		}
		for _, a := range r.Attempts {
			if a.State == outcome.StatePassed {
				passes++
				if !k.passed(a.RunID, r.Test.ID, s.VersionID) {
					wrong("run %s of %s did not pass", a.RunID, r.Test.ID)
				}
			}
		}
		if r.State == outcome.StatePassed && passes == 0 {
			wrong("%s passed without a run that did", r.Test.ID)
		}
	}
	unnamed := 0
	for _, r := range k.runs {
		if !named[r.run.ID] {
			unnamed++
		}
	}
	mayExist := 0
	for _, r := range o.Results {
		for _, a := range slices.Concat(r.Attempts, r.Baseline) {
			if a.MayExist {
				mayExist++
			}
		}
	}
	if unnamed > mayExist {
		wrong("%d runs were made that no report names or says may exist (%d may)", unnamed, mayExist)
	}
	for _, r := range k.triggers {
		for _, sent := range k.suites {
			if k.test(r.TestID).Suite == sent.Suite && r.IdempotencyKey == gate.IdempotencyKey(s.RunKey, r.TestID, s.VersionID, "", 1) {
				wrong("test %s was triggered for its first run besides its suite", r.TestID)
			}
		}
	}
	perSecond := float64(k.pages+k.polls) / (took.Seconds() + 1)
	if most := 2.5 * float64(len(k.tests)+2); perSecond > most {
		wrong("%.1f polls a second at %d tests", perSecond, len(k.tests))
	}
	return out
}

func mayExistUnwatched(r outcome.TestResult) bool {
	return slices.ContainsFunc(slices.Concat(r.Attempts, r.Baseline), func(a outcome.Attempt) bool { return a.RunID == "" })
}

// passed reports whether the run of the test on the version passed by Telnyx's word.
func (k *keyedAPI) passed(runID, testID, version string) bool {
	end, other := k.ends[testID]
	if other && (end.Status != telnyx.StatusPassed || end.Criteria[0].Status != telnyx.StatusPassed) || k.never[testID] {
		return false
	}
	return slices.ContainsFunc(k.runs, func(r fakeRun) bool {
		return r.run.ID == runID && r.run.TestID == testID && time.Since(r.from) >= k.takes
	})
}
