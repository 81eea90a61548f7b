package gate

import (
	"fmt"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// hoped is the end of a run that counts only once it is settled, because believing it too early does harm: passed on the version
// under test, and failed on the baseline, which excuses a failure.
func (r role) hoped() telnyx.Status {
	if r == baseline {
		return telnyx.StatusFailed
	}
	return telnyx.StatusPassed
}

// hopedState is the result of the hoped end.
func (r role) hopedState() outcome.State {
	if r == baseline {
		return outcome.StateFailed
	}
	return outcome.StatePassed
}

// weigh returns what counts for a criterion after two answers about it.
func (r role) weigh(before, now telnyx.Status) telnyx.Status {
	if r == baseline {
		return lenient(before, now)
	}
	return cautious(before, now)
}

// standing returns the status that counts after a poll: a later answer overrides only an end that is not settled.
func (a *attempt) standing(later telnyx.Status) telnyx.Status {
	first := a.RemoteStatus
	switch {
	case !first.Terminal():
		if later.Terminal() {
			a.noteChange(a.foretold, later, "later")
		}
		return later
	case first == later:
		return later
	case first != a.role.hoped():
		a.noteChange(first, later, "first")
		return first
	}
	a.noteChange(first, later, "later")
	a.settling = settling{}
	return later
}

func (a *attempt) noteChange(first, later telnyx.Status, counts string) {
	if first != "" && first != later {
		a.note(fmt.Sprintf("Telnyx first gave the run as %s, later as %s; the %s counts", first, later, counts))
	}
}

// maxNotes limits the notes of a run: a server that contradicts itself at every poll must not fill the memory.
const maxNotes = 20

// note adds a note once.
func (a *attempt) note(text string) {
	if len(a.Notes) < maxNotes && !slices.Contains(a.Notes, text) {
		a.Notes = append(a.Notes, text)
	}
}

// minSettlePolls is how many polls must show an end before it is settled. If answers are slow or rare, time alone would let one or two
// through.
const minSettlePolls = 3

// settling is an end that was seen and may still change; the zero value means that there is none.
type settling struct {
	since time.Time // when the first poll showed it
	polls int       // how many polls have shown it
	until time.Time // when it is settled unless an answer changes it
}

// settled reports whether the end has lasted for a share of the settling time since a poll first showed it. Call it after each poll
// that still shows that end.
func (a *attempt) settled(share float64, now time.Time) bool {
	s := &a.settling
	if s.since.IsZero() {
		s.since = now
	}
	s.polls++
	s.until = s.since.Add(time.Duration(share * float64(a.rules.Timings.SettleTime)))
	return s.polls >= minSettlePolls && !now.Before(s.until)
}

// maxCriteria limits the criteria of a run over all its answers to as many as one answer may have.
const maxCriteria = 1000

// seeCriteria merges the criteria of an answer. An answer without criteria changes nothing.
func (a *attempt) seeCriteria(now []telnyx.CriterionResult) {
	if len(now) == 0 {
		return
	}
	said := map[string][]telnyx.Status{} // earlier statuses by name, which two criteria may share
	for _, c := range a.Criteria {
		said[c.Name] = append(said[c.Name], c.Status)
	}
	heard := slices.Clone(now)
	for i, c := range heard {
		if before := said[c.Name]; len(before) > 0 {
			said[c.Name] = before[1:]
			heard[i].Status = a.role.weigh(before[0], c.Status)
			if heard[i].Status != c.Status {
				a.note(fmt.Sprintf("Telnyx first gave criterion %q as %s, later as %s; the first counts", c.Name, before[0], c.Status))
			}
		}
	}
	for _, c := range a.Criteria {
		if left := said[c.Name]; len(left) > 0 {
			said[c.Name] = left[1:]
			heard = append(heard, telnyx.CriterionResult{Name: c.Name, Status: a.role.weigh(left[0], "")})
		}
	}
	a.Criteria = heard
}

// cautious returns what counts for a criterion on the version under test: a failure or an error is not overridden by something
// better.
func cautious(before, now telnyx.Status) telnyx.Status {
	if before == telnyx.StatusFailed || before == telnyx.StatusError && now != telnyx.StatusFailed {
		return before
	}
	return now
}

// lenient returns what counts for a criterion on the baseline: a pass is not overridden.
func lenient(before, now telnyx.Status) telnyx.Status {
	if before == telnyx.StatusPassed {
		return before
	}
	return now
}

// runInFull reports whether a list shows everything that decides the run's verdict. A list may leave out optional fields and so hide a
// failed criterion.
func runInFull(run telnyx.Run, rubric []telnyx.Criterion) bool {
	if run.Status != telnyx.StatusPassed && run.Status != telnyx.StatusFailed {
		return true // not an end, or one that criteria do not change
	}
	said := map[string]int{}
	for _, c := range run.Criteria {
		said[c.Name]++
	}
	for _, c := range rubric {
		if said[c.Name]--; said[c.Name] < 0 {
			return false
		}
	}
	return len(run.Criteria) > 0
}
