package results

import (
	"fmt"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/internal/stream"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// contradictions returns the statements in a results file that contradict each other, beyond what the round trip finds. The
// gate never writes any, so nobody can tell which half is true.
func contradictions(o *outcome.Outcome) []string {
	c := &consistency{}
	c.whole(o)
	for _, r := range o.Results {
		c.test(r, startOf(o, r.Leg))
	}
	c.once(o)
	c.legs(o)
	c.settings(o)
	c.selections(o)
	for _, r := range o.Results {
		c.answers(o, r)
	}
	return c.found
}

// maxContradictions limits the message, because a made-up file may have any number of contradictions.
const maxContradictions = 5

type consistency struct{ found []string }

func (c *consistency) check(ok bool, format string, args ...any) {
	if !ok && len(c.found) < maxContradictions {
		c.found = append(c.found, fmt.Sprintf(format, args...))
	}
}

func (c *consistency) whole(o *outcome.Outcome) {
	c.check(o.Paid >= 0 && o.Replayed >= 0 && o.Requests >= 0, "a number of runs or requests is negative")
	c.check(len(o.Unplanned) == 0 || o.Verdict() != outcome.VerdictPassed, "the verdict is passed, but some runs are not of the plan")
	for _, l := range o.AllLegs() {
		t := l.Target
		c.check(l.Verdict != outcome.VerdictPassed || t.EndHash == "" || t.EndHash == t.VersionHash, "matrix job %.60q is passed, but its version was changed", l.Label)
		c.check(l.Verdict != outcome.VerdictPassed || t.AssistantID == "" || t.VersionHash != "", "matrix job %.60q names an assistant, but nothing of the version that was tested", l.Label)
		c.baseline(o, l)
		c.policy(o, l)
	}
	for _, p := range o.Problems {
		c.check(p.Verdict != outcome.VerdictPassed, "a problem has the verdict passed")
	}
	if len(o.Legs) == 0 {
		c.check(o.RealTelnyx == telnyx.IsReal(o.BaseURL), "real_telnyx is %t, but base_url is %.100q", o.RealTelnyx, o.BaseURL)
	}
}

// brokenAt is the minimum number of known failures for which the gate blames the environment, if they are also more than
// half of the tests.
const brokenAt = 3

// baseline checks the tests of a leg that the baseline excuses: it must be another version, and too few of them may have failed on
// both to blame the environment.
func (c *consistency) baseline(o *outcome.Outcome, l outcome.Leg) {
	tests, known, excused := 0, 0, 0
	for _, r := range o.Results {
		if len(o.Legs) > 0 && r.Leg != l.Label {
			continue
		}
		if r.Quarantine.ID == "" || !l.Started.Before(r.Quarantine.Expires) { // quarantined tests never run on the baseline
			tests++
		}
		if r.Excuse.IsByBaseline() {
			excused++
		}
		if r.Excuse.Kind == outcome.ExcuseKnownFailure {
			known++
		}
	}
	if excused == 0 {
		return
	}
	t := l.Target
	own := telnyx.SameID(t.Baseline, t.VersionID) || telnyx.SameID(t.Baseline, t.LiveID)
	c.check(t.Baseline != "" && !own, "the baseline excuses tests of matrix job %.60q, but its baseline %.60q is not another version", l.Label, t.Baseline)
	c.check(known < brokenAt || 2*known <= tests, "%d of %d tests of matrix job %.60q failed on the baseline too, which excuses none of them", known, tests, l.Label)
}

// startOf returns when the gate of a leg started, which decides which quarantine entries had expired.
func startOf(o *outcome.Outcome, leg string) time.Time {
	for _, l := range o.Legs {
		if l.Label == leg {
			return l.Started
		}
	}
	return o.Started
}

func (c *consistency) test(r outcome.TestResult, started time.Time) {
	name := fmt.Sprintf("test %.60q", r.Test.ID)
	c.check(r.Test.ID != "", "a test has no id")
	passes, fails := votesOf(r.Attempts)
	c.check(r.State != outcome.StatePassed || passes > 0, "%s passed without a run that did", name)
	c.check(r.State != outcome.StatePassed || fails == 0 || r.Flaky, "%s passed, and is not flaky, but one of its runs failed", name)
	for _, a := range r.Attempts {
		c.check(a.State != outcome.StatePassed || countsAsPassed(a), "run %.60q of %s passed, but not by its status and criteria", a.RunID, name)
	}
	for _, a := range r.Runs() {
		voted := a.State == outcome.StatePassed || a.State == outcome.StateFailed
		c.check(!voted || a.Answered.Proof != outcome.ProofOther, "run %.60q of %s counts, but another version answered it", a.RunID, name)
		c.check(a.Answered.Proof != outcome.ProofConfirmed || a.Answered.Version != "", "run %.60q of %s is confirmed, but names no version", a.RunID, name)
	}
	switch r.Excuse.Kind {
	case outcome.ExcuseQuarantined:
		c.check(r.Quarantine.ID != "", "%s is quarantined without an entry", name)
		c.check(!started.IsZero() && started.Before(r.Quarantine.Expires), "%s is quarantined by an entry that had expired", name)
		c.check(began(r, started), "%s is quarantined as of %s, but its runs are much younger", name, stream.Stamp(started))
		c.check(r.State == outcome.StateFailed || r.State == outcome.StateErrored || r.State == outcome.StateTimedOut, "%s is %s, which quarantine does not excuse", name, r.State)
	case outcome.ExcuseKnownFailure:
		passes, fails := votesOf(r.Baseline)
		c.check(r.State == outcome.StateFailed && passes == 0 && fails >= 2 && failedThere(r), "%s is not a known failure: it is %s, or did not fail on the baseline", name, r.State)
	case outcome.ExcuseNotWorse:
		least := sideBySide(r, outcome.MinRounds)
		least.Of = max(least.Of, least.Played) // as few as there can have been: the earliest end
		c.check(r.State == outcome.StateFailed && failedThere(r) && isComparison(r, least, outcome.NotWorse), "%s is %s and not worse than the baseline, which its runs side by side do not make", name, r.State)
	}
	c.check(!r.Regression || !r.Excuse.IsByBaseline(), "%s is a regression, and excused by the baseline", name)
	for _, a := range r.Compared {
		c.check(a.State != outcome.StatePassed || countsAsPassed(a), "run %.60q of %s passed, but not by its status and criteria", a.RunID, name)
	}
}

// answers checks that runs are confirmed only by the version that was asked for, as far as its id is known.
func (c *consistency) answers(o *outcome.Outcome, r outcome.TestResult) {
	for _, l := range o.AllLegs() {
		if len(o.Legs) > 0 && l.Label != r.Leg {
			continue
		}
		version := l.Target.VersionID
		if version == outcome.MainVersion {
			version = l.Target.LiveID
		}
		c.answeredBy(r.OwnRuns(), version)
		if l.Target.Baseline != outcome.MainVersion {
			c.answeredBy(r.Baseline, l.Target.Baseline)
			continue
		}
		for _, a := range r.Baseline {
			own := a.Answered.Proof == outcome.ProofConfirmed && version != "" && telnyx.SameID(a.Answered.Version, version)
			c.check(!own, "run %.60q on the baseline is confirmed by the version under test, %.60q", a.RunID, version)
		}
	}
}

func (c *consistency) answeredBy(runs []outcome.Attempt, version string) {
	for _, a := range runs {
		confirmed := a.Answered.Proof == outcome.ProofConfirmed
		c.check(!confirmed || version == "" || telnyx.SameID(a.Answered.Version, version), "run %.60q is confirmed by version %.60q, but %.60q was asked for", a.RunID, a.Answered.Version, version)
	}
}

// votesOf returns how many runs passed and failed.
func votesOf(runs []outcome.Attempt) (passes, fails int) {
	for _, a := range runs {
		switch a.State {
		case outcome.StatePassed:
			passes++
		case outcome.StateFailed:
			fails++
		}
	}
	return passes, fails
}

// longestGate is longer than any gate takes. A start that is further than this before the runs cannot be true.
const longestGate = 24 * time.Hour

// began reports whether a gate that started at that time can have made the runs.
func began(r outcome.TestResult, started time.Time) bool {
	for _, a := range r.Attempts {
		if a.TriggeredAt.Sub(started) > longestGate {
			return false
		}
	}
	return true
}

// countsAsPassed reports whether a run passed by its own status and criteria: all criteria that count must have passed. A
// run with the status failed can pass only if some criteria count and others are advisory.
func countsAsPassed(a outcome.Attempt) bool {
	if a.State != outcome.StatePassed || !telnyx.ValidTestID(a.RunID) {
		return false
	}
	counted := 0
	for _, criterion := range a.Criteria {
		if view.IsAdvisory(a, criterion.Name) {
			continue
		}
		counted++
		if criterion.Status != telnyx.StatusPassed {
			return false
		}
	}
	if counted == 0 && len(a.Criteria) > 0 {
		return false
	}
	return a.RemoteStatus == telnyx.StatusPassed || a.RemoteStatus == telnyx.StatusFailed && len(a.Advisory) > 0 && counted > 0
}

// countsAsFailed reports whether a run failed by its own status and criteria.
func countsAsFailed(a outcome.Attempt) bool {
	failed := func(c telnyx.CriterionResult) bool { return c.Status == telnyx.StatusFailed }
	return telnyx.ValidTestID(a.RunID) && (a.RemoteStatus == telnyx.StatusFailed || a.RemoteStatus == telnyx.StatusPassed && slices.ContainsFunc(a.Criteria, failed))
}

// once checks that no test or run appears twice in a leg, because one run would count as two.
func (c *consistency) once(o *outcome.Outcome) {
	type key struct{ leg, id string }
	tests, runs := map[key]bool{}, map[key]bool{}
	for _, r := range o.Results {
		k := key{r.Leg, telnyx.IDKey(r.Test.ID)}
		c.check(!tests[k], "test %.60q is there twice", r.Test.ID)
		tests[k] = true
		for _, a := range r.Runs() {
			run := key{r.Leg, telnyx.IDKey(a.RunID)}
			c.check(a.RunID == "" || !runs[run], "run %.60q is there twice", a.RunID)
			runs[run] = true
		}
	}
}

// legs checks that every test belongs to a leg and that the merged verdict is not better than those of the legs.
func (c *consistency) legs(o *outcome.Outcome) {
	legs, passed, blocked := map[string]bool{}, map[string]bool{}, map[string]bool{}
	green := true
	for _, r := range o.Results {
		passed[r.Leg] = passed[r.Leg] || r.State == outcome.StatePassed
		blocked[r.Leg] = blocked[r.Leg] || r.Blocks()
	}
	for _, l := range o.Legs {
		c.check(l.Label != "" && !legs[l.Label], "matrix job %.60q is there twice, or has no name", l.Label)
		legs[l.Label] = true
		c.check((l.Verdict == outcome.VerdictPassed) == (l.ExitCode == 0), "matrix job %.60q is %s with exit code %d", l.Label, l.Verdict, l.ExitCode)
		c.check(l.Verdict != outcome.VerdictPassed || passed[l.Label], "matrix job %.60q is passed without a test that did", l.Label)
		c.check(l.Verdict != outcome.VerdictPassed || !blocked[l.Label], "matrix job %.60q is passed, but one of its tests blocks", l.Label)
		c.check(l.RealTelnyx == telnyx.IsReal(l.BaseURL), "real_telnyx of matrix job %.60q is %t, but its base_url is %.100q", l.Label, l.RealTelnyx, l.BaseURL)
		c.check(!o.RealTelnyx || l.RealTelnyx, "real_telnyx is true, but not of matrix job %.60q", l.Label)
		green = green && l.Verdict == outcome.VerdictPassed
	}
	c.check(green || o.Verdict() != outcome.VerdictPassed, "the verdict is passed, but not that of every matrix job")
	for _, l := range o.Legs {
		version := o.Target.VersionID
		same := version == outcome.SeveralVersions || telnyx.SameID(version, l.Target.VersionID)
		c.check(l.Verdict != outcome.VerdictPassed || same, "matrix job %.60q is of version %.60q, but the whole of %.60q", l.Label, l.Target.VersionID, version)
	}
	for _, r := range o.Results {
		c.check(legs[r.Leg] || r.Leg == "" && len(o.Legs) == 0, "test %.60q belongs to matrix job %.60q, which is not there", r.Test.ID, r.Leg)
	}
}
