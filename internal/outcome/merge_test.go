package outcome_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// rank orders verdicts from green to the weightiest.
func rank(v outcome.Verdict) int {
	return slices.Index([]outcome.Verdict{
		outcome.VerdictPassed, outcome.VerdictInconclusive, outcome.VerdictTimedOut, outcome.VerdictInvalid, outcome.VerdictFailed, outcome.VerdictCancelled,
	}, v)
}

func randomLeg(t *rapid.T) *outcome.Outcome {
	o := &outcome.Outcome{
		Name: rapid.SampledFrom([]string{"a", "b", "a (x)"}).Draw(t, "name"), RealTelnyx: rapid.Bool().Draw(t, "real"),
		BaseURL: rapid.SampledFrom([]string{"x", "x", "x", "y"}).Draw(t, "API"),
		Target: outcome.Target{
			VersionID:   rapid.SampledFrom([]string{"v1", "v1", "v1", "", "main", "v2"}).Draw(t, "version"),
			AssistantID: rapid.SampledFrom([]string{"a", "a", "a", "b", ""}).Draw(t, "assistant"),
			LiveID:      rapid.SampledFrom([]string{"", "", "v1", "v2"}).Draw(t, "live"),
			VersionHash: rapid.SampledFrom([]string{"h1", "h1", "h2"}).Draw(t, "hash"),
		},
	}
	for n := range rapid.IntRange(0, 3).Draw(t, "tests") {
		r := outcome.TestResult{
			Test: telnyx.Test{ID: fmt.Sprintf("t%d", n+rapid.IntRange(0, 3).Draw(t, "id"))},
			State: rapid.SampledFrom([]outcome.State{
				outcome.StatePassed, outcome.StatePassed, outcome.StateFailed, outcome.StateErrored, outcome.StateTimedOut, outcome.StateNotRun,
			}).Draw(t, "state"),
		}
		if rapid.IntRange(0, 9).Draw(t, "no run") > 0 {
			age := rapid.SampledFrom([]time.Duration{time.Minute, time.Minute, time.Hour, 7 * time.Hour, -time.Hour}).Draw(t, "age")
			run := outcome.Attempt{Number: 1, RunID: fmt.Sprintf("r%d", rapid.IntRange(0, 1e6).Draw(t, "run")), State: r.State}
			run.TriggeredAt = time.Now().Add(-age)
			if rapid.IntRange(0, 9).Draw(t, "timeless") == 0 {
				run.TriggeredAt = time.Time{}
			}
			r.Attempts = []outcome.Attempt{run}
		}
		if r.State == outcome.StateFailed && rapid.Bool().Draw(t, "excused") {
			r.Excuse = outcome.Excuse{Kind: outcome.ExcuseQuarantined, Reason: "x"}
		}
		o.Results = append(o.Results, r)
	}
	if rapid.IntRange(0, 4).Draw(t, "problem") == 0 {
		o.AddProblem(rapid.SampledFrom([]outcome.Verdict{outcome.VerdictInvalid, outcome.VerdictInconclusive, outcome.VerdictTimedOut}).Draw(t, "verdict"), "p")
	}
	if rapid.IntRange(0, 6).Draw(t, "signal") == 0 {
		o.Signal = "SIGTERM"
	}
	return o
}

func randomFiles(t *rapid.T, depth int) []outcome.LegFile {
	var files []outcome.LegFile
	for n := range rapid.IntRange(0, 4).Draw(t, "files") {
		f := outcome.LegFile{Path: fmt.Sprintf("%s%d.json", strings.Repeat("d/", depth), n)}
		switch kind := rapid.IntRange(0, 8).Draw(t, "kind"); {
		case kind == 0:
			f.Err = errors.New("is missing")
		case kind == 1 && depth == 0:
			f.Outcome = &outcome.Outcome{Name: "merged"}
			outcome.Merge(f.Outcome, randomFiles(t, depth+1), outcome.MergeSettings{MaxAge: 6 * time.Hour, AllowVersions: rapid.Bool().Draw(t, "allow versions")})
		default:
			f.Outcome = randomLeg(t)
		}
		files = append(files, f)
	}
	return files
}

// TestMergeIsNeverGreener holds, for any legs and merges of legs, that the whole is as bad as the worst leg, that no test is
// lost, that the legs can be told apart, and that those of a green whole belong together.
func TestMergeIsNeverGreener(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		files := randomFiles(t, 0)
		o := &outcome.Outcome{Name: "all"}
		settings := outcome.MergeSettings{MaxAge: 6 * time.Hour, AllowVersions: rapid.Bool().Draw(t, "allow versions")}
		outcome.Merge(o, files, settings)
		tests, paid := 0, 0
		for _, f := range files {
			least := outcome.VerdictInconclusive
			if f.Outcome != nil {
				least, tests, paid = f.Outcome.Verdict(), tests+len(f.Outcome.Results), paid+f.Outcome.Paid
			}
			if least == outcome.VerdictCancelled {
				least = outcome.VerdictInconclusive
			}
			if rank(o.Verdict()) < rank(least) {
				t.Fatalf("%s is merged to %s: %+v", least, o.Verdict(), o.Problems)
			}
		}
		if len(o.Results) != tests || o.Paid != paid || o.Signal != "" {
			t.Fatalf("%d of %d tests, signal %q", len(o.Results), tests, o.Signal)
		}
		labels := map[string]bool{}
		for _, l := range o.Legs {
			if labels[l.Label] {
				t.Fatalf("leg %q is there twice", l.Label)
			}
			labels[l.Label] = true
			if o.RealTelnyx && !l.RealTelnyx {
				t.Fatal("a simulated leg is taken for real")
			}
		}
		for _, r := range o.Results {
			if !labels[r.Leg] {
				t.Fatalf("test of matrix job %q", r.Leg)
			}
		}
		if o.Verdict() == outcome.VerdictPassed {
			checkTogether(t, o, settings)
		}
	})
}

// checkTogether checks that the legs of a green merge share one API, assistant and version, and are recent.
func checkTogether(t *rapid.T, o *outcome.Outcome, s outcome.MergeSettings) {
	if len(o.Legs) == 0 {
		t.Fatal("green from nothing")
	}
	first := o.Legs[0]
	for _, l := range o.Legs {
		if l.BaseURL != first.BaseURL || l.Target.AssistantID != first.Target.AssistantID || !s.AllowVersions && l.Target != first.Target {
			t.Fatalf("green from %+v and %+v", first, l)
		}
	}
	for _, r := range o.Results {
		for _, a := range r.Attempts {
			if age := time.Since(a.TriggeredAt); age > s.MaxAge || age < -10*time.Minute {
				t.Fatalf("green with a run of %s", a.TriggeredAt)
			}
		}
	}
}

// passedLeg is a leg whose tests have passed a minute ago.
func passedLeg(name, version string, tests ...string) *outcome.Outcome {
	o := &outcome.Outcome{
		Name: name, RealTelnyx: true, BaseURL: "https://api.telnyx.com/v2",
		Target: outcome.Target{VersionID: version, AssistantID: "assistant-a", VersionHash: "h1", EndHash: "h1"},
	}
	for _, id := range tests {
		o.Results = append(o.Results, outcome.TestResult{Test: telnyx.Test{ID: id}, State: outcome.StatePassed})
	}
	return withRuns(o, fmt.Sprintf("%p", o))
}

// mergeTwo merges two legs by the rules that users get.
func mergeTwo(first, second *outcome.Outcome) *outcome.Outcome {
	o := &outcome.Outcome{}
	outcome.Merge(o, []outcome.LegFile{{Path: "1.json", Outcome: first}, {Path: "2.json", Outcome: second}}, outcome.MergeSettings{Expect: 2, MaxAge: 6 * time.Hour})
	return o
}

const (
	upperID = "4AB66A0D-13F2-4F43-A5C8-27A1A3A6B001"
	lowerID = "4ab66a0d-13f2-4f43-a5c8-27a1a3a6b001"
)

func TestMergeTellsLegsApart(t *testing.T) {
	for name, c := range map[string]struct {
		second *outcome.Outcome
		want   outcome.Verdict
	}{
		"other tests":         {passedLeg("a", lowerID, "t1", "t3"), outcome.VerdictPassed},
		"another name":        {passedLeg("b", lowerID, "t1", lowerID), outcome.VerdictPassed},
		"the same":            {passedLeg("a", lowerID, "t1", lowerID), outcome.VerdictInconclusive},
		"in another sequence": {passedLeg("a", lowerID, lowerID, "t1"), outcome.VerdictInconclusive},
		"in other letters":    {passedLeg("a", upperID, "t1", upperID), outcome.VerdictInconclusive},
	} {
		o := mergeTwo(passedLeg("a", lowerID, "t1", lowerID), c.second)
		if o.Verdict() != c.want || o.Legs[0].Label == o.Legs[1].Label || o.Target.VersionID != lowerID {
			t.Errorf("%s: %s, legs %q and %q", name, o.Verdict(), o.Legs[0].Label, o.Legs[1].Label)
		}
	}
}

// TestMergeWantsLegsThatBelongTogether of one API, assistant and version, and not old.
func TestMergeWantsLegsThatBelongTogether(t *testing.T) {
	aged := func(by time.Duration) func(o *outcome.Outcome) {
		return func(o *outcome.Outcome) {
			o.Results[0].Attempts[0].TriggeredAt = o.Results[0].Attempts[0].TriggeredAt.Add(-by)
		}
	}
	live := func(id, hash string) func(o *outcome.Outcome) {
		return func(o *outcome.Outcome) {
			o.Target = outcome.Target{VersionID: "main", LiveID: id, AssistantID: "assistant-a", VersionHash: hash, EndHash: hash}
		}
	}
	run := func(change func(a *outcome.Attempt)) func(o *outcome.Outcome) {
		return func(o *outcome.Outcome) { change(&o.Results[0].Attempts[0]) }
	}
	for name, c := range map[string]struct {
		first, second func(o *outcome.Outcome)
		says          string // empty: green
		allowed       bool   // with --allow-versions
	}{
		"as they are":         {},
		"another API":         {second: func(o *outcome.Outcome) { o.BaseURL, o.RealTelnyx = "simulator", false }, says: `of different APIs, so they do not add up to one verdict: "https://api.telnyx.com/v2" ("a"), "simulator" ("b"); run all of them with the same base-url`},
		"another assistant":   {second: func(o *outcome.Outcome) { o.Target.AssistantID = "assistant-b" }, says: `of different assistants, so they do not add up to one verdict: "assistant-a" ("a"), "assistant-b" ("b")`},
		"no assistant":        {second: func(o *outcome.Outcome) { o.Target.AssistantID, o.Target.VersionHash, o.Target.EndHash = "", "", "" }, says: `"assistant-a" ("a"), none named ("b"); give all of them the same assistant-id`},
		"another version":     {second: func(o *outcome.Outcome) { o.Target.VersionID = "v2" }, says: `"v2" with content h1 ("b"); run all of them on one version that nobody changes, or give --allow-versions`, allowed: true},
		"an edited version":   {second: func(o *outcome.Outcome) { o.Target.VersionHash, o.Target.EndHash = "h2", "h2" }, says: `of different versions, so they do not add up to one verdict: "v1" with content h1 ("a"), "v1" with content h2 ("b")`, allowed: true},
		"the same live one":   {first: live(lowerID, "h1"), second: live(upperID, "h1")},
		"another live one":    {first: live("v7", "h1"), second: live("v8", "h1"), says: `"main", which was "v7" with content h1 ("a")`, allowed: true},
		"the live one edited": {first: live("v7", "h1"), second: live("v7", "h2"), says: "of different versions", allowed: true},
		"only a part":         {second: func(o *outcome.Outcome) { o.LastFailed = outcome.LastFailed{File: "red.json", Tests: 1} }, says: "matrix job b: last-failed selected only the tests that blocked in red.json, which proves less than the whole gate", allowed: false},
		"five hours old":      {second: aged(5 * time.Hour)},
		"seven hours old":     {second: aged(7 * time.Hour), says: "matrix job b: the oldest run is 7 h 1 min old, more than --max-age 6 h"},
		"six years old":       {first: aged(6 * 365 * 24 * time.Hour), says: "matrix job a: the oldest run is"},
		"from the future":     {second: aged(-time.Hour), says: "matrix job b: a run was made at"},
		"of no age":           {second: run(func(a *outcome.Attempt) { a.TriggeredAt = time.Time{} }), says: "matrix job b: nothing says when run"},
		"found again, no age": {second: run(func(a *outcome.Attempt) { a.Replayed = true }), says: "matrix job b: nothing says when run"},
		"found again":         {second: run(func(a *outcome.Attempt) { a.Replayed, a.CreatedAt = true, a.TriggeredAt })},
		"found again, no proof": {second: func(o *outcome.Outcome) {
			a := &o.Results[0].Attempts[0]
			a.Replayed, a.CreatedAt, o.Target.EndHash = true, a.TriggeredAt, ""
		}, says: "matrix job b has runs of an earlier start"},
		"no run": {second: func(o *outcome.Outcome) { o.Results[0].Attempts = nil }, says: "matrix job b: there is no run"},
		"an old run on the baseline": {second: func(o *outcome.Outcome) {
			o.Results[0].Baseline = []outcome.Attempt{{RunID: "old", TriggeredAt: time.Now().Add(-24 * time.Hour)}}
		}, says: "matrix job b: the oldest run is 24 h old"},
	} {
		synctest.Test(t, func(t *testing.T) {
			for _, allow := range []bool{false, true} {
				for _, nested := range []bool{false, true} { // a merged leg is a leg
					legs := []*outcome.Outcome{passedLeg("a", "v1", "t1"), passedLeg("b", "v1", "t2")}
					for i, change := range []func(*outcome.Outcome){c.first, c.second} {
						if change != nil {
							change(legs[i])
						}
					}
					rules := outcome.MergeSettings{MaxAge: 6 * time.Hour, AllowVersions: allow}
					if nested {
						merged := &outcome.Outcome{Name: "merged"}
						outcome.Merge(merged, []outcome.LegFile{{Path: "2.json", Outcome: legs[1]}}, outcome.MergeSettings{MaxAge: 1e6 * time.Hour})
						merged.Problems = nil
						legs[1] = merged
					}
					o := &outcome.Outcome{}
					outcome.Merge(o, []outcome.LegFile{{Path: "1.json", Outcome: legs[0]}, {Path: "2.json", Outcome: legs[1]}}, rules)
					green := c.says == "" || c.allowed && allow
					if (o.Verdict() == outcome.VerdictPassed) != green || !green && (o.ExitCode() != 3 || !strings.Contains(problemsOf(o), c.says)) {
						t.Errorf("%s, allow %t, nested %t: %s, want %q in\n%s", name, allow, nested, o.Verdict(), c.says, problemsOf(o))
					}
					if several := o.Target.VersionID == outcome.SeveralVersions; several != c.allowed {
						t.Errorf("%s: merged version %q", name, o.Target.VersionID)
					}
				}
			}
		})
	}
}

// TestMergeLeavesWhatNeverRanAlone: a leg that was refused before its first run has nothing to compare, and says why itself.
func TestMergeLeavesWhatNeverRanAlone(t *testing.T) {
	refused := &outcome.Outcome{Name: "b"}
	refused.AddProblem(outcome.VerdictInvalid, "version-id is missing")
	if o := mergeTwo(passedLeg("a", "v1", "t1"), refused); o.ExitCode() != 2 || len(o.Problems) != 1 {
		t.Errorf("exit %d: %s", o.ExitCode(), problemsOf(o))
	}
}

// withRuns gives each test of a leg a run whose id begins so.
func withRuns(o *outcome.Outcome, prefix string) *outcome.Outcome {
	for i := range o.Results {
		r := &o.Results[i]
		r.Attempts = []outcome.Attempt{{Number: 1, RunID: prefix + r.Test.ID, State: outcome.StatePassed, TriggeredAt: time.Now().Add(-time.Minute)}}
	}
	return o
}

// TestMergeFindsRunsOfTwoLegs holds that legs of any names and tests cannot share a run, and that two legs that do are named
// once, not for each run.
func TestMergeFindsRunsOfTwoLegs(t *testing.T) {
	for _, c := range []struct {
		prefixes []string
		problems int
	}{
		{[]string{"x", "y", "z"}, 0},
		{[]string{"x", "x", "z"}, 1},
		{[]string{"x", "x", "x"}, 2},
	} {
		var files []outcome.LegFile
		for i, prefix := range c.prefixes {
			name := fmt.Sprintf("leg%d", i)
			files = append(files, outcome.LegFile{Path: name + ".json", Outcome: withRuns(passedLeg(name, "v1", "t1", "t2"), prefix)})
		}
		o := &outcome.Outcome{}
		outcome.Merge(o, files, outcome.MergeSettings{Expect: 3, MaxAge: time.Hour})
		if len(o.Problems) != c.problems || (o.Verdict() == outcome.VerdictPassed) != (c.problems == 0) {
			t.Errorf("%v: %s, %+v", c.prefixes, o.Verdict(), o.Problems)
		}
		if c.problems > 0 && !strings.Contains(o.Problems[0].Text, `matrix jobs leg0 and leg1 have the same run "xt1" of test "t1"`) {
			t.Errorf("%v: %s", c.prefixes, o.Problems[0].Text)
		}
	}
}

// TestMergeFindsRunsThatAreHardToSee in other letters, and on the baseline.
func TestMergeFindsRunsThatAreHardToSee(t *testing.T) {
	for name, change := range map[string]func(first, second *outcome.TestResult){
		"in other letters": func(first, second *outcome.TestResult) {
			first.Attempts[0].RunID, second.Attempts[0].RunID = lowerID, upperID
		},
		"on the baseline of both": func(first, second *outcome.TestResult) {
			first.Baseline, second.Baseline = withRuns(passedLeg("x", "v0", "t1"), "b").Results[0].Attempts, withRuns(passedLeg("x", "v0", "t1"), "b").Results[0].Attempts
		},
		"on the baseline of one": func(first, second *outcome.TestResult) {
			second.Baseline = first.Attempts
		},
	} {
		first, second := passedLeg("a", "v1", "t1"), passedLeg("b", "v1", "t1")
		change(&first.Results[0], &second.Results[0])
		if o := mergeTwo(first, second); o.ExitCode() != 3 || !strings.Contains(problemsOf(o), "matrix jobs a and b have the same run") {
			t.Errorf("%s: exit %d: %s", name, o.ExitCode(), problemsOf(o))
		}
	}
}

// problemsOf is every problem of the outcome, a line each.
func problemsOf(o *outcome.Outcome) string {
	var b strings.Builder
	for _, p := range o.Problems {
		fmt.Fprintln(&b, p.Text)
	}
	return b.String()
}
