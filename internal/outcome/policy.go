package outcome

import (
	"fmt"
	"regexp"
	"strconv"
)

// maxAttempts is the largest N of K-of-N and confirm:N.
const maxAttempts = 25

// Policy decides how many runs make a verdict. The zero value is not usable; use OneRun or ParsePolicy.
type Policy struct {
	passes  int  // K: passes that make a test pass
	runs    int  // N: maximum runs
	confirm bool // a first pass alone is enough
}

// OneRun returns the policy "1": a single run decides.
func OneRun() Policy { return Policy{passes: 1, runs: 1} }

// BaselinePolicy returns the policy for runs on the baseline: two failures in two runs make a known failure.
func BaselinePolicy() Policy { return Policy{passes: 1, runs: 2} }

var (
	kOfN     = regexp.MustCompile(`^([0-9]{1,4})-of-([0-9]{1,4})$`)
	confirmN = regexp.MustCompile(`^confirm:([0-9]{1,4})$`)
)

// ParsePolicy parses "1", "K-of-N" (K passes within at most N runs) and "confirm:N" (a first pass is enough; after a first
// failure, the majority of N runs decides; N is odd). N is at most 25.
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

// atoi ignores the error, because the patterns above allow only one to four digits.
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

// String returns the policy in the form that ParsePolicy reads.
func (p Policy) String() string {
	switch {
	case p.confirm:
		return fmt.Sprintf("confirm:%d", p.runs)
	case p.runs == 1:
		return "1"
	}
	return fmt.Sprintf("%d-of-%d", p.passes, p.runs)
}

// MaxVotes returns the maximum number of runs that can count towards a verdict.
func (p Policy) MaxVotes() int { return p.runs }

// Decision is what a policy concludes from the runs so far.
type Decision int

// The decisions.
const (
	Undecided Decision = iota
	Pass
	Fail
)

// Decide returns the decision after the given numbers of passes and failures. Their order does not matter, because the gate
// runs nothing more once the verdict is certain.
func (p Policy) Decide(passes, fails int) Decision {
	switch {
	case passes >= p.passes, p.confirm && passes > 0 && fails == 0:
		return Pass
	case fails > p.runs-p.passes:
		return Fail
	}
	return Undecided
}

// Needed returns the smallest number of further runs that can make the verdict certain. The gate can trigger them together.
// It returns 0 if the verdict is already certain.
func (p Policy) Needed(passes, fails int) int {
	if p.Decide(passes, fails) != Undecided {
		return 0
	}
	if p.confirm && passes+fails == 0 {
		return 1
	}
	return min(p.passes-passes, p.runs-p.passes+1-fails)
}
