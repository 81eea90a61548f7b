package gate

import (
	"fmt"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// hoped is the end of a run that stands only once it is settled, because believing it too early does harm: a run on the
// version under test that passed, and one on the baseline that failed, which excuses a failure.
func (r role) hoped() telnyx.Status {
	if r == baseline {
		return telnyx.StatusFailed
	}
	return telnyx.StatusPassed
}

// hopedState is the result that follows from the hoped end.
func (r role) hopedState() outcome.State {
	if r == baseline {
		return outcome.StateFailed
	}
	return outcome.StatePassed
}

// weigh is what counts of a criterion after two answers about it.
func (r role) weigh(before, now telnyx.Status) telnyx.Status {
	if r == baseline {
		return lenient(before, now)
	}
	return cautious(before, now)
}

// standing is the status that counts after a poll: a later word takes back an end that is not settled, and no other.
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

// maxNotes is how many notes a run may have: a server that contradicts itself at every poll must not fill the memory.
const maxNotes = 20

// note adds a note once.
func (a *attempt) note(text string) {
	if len(a.Notes) < maxNotes && !slices.Contains(a.Notes, text) {
		a.Notes = append(a.Notes, text)
	}
}

// minSettlePolls is how many polls must have shown an end for it to be settled: answers may take so long, or come so rarely,
// that the time alone would let one or two words through.
const minSettlePolls = 3

// settling is an end that was seen and may still change; its zero value is that there is none.
type settling struct {
	since time.Time // when the first poll showed it
	polls int       // how many polls have shown it
	until time.Time // when it is settled if nothing else is said until then
}

// settled reports whether the end that was seen has had its time, a share of that to settle since it was first seen. It is
// asked after each poll that still shows that end.
func (a *attempt) settled(share float64, now time.Time) bool {
	s := &a.settling
	if s.since.IsZero() {
		s.since = now
	}
	s.polls++
	s.until = s.since.Add(time.Duration(share * float64(a.rules.Timings.SettleTime)))
	return s.polls >= minSettlePolls && !now.Before(s.until)
}

// maxCriteria is how many criteria a run may have, whatever its answers call them: as many as one answer may name.
const maxCriteria = 1000

// seeCriteria keeps what an answer says of a run's criteria. An answer without any takes nothing back.
func (a *attempt) seeCriteria(now []telnyx.CriterionResult) {
	if len(now) == 0 {
		return
	}
	said := map[string][]telnyx.Status{} // before, by name: two criteria may have one
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

// cautious is what counts of a criterion on the version under test: that it failed, or could not be judged, is not taken back by
// something better.
func cautious(before, now telnyx.Status) telnyx.Status {
	if before == telnyx.StatusFailed || before == telnyx.StatusError && now != telnyx.StatusFailed {
		return before
	}
	return now
}

// lenient is what counts of a criterion on the baseline: that it passed is not taken back.
func lenient(before, now telnyx.Status) telnyx.Status {
	if before == telnyx.StatusPassed {
		return before
	}
	return now
}

// runInFull reports whether a list shows all of a run that decides its verdict: it may leave out what is optional, and hide a
// criterion that failed.
func runInFull(run telnyx.Run, rubric []telnyx.Criterion) bool {
	if run.Status != telnyx.StatusPassed && run.Status != telnyx.StatusFailed {
		return true // no end, or one that criteria do not change
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
