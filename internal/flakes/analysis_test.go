package flakes

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

var night = time.Date(2026, 9, 1, 4, 40, 0, 0, time.UTC)

// gate is a gate of the live version in which a test had such runs: p passed, f failed, e errored.
func gate(n int, runs map[string]string) *outcome.Outcome {
	o := &outcome.Outcome{
		Name: "nightly", RealTelnyx: true, BaseURL: "https://api.telnyx.com/v2", Policy: outcome.OneRun(), Started: night.AddDate(0, 0, n),
		Target: outcome.Target{VersionID: outcome.MainVersion, LiveID: "v-live"},
	}
	for id, ends := range runs {
		r := outcome.TestResult{Test: telnyx.Test{ID: id, Name: "Test " + id}}
		for i, end := range ends {
			r.Attempts = append(r.Attempts, attempt(fmt.Sprintf("run-%d-%s-%d", n, id, i), end, o.Started))
		}
		o.Results = append(o.Results, r)
	}
	return o
}

func attempt(run string, end rune, at time.Time) outcome.Attempt {
	a := outcome.Attempt{RunID: run, CreatedAt: at, State: map[rune]outcome.State{'p': outcome.StatePassed, 'f': outcome.StateFailed, 'e': outcome.StateErrored}[end]}
	if end == 'f' {
		a.Criteria = []telnyx.CriterionResult{{Name: "Is polite", Status: telnyx.StatusFailed}, {Name: "Is brief", Status: telnyx.StatusPassed}}
	}
	return a
}

func analyse(s Settings, files ...*outcome.Outcome) Analysis {
	var c Collector
	for _, o := range files {
		c.Add(o)
	}
	return c.Analyse(s)
}

func TestVotes(t *testing.T) {
	live := gate(0, map[string]string{"a": "ppf", "b": "e"})
	candidate := gate(1, map[string]string{"a": "fff"})
	candidate.Target = outcome.Target{VersionID: "v-new", Baseline: outcome.MainVersion}
	candidate.Results[0].Baseline = []outcome.Attempt{attempt("base-1", 'f', night), attempt("base-2", 'p', night)}
	byID := gate(2, map[string]string{"a": "f"})
	byID.Target = outcome.Target{VersionID: "v-old", Baseline: "v-older"}
	byID.Results[0].Baseline = []outcome.Attempt{attempt("base-3", 'f', night)}
	rounds := gate(4, map[string]string{"a": "f"})
	rounds.Target.Baseline = "v-old"
	rounds.Results[0].Compared = []outcome.Attempt{attempt("side-1", 'p', night), attempt("side-2", 'f', night)}
	simulated := gate(3, map[string]string{"a": "pp"})
	simulated.RealTelnyx = false
	merged := &outcome.Outcome{}
	outcome.Merge(merged, []outcome.LegFile{{Path: "x", Outcome: live}, {Path: "y", Outcome: simulated}}, outcome.MergeSettings{MaxAge: time.Hour})

	for name, tt := range map[string]struct {
		all                                               bool
		files                                             []*outcome.Outcome
		votes, failed, others, simulated, repeated, tests int
		real                                              bool
	}{
		"the live version":            {false, []*outcome.Outcome{live}, 3, 1, 0, 0, 0, 1, true},
		"the same file twice":         {false, []*outcome.Outcome{live, live}, 3, 1, 0, 0, 3, 1, true},
		"a candidate":                 {false, []*outcome.Outcome{candidate}, 2, 1, 3, 0, 0, 1, true},
		"a baseline by its id":        {false, []*outcome.Outcome{byID}, 0, 0, 2, 0, 0, 0, true},
		"rounds side by side":         {false, []*outcome.Outcome{rounds}, 3, 2, 0, 0, 0, 1, true},
		"all versions":                {true, []*outcome.Outcome{live, candidate, byID}, 10, 7, 0, 0, 0, 1, true},
		"simulated beside real ones":  {false, []*outcome.Outcome{simulated, live}, 3, 1, 0, 2, 0, 1, true},
		"simulated alone":             {false, []*outcome.Outcome{simulated}, 2, 0, 0, 0, 0, 1, false},
		"merged, and a leg of it too": {false, []*outcome.Outcome{merged, live}, 3, 1, 0, 2, 3, 1, true},
		"nothing":                     {false, nil, 0, 0, 0, 0, 0, 0, false},
	} {
		a := analyse(Settings{AllVersions: tt.all, Red: 0.05}, tt.files...)
		got := fmt.Sprint(a.Votes, a.Failed, a.OtherVersions, a.Simulated, a.Repeated, len(a.Tests), a.Real)
		want := fmt.Sprint(tt.votes, tt.failed, tt.others, tt.simulated, tt.repeated, tt.tests, tt.real)
		if got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		if a.Best != -1 {
			t.Errorf("%s: recommends %d of %d votes", name, a.Best, a.Votes)
		}
	}
}

// TestContradictingFiles: what two files say differently of one run is read cautiously.
func TestContradictingFiles(t *testing.T) {
	passed, failed := gate(0, map[string]string{"a": "p"}), gate(0, map[string]string{"a": "f"})
	for _, files := range [][]*outcome.Outcome{{passed, failed}, {failed, passed}} {
		if a := analyse(Settings{}, files...); a.Votes != 1 || a.Failed != 1 || a.Criteria[0].Name != "Is polite" {
			t.Errorf("%+v", a)
		}
	}
	candidate := gate(0, map[string]string{"a": "p"})
	candidate.Target = outcome.Target{VersionID: "v-new"}
	if a := analyse(Settings{}, candidate, passed); a.Votes != 0 || a.OtherVersions != 1 {
		t.Errorf("%+v", a)
	}
}

// TestSimulatedSeed: a simulator that is started again may give other runs the same ids.
func TestSimulatedSeed(t *testing.T) {
	one, two := gate(0, map[string]string{"a": "p"}), gate(0, map[string]string{"a": "p"})
	one.RealTelnyx, two.RealTelnyx = false, false
	two.Results[0].Attempts[0].CreatedAt = night.Add(time.Second)
	if a := analyse(Settings{}, one, two, two); a.Votes != 2 || a.Repeated != 1 {
		t.Errorf("%d votes, %d repeated", a.Votes, a.Repeated)
	}
}

// nights are gates in which "shaky" fails every third time, "often" fails a fifth of them, and 18 others never.
func nights(n int) (files []*outcome.Outcome) {
	for i := range n {
		runs := map[string]string{"shaky": "p", "often": "p"}
		if i%3 == 0 {
			runs["shaky"] = "f"
		}
		if i%5 == 0 {
			runs["often"] = "f"
		}
		for j := range 18 {
			runs[fmt.Sprintf("good%02d", j)] = "p"
		}
		files = append(files, gate(i, runs))
	}
	return files
}

func TestAnalysis(t *testing.T) {
	a := analyse(Settings{Red: 0.01}, nights(60)...)
	if a.Votes != 1200 || a.Failed != 32 || a.FlakyTests != 2 || a.SteadyTests != 18 || a.GateTests != 20 {
		t.Errorf("%d votes, %d failed, %d flaky of %d", a.Votes, a.Failed, a.FlakyTests, len(a.Tests))
	}
	shaky := a.Tests[0]
	if shaky.ID != "shaky" || shaky.Failed != 20 || !shaky.Flaky || shaky.Pattern != PatternSame || shaky.Thin {
		t.Errorf("%+v", shaky)
	}
	if loose := analyse(Settings{Red: 0.05}, nights(60)...); loose.Policies[loose.Best].Policy.String() != "1" {
		t.Errorf("%+v", loose.Policies[loose.Best])
	}
	if n, share := a.MostOf(0.8); n != 2 || share < 0.8 {
		t.Errorf("%d tests make %g", n, share)
	}
	if best := a.Policies[a.Best]; best.Policy.String() != "confirm:3" || best.SteadyRed > 0.01 || best.Red < 0.2 || !a.Policies[0].InUse {
		t.Errorf("%+v", best)
	}
	if len(a.Months) != 2 || a.Months[0].Name != "2026-09" || len(a.Versions) != 1 || a.Versions[0].Votes != 1200 {
		t.Errorf("%+v %+v", a.Months, a.Versions)
	}
	if _, _, found := a.Decline(); found {
		t.Error("there is no decline")
	}
	if a = analyse(Settings{Red: 0.05}, nights(4)...); a.Best != -1 || a.Enough() {
		t.Errorf("%d votes recommend %d", a.Votes, a.Best)
	}
	if a = analyse(Settings{Red: 0.05}, nights(5)...); !a.Enough() {
		t.Errorf("%d votes are not enough", a.Votes)
	}
	var broken []*outcome.Outcome
	for i := range 120 {
		broken = append(broken, gate(i, map[string]string{"a": "f"}))
	}
	if a = analyse(Settings{Red: 0.05}, broken...); a.Best != -1 || a.SteadyTests != 0 {
		t.Errorf("nothing but flaky tests recommends %d", a.Best)
	}
}

func TestDecline(t *testing.T) {
	var files []*outcome.Outcome
	for i := range 60 { // 40 nights without a failure, 20 in which every second run failed
		files = append(files, gate(i+i/30*30, map[string]string{"a": map[bool]string{true: "pf", false: "pp"}[i >= 30]}))
	}
	from, to, found := analyse(Settings{}, files...).decline()
	if !found || from.Name != "2026-09" || to.Failed == 0 {
		t.Errorf("%+v %+v %t", from, to, found)
	}
}

func (a Analysis) decline() (from, to Period, found bool) { return a.Decline() }

var anyOrder = cmp.Options{cmp.Comparer(func(a, b outcome.Policy) bool { return a == b }), cmpopts.EquateEmpty()}

// TestOrderOfFiles: neither the order of files nor that some come twice, or merged, changes what they say.
func TestOrderOfFiles(t *testing.T) {
	files := nights(30)
	want := analyse(Settings{Red: 0.05}, files...)
	merged := &outcome.Outcome{}
	outcome.Merge(merged, []outcome.LegFile{{Path: "a", Outcome: files[3]}, {Path: "b", Outcome: files[4]}}, outcome.MergeSettings{AllowVersions: true})
	for range 10 {
		again := append([]*outcome.Outcome{merged, files[7]}, files...)
		rand.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		got := analyse(Settings{Red: 0.05}, again...)
		if got.Repeated == 0 {
			t.Error("nothing was repeated")
		}
		got.Repeated = 0
		if diff := cmp.Diff(want, got, anyOrder); diff != "" {
			t.Fatal(diff)
		}
	}
}

// TestProperties checks what holds whatever files say.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		files := rapid.SliceOfN(rapid.Custom(sample.Random), 0, 4).Draw(t, "files")
		a := analyse(Settings{Red: 0.05, AllVersions: rapid.Bool().Draw(t, "all"), Tests: rapid.IntRange(0, 50).Draw(t, "tests")}, files...)
		votes, failed, share := 0, 0, 0.0
		for _, test := range a.Tests {
			votes, failed, share = votes+test.Votes, failed+test.Failed, share+test.Share
			if test.Votes == 0 || test.Failed > test.Votes || test.Fails < 0 || test.Fails > 1 || test.Flaky && test.Thin {
				t.Errorf("%+v", test)
			}
			for _, c := range test.Criteria {
				if c.Failed > test.Failed {
					t.Errorf("%d of %d failures have criterion %q", c.Failed, test.Failed, c.Name)
				}
			}
		}
		if votes != a.Votes || failed != a.Failed || len(a.Tests) > 0 && math.Abs(share-1) > 1e-9 {
			t.Errorf("%d votes, %d failed, shares of %g; in all %d and %d", votes, failed, share, a.Votes, a.Failed)
		}
		for _, f := range a.Policies {
			if f.SteadyRed > f.Red+1e-12 || f.Red < 0 || f.Red > 1 || math.IsNaN(f.Runs) {
				t.Errorf("%+v", f)
			}
		}
		backwards := make([]*outcome.Outcome, 0, len(files))
		for i := range files {
			backwards = append(backwards, files[len(files)-1-i])
		}
		if diff := cmp.Diff(a, analyse(a.Settings, backwards...), anyOrder); diff != "" {
			t.Errorf("the order of the files matters: %s", diff)
		}
	})
}

// TestOneMoreFailure: a test that failed once more is not thought better of, whatever its other votes.
func TestOneMoreFailure(t *testing.T) {
	prior := Beta{9, 1}
	for _, form := range compared() {
		p := policy(t, form)
		for n := range 40 {
			for failed := range n {
				fewer, more := prior.after(Test{Votes: n, Failed: failed}).under(p), prior.after(Test{Votes: n, Failed: failed + 1}).under(p)
				if more.Pass >= fewer.Pass {
					t.Fatalf("%s: %d of %d failed passes in %g, %d in %g", form, failed, n, fewer.Pass, failed+1, more.Pass)
				}
			}
		}
	}
}
