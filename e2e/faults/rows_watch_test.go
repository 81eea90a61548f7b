package faults

import (
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// watchRows are faults while paid runs are polled.
func watchRows() []faultRow {
	here := []target{atPoll}
	word := func(w string) []fault {
		return []fault{{name: "status `" + w + "`", do: simulator.Action{StatusWord: w}}}
	}
	bare := func(w string) []fault {
		return []fault{{name: "status `" + w + "`", do: simulator.Action{StatusWord: w, NoDetails: true}}}
	}
	failsLater := func(criteria ...string) func(*simulator.World) {
		s := simulator.Script{Duration: 25 * time.Second, Ends: "failed"}
		for _, name := range criteria {
			s.Criteria = map[string]string{name: "passed"}
		}
		return scripted(s)
	}
	unreadable := append([]fault{otherRun, otherTest}, lookupFaults()...)
	return []faultRow{
		{
			at: here, faults: unreadable, times: []int{1, 3},
			does: "polls again", code: 0, paid: 1, junit: "passed", contains: "Passed: 1 test",
		},
		{
			at: here, faults: []fault{huge}, times: []int{1},
			does: "polls again", code: 0, paid: 1, junit: "passed", contains: "Passed: 1 test",
		},
		{
			at: here, faults: unreadable, times: []int{0},
			does: "polls again until `outage-timeout` (5m) has passed without any usable answer", code: 3, paid: 1, junit: "error",
			contains: "the API gave no usable answer for 5 min", minTime: 5 * time.Minute, maxTime: 5*time.Minute + 80*time.Second,
		},
		{
			name: "every request fails while runs are polled (503, connection lost, no answer at all); always", at: []target{anywhere}, after: 12, tests: 3,
			faults: []fault{status(503), droppedBefore, hungForHours}, times: []int{0},
			does: "polls again until `outage-timeout` (5m) has passed", code: 3, paid: 3, junit: "error error error",
			contains: "the API gave no usable answer for 5 min", minTime: 5 * time.Minute, maxTime: 5*time.Minute + 80*time.Second,
		},
		{
			name: "the same, with `outage-timeout` 90s", at: []target{anywhere}, after: 12, tests: 3,
			faults: []fault{status(503), droppedBefore, hungForHours}, times: []int{0}, args: []string{"--outage-timeout", "90s"},
			does: "polls again until `outage-timeout` has passed", code: 3, paid: 3, junit: "error error error",
			contains: "the API gave no usable answer for 1 min 30 s", minTime: 90 * time.Second, maxTime: 3 * time.Minute,
		},
		{
			name: "one run of three cannot be read (503, connection lost, an unusable answer, 400, 404, a redirect); always", at: here, match: simtest.TestName(1), tests: 3,
			faults: []fault{otherRun, status(400), status(404), status(503), droppedBefore, truncated, htmlPage, redirects[0]},
			times:  []int{0}, world: slowNeighbours,
			does: "gives that run up after at least 10 failed polls in a row and one minute, and also the one that `error-reruns` allows; the others go on", code: 3, paid: 4, junit: "passed error passed",
			contains: "the run could not be read in", minTime: 3 * time.Minute, maxTime: 5 * time.Minute,
		},
		{
			name: "404 about a run that was just made; for 30 seconds", at: here, faults: []fault{status(404)}, times: []int{5},
			does: "polls again: it is not there yet", code: 0, paid: 1, junit: "passed", contains: "Passed: 1 test",
		},
		{
			at: here, faults: []fault{status(404)}, times: []int{0},
			does: "polls again for 30 seconds, then gives the run up after at least 10 failed polls and one minute; the same with the run that `error-reruns` allows", code: 3, paid: 2, junit: "error",
			contains: "the run could not be read in", minTime: 160 * time.Second, maxTime: 6 * time.Minute,
		},
		{
			at: here, faults: []fault{status(400), status(422)}, times: []int{1, 3},
			does: "polls again", code: 0, paid: 1, junit: "passed", contains: "Passed: 1 test",
		},
		{
			at: here, faults: redirects, times: []int{1, 3},
			does: "does not follow it, polls again", code: 0, paid: 1, junit: "passed", contains: "Passed: 1 test",
		},
		{
			name: "401, 403; midway", at: here, faults: []fault{status(401), status(403)}, times: []int{1}, after: 5, tests: 2,
			does: "ends at once; the runs go on at Telnyx and are named", code: 2, paid: 2, junit: "error error",
			contains: "the API key was refused while runs were watched", maxTime: time.Minute,
		},
		{
			name: "429 for one run of two; always", at: here, faults: []fault{status(429)}, times: []int{0}, match: simtest.TestName(1), tests: 2,
			does: "polls again: a 429 says nothing about a run. If polls of one run are refused until its `run-timeout`, that ends it", code: 4, paid: 2, junit: "passed error",
			contains: "at Telnyx after 3 min (run-timeout)", args: []string{"--run-timeout", "3m"}, maxTime: 5 * time.Minute,
		},
		{
			at: here, faults: word("frozen"), times: []int{3},
			does: "does not treat an unknown status as an end, and polls again", code: 0, paid: 1, junit: "passed",
			contains: `has status "frozen", which the contract does not name`,
		},
		{
			at: here, faults: word("frozen"), times: []int{0}, args: []string{"--run-timeout", "2m"},
			does: "polls until the `run-timeout`", code: 4, paid: 1, junit: "error", contains: `still "frozen" at Telnyx after 2 min (run-timeout)`,
			minTime: 2 * time.Minute, maxTime: 2*time.Minute + 5*time.Second,
		},
		{
			name: "status `passed`, while the run goes on and fails later; once", at: here, faults: word("passed"), times: []int{1}, after: 2,
			world: scripted(simulator.Script{Duration: 20 * time.Second, Ends: "failed"}),
			does:  "a later status overrides a `passed` that is not settled", code: 1, paid: 1, junit: "failure",
			contains: "Telnyx first gave the run as passed, later as",
		},
		{
			name: "status `passed` without criteria, while the run goes on and fails later; once or 3 times", at: here, faults: bare("passed"), times: []int{1, 3}, after: 1,
			world: failsLater(), does: "waits 10 seconds for criteria; a later status overrides the `passed`", code: 1, paid: 1, junit: "failure",
			contains: "Telnyx first gave the run as passed, later as", minTime: 25 * time.Second, maxTime: 40 * time.Second,
		},
		{
			name: "the same, and no answer ever has criteria", at: here, faults: bare("passed"), times: []int{2}, after: 1, transport: withoutDetails,
			world: failsLater(), does: "the same", code: 1, paid: 1, junit: "failure",
			contains: "Telnyx first gave the run as passed, later as", minTime: 25 * time.Second, maxTime: 40 * time.Second,
		},
		{
			name: "the same, the run ends in `error`, with `error-reruns` 0", at: here, faults: bare("passed"), times: []int{1}, after: 1,
			world: scripted(simulator.Script{Duration: 25 * time.Second, Ends: "error"}), args: []string{"--error-reruns", "0"},
			does: "the same: the run has no verdict", code: 3, paid: 1, junit: "error",
			contains: "Telnyx reported an error", minTime: 25 * time.Second, maxTime: 40 * time.Second,
		},
		{
			name: "the same, the run fails although its criteria passed", at: here, faults: bare("passed"), times: []int{1}, after: 1,
			world: failsLater("Polite", "Correct"), does: "the same", code: 1, paid: 1, junit: "failure",
			contains: "Telnyx first gave the run as passed, later as", minTime: 25 * time.Second, maxTime: 40 * time.Second,
		},
		{
			name: "status `passed` without criteria, then the run cannot be read (503, an unusable answer, a redirect); always", at: here, match: simtest.TestName(0), tests: 2,
			faults: []fault{status(503), htmlPage, redirects[0]}, times: []int{0}, after: 2, world: slowNeighbours,
			priorFaults: []simulator.Fault{{On: "run", Match: simtest.TestName(0), Times: 1, After: 1, Do: simulator.Action{StatusWord: "passed", NoDetails: true}}},
			does:        "does not trust a single answer; does not run it again", code: 3, paid: 2, junit: "error passed", contains: "but that could not be confirmed",
			minTime: time.Minute, maxTime: 5 * time.Minute,
		},
		{
			name: "no answer ever has criteria, the run passes", at: here, transport: withoutDetails, does: "waits 10 seconds for them", code: 0, paid: 1, junit: "passed",
			contains: "no result for any criterion", minTime: 22 * time.Second, maxTime: 30 * time.Second,
		},
		{
			name: "status `passed` once, of a run that never ends, with a `run-timeout` of 2m", at: here, faults: append(word("passed"), bare("passed")...), times: []int{1}, after: 2,
			world: scripted(simulator.Script{Ends: "never"}), args: []string{"--run-timeout", "2m"},
			does: "polls until the `run-timeout`", code: 4, paid: 1, junit: "error",
			contains: "at Telnyx after 2 min (run-timeout)", minTime: 2 * time.Minute, maxTime: 130 * time.Second,
		},
		{
			name: "status `failed`, later `passed`", at: here, faults: append(word("failed"), bare("failed")...), times: []int{1}, after: 2,
			does: "a first `failed` counts", code: 1, paid: 1, junit: "failure", contains: "Blocked: 1 of 1 test failed",
		},
		{
			name: "status `failed` of a run on the baseline that passes; once or twice", at: here, faults: append(word("failed"), bare("failed")...), times: []int{1, 2}, after: 20,
			world: slowBaseline("passed"), args: []string{"--baseline-version", "main"}, tests: 1,
			does: "a later status overrides it: whatever contradicts a failure on the baseline counts", code: 1, paid: 2, junit: "failure", contains: "Blocked: 1 of 1 test failed",
		},
		{
			name: "status `error`, later `passed`", at: here, faults: append(word("error"), bare("error")...), times: []int{1}, after: 2,
			does: "a first `error` counts: the run has no verdict, and `error-reruns` allows another", code: 0, paid: 2, junit: "passed", contains: "Passed: 1 test",
		},
	}
}

// slowBaseline makes the first test fail after 12 s, and end with the given status after 40 s on the live version.
func slowBaseline(ends string) func(*simulator.World) {
	return func(w *simulator.World) {
		setRuns(w, 0, simulator.Script{Duration: 12 * time.Second, Ends: "failed"})
		for i := range w.Tests[0].Runs {
			if s := &w.Tests[0].Runs[i]; s.Version == simtest.Live {
				s.Duration, s.Ends = 40*time.Second, ends
			}
		}
	}
}

// slowNeighbours makes all runs so long that one of them can be given up meanwhile.
func slowNeighbours(w *simulator.World) {
	for i := range w.Tests {
		setRuns(w, i, simulator.Script{Duration: 3 * time.Minute})
	}
}

// endRows are the results of runs.
func endRows() []faultRow {
	here := []target{atPoll}
	polite := func(word string) map[string]string { return map[string]string{"Polite": word} }
	return []faultRow{
		{
			name: "every test passes", at: here, tests: 3, does: "passes", code: 0, paid: 3, junit: "passed passed passed", contains: "Passed: all 3 tests",
		},
		{
			name: "`failed`", at: here, tests: 2, world: scripted(simulator.Script{Ends: "failed"}),
			does: "waits for the others", code: 1, paid: 2, junit: "failure passed", contains: "Blocked: 1 of 2 tests failed",
		},
		{
			name: "`error`", at: here, tests: 2, world: scripted(simulator.Script{Ends: "error"}),
			does: "runs it again, as `error-reruns` allows, and waits for the others", code: 3, paid: 3, junit: "error passed", contains: "Telnyx reported an error",
		},
		{
			name: "`error`, the next run passes", at: here, world: scripted(simulator.Script{Ends: "error"}, simulator.Script{}),
			does: "runs it again, as `error-reruns` allows", code: 0, paid: 2, junit: "passed", contains: "Passed: 1 test",
		},
		{
			name: "`passed` with a failed criterion", at: here, world: scripted(simulator.Script{Criteria: polite("failed")}),
			does: "counts it as failed", code: 1, paid: 1, junit: "failure", contains: `Telnyx gave the run as passed, but its criteria failed: "Polite"`,
		},
		{
			name: "`passed` with a criterion that ended in an error", at: here, world: scripted(simulator.Script{Criteria: polite("error")}),
			does: "counts it as errored, and runs it again as `error-reruns` allows", code: 3, paid: 2, junit: "error", contains: `Telnyx gave the run as passed, but could not judge: "Polite"`,
		},
		{
			name: "`passed` with a criterion that stays unfinished", at: here, world: scripted(simulator.Script{Criteria: polite("pending")}),
			does: "polls again for 60 seconds, then counts it as errored, and runs it again as `error-reruns` allows", code: 3, paid: 2, junit: "error",
			contains: `Telnyx gave the run as passed, but never finished judging: "Polite"`, minTime: 200 * time.Second, maxTime: 210 * time.Second,
		},
		{
			name: "a status that the contract does not name", at: here, world: scripted(simulator.Script{Ends: "archived"}), args: []string{"--run-timeout", "3m"},
			does: "polls until the `run-timeout`", code: 4, paid: 1, junit: "error", contains: `still "archived" at Telnyx`,
		},
		{
			name: "no end within the test's own bound", at: here, tests: 2, world: scripted(simulator.Script{Ends: "never"}),
			does: "waits for the test's `max_duration_seconds` and 5 minutes", code: 4, paid: 2, junit: "error passed",
			contains: "at Telnyx after 7 min (run-timeout)", minTime: 7 * time.Minute, maxTime: 7*time.Minute + 5*time.Second,
		},
		{
			name: "no end within `timeout`", at: here, tests: 2, world: scripted(simulator.Script{Ends: "never"}), args: []string{"--timeout", "3m"},
			does: "ends; the run goes on at Telnyx and is named", code: 4, paid: 2, junit: "error passed",
			contains: "the gate's timeout passed before the run ended; it goes on at Telnyx", minTime: 3 * time.Minute, maxTime: 3*time.Minute + 5*time.Second,
		},
		{
			name: "`failed` and no end", at: here, tests: 2, world: func(w *simulator.World) {
				setRuns(w, 0, simulator.Script{Ends: "never"})
				setRuns(w, 1, simulator.Script{Ends: "failed"})
			},
			does: "failed outweighs timed out", code: 1, paid: 2, junit: "error failure", contains: "Blocked: 1 of 2 tests failed",
		},
		{
			name: "the conversation of a failed run cannot be read (401, 404, 422, 503, a redirect, connection lost, no answer at all, an unusable answer); always", at: []target{atTranscript},
			faults: []fault{status(401), status(404), status(422), status(503), redirects[0], droppedBefore, hungForHours, htmlPage, truncated}, times: []int{0},
			world: scripted(simulator.Script{Duration: 10 * time.Second, Ends: "failed", Transcript: []simulator.Turn{{Role: "user", Text: "Hello"}}}),
			does:  "reports without it; the verdict does not depend on it", code: 1, paid: 1, junit: "failure", contains: "the conversation", maxTime: time.Minute,
		},
		{
			name: "passes on the live version only", at: here, world: scripted(simulator.Script{Ends: "failed"}),
			does: "tests the version under test", code: 1, paid: 1, junit: "failure", contains: simtest.Candidate,
		},
	}
}
