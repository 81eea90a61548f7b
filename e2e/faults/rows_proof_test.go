package faults

import (
	"net/http"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// inputs are arguments of the gate while its look at a conversation is faulty.
func inputs(name string, args ...string) target {
	return target{name: name, endpoint: "conversation", args: args}
}

var (
	byID = []target{inputs("conversation of a run"), inputs("with `assistant-id`", "--assistant-id", simtest.Assistant)}

	byMain          = inputs("on `main`", "--version-id", "main")
	byMainAssistant = inputs("on `main` with `assistant-id`", "--version-id", "main", "--assistant-id", simtest.Assistant)
	byMainAlone     = []target{inputs("conversation of a run on `main`", byMain.args...)}
	known           = append(slices.Clone(byID), byMainAssistant) // the gate knows which version it asks for
	anyInputs       = append(slices.Clone(known), byMain)

	baselineByID          = inputs("conversation of a run on the baseline", "--baseline-version", simtest.Live)
	baselineByIDAssistant = inputs("with `assistant-id`", "--baseline-version", simtest.Live, "--assistant-id", simtest.Assistant)
	baselineMain          = inputs("`main`", "--baseline-version", "main")
	baselineMainAssistant = inputs("`main` with `assistant-id`", "--baseline-version", "main", "--assistant-id", simtest.Assistant)
	knownBaselines        = []target{baselineByID, baselineByIDAssistant, baselineMainAssistant}
	anyBaselines          = append(slices.Clone(knownBaselines), baselineMain)

	required = []string{"--require-version-proof"}

	byCanary = fault{name: "another version", conversation: simulator.Conversation{Version: canaryVersion}}
)

// unknownProofs are the reasons for which a conversation does not show which version answered.
func unknownProofs() []fault {
	return []fault{
		{name: "404", conversation: simulator.Conversation{Missing: true}},
		{name: "found only 10 minutes after the run", conversation: simulator.Conversation{Late: 10 * time.Minute}},
		{name: "no version", conversation: simulator.Conversation{Unnamed: true}},
		{name: "another assistant", conversation: simulator.Conversation{Assistant: otherAssistant}},
		status(401), status(422), status(503), redirects[0], droppedBefore, hungForHours, htmlPage, truncated, empty,
	}
}

const unknownNames = "does not show which version answered: it is not kept (404) or not yet, names no version, names another assistant (a hand-over), or cannot be read (401, 422, 503, a redirect, connection lost, no answer at all, an unusable answer)"

// proofRows are what conversations say of the version that answered.
func proofRows() []faultRow {
	slow := []fault{{name: "answer after 20 s", do: simulator.Action{Delay: 20 * time.Second}}}
	return append([]faultRow{
		{
			name: "the conversation names the version that was asked for", at: anyInputs, tests: 2, confirmed: 2,
			does: "confirms it", code: 0, paid: 2, junit: "passed passed", contains: "2 of 2 runs were answered by",
		},
		{
			name: "the same, with `require-version-proof`", at: anyInputs, tests: 2, confirmed: 2, args: required,
			does: "the same", code: 0, paid: 2, junit: "passed passed", contains: "2 of 2 runs were answered by",
		},
		{
			name: "the conversation " + unknownNames, at: anyInputs, faults: unknownProofs(), times: []int{0}, tests: 2, check: checkNoneConfirmed,
			does: "reports it; the runs count", code: 0, paid: 2, junit: "passed passed", contains: "2 of 2 runs do not show which version answered", maxTime: 30 * time.Second,
		},
		{
			name: "the same, with `require-version-proof`", at: anyInputs, faults: unknownProofs(), times: []int{0}, tests: 2, args: required, check: checkNoneConfirmed,
			does: "waits up to 35 seconds for an answer; the runs do not count, and are not run again", code: 3, paid: 2, junit: "error error",
			contains: "nothing shows which version answered, and require-version-proof is true", maxTime: time.Minute,
		},
		{
			name: "the run has no conversation", at: byID, transport: withoutConversations, check: checkNoneConfirmed,
			does: "reports it; the run counts", code: 0, paid: 1, junit: "passed", contains: "1 of 1 run does not show which version answered",
		},
		{
			name: "the same, with `require-version-proof`", at: byID, transport: withoutConversations, args: required, check: checkNoneConfirmed,
			does: "the run does not count, and is not run again", code: 3, paid: 1, junit: "error", contains: "the run has no conversation",
		},
		{
			name: "the answer comes after 20 seconds", at: byID, faults: slow, times: []int{0}, check: checkNoneConfirmed,
			does: "waits for 5 seconds", code: 0, paid: 1, junit: "passed", contains: "1 of 1 run does not show which version answered", maxTime: 20 * time.Second,
		},
		{
			name: "the same, with `require-version-proof`", at: byID, faults: slow, times: []int{0}, args: required, confirmed: 1,
			does: "waits up to 30 seconds longer", code: 0, paid: 1, junit: "passed", contains: "1 of 1 run was answered by", minTime: 30 * time.Second, maxTime: 40 * time.Second,
		},
	}, slices.Concat(otherVersionRows(), baselineProofRows())...)
}

// otherVersionRows are runs that another version answered than the one that was asked for.
func otherVersionRows() []faultRow {
	oneByCanary := func(s simulator.Script) func(*simulator.World) {
		return func(w *simulator.World) {
			s.Conversation = byCanary.conversation
			s.Duration = 10 * time.Second
			for _, version := range []string{simtest.Live, simtest.Candidate} {
				s.Version = version
				w.Tests[0].Runs = slices.DeleteFunc(w.Tests[0].Runs, func(old simulator.Script) bool { return old.Version == version })
				w.Tests[0].Runs = append(w.Tests[0].Runs, s)
			}
		}
	}
	const another = "another version, "
	return []faultRow{
		{
			name: "another version answered every run", at: known, faults: []fault{byCanary}, times: []int{0}, tests: 2, check: checkNoneConfirmed,
			does: "counts none of them and runs none again; no verdict", code: 3, paid: 2, junit: "error error", contains: another,
		},
		{
			name: "another version answered one run of three", at: known, tests: 3, world: oneByCanary(simulator.Script{}), confirmed: 2,
			does: "the same for that run", code: 3, paid: 3, junit: "error passed passed", contains: "1 of 3 runs on version-id",
		},
		{
			name: "the same, with `require-version-proof`", at: known, tests: 3, world: oneByCanary(simulator.Script{}), confirmed: 2, args: required,
			does: "the same", code: 3, paid: 3, junit: "error passed passed", contains: "1 of 3 runs on version-id",
		},
		{
			name: "another version answered a run that failed, with `error-reruns` 2", at: known, tests: 2, world: oneByCanary(simulator.Script{Ends: "failed"}), confirmed: 1,
			args: []string{"--error-reruns", "2"},
			does: "the same: the failure is not one of the version under test", code: 3, paid: 2, junit: "error passed", contains: "1 of 2 runs on version-id",
		},
		{
			name: "another version answered the first run, with `max-in-flight` 1", at: known, tests: 3, world: oneByCanary(simulator.Script{}),
			args: []string{"--max-in-flight", "1"},
			does: "triggers no more than the next: no further run can make it green", code: 3, paid: 2, junit: "error passed error", contains: "another run was answered by another version",
		},
		{
			name: "one version answered every run on `main`, and nobody knows which is live", at: byMainAlone, faults: []fault{byCanary}, times: []int{0}, tests: 2, confirmed: 2,
			does: "names it", code: 0, paid: 2, junit: "passed passed", contains: "2 of 2 runs were answered by",
		},
		{
			name: "different versions answered the runs on `main`, and nobody knows which is live", at: byMainAlone, tests: 2, world: oneByCanary(simulator.Script{}), confirmed: 2,
			does: "no verdict", code: 3, paid: 2, junit: "passed passed gate:error", contains: "different versions, ",
		},
	}
}

// baselineProofRows are runs on the baseline: the first test of two fails there and on the version under test.
func baselineProofRows() []faultRow {
	fails := slowBaseline("failed")
	return []faultRow{
		{
			name: "the conversation names the baseline", at: anyBaselines, tests: 2, world: fails, confirmed: 4,
			does: "confirms it: a known failure", code: 0, paid: 4, junit: "skipped passed", contains: "2 of 2 runs on the baseline were answered by",
		},
		{
			name: "the same, with `require-version-proof`", at: anyBaselines, tests: 2, world: fails, confirmed: 4, args: required,
			does: "the same", code: 0, paid: 4, junit: "skipped passed", contains: "2 of 2 runs on the baseline were answered by",
		},
		{
			name: "the conversation of a run on the baseline does not show which version answered", at: anyBaselines, faults: unknownProofs()[:4], times: []int{0}, answers: simtest.Live,
			tests: 2, world: fails, confirmed: 2,
			does: "reports it: a known failure", code: 0, paid: 4, junit: "skipped passed", contains: "2 of 2 runs on the baseline do not show which version answered",
		},
		{
			name: "the same, with `require-version-proof`", at: anyBaselines, faults: unknownProofs()[:4], times: []int{0}, answers: simtest.Live,
			tests: 2, world: fails, confirmed: 2, args: required,
			does: "the run does not count, so nothing excuses the failure", code: 1, paid: 4, junit: "failure passed",
			contains: "nothing shows which version answered, and require-version-proof is true",
		},
		{
			name: "another version answered the runs on the baseline", at: knownBaselines, faults: []fault{byCanary}, times: []int{0}, answers: simtest.Live,
			tests: 2, world: fails, confirmed: 2,
			does: "they do not count, so nothing excuses the failure", code: 1, paid: 4, junit: "failure passed", contains: "runs on baseline-version",
		},
	}
}

// answeredBy sets the conversations of all runs on the version; empty: on each that has scripts.
func answeredBy(w *simulator.World, c simulator.Conversation, version string) {
	if c == (simulator.Conversation{}) {
		return
	}
	for i := range w.Tests {
		for j := range w.Tests[i].Runs {
			if s := &w.Tests[i].Runs[j]; version == "" || s.Version == version {
				s.Conversation = c
			}
		}
	}
}

// conversationID matches the id of a run's conversation in an answer.
var conversationID = regexp.MustCompile(`"conversation_id":\s*"[^"]*"`)

// withoutConversations removes the ids of conversations from all answers.
func withoutConversations(_ *fixture, next http.RoundTripper) http.RoundTripper {
	return rewriting(next, func(body []byte) []byte { return conversationID.ReplaceAll(body, []byte(`"conversation_id":null`)) })
}

func checkNoneConfirmed(t *testing.T, _ *fixture, x *execution) {
	if x.dotenv["GATE_VERSION_CONFIRMED"] != "0" {
		t.Errorf("%s runs are confirmed", x.dotenv["GATE_VERSION_CONFIRMED"])
	}
}
