package gate

import (
	"fmt"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// hoped is the end of a run that stands only once it is settled, because believing it too early does harm: a run on the
// version under test that passed, and one on the baseline that failed, which excuses a failure.
func (s *series) hoped() telnyx.Status {
	if s.baseline {
		return telnyx.StatusFailed
	}
	return telnyx.StatusPassed
}

// standing is the status that counts after a look: a later word takes back an end that is not settled, and no other.
func (d *decision) standing(later telnyx.Status) telnyx.Status {
	first := d.attempt.RemoteStatus
	switch {
	case !first.Terminal():
		if later.Terminal() {
			d.noteChange(d.foretold, later, "later")
		}
		return later
	case first == later:
		return later
	case first != d.series.hoped():
		d.noteChange(first, later, "first")
		return first
	}
	d.noteChange(first, later, "later")
	d.settling, d.settleLooks, d.settleUntil = time.Time{}, 0, time.Time{}
	return later
}

func (d *decision) noteChange(first, later telnyx.Status, counts string) {
	if first != "" && first != later {
		d.note(fmt.Sprintf("Telnyx first gave the run as %s, later as %s; the %s counts", first, later, counts))
	}
}

// maxNotes is how many notes a run may have: a server that contradicts itself at every look is not to fill the memory.
const maxNotes = 20

// note adds a note once.
func (d *decision) note(text string) {
	if len(d.attempt.Notes) < maxNotes && !slices.Contains(d.attempt.Notes, text) {
		d.attempt.Notes = append(d.attempt.Notes, text)
	}
}

// settleLooks is how many looks must have shown an end for it to be settled: answers may take so long, or come so rarely, that the
// time alone would let one or two words through.
const settleLooks = 3

// settled reports whether the end that was seen has had its time, a share of that to settle since it was first seen. It is
// asked after each look that still shows that end.
func (e *engine) settled(d *decision, share float64) bool {
	now := time.Now()
	if d.settling.IsZero() {
		d.settling = now
	}
	d.settleLooks++
	d.settleUntil = d.settling.Add(time.Duration(share * float64(e.settings.Timings.Settle)))
	return d.settleLooks >= settleLooks && !now.Before(d.settleUntil)
}

// maxCriteria is how many criteria a run may have, whatever its answers call them: as many as one answer may name.
const maxCriteria = 1000

// hear keeps what an answer says of a run's criteria. An answer without any takes nothing back.
func (d *decision) hear(now []telnyx.CriterionResult) {
	if len(now) == 0 {
		return
	}
	weigh := cautious
	if d.series.baseline {
		weigh = lenient
	}
	said := map[string][]telnyx.Status{} // before, by name: two criteria may have one
	for _, c := range d.attempt.Criteria {
		said[c.Name] = append(said[c.Name], c.Status)
	}
	heard := slices.Clone(now)
	for i, c := range heard {
		if before := said[c.Name]; len(before) > 0 {
			said[c.Name] = before[1:]
			heard[i].Status = weigh(before[0], c.Status)
			if heard[i].Status != c.Status {
				d.note(fmt.Sprintf("Telnyx first gave criterion %q as %s, later as %s; the first counts", c.Name, before[0], c.Status))
			}
		}
	}
	for _, c := range d.attempt.Criteria {
		if left := said[c.Name]; len(left) > 0 {
			said[c.Name] = left[1:]
			heard = append(heard, telnyx.CriterionResult{Name: c.Name, Status: weigh(left[0], "")})
		}
	}
	d.attempt.Criteria = heard
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

// runInFull reports whether a list tells of a run all that decides its verdict: it may leave out what is optional, and hide a
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
