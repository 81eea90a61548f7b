package gate

import (
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/duration"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

const (
	// skewUnknown is how far Telnyx's clock may differ from ours if no run of this gate has shown it.
	skewUnknown = 2 * time.Minute
	// skewKnown is the remaining uncertainty if one has: transit time and the rounding of times.
	skewKnown = 5 * time.Second
	// replayLimit is the maximum age of a run that was found again rather than made now.
	replayLimit = 2 * time.Hour
	// foundLimit: a run that is this much older than its decision was found by its run-key, whatever the answer says. Telnyx
	// documents the replay header only for other endpoints, and clocks may differ by this much.
	foundLimit = 2 * time.Minute
)

// triggerAnswer is the answer to one send of a trigger.
type triggerAnswer struct {
	runs     []telnyx.Run
	replayed bool      // the runs are those of an earlier send
	answered time.Time // by Telnyx's clock; zero if the answer has no time
	err      error
}

// origin is who made the run that answers a trigger. Only a given run-key finds runs of an earlier start: a random one has only this
// gate's runs.
type origin struct {
	replayed bool      // an earlier send made it
	found    bool      // an earlier start made it: this gate has not paid for it
	youngest time.Time // runs made before this time, by the clock that dated the run, do not count; zero: any age counts
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
		return o // this gate's own, whatever the clocks show
	}
	o.youngest = dated(t.firstSent).Add(-replayLimit)
	switch {
	case made.IsZero():
		o.refusal = "Telnyx does not show when it made the run, so it may be an old one; use a new run-key"
	case age > replayLimit:
		o.refusal = fmt.Sprintf("the run found for this run-key is %s old, too old to count; use a new run-key", duration.Text(age.Round(time.Minute)))
	case !answer.answered.IsZero() && made.After(answer.answered.Add(foundLimit)):
		o.refusal = fmt.Sprintf("Telnyx dates the run to %s, which is in the future by its own clock, so it may be an old one; use a new run-key", made.UTC().Format(time.RFC3339))
	}
	return o
}
