package outcome

import (
	"fmt"
	"regexp"
	"strconv"
)

// maxAttempts is the largest N of K-of-N and confirm:N.
const maxAttempts = 25

// Policy says how many runs make a verdict. Its zero value is not a policy; use OneRun or ParsePolicy.
type Policy struct {
	passes  int  // K: so many passes make a pass
	runs    int  // N: within at most so many runs
	confirm bool // a first pass is enough by itself
}

// OneRun is the policy "1": the only run decides.
func OneRun() Policy { return Policy{passes: 1, runs: 1} }

// BaselinePolicy is how a failing test is run on the baseline: two failures of two make a known failure.
func BaselinePolicy() Policy { return Policy{passes: 1, runs: 2} }

var (
	kOfN     = regexp.MustCompile(`^([0-9]{1,4})-of-([0-9]{1,4})$`)
	confirmN = regexp.MustCompile(`^confirm:([0-9]{1,4})$`)
)

// ParsePolicy understands "1", "K-of-N" (K passes within at most N runs) and "confirm:N" (a first pass counts; a first
// failure is run again until a majority of N is certain; N odd). N is at most 25.
func ParsePolicy(s string) (Policy, error) {
	if s == "1" {
		return OneRun(), nil
	}
	if m := kOfN.FindStringSubmatch(s); m != nil {
		return newKOfN(atoi(m[1]), atoi(m[2]))
	}
	if m := confirmN.FindStringSubmatch(s); m != nil {
		return newConfirm(atoi(m[1]))
	}
	return Policy{}, fmt.Errorf("give 1, K-of-N such as 2-of-3, or confirm:N such as confirm:3 (N at most %d)", maxAttempts)
}

// atoi reads what the patterns above let through: at most four digits.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

func newKOfN(k, n int) (Policy, error) {
	switch {
	case n > maxAttempts:
		return Policy{}, fmt.Errorf("in K-of-N, N is %d at most", maxAttempts)
	case k < 1 || k > n:
		return Policy{}, fmt.Errorf("in K-of-N, K is from 1 to N: %d passes cannot come of %d runs", k, n)
	}
	return Policy{passes: k, runs: n}, nil
}

func newConfirm(n int) (Policy, error) {
	switch {
	case n > maxAttempts:
		return Policy{}, fmt.Errorf("in confirm:N, N is %d at most", maxAttempts)
	case n < 1 || n%2 == 0:
		return Policy{}, fmt.Errorf("in confirm:N, N is odd, so that there is a majority: give confirm:%d", n+1)
	}
	return Policy{passes: n/2 + 1, runs: n, confirm: true}, nil
}

// String is the form that ParsePolicy reads.
func (p Policy) String() string {
	switch {
	case p.confirm:
		return fmt.Sprintf("confirm:%d", p.runs)
	case p.runs == 1:
		return "1"
	}
	return fmt.Sprintf("%d-of-%d", p.passes, p.runs)
}

// MaxVotes is how many votes a verdict can take at most.
func (p Policy) MaxVotes() int { return p.runs }

// Decision is what a policy makes of runs.
type Decision int

// The decisions.
const (
	Undecided Decision = iota
	Pass
	Fail
)

// Decide returns what so many passes and failures come to. Only the numbers count, not their order, because nothing is run
// once the verdict is certain.
func (p Policy) Decide(passes, fails int) Decision {
	switch {
	case passes >= p.passes, p.confirm && passes > 0 && fails == 0:
		return Pass
	case fails > p.runs-p.passes:
		return Fail
	}
	return Undecided
}

// Needed is how many further runs are certain to be needed after so many passes and failures: with fewer, no answer
// can make the verdict certain. They can go out together. 0 if the verdict is certain.
func (p Policy) Needed(passes, fails int) int {
	if p.Decide(passes, fails) != Undecided {
		return 0
	}
	if p.confirm && passes+fails == 0 {
		return 1
	}
	return min(p.passes-passes, p.runs-p.passes+1-fails)
}
