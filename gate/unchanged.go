package gate

import (
	"context"
	"fmt"
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// checkVersionUnchanged reads the version again after the last run, because it can be edited, or another one made live, during the
// gate. A change makes the gate inconclusive. If the version cannot be read, the verdict stays, but promote refuses the results. The
// same goes for a baseline that excuses.
func checkVersionUnchanged(ctx context.Context, o *outcome.Outcome, s Settings, api API) {
	if o.Target.VersionHash == "" || o.Paid+o.Replayed == 0 || len(o.Problems) > 0 || o.Signal != "" || ctx.Err() != nil {
		return // nothing to compare with, nothing tested, or not passed anyway
	}
	bounded, cancel := context.WithTimeout(ctx, s.Timings.VersionCheck)
	defer cancel()
	checkVersion(bounded, o, s, api)
	if slices.ContainsFunc(o.Results, func(r outcome.TestResult) bool { return r.Excuse.IsByBaseline() }) {
		checkBaseline(bounded, o, s, api)
	}
}

func checkVersion(ctx context.Context, o *outcome.Outcome, s Settings, api API) {
	version, err := lookUpVersion(ctx, api, s.AssistantID, s.VersionID)
	switch {
	case telnyx.KindOf(err) == telnyx.KindNotFound:
		o.AddProblem(outcome.VerdictInconclusive, fmt.Sprintf("the version was deleted while it was tested (%v): run the gate again for one that exists", err))
	case err != nil:
		o.Notes = append(o.Notes, fmt.Sprintf("the gate could not check whether the version was changed while it was tested, so promote will refuse these results: %v", err))
	case !telnyx.SameID(version.ID, o.Target.LiveID) && s.VersionID == outcome.MainVersion:
		o.AddProblem(outcome.VerdictInconclusive, fmt.Sprintf("another version was made live while the live one was tested (%q, now %q): run the gate again", o.Target.LiveID, version.ID))
	case version.Hash != o.Target.VersionHash:
		o.Target.EndHash = version.Hash
		o.AddProblem(outcome.VerdictInconclusive, "the version was edited while it was tested: some runs may have met the old one; run the gate again")
	case o.RunKeyGiven && o.Replayed > 0: // a random key finds only runs that this gate made itself
		o.Notes = append(o.Notes, "Telnyx answered triggers with runs that were made before, perhaps by an earlier start with this run-key: whether the version stayed the same since then is not known, so promote will refuse these results")
	default:
		o.Target.EndHash = version.Hash
	}
}

func checkBaseline(ctx context.Context, o *outcome.Outcome, s Settings, api API) {
	before := o.Target.BaselineSeen
	baseline, err := lookUpVersion(ctx, api, s.AssistantID, s.BaselineVersion)
	switch {
	case telnyx.KindOf(err) == telnyx.KindNotFound:
		o.AddProblem(outcome.VerdictInconclusive, fmt.Sprintf("the baseline was deleted while tests were run on it (%v), so the runs on it excuse nothing: give another baseline-version", err))
	case err != nil:
		o.Notes = append(o.Notes, fmt.Sprintf("the gate could not check whether the baseline was changed while tests were run on it: %v", err))
	case !telnyx.SameID(baseline.ID, before.ID) || baseline.Hash != before.Hash:
		o.AddProblem(outcome.VerdictInconclusive, "the baseline was changed while tests were run on it, so the runs on it excuse nothing: run the gate again")
	}
}
