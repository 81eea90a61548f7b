package gate

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// maxFailedRounds is how many rounds in a row may fail before the runs of a suite are polled one by one.
const maxFailedRounds = 3

// answerMargin is how long before a deciding poll the answers of the round before must be there.
const answerMargin = 500 * time.Millisecond

// suiteRuns are the runs that one trigger of a suite made, polled through Telnyx's list of them: a request for each hundred. A faulty
// list proves nothing, so every run that it leaves open is polled by itself.
type suiteRuns struct {
	suite, id string
	size      int                 // runs that the trigger made
	watched   map[string]*attempt // attempts that have not ended, by the key of the run's id

	open        int                     // pages of this round without an answer
	shown       map[string][]telnyx.Run // watched runs in this round's answers, by the key of their ids, without logs
	fault       error                   // of this round
	contradicts bool                    // this round shows another number of runs than the trigger made, so an end in it does not count
	failed      int                     // rounds in a row with a fault
}

// attemptNext is the next of one attempt.
type attemptNext struct {
	attempt *attempt
	next    next
}

// watchTogether returns the runs that a suite's trigger made, to be polled through Telnyx's list of them. It returns nil if there is no
// such list, or if polling it would take as many requests as polling the runs.
func watchTogether(t *trigger, runs []telnyx.Run) *suiteRuns {
	s := &suiteRuns{suite: t.suite, id: suiteRunID(runs), size: len(runs), watched: map[string]*attempt{}}
	for _, a := range t.attempts {
		if !a.ended {
			s.watched[telnyx.IDKey(a.RunID)] = a
		}
	}
	if t.suite == "" || s.id == "" || len(s.watched) <= s.pages() {
		return nil
	}
	for _, a := range s.watched {
		a.suiteRuns = s
	}
	return s
}

// pages returns how many requests a poll of all runs takes.
func (s *suiteRuns) pages() int { return (s.size + telnyx.RunsPage - 1) / telnyx.RunsPage }

// forget stops watching a. s may be nil.
func (s *suiteRuns) forget(a *attempt) {
	if s != nil {
		delete(s.watched, telnyx.IDKey(a.RunID))
		a.suiteRuns = nil
	}
}

// begin starts a round when the first of the runs is due. Its answers must be there by answerBy, because a page that hangs would keep
// all runs from their deciding poll. Zero means never.
func (s *suiteRuns) begin(gap time.Duration, now time.Time) (due, answerBy time.Time) {
	for _, a := range s.watched {
		if next := a.pollAt(gap, 0, now); due.IsZero() || next.Before(due) {
			due = next
		}
	}
	for _, a := range s.watched {
		for _, final := range a.finalPolls() {
			if final.After(due) && (answerBy.IsZero() || final.Before(answerBy)) {
				answerBy = final
			}
		}
	}
	if !answerBy.IsZero() {
		answerBy = answerBy.Add(-answerMargin)
	}
	s.open, s.fault, s.contradicts, s.shown = s.pages(), nil, false, map[string][]telnyx.Run{}
	return due, answerBy
}

// pageAnswer is the answer to the poll of one page.
type pageAnswer struct {
	runs  []telnyx.Run
	total int // runs on all pages
	err   error
}

// observed handles the answer for one page. The last answer ends the round: it returns what follows for each run, and whether another
// round follows for the others.
func (s *suiteRuns) observed(p pageAnswer, outageSince, now time.Time) ([]attemptNext, next) {
	s.open--
	switch {
	case telnyx.KindOf(p.err) == telnyx.KindUnauthorized:
		return nil, next{stop: keyRefused(" while runs were watched", p.err)}
	case p.err != nil:
		s.fault = p.err
	case p.total != s.size:
		s.contradicts = true
		s.fault = &telnyx.Error{
			Op: fmt.Sprintf("list the runs of suite %q", s.suite), Kind: telnyx.KindMalformed,
			Err: fmt.Errorf("the list has %d runs, the trigger made %d", p.total, s.size),
		}
	}
	for _, run := range p.runs {
		key := telnyx.IDKey(run.ID)
		if a := s.watched[key]; a != nil && telnyx.SameID(run.TestID, a.test.ID) {
			a.seeLogs(run.Logs)
			run.Logs = "" // a round may have many pages
			s.shown[key] = append(s.shown[key], run)
		}
	}
	if s.open > 0 {
		return nil, next{}
	}
	follows := append(s.takeShown(outageSince, now), s.leaveAlone(now)...)
	if len(s.watched) == 0 {
		return follows, next{}
	}
	return follows, next{step: stepPoll}
}

// takeShown handles the answer about each run. A run that came twice or incomplete is polled by itself at once, because what the list
// leaves out may decide; so is one that ended if the list contradicts the trigger.
func (s *suiteRuns) takeShown(outageSince, now time.Time) (follows []attemptNext) {
	for _, key := range slices.Sorted(maps.Keys(s.shown)) {
		a, rows := s.watched[key], s.shown[key]
		if len(rows) != 1 || !runInFull(rows[0], a.test.Rubric) || s.contradicts && rows[0].Status.Terminal() {
			s.forget(a)
			follows = append(follows, attemptNext{a, next{step: stepPollNow}})
			continue
		}
		n := a.observed(rows[0], nil, outageSince, now)
		if a.ended {
			s.forget(a)
		} else {
			n.step = stepNone // the next round shows it again, unless it leaves the list
		}
		follows = append(follows, attemptNext{a, n})
	}
	return follows
}

// leaveAlone returns the runs to poll one by one: those that the list did not show; all if the list will not get better, or if that
// takes no more requests.
func (s *suiteRuns) leaveAlone(now time.Time) (follows []attemptNext) {
	leaves := func(key string, _ *attempt) bool { return s.shown[key] == nil }
	if s.fault != nil {
		leaves = s.afterFault(now)
	} else {
		s.failed = 0
	}
	follows = s.leave(leaves)
	if len(s.watched) <= s.pages() {
		follows = append(follows, s.leave(func(string, *attempt) bool { return true })...)
	}
	return follows
}

// afterFault returns the runs that leave the list after a failed round: all if the list will not get better, otherwise those whose
// time is up.
func (s *suiteRuns) afterFault(now time.Time) (leaves func(string, *attempt) bool) {
	for _, a := range s.watched {
		a.lastFault = s.fault
	}
	limited := telnyx.KindOf(s.fault) == telnyx.KindRateLimited // does not depend on the list
	if !limited {
		s.failed++
	}
	notYet := telnyx.KindOf(s.fault) == telnyx.KindNotFound // the list may be late, like its runs
	useless := s.failed >= maxFailedRounds || !telnyx.Transient(s.fault) && !notYet
	return func(_ string, a *attempt) bool { return useless && !limited || a.hadItsTime(now) }
}

// leave removes runs from the list, in the order of their ids, so that a gate is deterministic.
func (s *suiteRuns) leave(leaves func(key string, a *attempt) bool) (follows []attemptNext) {
	for _, key := range slices.Sorted(maps.Keys(s.watched)) {
		if a := s.watched[key]; leaves(key, a) {
			s.forget(a)
			follows = append(follows, attemptNext{a, next{step: stepPoll}})
		}
	}
	return follows
}

// suiteRunID returns the id that all runs of one trigger share; empty if they do not.
func suiteRunID(runs []telnyx.Run) string {
	var id string
	for i, run := range runs {
		if i == 0 {
			id = run.SuiteRunID
		}
		if run.SuiteRunID != id {
			return ""
		}
	}
	return id
}
