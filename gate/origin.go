package gate

import (
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

const (
	// skewUnknown is how far Telnyx's clock may be from ours if no run of this gate has shown it.
	skewUnknown = 2 * time.Minute
	// skewKnown is the uncertainty that remains if one has: an answer's way and the rounding of times.
	skewKnown = 5 * time.Second
	// replayLimit is the age beyond which a run that was found again, not made now, proves nothing about now.
	replayLimit = 2 * time.Hour
	// foundLimit is how much older than its decision a run must be to have been found by its run-key rather than made now, whatever
	// the answer says: Telnyx documents the header of a replay for other endpoints only. Clocks may differ by this much.
	foundLimit = 2 * time.Minute
)

// triggerAnswer is what a send of a trigger came back with.
type triggerAnswer struct {
	runs     []telnyx.Run
	replayed bool      // the runs are those of an earlier send
	answered time.Time // by Telnyx's clock; zero if it does not say
	err      error
}

// origin is who made the run that answers a trigger. Only a run-key that was given finds runs of an earlier start: a
// random one has no run but those of this gate.
type origin struct {
	replayed bool      // an earlier send made it
	found    bool      // one of an earlier start: this gate has not paid for it
	youngest time.Time // runs made before do not count, by the clock that dated the run; zero if any age will do
	refusal  string    // why the run does not count; empty if it does
}

func originOf(a *attempt, run telnyx.Run, answer triggerAnswer, now time.Time) origin {
	t := a.trigger
	dated := func(ours time.Time) time.Time { // by Telnyx's clock if the answer shows it
		if answer.answered.IsZero() {
			return ours
		}
		return answer.answered.Add(ours.Sub(now))
	}
	made, given := run.CreatedAt, a.rules.RunKeyGiven
	age := dated(t.firstSent).Sub(made)
	old := given && !made.IsZero() && age > foundLimit
	again := a.MayExist && !answer.answered.IsZero() && !made.IsZero() && made.Before(dated(t.lastSent).Add(-skewKnown))
	o := origin{replayed: answer.replayed || old || again, found: old || given && answer.replayed && !a.MayExist}
	if !given && (!answer.replayed || a.MayExist) {
		return o // this gate's own, whatever the clocks say
	}
	o.youngest = dated(t.firstSent).Add(-replayLimit)
	switch {
	case made.IsZero():
		o.refusal = "Telnyx does not say when the run was made that it answered the trigger with: it cannot be told from an old one"
	case age > replayLimit:
		o.refusal = fmt.Sprintf("the run found for this run-key is %s old: too old to say anything about now; use a new run-key", age.Round(time.Minute))
	case !answer.answered.IsZero() && made.After(answer.answered.Add(foundLimit)):
		o.refusal = fmt.Sprintf("Telnyx says that the run was made at %s, which by its own clock is still to come: it cannot be told from an old one", made.UTC().Format(time.RFC3339))
	}
	return o
}
