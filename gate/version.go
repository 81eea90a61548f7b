package gate

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/assistant-gate/assistant-gate/telnyx"
)

// lookAgain looks at the version once more when all runs have ended: a version can be edited, and another one can be made
// live, while it is tested. What was changed in between has not been tested; what could not be looked at is only not
// proved, which costs no verdict but keeps promote from taking these results.
func (o *Outcome) lookAgain(ctx context.Context, s Settings, api API) {
	if o.Target.VersionHash == "" || o.Paid+o.Replayed == 0 || len(o.Problems) > 0 || o.Signal != "" || ctx.Err() != nil {
		return // nothing to compare with, nothing that was tested, or no passed verdict anyway
	}
	defer func() {
		if p := recover(); p != nil {
			o.recordPanic(p, debug.Stack())
		}
	}()
	bounded, cancel := context.WithTimeout(ctx, s.Timings.Version)
	defer cancel()
	version, err := o.lookUpVersion(bounded, s, api)
	switch {
	case telnyx.KindOf(err) == telnyx.KindNotFound:
		o.AddProblem(VerdictInconclusive, fmt.Sprintf("the version was deleted while it was tested (%v): run the gate again for one that exists", err))
	case err != nil:
		o.Notes = append(o.Notes, fmt.Sprintf("whether the version was changed while it was tested is not known, so promote will not take these results: %v", err))
	case version.ID != o.Target.LiveID && s.VersionID == MainVersion:
		o.AddProblem(VerdictInconclusive, fmt.Sprintf("another version was made live while the live one was tested (%q, now %q): run the gate again", o.Target.LiveID, version.ID))
	case version.Hash != o.Target.VersionHash:
		o.Target.EndHash = version.Hash
		o.AddProblem(VerdictInconclusive, "the version was edited while it was tested: some runs may have met the old one; run the gate again")
	case o.RunKeyGiven && o.Replayed > 0: // a random key finds nothing but what this gate has made
		o.Notes = append(o.Notes, "runs of an earlier start with this run-key were used again: what the version was then is not known, so promote will not take these results")
	default:
		o.Target.EndHash = version.Hash
	}
}

func (o *Outcome) lookUpVersion(ctx context.Context, s Settings, api API) (telnyx.Version, error) {
	if s.VersionID == MainVersion {
		return api.GetAssistant(ctx, s.AssistantID)
	}
	return api.GetVersion(ctx, s.AssistantID, s.VersionID)
}
