package report

import (
	"fmt"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/telnyx"
)

// contradictions are what in a results file does not fit together. A gate writes none: who finds one cannot know which half
// is true.
func contradictions(f ResultsFile, o *gate.Outcome) []string {
	c := &consistency{}
	c.whole(f, o)
	for i, t := range f.Tests {
		c.test(t, o.Results[i], startOf(o, o.Results[i].Leg))
	}
	c.once(o)
	c.legs(o)
	return c.found
}

// mostContradictions are named; a file that is made up may have any number.
const mostContradictions = 5

type consistency struct{ found []string }

func (c *consistency) hold(ok bool, format string, args ...any) {
	if !ok && len(c.found) < mostContradictions {
		c.found = append(c.found, fmt.Sprintf(format, args...))
	}
}

func (c *consistency) whole(f ResultsFile, o *gate.Outcome) {
	c.hold(f.Verdict == string(o.Verdict()), "the verdict is %s, but what they hold makes %s", f.Verdict, o.Verdict())
	c.hold(f.ExitCode == o.ExitCode(), "the exit code is %d, but what they hold makes %d", f.ExitCode, o.ExitCode())
	c.hold(f.Counts == resultsCounts(o.Counts()), "the counts are not those of the tests")
	c.hold(f.RunsPaid >= 0 && f.RunsReplayed >= 0 && f.Requests >= 0, "a number of runs or requests is negative")
	for _, l := range o.AllLegs() {
		t := l.Target
		c.hold(l.Verdict != gate.VerdictPassed || t.EndHash == "" || t.EndHash == t.VersionHash, "leg %.60q is passed, but its version was changed", l.Label)
	}
	for _, p := range o.Problems {
		c.hold(p.Verdict != gate.VerdictPassed, "a problem has the verdict passed")
	}
	if len(o.Legs) == 0 {
		c.hold(o.RealTelnyx == telnyx.IsReal(o.BaseURL), "real_telnyx is %t, but base_url is %.100q", o.RealTelnyx, o.BaseURL)
	}
}

// startOf is when the gate began that a test belongs to; what its quarantine excuses hangs on that.
func startOf(o *gate.Outcome, leg string) time.Time {
	for _, l := range o.Legs {
		if l.Label == leg {
			return l.Started
		}
	}
	return o.Started
}

func (c *consistency) test(t ResultTest, r gate.TestResult, started time.Time) {
	name := fmt.Sprintf("test %.60q", t.ID)
	c.hold(t.ID != "", "a test has no id")
	c.hold(t.Blocking == r.Blocks(), "%s is %s, but blocking is %t", name, t.State, t.Blocking)
	c.hold(r.State != gate.StatePassed || slices.ContainsFunc(r.Attempts, countsAsPassed), "%s passed without a run that did", name)
	for _, a := range r.Attempts {
		c.hold(a.State != gate.StatePassed || countsAsPassed(a), "run %.60q of %s passed, but not by its status and criteria", a.RunID, name)
	}
	switch r.Excuse.Kind {
	case gate.ExcuseQuarantined:
		c.hold(r.Quarantine.ID != "", "%s is quarantined without an entry", name)
		c.hold(started.Before(r.Quarantine.Expires), "%s is quarantined by an entry that had expired", name)
		c.hold(r.State == gate.StateFailed || r.State == gate.StateErrored || r.State == gate.StateTimedOut, "%s is %s, which quarantine does not excuse", name, t.State)
	case gate.ExcuseKnownFailure:
		failed := slices.ContainsFunc(r.Baseline, func(a gate.Attempt) bool { return a.State == gate.StateFailed })
		c.hold(r.State == gate.StateFailed && failed, "%s is no known failure: it is %s, or did not fail on the baseline", name, t.State)
	}
}

// countsAsPassed reports whether a run's own status and criteria make it passed: a failed one counts where only advisory
// criteria failed.
func countsAsPassed(a gate.Attempt) bool {
	if a.State != gate.StatePassed || a.RunID == "" {
		return false
	}
	for _, criterion := range a.Criteria {
		if criterion.Status != telnyx.StatusPassed && !isAdvisory(a, criterion.Name) {
			return false
		}
	}
	return a.RemoteStatus == telnyx.StatusPassed || a.RemoteStatus == telnyx.StatusFailed && len(a.Advisory) > 0
}

// once holds that no leg has a test or a run twice: one run would stand for two.
func (c *consistency) once(o *gate.Outcome) {
	type key struct{ leg, id string }
	tests, runs := map[key]bool{}, map[key]bool{}
	for _, r := range o.Results {
		k := key{r.Leg, r.Test.ID}
		c.hold(!tests[k], "test %.60q is there twice", r.Test.ID)
		tests[k] = true
		for _, a := range r.Attempts {
			run := key{r.Leg, a.RunID}
			c.hold(a.RunID == "" || !runs[run], "run %.60q is there twice", a.RunID)
			runs[run] = true
		}
	}
}

// legs holds that the tests are the legs' own, and that the whole is not greener than its legs.
func (c *consistency) legs(o *gate.Outcome) {
	legs, passed, blocked := map[string]bool{}, map[string]bool{}, map[string]bool{}
	green := true
	for _, r := range o.Results {
		passed[r.Leg] = passed[r.Leg] || r.State == gate.StatePassed
		blocked[r.Leg] = blocked[r.Leg] || r.Blocks()
	}
	for _, l := range o.Legs {
		c.hold(l.Label != "" && !legs[l.Label], "leg %.60q is there twice, or has no name", l.Label)
		legs[l.Label] = true
		c.hold((l.Verdict == gate.VerdictPassed) == (l.ExitCode == 0), "leg %.60q is %s with exit code %d", l.Label, l.Verdict, l.ExitCode)
		c.hold(l.Verdict != gate.VerdictPassed || passed[l.Label], "leg %.60q is passed without a test that did", l.Label)
		c.hold(l.Verdict != gate.VerdictPassed || !blocked[l.Label], "leg %.60q is passed, but one of its tests blocks", l.Label)
		c.hold(l.RealTelnyx == telnyx.IsReal(l.BaseURL), "real_telnyx of leg %.60q is %t, but its base_url is %.100q", l.Label, l.RealTelnyx, l.BaseURL)
		c.hold(!o.RealTelnyx || l.RealTelnyx, "real_telnyx is true, but not of leg %.60q", l.Label)
		green = green && l.Verdict == gate.VerdictPassed
	}
	c.hold(green || o.Verdict() != gate.VerdictPassed, "the verdict is passed, but not that of every leg")
	for _, r := range o.Results {
		c.hold(legs[r.Leg] || r.Leg == "" && len(o.Legs) == 0, "test %.60q belongs to leg %.60q, which is not there", r.Test.ID, r.Leg)
	}
}
