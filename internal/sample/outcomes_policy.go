package sample

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Outcomes of gates with several attempts, a baseline and a quarantine file, in the words of the gate.

// InSeries is the result of a test that was run several times; ends has a letter for each run: p passed, f failed,
// e errored.
func InSeries(n int, ends string) outcome.TestResult {
	runs := sampleRuns(n, "run", ends, candidateVersion)
	r := outcome.TestResult{
		Test: Test(n), State: runs[len(runs)-1].State, Attempts: runs,
		Flaky: strings.Contains(ends, "p") && strings.Contains(ends, "f"),
	}
	for _, a := range runs {
		r.Notes = append(r.Notes, a.Notes...)
	}
	if r.State == outcome.StateErrored {
		r.Problem = r.Last().Problem
	}
	return r
}

func sampleRuns(n int, prefix, ends, version string) []outcome.Attempt {
	var runs []outcome.Attempt
	for i, end := range ends {
		a := JudgedResult(n, map[rune][]int{'f': {(n + i) % 3}}[end]...).Attempts[0]
		a.Answered.Version = version
		if end == 'e' {
			a = UnjudgedResult(n, outcome.StateErrored, telnyx.StatusError, "Telnyx reported an error").Attempts[0]
		}
		a.Number = i + 1
		a.RunID = fmt.Sprintf("%s-%08d-6a0b-4f6e-9c39-0d2f6f3e7a%02d", prefix, n, i+1)
		a.ConversationID = fmt.Sprintf("conv-%08d-11d0-4a7e-8a3c-5b0c1de7f0%02d", n, i+1)
		a.CompletedAt = a.CompletedAt.Add(time.Duration(i) * 1700 * time.Millisecond)
		runs = append(runs, a)
	}
	return runs
}

// RegressedResult is a test that failed and passes on the baseline, after so many failures there as ends says.
func RegressedResult(n int, ends, baseline string) outcome.TestResult {
	r := InSeries(n, ends)
	r.Baseline = sampleRuns(n, "base", baseline, liveVersion)
	r.Attempts[0].Figures = figures(3400 * time.Millisecond)
	r.Baseline[0].Figures = figures(2100 * time.Millisecond)
	r.Regression = true
	return r
}

func KnownFailure(n int, ends string) outcome.TestResult {
	r := InSeries(n, ends)
	r.Baseline = sampleRuns(n, "base", "ff", liveVersion)
	r.Excuse = outcome.Excuse{Kind: outcome.ExcuseKnownFailure, Reason: "known failure on main (failed there in 2 of 2 runs)"}
	return r
}

func Quarantined(r outcome.TestResult, line int) outcome.TestResult {
	r = WithEntry(r, line)
	r.Excuse = outcome.Excuse{
		Kind:   outcome.ExcuseQuarantined,
		Reason: fmt.Sprintf("quarantined until %s (%s): %s", r.Quarantine.LastDay(), r.Quarantine.Owner, r.Quarantine.Reason),
	}
	return r
}

func WithEntry(r outcome.TestResult, line int) outcome.TestResult {
	r.Quarantine = outcome.QuarantineEntry{
		ID: r.Test.ID, Reason: "the calendar's sandbox is down", Owner: "team-booking",
		Expires: time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC), Line: line,
	}
	return r
}

// Advised is a passed test with an advisory criterion that failed.
func Advised(n int) outcome.TestResult {
	r := JudgedResult(n, 0)
	a := &r.Attempts[0]
	a.State, a.Advisory = outcome.StatePassed, []string{a.Criteria[0].Name}
	a.Notes = []string{fmt.Sprintf("advisory criteria failed and were not counted: %q", a.Criteria[0].Name)}
	r.State, r.Notes = outcome.StatePassed, a.Notes
	return r
}

// twice is a result with a second run like the first.
func twice(r outcome.TestResult) outcome.TestResult {
	again := r.Attempts[0]
	again.Number, again.RunID = 2, again.RunID+"-2"
	r.Attempts = append(r.Attempts, again)
	return r
}

func Policy(results ...outcome.TestResult) *outcome.Outcome {
	o := Outcome(results...)
	o.Target.Baseline = "main"
	o.Settings = append(o.Settings, outcome.Setting{Name: "attempts", Value: "2-of-3"}, outcome.Setting{Name: "baseline-version", Value: "main"})
	if names := advisedIn(results); len(names) > 0 {
		o.Settings = append(o.Settings, outcome.Setting{Name: "advisory-criteria", Value: strings.Join(names, "\n")})
	}
	o.Paid = 0
	for _, r := range results {
		o.Paid += len(r.Attempts) + len(r.Baseline)
	}
	return o
}

// advisedIn returns the criteria that were not counted, each once.
func advisedIn(results []outcome.TestResult) (names []string) {
	for _, r := range results {
		for _, a := range r.Attempts {
			names = append(names, a.Advisory...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Regression is a gate that blocks: two regressions, a failure whose baseline has no verdict, two excused tests.
func Regression() *outcome.Outcome {
	plain := InSeries(1, "fpf")
	plain.Baseline = sampleRuns(1, "base", "fee", liveVersion)
	plain.Notes = append(plain.Notes, "the baseline main has no verdict, so the failure blocks: 0 passed and 1 failed runs make no verdict by 1-of-2: Telnyx reported an error")
	withAdvice := RegressedResult(6, "ff", "fp")
	last := &withAdvice.Attempts[1]
	last.Criteria[2].Status, last.Advisory = telnyx.StatusFailed, []string{last.Criteria[2].Name}
	errored := InSeries(8, "ee")
	return Policy(
		InSeries(0, "pp"), plain, RegressedResult(2, "ff", "p"), InSeries(3, "pfp"), KnownFailure(4, "pff"), Quarantined(InSeries(5, "ff"), 4),
		withAdvice, twice(Advised(7)), errored, InSeries(9, "pp"),
	)
}

// Flaky is a gate that passes with tests that are flaky, excused, advised and quarantined for nothing.
func Flaky() *outcome.Outcome {
	timedOut := UnjudgedResult(5, outcome.StateTimedOut, telnyx.StatusRunning, runTimedOut)
	o := Policy(
		InSeries(0, "pp"), unproved(InSeries(1, "pfp"), notKept), InSeries(2, "fpp"), InSeries(3, "epp"), KnownFailure(4, "ff"), Quarantined(timedOut, 7),
		Quarantined(InSeries(6, "ee"), 12), twice(Advised(7)), WithEntry(InSeries(8, "pp"), 17),
	)
	o.Warnings = []string{`quarantine line 12: test "Passes a disputed charge to a person" (` + Test(6).ID + `): the entry of team-booking expires after 2026-11-15`}
	o.Notes = []string{
		`quarantine line 17: test "Stays on the line until help is promised" (` + Test(8).ID + `) passed: the entry can be removed`,
		"quarantine line 22: test 0b0e2f9c-27c4-4a51-8f7e-6d1f20b10042 is not selected",
	}
	return o
}

// Excused has no test that passed.
func Excused() *outcome.Outcome {
	return Policy(KnownFailure(0, "ff"), Quarantined(InSeries(1, "fpf"), 3), Quarantined(InSeries(2, "ff"), 8))
}

// Broken has more than half of its tests failing on the baseline too.
func Broken() *outcome.Outcome {
	broken := func(n int) outcome.TestResult {
		r := KnownFailure(n, "ff")
		r.State, r.Excuse = outcome.StateErrored, outcome.Excuse{}
		r.Problem = "failed, as on the baseline, but the environment is broken: that says nothing about the version"
		return r
	}
	o := Policy(InSeries(0, "pp"), broken(1), broken(2), broken(3), InSeries(4, "pp"))
	o.AddProblem(outcome.VerdictInconclusive, "the environment is broken: 3 of 5 tests that are not quarantined fail on the baseline main too")
	return o
}

// SideBySide has a regression and a test that is not worse than the baseline, both by rounds.
func SideBySide() *outcome.Outcome {
	regressed := RegressedResult(2, "ff", "pp")
	regressed.Compared = sampleRuns(2, "comp", "ff", candidateVersion)
	regressed.Notes = []string{"side by side in 2 rounds, this version passed 0 and main 2"}
	even := InSeries(4, "ff")
	even.Compared, even.Baseline = sampleRuns(4, "comp", "ppfp", candidateVersion), sampleRuns(4, "base", "ppfp", liveVersion)
	even.Excuse = outcome.Excuse{Kind: outcome.ExcuseNotWorse, Reason: "not worse than main (side by side in 4 rounds, this version passed 3 and main 3; two ahead would block)"}
	for _, runs := range [][]outcome.Attempt{regressed.Compared, even.Compared} {
		for i := range runs {
			runs[i].Number += 2 // after the runs that decide
		}
	}
	o := Policy(InSeries(0, "pp"), regressed, even)
	o.Paid += len(regressed.Compared) + len(even.Compared)
	o.Settings = append(o.Settings, outcome.Setting{Name: "baseline-rounds", Value: "5"})
	return o
}
