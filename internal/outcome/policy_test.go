package outcome

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
)

func TestParsePolicy(t *testing.T) {
	for _, s := range []string{
		"1", "1-of-2", "2-of-3", "3-of-5", "25-of-25", "1-of-25", "confirm:1", "confirm:3", "confirm:25",
		"ladder:1", "ladder:2,5,6,7", "ladder:25", "ladder:2,5,23", "ladder:1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", "auto:healthy=99.5,broken=30,red=5,slip=0.25",
	} {
		p, err := ParsePolicy(s)
		if err != nil {
			t.Errorf("%s: %v", s, err)
			continue
		}
		again, err := ParsePolicy(p.String())
		if err != nil || again != p || p.String() != s || p.Given() != s {
			t.Errorf("%s is written as %s, which reads as %v (%v)", s, p, again, err)
		}
	}
	for s, want := range map[string]string{
		"":            "give 1, K-of-N",
		"2":           "give 1, K-of-N",
		"majority":    "give 1, K-of-N",
		"2 of 3":      "give 1, K-of-N",
		"-1-of-3":     "give 1, K-of-N",
		"0-of-3":      "from 1 to N",
		"4-of-3":      "from 1 to N",
		"1-of-26":     "25 at most",
		"1-of-999999": "give 1, K-of-N",
		"confirm:0":   "odd",
		"confirm:2":   "confirm:3",
		"confirm:4":   "confirm:5",
		"confirm:27":  "25 at most",
		"confirm":     "give 1, K-of-N",

		"ladder":                              "give 1, K-of-N",
		"ladder:":                             "the ladder is empty",
		"ladder: ":                            "the ladder is empty",
		"ladder:2,":                           `"" is not a whole number`,
		"ladder:2;5":                          `"2;5" is not a whole number`,
		"ladder:0,2":                          "1 at least",
		"ladder:-1":                           `"-1" is not a whole number`,
		"ladder:3,2":                          "no number is smaller than the one before",
		"ladder:26":                           "can take 26 runs: 25 is the maximum",
		"ladder:2,5,24":                       "can take 26 runs",
		"ladder:1" + strings.Repeat(",1", 25): "can take 26 runs",

		"auto:":                     `"" is none of the targets`,
		"auto:speed=3":              `"speed" is none of the targets`,
		"auto:red":                  "red= is not a percentage",
		"auto:red=5%":               "red=5% is not a percentage",
		"auto:red=-5":               "give a number from 0 to 100",
		"auto:red=101":              "red=101 is outside 0 to 100 percent",
		"auto:red=100.0001":         "outside 0 to 100",
		"auto:red=1e1":              "is not a percentage",
		"auto:red=5,red=6":          "red is given twice",
		"auto:healthy=30":           "healthy=30 is not above broken=30",
		"auto:broken=95":            "healthy=95 is not above broken=95",
		"auto:healthy=20,broken=90": "healthy=20 is not above broken=90",
	} {
		if _, err := ParsePolicy(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want one that says %q", s, err, want)
		}
	}
}

func FuzzParsePolicy(f *testing.F) {
	for _, s := range []string{"1", "2-of-3", "confirm:5", "9-of-9", "confirm:-1", "ladder:2,5,6,7", "ladder:", "auto", "auto:red=5,slip=0.1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fuzzing.Bound(t)
		p, err := ParsePolicy(s)
		if err != nil {
			return
		}
		if again, err := ParsePolicy(p.String()); err != nil || again.String() != p.String() {
			t.Errorf("%q is written as %s, which reads as %s (%v)", s, p, again, err)
		}
		if p.Auto() {
			return
		}
		if p.MaxVotes() < 1 || p.MaxVotes() > maxAttempts || p.Needed(0, 0) < 1 || p.Needed(0, 0) > p.MaxVotes() {
			t.Errorf("%q: %+v", s, p)
		}
	})
}

// policies are all policies up to N = n.
func policies(t *testing.T, n int) map[string]Policy {
	t.Helper()
	out := map[string]Policy{"1": OneRun()}
	for size := 1; size <= n; size++ {
		forms := []string{fmt.Sprintf("confirm:%d", size-1+size%2)}
		for k := 1; k <= size; k++ {
			forms = append(forms, fmt.Sprintf("%d-of-%d", k, size))
		}
		for _, s := range forms {
			p, err := ParsePolicy(s)
			if err != nil {
				t.Fatalf("%s: %v", s, err)
			}
			out[s] = p
		}
	}
	return out
}

// ladderForms are all ladders of at most n runs.
func ladderForms(n int) (forms []string) {
	var add func(form string, last, rungs int)
	add = func(form string, last, rungs int) {
		for passes := last; passes+rungs <= n; passes++ {
			next := fmt.Sprintf("%s,%d", form, passes)
			forms = append(forms, "ladder:"+next[1:])
			add(next, passes, rungs+1)
		}
	}
	add("", 1, 0)
	return forms
}

// verdict is the definition, applied to the whole sequence of votes that N runs would give.
func verdict(form string, votes []bool) bool {
	passes := 0
	for _, v := range votes {
		if v {
			passes++
		}
	}
	if strings.HasPrefix(form, "confirm") {
		return votes[0] || 2*passes > len(votes)
	}
	if list, ok := strings.CutPrefix(form, "ladder:"); ok {
		return climbs(strings.Split(list, ","), votes)
	}
	var k, n int
	if form == "1" {
		return votes[0]
	}
	if _, err := fmt.Sscanf(form, "%d-of-%d", &k, &n); err != nil {
		panic(err)
	}
	return passes >= k
}

// climbs is the definition of a ladder, run by run.
func climbs(rungs []string, votes []bool) bool {
	passes, fails := 0, 0
	for _, v := range votes {
		if v {
			passes++
		} else {
			fails++
		}
		if fails == len(rungs) {
			return false
		}
		if fmt.Sprint(passes) == rungs[fails] {
			return true
		}
	}
	panic("a ladder that does not end")
}

// runPolicy runs a policy lazily over the votes that its runs would give, and returns its verdict and the runs it took.
func runPolicy(p Policy, votes []bool) (passed bool, runs int) {
	passes, fails := 0, 0
	for {
		need := p.Needed(passes, fails)
		if need == 0 {
			return p.Decide(passes, fails) == Pass, runs
		}
		for range need {
			if votes[runs] {
				passes++
			} else {
				fails++
			}
			runs++
		}
	}
}

// TestEverySequence enumerates every sequence of votes up to N = 7, and up to N = 9 for every ladder: the lazy policy gives the
// verdict of the definition, and never runs once no further votes can change it.
func TestEverySequence(t *testing.T) {
	all := policies(t, 7)
	for _, form := range ladderForms(9) {
		p, err := ParsePolicy(form)
		if err != nil {
			t.Fatalf("%s: %v", form, err)
		}
		all[form] = p
	}
	t.Logf("%d policies", len(all))
	for form, p := range all {
		verdicts := make([]bool, 1<<p.MaxVotes()) // by the votes as bits, the first run highest
		votes := make([]bool, p.MaxVotes())
		set := func(bits int) {
			for i := range votes {
				votes[i] = bits>>(len(votes)-1-i)&1 == 1
			}
		}
		for bits := range verdicts {
			set(bits)
			verdicts[bits] = verdict(form, votes)
		}
		for bits, want := range verdicts {
			set(bits)
			passed, runs := runPolicy(p, votes)
			if passed != want {
				t.Fatalf("%s over %v: passed %v, want %v", form, votes, passed, want)
			}
			if least := certainAfter(verdicts, len(votes), bits); runs != least {
				t.Fatalf("%s over %v: %d runs, but the verdict was certain after %d", form, votes, runs, least)
			}
		}
	}
}

// TestNeededIsAllThatIsCertain: no fewer runs can decide, whatever they are, and some that many do. So all of them may go out
// together.
func TestNeededIsAllThatIsCertain(t *testing.T) {
	for _, form := range ladderForms(9) {
		p, err := ParsePolicy(form)
		if err != nil {
			t.Fatal(err)
		}
		for passes := range 10 {
			for fails := range 10 {
				if got, want := p.Needed(passes, fails), leastToDecide(p, passes, fails); got != want {
					t.Fatalf("%s after %d passes and %d failures: %d needed, want %d", form, passes, fails, got, want)
				}
			}
		}
	}
}

func leastToDecide(p Policy, passes, fails int) int {
	for n := 0; ; n++ {
		for more := range n + 1 {
			if p.Decide(passes+more, fails+n-more) != Undecided {
				return n
			}
		}
	}
}

// certainAfter is after how many of n votes no continuation changes the verdict.
func certainAfter(verdicts []bool, n, bits int) int {
	for seen := 1; seen < n; seen++ {
		rest := n - seen
		first := bits >> rest << rest
		if same := verdicts[first : first+1<<rest]; !slices.Contains(same, !same[0]) {
			return seen
		}
	}
	return n
}

func TestPolicyProperties(t *testing.T) {
	forms := slices.Sorted(maps.Keys(policies(t, maxAttempts)))
	rapid.Check(t, func(t *rapid.T) {
		form := rapid.SampledFrom(forms).Draw(t, "policy")
		if rapid.Bool().Draw(t, "a ladder") {
			form = drawLadder(t)
		}
		p, err := ParsePolicy(form)
		if err != nil {
			t.Fatalf("%s: %v", form, err)
		}
		votes := rapid.SliceOfN(rapid.Bool(), p.MaxVotes(), p.MaxVotes()).Draw(t, "votes")
		passed, runs := runPolicy(p, votes)
		if runs > p.MaxVotes() {
			t.Fatalf("%d runs", runs)
		}
		// A test passes or fails in a last run, and never sooner than a decision needs.
		if again, _ := runPolicy(p, votes[:runs]); again != passed {
			t.Fatalf("%s over %v: the runs after the last change the verdict", form, votes)
		}
		if want := verdict(form, votes); passed != want {
			t.Fatalf("%s over %v: passed %v, want %v", form, votes, passed, want)
		}
		// Monotony: one more pass never turns green to red.
		if i := rapid.IntRange(0, len(votes)-1).Draw(t, "turned"); passed && !votes[i] {
			votes[i] = true
			if again, _ := runPolicy(p, votes); !again {
				t.Fatalf("%s: green turned red by one more pass at %d", form, i)
			}
			votes[i] = false
		}
		// Order does not matter to K-of-N, nor to any ladder without a step.
		if rungs := p.Rungs(); rungs[0] == rungs[len(rungs)-1] {
			shuffled := rapid.Permutation(votes).Draw(t, "shuffled")
			if again, _ := runPolicy(p, shuffled); again != passed {
				t.Fatalf("%s: %v and %v give different verdicts", form, votes, shuffled)
			}
		}
	})
}

func drawLadder(t *rapid.T) string {
	var rungs []string
	last := 1
	for n := range rapid.IntRange(1, maxAttempts).Draw(t, "rungs") {
		if last+n > maxAttempts {
			break
		}
		last = rapid.IntRange(last, min(last+3, maxAttempts-n)).Draw(t, "passes")
		rungs = append(rungs, fmt.Sprint(last))
	}
	return "ladder:" + strings.Join(rungs, ",")
}

// TestOldFormsAreLadders: the policies that were there before ladders mean the same.
func TestOldFormsAreLadders(t *testing.T) {
	for form, want := range map[string]string{
		"1": "ladder:1", "1-of-3": "ladder:1,1,1", "2-of-3": "ladder:2,2", "3-of-5": "ladder:3,3,3", "2-of-2": "ladder:2",
		"confirm:1": "ladder:1", "confirm:3": "ladder:1,2", "confirm:5": "ladder:1,3,3", "confirm:7": "ladder:1,4,4,4", " ladder: 2, 5": "ladder:2,5",
	} {
		p, err := ParsePolicy(strings.TrimSpace(form))
		if err != nil || p.Ladder() != want {
			t.Errorf("%s is %s (%v), want %s", form, p.Ladder(), err, want)
		}
	}
}

// TestUnresolvedDecidesNothingGreen: auto before planning, and the zero value.
func TestUnresolvedDecidesNothingGreen(t *testing.T) {
	unresolved, err := ParsePolicy("auto")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []Policy{unresolved, {}} {
		if p.Resolved() || p.Decide(25, 0) == Pass || p.Needed(0, 0) != 0 || p.MaxVotes() != 0 || p.Ladder() != "" {
			t.Errorf("%q: decides", p)
		}
	}
	ladder, err := Ladder(2, 5)
	if err != nil {
		t.Fatal(err)
	}
	if p := unresolved.ResolvedTo(ladder); p.String() != "ladder:2,5" || p.Given() != "auto:healthy=95,broken=30,red=5,slip=10" || p.Targets() != DefaultTargets() || p.Decide(2, 0) != Pass {
		t.Errorf("resolved: %s, given %s", p, p.Given())
	}
}
