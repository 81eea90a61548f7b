package gate

import (
	"fmt"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// test is a selected test and its runs.
type test struct {
	telnyx.Test
	rules  *rules
	series []*series     // on the version under test, then on the baseline if needed
	rounds *rounds       // of the comparison with the baseline; nil until it begins, or if there are none
	state  outcome.State // its result; empty until it has one
	stop   stop          // why it gets no more runs

	looks     int  // at conversations of its runs, still to make
	announced bool // TestEnded was sent
}

// newTest returns a test and the attempts that are certain to be needed.
func newTest(selected telnyx.Test, r *rules) (*test, []*attempt) {
	t := &test{Test: selected, rules: r}
	return t, t.addSeries(candidate).needed()
}

func (t *test) addSeries(role role) *series {
	s := &series{test: t, role: role, policy: t.rules.policyOf(role), reruns: t.rules.ErrorReruns}
	t.series = append(t.series, s)
	return s
}

// attemptEnded counts an attempt. It returns what to start next and whether the test has its result.
func (t *test) attemptEnded(a *attempt) (start []*attempt, done bool) {
	a.series.count(a)
	start, over := t.advance(a.series)
	if done = over && t.state == ""; done {
		t.state = t.result().State
	}
	return start, done
}

// advance goes on after an attempt of a series was counted. It returns what to start next and whether nothing more is needed.
func (t *test) advance(s *series) (start []*attempt, over bool) {
	if t.rounds != nil {
		return t.rounds.needed(), t.rounds.over()
	}
	start = s.needed()
	if !s.over() || s.role == baseline || s.state() != outcome.StateFailed || !t.wantsBaseline() {
		return start, s.over()
	}
	if t.rules.BaselineRounds > 0 {
		r := t.addRounds()
		return r.needed(), r.over()
	}
	s = t.addSeries(baseline)
	return s.needed(), s.over()
}

// wantsBaseline reports whether a failure of the test is compared with the baseline. Quarantine excuses without that.
func (t *test) wantsBaseline() bool {
	return t.rules.BaselineVersion != "" && !t.rules.Quarantine.Excuses(t.ID, t.rules.Started) && !t.isNewerThanBaseline()
}

// isNewerThanBaseline reports whether the test was made after the baseline, which cannot have been built for it: such a test fails there
// by nature, and that would excuse everything.
func (t *test) isNewerThanBaseline() bool {
	made := t.rules.target.BaselineSeen.CreatedAt
	return !made.IsZero() && t.CreatedAt.After(made)
}

// passed reports whether any run of the test passed, on any version.
func (t *test) passed() bool {
	for _, s := range t.series {
		if s.passes > 0 {
			return true
		}
	}
	return false
}

// passedAndFailed counts the tests that passed, and those that ran and did not pass.
func passedAndFailed(tests []*test) (passed, failed int) {
	for _, t := range tests {
		switch t.state {
		case "", outcome.StateNotRun:
		case outcome.StatePassed:
			passed++
		default:
			failed++
		}
	}
	return passed, failed
}

// attempts returns all attempts at the test, on any version.
func (t *test) attempts() []*attempt {
	var out []*attempt
	for _, s := range t.series {
		out = append(out, s.attempts...)
	}
	return out
}

// cutOff ends unfinished attempts when the gate ends, and gives the test its result. It reports whether the test had none.
func (t *test) cutOff(end gateEnd) bool {
	for _, s := range t.series {
		s.cutOff(end)
	}
	t.looks = 0
	if t.state != "" {
		return false
	}
	t.state = t.result().State
	return true
}

// settle updates the state after revoke.
func (t *test) settle() {
	if t.state != "" {
		t.state = t.result().State
	}
}

// result returns the result of the test's runs.
func (t *test) result() outcome.TestResult {
	s := t.series[0]
	r := outcome.TestResult{
		Test: t.Test, Chosen: t.rules.chosen[telnyx.IDKey(t.ID)], State: s.state(), Problem: s.problem(), Attempts: s.made(),
		Flaky: s.flaky(), Quarantine: t.rules.Quarantine.Entry(t.ID),
		SkippedByFailFast: s.blocked.failFast && !s.ran(),
	}
	for _, a := range r.Attempts {
		r.Notes = append(r.Notes, a.Notes...)
	}
	if how := s.climbed(); how != "" {
		r.Notes = append(r.Notes, how)
	}
	switch version := t.rules.BaselineVersion; {
	case t.rounds != nil:
		compareRounds(&r, t.rounds, version)
	case len(t.series) > 1:
		compare(&r, t.series[1], version)
	case version != "" && r.State == outcome.StateFailed && t.isNewerThanBaseline():
		r.Notes = append(r.Notes, fmt.Sprintf("not compared with the baseline %s, which was made before the test", version))
	}
	if r.State != outcome.StatePassed && r.State != outcome.StateNotRun && t.rules.Quarantine.Excuses(t.ID, t.rules.Started) {
		q := r.Quarantine
		r.Excuse = outcome.Excuse{Kind: outcome.ExcuseQuarantined, Reason: fmt.Sprintf("quarantined until %s (%s): %s", q.LastDay(), q.Owner, q.Reason)}
	}
	return r
}

// compare judges a failed test by its runs on the baseline.
func compare(r *outcome.TestResult, baseline *series, version string) {
	r.Baseline = baseline.made()
	if r.State != outcome.StateFailed {
		return // its failure was revoked
	}
	switch baseline.state() {
	case outcome.StatePassed:
		r.Regression = true
	case outcome.StateFailed:
		r.Excuse = outcome.Excuse{Kind: outcome.ExcuseKnownFailure, Reason: fmt.Sprintf("known failure on %s (failed there in %d of %d runs)", version, baseline.fails, baseline.fails)}
	default:
		r.Notes = append(r.Notes, fmt.Sprintf("the baseline %s has no verdict, so the failure blocks: %s", version, baseline.problem()))
	}
}
