package outcome

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var (
	kOfNForm    = regexp.MustCompile(`^([0-9]{1,4})-of-([0-9]{1,4})$`)
	confirmForm = regexp.MustCompile(`^confirm:([0-9]{1,4})$`)
	rungForm    = regexp.MustCompile(`^[0-9]{1,4}$`)

	errEmptyLadder = errors.New("the ladder is empty: give how many passes are needed without a failure, then after each failure, such as ladder:2,5,6,7")
)

// ParsePolicy parses "1", "K-of-N" (K passes within at most N runs), "confirm:N" (a first pass is enough; after a first
// failure, the majority of N runs decides; N is odd), "ladder:A0,A1,..." (A0 passes are enough without a failure, A1 after one
// and so on) and "auto" with its targets, which is not resolved yet. N is at most 25.
func ParsePolicy(s string) (Policy, error) {
	if s == "1" {
		return OneRun(), nil
	}
	if m := kOfNForm.FindStringSubmatch(s); m != nil {
		return parseKOfN(atoi(m[1]), atoi(m[2]))
	}
	if m := confirmForm.FindStringSubmatch(s); m != nil {
		return parseConfirm(atoi(m[1]))
	}
	if list, ok := strings.CutPrefix(s, "ladder:"); ok {
		return parseLadder(list)
	}
	if s == "auto" {
		return auto(DefaultTargets()), nil
	}
	if list, ok := strings.CutPrefix(s, "auto:"); ok {
		return parseAuto(list)
	}
	return Policy{}, fmt.Errorf("give 1, K-of-N such as 2-of-3, confirm:N such as confirm:5 (N at most %d), a ladder such as ladder:2,5,6,7, or auto", maxAttempts)
}

// RestorePolicy returns a resolved policy: what was given, and the ladder that it was. Only auto may be any ladder. It accepts
// a form that it does not know, which a later version may have been given.
func RestorePolicy(given string, rungs []int) (Policy, error) {
	ladder, err := Ladder(rungs...)
	if err != nil {
		return Policy{}, err
	}
	p, err := ParsePolicy(given)
	switch {
	case err != nil:
		ladder.Text = given
		return ladder, nil
	case p.Auto():
		return p.ResolvedTo(ladder), nil
	case p.Ladder() != ladder.Ladder():
		return Policy{}, fmt.Errorf("%s is %s", given, p.Ladder())
	}
	return p, nil
}

// atoi ignores the error, because the patterns above allow only one to four digits.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

func parseKOfN(k, n int) (Policy, error) {
	switch {
	case n > maxAttempts:
		return Policy{}, fmt.Errorf("in K-of-N, N is %d at most", maxAttempts)
	case k < 1 || k > n:
		return Policy{}, fmt.Errorf("in K-of-N, K is from 1 to N: %d passes cannot come of %d runs", k, n)
	}
	return kOfN(k, n), nil
}

func parseConfirm(n int) (Policy, error) {
	switch {
	case n > maxAttempts:
		return Policy{}, fmt.Errorf("in confirm:N, N is %d at most", maxAttempts)
	case n < 1 || n%2 == 0:
		return Policy{}, fmt.Errorf("in confirm:N, N is odd, so that there is a majority: give confirm:%d", n+1)
	}
	return confirm(n), nil
}

func parseLadder(list string) (Policy, error) {
	if strings.TrimSpace(list) == "" {
		return Policy{}, errEmptyLadder
	}
	var rungs []int
	for number := range strings.SplitSeq(list, ",") {
		number = strings.TrimSpace(number)
		if !rungForm.MatchString(number) {
			return Policy{}, fmt.Errorf("in ladder:A0,A1,..., %.20q is not a whole number", number)
		}
		rungs = append(rungs, atoi(number))
	}
	return Ladder(rungs...)
}
