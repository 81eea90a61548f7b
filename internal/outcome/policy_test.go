package outcome

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
)

func TestParsePolicy(t *testing.T) {
	for _, s := range []string{"1", "1-of-2", "2-of-3", "3-of-5", "25-of-25", "1-of-25", "confirm:1", "confirm:3", "confirm:25"} {
		p, err := ParsePolicy(s)
		if err != nil {
			t.Errorf("%s: %v", s, err)
			continue
		}
		again, err := ParsePolicy(p.String())
		if err != nil || again != p {
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
	} {
		if _, err := ParsePolicy(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want one that says %q", s, err, want)
		}
	}
}

func FuzzParsePolicy(f *testing.F) {
	for _, s := range []string{"1", "2-of-3", "confirm:5", "9-of-9", "confirm:-1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fuzzing.Bound(t)
		p, err := ParsePolicy(s)
		if err != nil {
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
	var k, n int
	if form == "1" {
		return votes[0]
	}
	if _, err := fmt.Sscanf(form, "%d-of-%d", &k, &n); err != nil {
		panic(err)
	}
	return passes >= k
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

// TestEverySequence enumerates every sequence of votes up to N = 7: the lazy policy gives the verdict of the definition,
// and never runs once no further votes can change it.
func TestEverySequence(t *testing.T) {
	for form, p := range policies(t, 7) {
		for bits := range 1 << p.MaxVotes() {
			votes := make([]bool, p.MaxVotes())
			for i := range votes {
				votes[i] = bits>>i&1 == 1
			}
			passed, runs := runPolicy(p, votes)
			if want := verdict(form, votes); passed != want {
				t.Fatalf("%s over %v: passed %v, want %v", form, votes, passed, want)
			}
			if least := certainAfter(form, votes); runs > least {
				t.Fatalf("%s over %v: %d runs, but the verdict was certain after %d", form, votes, runs, least)
			}
		}
	}
}

// certainAfter is after how many votes no continuation changes the verdict.
func certainAfter(form string, votes []bool) int {
	for n := 1; n < len(votes); n++ {
		rest := len(votes) - n
		seen := map[bool]bool{}
		for bits := range 1 << rest {
			whole := append([]bool{}, votes[:n]...)
			for i := range rest {
				whole = append(whole, bits>>i&1 == 1)
			}
			seen[verdict(form, whole)] = true
		}
		if len(seen) == 1 {
			return n
		}
	}
	return len(votes)
}

func TestPolicyProperties(t *testing.T) {
	all := policies(t, maxAttempts)
	forms := make([]string, 0, len(all))
	for form := range all {
		forms = append(forms, form)
	}
	rapid.Check(t, func(t *rapid.T) {
		form := rapid.SampledFrom(forms).Draw(t, "policy")
		p := all[form]
		votes := rapid.SliceOfN(rapid.Bool(), p.MaxVotes(), p.MaxVotes()).Draw(t, "votes")
		passed, runs := runPolicy(p, votes)
		if runs > p.MaxVotes() {
			t.Fatalf("%d runs", runs)
		}
		// Monotony: one more pass never turns green to red.
		if i := rapid.IntRange(0, len(votes)-1).Draw(t, "turned"); passed && !votes[i] {
			votes[i] = true
			if again, _ := runPolicy(p, votes); !again {
				t.Fatalf("%s: green turned red by one more pass at %d", form, i)
			}
			votes[i] = false
		}
		// Order does not matter to K-of-N.
		if !p.confirm {
			shuffled := rapid.Permutation(votes).Draw(t, "shuffled")
			if again, _ := runPolicy(p, shuffled); again != passed {
				t.Fatalf("%s: %v and %v give different verdicts", form, votes, shuffled)
			}
		}
	})
}
