package report

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/assistant-gate/assistant-gate/internal/ci"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/promote"
)

// maxRunIDsBytes bounds the run-ids output. GitHub gives all outputs of a job 1 MB together.
const maxRunIDsBytes = 64 << 10

// Outputs are the step outputs, in the order in which they are documented. The run ids are left out above 64 KiB, and a
// file's path if the file was not written.
func Outputs(o *outcome.Outcome, files Written) []ci.Output {
	c := o.Counts()
	out := []ci.Output{
		{Name: "verdict", Value: string(o.Verdict())},
		{Name: "total", Value: strconv.Itoa(c.Total)},
		{Name: "passed", Value: strconv.Itoa(c.Passed)},
		{Name: "failed", Value: strconv.Itoa(c.Failed)},
		{Name: "errored", Value: strconv.Itoa(c.Errored)},
		{Name: "timed-out", Value: strconv.Itoa(c.TimedOut)},
		{Name: "not-run", Value: strconv.Itoa(c.NotRun)},
		{Name: "blocking", Value: strconv.Itoa(c.Blocking)},
		{Name: "excused", Value: strconv.Itoa(c.Excused)},
		{Name: "flaky", Value: strconv.Itoa(c.Flaky)},
		{Name: "replayed", Value: strconv.Itoa(o.Replayed)},
		{Name: "version-id", Value: o.Target.VersionID},
		{Name: "version-confirmed", Value: strconv.Itoa(o.Proofs().Confirmed)},
	}
	if ids := runIDs(o); len(ids) <= maxRunIDsBytes {
		out = append(out, ci.Output{Name: runIDsOutput, Value: ids})
	}
	for _, kind := range []Kind{JUnit, Comment, Summary, Results, HTML} {
		if path := files.Path(kind); path != "" {
			out = append(out, ci.Output{Name: string(kind) + "-file", Value: path})
		}
	}
	return out
}

const runIDsOutput = "run-ids"

// runIDs is a JSON object: test id to the list of its runs' ids. Tests without a run are not in it.
func runIDs(o *outcome.Outcome) string {
	ids := map[string][]string{}
	for _, r := range o.Results {
		for _, a := range r.Attempts {
			if a.RunID != "" && !slices.Contains(ids[r.Test.ID], a.RunID) {
				ids[r.Test.ID] = append(ids[r.Test.ID], a.RunID)
			}
		}
	}
	object, err := json.Marshal(ids)
	if err != nil { // a map of strings always has a form in JSON
		return "{}"
	}
	return string(object)
}

// PromotionOutputs are the step outputs of a promotion.
func PromotionOutputs(p *promote.Promotion) []ci.Output {
	out := []ci.Output{
		{Name: "verdict", Value: string(p.Status)},
		{Name: "version-id", Value: p.Settings.VersionID},
	}
	if p.Before.ID != "" {
		out = append(out, ci.Output{Name: "previous-version-id", Value: p.Before.ID}, ci.Output{Name: "previous-version-name", Value: p.Before.Name})
	}
	return out
}
