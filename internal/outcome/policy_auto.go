package outcome

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Targets are what the policy auto has to keep, in percent.
type Targets struct {
	Healthy float64 // a good test passes this share of its runs
	Broken  float64 // a broken test passes this share of its runs
	Red     float64 // maximum share of gates of good tests that are red
	Slip    float64 // maximum share of broken tests that pass
}

// DefaultTargets returns the targets of "auto" without any.
func DefaultTargets() Targets { return Targets{Healthy: 95, Broken: 30, Red: 5, Slip: 10} }

// String returns the targets in the form that ParsePolicy reads after "auto:".
func (t Targets) String() string {
	return fmt.Sprintf("healthy=%s,broken=%s,red=%s,slip=%s", Percent(t.Healthy), Percent(t.Broken), Percent(t.Red), Percent(t.Slip))
}

// Percent returns a target as it is given.
func Percent(value float64) string { return strconv.FormatFloat(value, 'f', -1, 64) }

// percentForm keeps the values of targets exact to a few digits.
var percentForm = regexp.MustCompile(`^[0-9]{1,4}(\.[0-9]{1,4})?$`)

// parseAuto parses the targets of auto; each has a default.
func parseAuto(list string) (Policy, error) {
	t := DefaultTargets()
	fields := map[string]*float64{"healthy": &t.Healthy, "broken": &t.Broken, "red": &t.Red, "slip": &t.Slip}
	given := map[string]bool{}
	for entry := range strings.SplitSeq(list, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(entry), "=")
		field, known := fields[name]
		switch {
		case !known:
			return Policy{}, fmt.Errorf("in auto, %.20q is none of the targets healthy, broken, red and slip: give some of them in percent, such as auto:healthy=95,slip=10", name)
		case given[name]:
			return Policy{}, fmt.Errorf("in auto, %s is given twice", name)
		case !percentForm.MatchString(value):
			return Policy{}, fmt.Errorf("in auto, %s=%.20s is not a percentage: give a number from 0 to 100", name, value)
		}
		given[name] = true
		*field, _ = strconv.ParseFloat(value, 64) // the pattern allows nothing else
		if *field > 100 {
			return Policy{}, fmt.Errorf("in auto, %s=%s is outside 0 to 100 percent", name, value)
		}
	}
	if t.Healthy <= t.Broken {
		return Policy{}, fmt.Errorf("in auto, healthy=%s is not above broken=%s: a good test passes more of its runs than a broken one", Percent(t.Healthy), Percent(t.Broken))
	}
	return auto(t), nil
}

func auto(t Targets) Policy { return Policy{Text: "auto:" + t.String(), auto: true, targets: t} }
