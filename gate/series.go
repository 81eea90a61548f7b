package gate

import (
	"fmt"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// series is the runs of one test on one version, and what they make certain.
type series struct {
	test     *testUnderWay
	policy   outcome.Policy
	version  string // as sent to Telnyx
	baseline bool   // the version is the baseline, not the one under test

	decisions     []*decision
	passes, fails int
	open          int // decisions that have not ended
	reruns        int // how often an errored run may still be run again
	stuck         stuck
}

// stuck is why a series will never have its verdict; its zero value is that it may.
type stuck struct {
	state    outcome.State
	problem  string
	failFast bool
}

// over reports whether nothing more is to come of the series.
func (s *series) over() bool {
	_, certain := s.policy.Decide(s.passes, s.fails)
	return s.open == 0 && (certain || s.stuck.state != "")
}

// state is what the series comes to once it is over.
func (s *series) state() outcome.State {
	passed, certain := s.policy.Decide(s.passes, s.fails)
	switch {
	case !certain && s.stuck.state == outcome.StateNotRun && s.ran():
		return outcome.StateErrored // something ran, but not enough of it
	case !certain:
		return s.stuck.state
	case passed:
		return outcome.StatePassed
	}
	return outcome.StateFailed
}

// problem is why the series has no verdict; empty where it has one.
func (s *series) problem() string {
	if _, certain := s.policy.Decide(s.passes, s.fails); certain {
		return ""
	}
	if s.stuck.state == outcome.StateNotRun && s.ran() {
		last := s.attempts()[len(s.attempts())-1]
		if last.Problem != "" {
			return last.Problem + "; not run again: " + s.stuck.problem
		}
	}
	if votes := s.passes + s.fails; votes > 0 {
		return fmt.Sprintf("%d passed and %d failed runs make no verdict by %s: %s", s.passes, s.fails, s.policy, s.stuck.problem)
	}
	return s.stuck.problem
}

// ran reports whether the series made a remote run, or may have made one.
func (s *series) ran() bool {
	for _, d := range s.decisions {
		if d.attempt.RunID != "" || d.attempt.MayExist {
			return true
		}
	}
	return false
}

// attempts are the runs of the series, as far as their trigger ever went out.
func (s *series) attempts() []outcome.Attempt {
	var out []outcome.Attempt
	for _, d := range s.decisions {
		if d.trigger.sends > 0 {
			out = append(out, d.attempt)
		}
	}
	return out
}

// flaky reports whether the runs of the series disagreed.
func (s *series) flaky() bool { return s.passes > 0 && s.fails > 0 }

// halt makes the series end without further runs. The first reason stands.
func (s *series) halt(state outcome.State, problem string, failFast bool) {
	if s.stuck.state == "" {
		s.stuck = stuck{state: state, problem: problem, failFast: failFast}
	}
}

func newSeries(t *testUnderWay, settings Settings, policy outcome.Policy, version string, baseline bool) *series {
	s := &series{test: t, policy: policy, version: version, baseline: baseline, reruns: settings.ErrorReruns}
	t.series = append(t.series, s)
	return s
}

// extend makes the decisions that are certain to be needed, or ends the series where the gate stopped triggering.
func (e *engine) extend(s *series) {
	for _, d := range e.needed(s) {
		e.gateway.add(d.trigger)
	}
}

// needed are the decisions that are certain to be needed now.
func (e *engine) needed(s *series) []*decision {
	if s.stuck.state != "" {
		return nil
	}
	need := s.policy.Needed(s.passes, s.fails) - s.open
	if need > 0 && e.stopped.reason != "" {
		s.halt(outcome.StateNotRun, e.stopped.reason, e.stopped.failFast)
		return nil
	}
	var made []*decision
	for range need {
		made = append(made, e.decide(s))
	}
	return made
}

// decide makes the decision for the series' next attempt, with a trigger of its own.
func (e *engine) decide(s *series) *decision {
	number := len(s.decisions) + 1
	d := &decision{series: s, attempt: outcome.Attempt{Number: number, State: outcome.StateNotRun}}
	d.trigger = &trigger{
		decisions: []*decision{d},
		version:   s.version,
		key:       IdempotencyKey(e.settings.RunKey, s.test.test.ID, s.version, e.contentOf(s), number),
	}
	s.decisions = append(s.decisions, d)
	s.open++
	return d
}

// contentOf is what the series' version does, as a hash; empty if it is not known.
func (e *engine) contentOf(s *series) string {
	if s.baseline {
		return e.outcome.Target.BaselineSeen.Hash
	}
	return e.outcome.Target.VersionHash
}

// count takes the end of a decision into its series: a vote, a run that is run again in its place, or the end of it.
func (e *engine) count(d *decision, rerun bool) {
	s := d.series
	s.open--
	switch {
	case d.attempt.State == outcome.StatePassed:
		s.passes++
	case d.attempt.State == outcome.StateFailed:
		s.fails++
	case rerun && s.reruns > 0:
		s.reruns--
	default:
		s.halt(d.attempt.State, d.attempt.Problem, false)
	}
	e.advance(s)
}

// advance takes a series to its next run, or its test to what follows the series.
func (e *engine) advance(s *series) {
	e.extend(s)
	if !s.over() {
		return
	}
	if !s.baseline && s.state() == outcome.StateFailed && e.wantsBaseline(s.test) {
		e.advance(newSeries(s.test, e.settings, outcome.BaselinePolicy(), e.settings.sentBaseline(), true))
		return
	}
	e.record(s.test)
}

// wantsBaseline reports whether a test that failed is to be run on the baseline. One that is quarantined is excused
// without that.
func (e *engine) wantsBaseline(t *testUnderWay) bool {
	return e.settings.BaselineVersion != "" && !e.settings.Quarantine.Excuses(t.test.ID, e.outcome.Started)
}
