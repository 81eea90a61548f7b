package gate

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// series is a test's attempts on one version, and their result.
type series struct {
	test   *test
	role   role
	policy outcome.Policy
	rounds *rounds // nil unless the series is a side of a comparison; then policy is not used

	earlier       int // attempts of the test on the same version before this series
	attempts      []*attempt
	passes, fails int
	open          int // attempts that have not ended
	reruns        int // how many errored runs may still be repeated
	blocked       blocked
	revoked       bool // an attempt that had counted no longer does
}

// blocked is why a series will never have a verdict; the zero value means that it may.
type blocked struct {
	state    outcome.State
	problem  string
	failFast bool
}

// needed makes the attempts that are certain to be needed now, each with its own trigger.
func (s *series) needed() []*attempt {
	if s.blocked.state != "" {
		return nil
	}
	need := s.missing() - s.open
	if need > 0 && s.test.stop.kind != goOn {
		s.block(outcome.StateNotRun, s.test.stop.reason, s.test.stop.kind == stopFailFast)
		return nil
	}
	var made []*attempt
	for range need {
		made = append(made, s.newAttempt())
	}
	return made
}

// missing returns how many more votes are certain to be needed.
func (s *series) missing() int {
	if s.rounds != nil {
		return s.rounds.wanted - s.votes()
	}
	return s.policy.Needed(s.passes, s.fails)
}

func (s *series) votes() int { return s.passes + s.fails }

func (s *series) newAttempt() *attempt {
	t := s.test
	a := &attempt{rules: t.rules, test: &t.Test, role: s.role, series: s}
	a.Number, a.State = s.earlier+len(s.attempts)+1, outcome.StateNotRun
	version := t.rules.sent(s.role)
	a.trigger = &trigger{
		attempts: []*attempt{a}, rules: t.rules, version: version,
		key:    IdempotencyKey(t.rules.RunKey, t.ID, version, t.rules.contentOf(s.role), a.Number),
		urgent: s.role == baseline || s.rounds != nil || len(s.attempts) > s.open,
	}
	s.attempts = append(s.attempts, a)
	s.open++
	return a
}

// count counts an ended attempt: as a vote, as a run to repeat, or as the end of the series.
func (s *series) count(a *attempt) {
	s.open--
	switch {
	case a.State == outcome.StatePassed:
		s.passes++
	case a.State == outcome.StateFailed:
		s.fails++
	case a.mayRepeat && s.reruns > 0:
		s.reruns--
	default:
		s.block(a.State, a.Problem, a.skippedByFailFast)
	}
}

// revoke makes a counted attempt count neither way, and ends the series, because another run would be no better.
func (s *series) revoke(a *attempt, problem string) {
	if a.State == outcome.StatePassed {
		s.passes--
	} else {
		s.fails--
	}
	a.State, a.Problem, s.revoked = outcome.StateErrored, problem, true
	s.block(a.State, problem, false)
	if s.role == candidate {
		for _, compared := range s.test.series[1:] {
			compared.block(a.State, problem, false)
		}
	}
	s.test.settle()
}

// block ends the series without further runs. The first reason counts.
func (s *series) block(state outcome.State, problem string, failFast bool) {
	if s.blocked.state == "" {
		s.blocked = blocked{state: state, problem: problem, failFast: failFast}
	}
}

// cutOff ends the series when the gate ends before it.
func (s *series) cutOff(end gateEnd) {
	if s.open == 0 {
		return
	}
	for _, a := range s.attempts {
		if !a.ended {
			a.cutOff(end)
			s.block(a.State, a.Problem, false)
		}
	}
	s.open = 0
}

// over reports whether the series has ended.
func (s *series) over() bool {
	return s.open == 0 && (s.verdict() != outcome.Undecided || s.blocked.state != "")
}

// verdict returns what the runs decide. After revoke they make no pass, because the revoked run may have been the one against it.
func (s *series) verdict() outcome.Decision {
	if s.rounds != nil {
		return outcome.Undecided
	}
	decision := s.policy.Decide(s.passes, s.fails)
	if decision == outcome.Pass && s.revoked {
		return outcome.Undecided
	}
	return decision
}

// state returns the result of a series that is over.
func (s *series) state() outcome.State {
	switch s.verdict() {
	case outcome.Pass:
		return outcome.StatePassed
	case outcome.Fail:
		return outcome.StateFailed
	}
	if s.blocked.state == outcome.StateNotRun && s.ran() {
		return outcome.StateErrored // something ran, but not enough of it
	}
	return s.blocked.state
}

// problem returns why the series has no verdict; empty if it has one.
func (s *series) problem() string {
	if s.verdict() != outcome.Undecided {
		return ""
	}
	if s.blocked.state == outcome.StateNotRun && s.ran() {
		made := s.made()
		if last := made[len(made)-1]; last.Problem != "" {
			return last.Problem + "; not repeated: " + strings.TrimPrefix(s.blocked.problem, notTriggered)
		}
	}
	if s.votes() > 0 {
		return fmt.Sprintf("%d passed and %d failed runs are not a verdict by attempts %s: %s", s.passes, s.fails, s.policy, s.blocked.problem)
	}
	return s.blocked.problem
}

// climbed tells how a ladder decided runs that disagreed. It is empty for policies whose name says that.
func (s *series) climbed() string {
	if !s.flaky() || !s.policy.IsLadder() {
		return ""
	}
	votes := s.passes + s.fails
	switch s.verdict() {
	case outcome.Pass:
		return fmt.Sprintf("passed %d of %d runs: after %s, %d passes are needed", s.passes, votes, failures(s.fails), s.policy.Rungs()[s.fails])
	case outcome.Fail:
		return fmt.Sprintf("failed %d of %d runs: %s are too many", s.fails, votes, failures(s.fails))
	}
	return ""
}

func failures(n int) string {
	if n == 1 {
		return "1 failure"
	}
	return fmt.Sprintf("%d failures", n)
}

// ran reports whether the series made, or may have made, a remote run.
func (s *series) ran() bool {
	for _, a := range s.attempts {
		if a.RunID != "" || a.MayExist {
			return true
		}
	}
	return false
}

// made returns the attempts whose trigger was sent.
func (s *series) made() []outcome.Attempt {
	var out []outcome.Attempt
	for _, a := range s.attempts {
		if a.trigger.sends > 0 {
			out = append(out, a.Attempt)
		}
	}
	return out
}

// flaky reports whether the runs disagreed.
func (s *series) flaky() bool { return s.passes > 0 && s.fails > 0 }
