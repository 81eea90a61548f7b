package outcome

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// maxAttempts is the maximum number of runs of one test that can count.
const maxAttempts = 25

// Policy decides how many runs make a verdict. All policies are ladders: with f failures so far, a test passes once it has
// rungs[f] passes. The failure after the last rung fails it. The rungs never fall. The zero value decides nothing and passes
// nothing; use OneRun, Ladder or ParsePolicy.
type Policy struct {
	Text    string            // as given, in the form that ParsePolicy reads; empty for a ladder
	rungs   [maxAttempts]int8 // with f failures so far, rungs[f] passes are enough
	count   int               // of rungs; 0 if not resolved
	auto    bool
	targets Targets // of auto
}

// OneRun returns the policy "1": a single run decides.
func OneRun() Policy { return kOfN(1, 1) }

// BaselinePolicy returns the policy for runs on the baseline: two failures in two runs make a known failure.
func BaselinePolicy() Policy { return kOfN(1, 2) }

// Ladder returns the policy with these rungs.
func Ladder(rungs ...int) (Policy, error) {
	if err := checkRungs(rungs); err != nil {
		return Policy{}, err
	}
	return climb("", rungs), nil
}

func checkRungs(rungs []int) error {
	switch {
	case len(rungs) == 0:
		return errEmptyLadder
	case rungs[0] < 1:
		return errors.New("in ladder:A0,A1,..., each number is 1 at least: no test passes without a pass")
	case !slices.IsSorted(rungs):
		return errors.New("in ladder:A0,A1,..., no number is smaller than the one before: after a failure a test cannot need fewer passes")
	case rungs[len(rungs)-1] > maxAttempts-len(rungs)+1:
		return fmt.Errorf("this ladder can take %d runs: %d is the maximum (the last number, and one run for each failure before it)", rungs[len(rungs)-1]+len(rungs)-1, maxAttempts)
	}
	return nil
}

// climb makes a policy of rungs that were checked.
func climb(text string, rungs []int) Policy {
	p := Policy{Text: text, count: len(rungs)}
	for i, passes := range rungs {
		p.rungs[i] = int8(passes)
	}
	return p
}

func kOfN(k, n int) Policy {
	given := fmt.Sprintf("%d-of-%d", k, n)
	if n == 1 {
		given = "1"
	}
	return climb(given, slices.Repeat([]int{k}, n-k+1))
}

// confirm counts a first pass, and after a first failure the majority of n.
func confirm(n int) Policy {
	majority := n/2 + 1
	return climb(fmt.Sprintf("confirm:%d", n), append([]int{1}, slices.Repeat([]int{majority}, n-majority)...))
}

// String returns the policy in the form that ParsePolicy reads: as it was given, or the ladder that auto was resolved to.
func (p Policy) String() string {
	if p.Auto() && p.Resolved() {
		return p.Ladder()
	}
	return p.Given()
}

// Given returns the policy as it was given, in the form that ParsePolicy reads. For auto, this is not the ladder.
func (p Policy) Given() string {
	if p.Text == "" {
		return p.Ladder()
	}
	return p.Text
}

// Ladder returns the policy as a ladder, or nothing if it is not resolved.
func (p Policy) Ladder() string {
	if !p.Resolved() {
		return ""
	}
	numbers := make([]string, p.count)
	for i, passes := range p.Rungs() {
		numbers[i] = strconv.Itoa(passes)
	}
	return "ladder:" + strings.Join(numbers, ",")
}

// Rungs returns how many passes a test needs after each number of failures, from none. The next failure fails it.
func (p Policy) Rungs() []int {
	rungs := make([]int, p.count)
	for i := range rungs {
		rungs[i] = int(p.rungs[i])
	}
	return rungs
}

// IsLadder reports whether the policy was given as a ladder or as auto, so that its name does not say how it decides.
func (p Policy) IsLadder() bool { return p.Resolved() && (p.auto || p.Text == "") }

// Auto reports whether the policy is chosen by its targets, once the number of tests is known.
func (p Policy) Auto() bool { return p.auto }

// Resolved reports whether the policy can decide.
func (p Policy) Resolved() bool { return p.count > 0 }

// Targets returns what auto has to keep, or the defaults.
func (p Policy) Targets() Targets {
	if !p.auto {
		return DefaultTargets()
	}
	return p.targets
}

// ResolvedTo returns auto resolved to a ladder.
func (p Policy) ResolvedTo(ladder Policy) Policy {
	p.rungs, p.count = ladder.rungs, ladder.count
	return p
}

// MaxVotes returns the maximum number of runs that can count towards a verdict.
func (p Policy) MaxVotes() int {
	if !p.Resolved() {
		return 0
	}
	return int(p.rungs[p.count-1]) + p.count - 1
}

// Decision is what a policy concludes from the runs so far.
type Decision int

// The decisions.
const (
	Undecided Decision = iota
	Pass
	Fail
)

// Decide returns the decision after the given numbers of passes and failures.
func (p Policy) Decide(passes, fails int) Decision {
	switch {
	case fails >= p.count:
		return Fail
	case passes >= int(p.rungs[fails]):
		return Pass
	}
	return Undecided
}

// Needed returns the smallest number of further runs that can make the verdict certain. The gate can trigger them together.
// It returns 0 if the verdict is already certain.
func (p Policy) Needed(passes, fails int) int {
	if p.Decide(passes, fails) != Undecided {
		return 0
	}
	return min(int(p.rungs[fails])-passes, p.count-fails)
}
