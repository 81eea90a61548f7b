package faults

import (
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// watchRows are faults while runs that were paid for are watched.
func watchRows() []faultRow {
	here := []place{atPoll}
	word := func(w string) []play {
		return []play{{name: "status `" + w + "`", do: simulator.Action{StatusWord: w}}}
	}
	bare := func(w string) []play {
		return []play{{name: "status `" + w + "`", do: simulator.Action{StatusWord: w, NoDetails: true}}}
	}
	failsLater := func(criteria ...string) func(*simulator.World) {
		s := simulator.Script{Duration: 25 * time.Second, Ends: "failed"}
		for _, name := range criteria {
			s.Criteria = map[string]string{name: "passed"}
		}
		return scripted(s)
	}
	unreadable := append([]play{otherRun, otherTest}, lookupFaults()...)
	return []faultRow{
		{
			at: here, plays: unreadable, times: []int{1, 3},
			does: "looks again", code: 0, paid: 1, cases: "passed", says: "Passed: 1 test",
		},
		{
			at: here, plays: []play{huge}, times: []int{1},
			does: "looks again", code: 0, paid: 1, cases: "passed", says: "Passed: 1 test",
		},
		{
			at: here, plays: unreadable, times: []int{0},
			does: "looks again until `outage-timeout` (5m) has passed without any usable answer", code: 3, paid: 1, cases: "error",
			says: "the API gave no usable answer for 5m0s", least: 5 * time.Minute, most: 5*time.Minute + 80*time.Second,
		},
		{
			name: "every request fails while runs are watched (503, connection lost, no answer at all); for ever", at: []place{anywhere}, after: 12, tests: 3,
			plays: []play{status(503), droppedBefore, hungForHours}, times: []int{0},
			does: "looks again until `outage-timeout` (5m) has passed", code: 3, paid: 3, cases: "error error error",
			says: "the API gave no usable answer for 5m0s", least: 5 * time.Minute, most: 5*time.Minute + 80*time.Second,
		},
		{
			name: "the same, with `outage-timeout` 90s", at: []place{anywhere}, after: 12, tests: 3,
			plays: []play{status(503), droppedBefore, hungForHours}, times: []int{0}, args: []string{"--outage-timeout", "90s"},
			does: "looks again until `outage-timeout` has passed", code: 3, paid: 3, cases: "error error error",
			says: "the API gave no usable answer for 1m30s", least: 90 * time.Second, most: 3 * time.Minute,
		},
		{
			name: "one run of three cannot be read (503, connection lost, an answer that makes no sense, 400, 404, a redirect); for ever", at: here, match: faultTestName(1), tests: 3,
			plays: []play{otherRun, status(400), status(404), status(503), droppedBefore, truncated, htmlPage, redirects[0]},
			times: []int{0}, world: slowNeighbours,
			does: "gives up that run after 10 looks in a row over a minute at least, and the one that `error-reruns` allows; the others go on", code: 3, paid: 4, cases: "passed error passed",
			says: "the run could not be read in", least: 3 * time.Minute, most: 5 * time.Minute,
		},
		{
			name: "404 about a run that was just made; for 30 seconds", at: here, plays: []play{status(404)}, times: []int{5},
			does: "looks again: it is not there yet", code: 0, paid: 1, cases: "passed", says: "Passed: 1 test",
		},
		{
			at: here, plays: []play{status(404)}, times: []int{0},
			does: "looks again for 30 seconds, then gives the run up after 10 looks over a minute at least; the same with the run that `error-reruns` allows", code: 3, paid: 2, cases: "error",
			says: "the run could not be read in", least: 160 * time.Second, most: 6 * time.Minute,
		},
		{
			at: here, plays: []play{status(400), status(422)}, times: []int{1, 3},
			does: "looks again", code: 0, paid: 1, cases: "passed", says: "Passed: 1 test",
		},
		{
			at: here, plays: redirects, times: []int{1, 3},
			does: "does not follow it, looks again", code: 0, paid: 1, cases: "passed", says: "Passed: 1 test",
		},
		{
			name: "401, 403; midway", at: here, plays: []play{status(401), status(403)}, times: []int{1}, after: 5, tests: 2,
			does: "ends at once; the runs go on at Telnyx and are named", code: 2, paid: 2, cases: "error error",
			says: "the API key was refused while runs were watched", most: time.Minute,
		},
		{
			name: "429 for one run of two; for ever", at: here, plays: []play{status(429)}, times: []int{0}, match: faultTestName(1), tests: 2,
			does: "looks again: a 429 says nothing about a run. Where one alone is refused until its `run-timeout`, that ends it", code: 4, paid: 2, cases: "passed error",
			says: "no verdict after 3m0s (run-timeout)", args: []string{"--run-timeout", "3m"}, most: 5 * time.Minute,
		},
		{
			at: here, plays: word("frozen"), times: []int{3},
			does: "does not take a word that it does not know for an end, and looks again", code: 0, paid: 1, cases: "passed",
			says: `has status "frozen", which the contract does not name`,
		},
		{
			at: here, plays: word("frozen"), times: []int{0}, args: []string{"--run-timeout", "2m"},
			does: "looks until the `run-timeout`", code: 4, paid: 1, cases: "error", says: `no verdict after 2m0s (run-timeout); its last status at Telnyx was "frozen"`,
			least: 2 * time.Minute, most: 2*time.Minute + 5*time.Second,
		},
		{
			name: "status `passed`, while the run goes on and fails later; once", at: here, plays: word("passed"), times: []int{1}, after: 2,
			world: scripted(simulator.Script{Duration: 20 * time.Second, Ends: "failed"}),
			does:  "a later word takes a `passed` back that is not settled", code: 1, paid: 1, cases: "failure",
			says: "Telnyx first gave the run as passed, later as",
		},
		{
			name: "status `passed` without criteria, while the run goes on and fails later; once or 3 times", at: here, plays: bare("passed"), times: []int{1, 3}, after: 1,
			world: failsLater(), does: "waits 10 seconds for criteria; a later word takes the `passed` back", code: 1, paid: 1, cases: "failure",
			says: "Telnyx first gave the run as passed, later as", least: 25 * time.Second, most: 40 * time.Second,
		},
		{
			name: "the same, and no answer ever has criteria", at: here, plays: bare("passed"), times: []int{2}, after: 1, wire: withoutDetails,
			world: failsLater(), does: "the same", code: 1, paid: 1, cases: "failure",
			says: "Telnyx first gave the run as passed, later as", least: 25 * time.Second, most: 40 * time.Second,
		},
		{
			name: "the same, the run ends in `error`, with `error-reruns` 0", at: here, plays: bare("passed"), times: []int{1}, after: 1,
			world: scripted(simulator.Script{Duration: 25 * time.Second, Ends: "error"}), args: []string{"--error-reruns", "0"},
			does: "the same: the run has no verdict", code: 3, paid: 1, cases: "error",
			says: "Telnyx ended the run with status error", least: 25 * time.Second, most: 40 * time.Second,
		},
		{
			name: "the same, the run fails although its criteria passed", at: here, plays: bare("passed"), times: []int{1}, after: 1,
			world: failsLater("Polite", "Correct"), does: "the same", code: 1, paid: 1, cases: "failure",
			says: "Telnyx first gave the run as passed, later as", least: 25 * time.Second, most: 40 * time.Second,
		},
		{
			name: "status `passed` without criteria, then the run cannot be read (503, an answer that makes no sense, a redirect); for ever", at: here, match: faultTestName(0), tests: 2,
			plays: []play{status(503), htmlPage, redirects[0]}, times: []int{0}, after: 2, world: slowNeighbours,
			prior: []simulator.Fault{{On: "run", Match: faultTestName(0), Times: 1, After: 1, Do: simulator.Action{StatusWord: "passed", NoDetails: true}}},
			does:  "believes no single word; does not run it again", code: 3, paid: 2, cases: "error passed", says: "but that could not be confirmed",
			least: time.Minute, most: 5 * time.Minute,
		},
		{
			name: "no answer ever has criteria, the run passes", at: here, wire: withoutDetails, does: "waits 10 seconds for them", code: 0, paid: 1, cases: "passed",
			says: "no result for any criterion", least: 22 * time.Second, most: 30 * time.Second,
		},
		{
			name: "status `passed` once, of a run that never ends, with a `run-timeout` of 2m", at: here, plays: append(word("passed"), bare("passed")...), times: []int{1}, after: 2,
			world: scripted(simulator.Script{Ends: "never"}), args: []string{"--run-timeout", "2m"},
			does: "looks until the `run-timeout`", code: 4, paid: 1, cases: "error",
			says: "no verdict after 2m0s (run-timeout)", least: 2 * time.Minute, most: 130 * time.Second,
		},
		{
			name: "status `failed`, later `passed`", at: here, plays: append(word("failed"), bare("failed")...), times: []int{1}, after: 2,
			does: "a first `failed` counts", code: 1, paid: 1, cases: "failure", says: "Blocked: 1 of 1 test failed",
		},
		{
			name: "status `failed` of a run on the baseline that passes; once or twice", at: here, plays: append(word("failed"), bare("failed")...), times: []int{1, 2}, after: 20,
			world: slowBaseline("passed"), args: []string{"--baseline-version", "main"}, tests: 1,
			does: "a later word takes it back: whatever contradicts a failure on the baseline counts", code: 1, paid: 2, cases: "failure", says: "Blocked: 1 of 1 test failed",
		},
		{
			name: "status `error`, later `passed`", at: here, plays: append(word("error"), bare("error")...), times: []int{1}, after: 2,
			does: "a first `error` counts: the run has no verdict, and `error-reruns` allows another", code: 0, paid: 2, cases: "passed", says: "Passed: 1 test",
		},
	}
}

// slowBaseline makes the first test fail after 12 s, and its runs on the live version end as said after 40 s.
func slowBaseline(ends string) func(*simulator.World) {
	return func(w *simulator.World) {
		setRuns(w, 0, simulator.Script{Duration: 12 * time.Second, Ends: "failed"})
		for i := range w.Tests[0].Runs {
			if s := &w.Tests[0].Runs[i]; s.Version == faultMain {
				s.Duration, s.Ends = 40*time.Second, ends
			}
		}
	}
}

// slowNeighbours makes the runs of all tests long enough for one of them to be given up meanwhile.
func slowNeighbours(w *simulator.World) {
	for i := range w.Tests {
		setRuns(w, i, simulator.Script{Duration: 3 * time.Minute})
	}
}

// endRows are the ends that runs come to by themselves.
func endRows() []faultRow {
	here := []place{atPoll}
	polite := func(word string) map[string]string { return map[string]string{"Polite": word} }
	return []faultRow{
		{
			name: "every test passes", at: here, tests: 3, does: "says so", code: 0, paid: 3, cases: "passed passed passed", says: "Passed: all 3 tests",
		},
		{
			name: "`failed`", at: here, tests: 2, world: scripted(simulator.Script{Ends: "failed"}),
			does: "waits for the others", code: 1, paid: 2, cases: "failure passed", says: "Blocked: 1 of 2 tests failed",
		},
		{
			name: "`error`", at: here, tests: 2, world: scripted(simulator.Script{Ends: "error"}),
			does: "runs it again, as `error-reruns` allows, and waits for the others", code: 3, paid: 3, cases: "error passed", says: "Telnyx ended the run with status error",
		},
		{
			name: "`error`, the next run passes", at: here, world: scripted(simulator.Script{Ends: "error"}, simulator.Script{}),
			does: "runs it again, as `error-reruns` allows", code: 0, paid: 2, cases: "passed", says: "Passed: 1 test",
		},
		{
			name: "`passed` with a failed criterion", at: here, world: scripted(simulator.Script{Criteria: polite("failed")}),
			does: "counts it as failed", code: 1, paid: 1, cases: "failure", says: `Telnyx gave the run as passed, but its criteria failed: "Polite"`,
		},
		{
			name: "`passed` with a criterion that ended in an error", at: here, world: scripted(simulator.Script{Criteria: polite("error")}),
			does: "counts it as errored, and runs it again as `error-reruns` allows", code: 3, paid: 2, cases: "error", says: `Telnyx gave the run as passed, but could not judge: "Polite"`,
		},
		{
			name: "`passed` with a criterion that stays unfinished", at: here, world: scripted(simulator.Script{Criteria: polite("pending")}),
			does: "looks again for 60 seconds, then counts it as errored, and runs it again as `error-reruns` allows", code: 3, paid: 2, cases: "error",
			says: `Telnyx gave the run as passed, but never finished judging: "Polite"`, least: 200 * time.Second, most: 210 * time.Second,
		},
		{
			name: "a word that the contract does not name", at: here, world: scripted(simulator.Script{Ends: "archived"}), args: []string{"--run-timeout", "3m"},
			does: "looks until the `run-timeout`", code: 4, paid: 1, cases: "error", says: `last status at Telnyx was "archived"`,
		},
		{
			name: "no end, within the test's own bound", at: here, tests: 2, world: scripted(simulator.Script{Ends: "never"}),
			does: "waits for the test's `max_duration_seconds` and 5 minutes", code: 4, paid: 2, cases: "error passed",
			says: "no verdict after 7m0s (run-timeout)", least: 7 * time.Minute, most: 7*time.Minute + 5*time.Second,
		},
		{
			name: "no end, within `timeout`", at: here, tests: 2, world: scripted(simulator.Script{Ends: "never"}), args: []string{"--timeout", "3m"},
			does: "ends; the run goes on at Telnyx and is named", code: 4, paid: 2, cases: "error passed",
			says: "the gate's timeout passed before the run ended; it goes on at Telnyx", least: 3 * time.Minute, most: 3*time.Minute + 5*time.Second,
		},
		{
			name: "`failed` and no end", at: here, tests: 2, world: func(w *simulator.World) {
				setRuns(w, 0, simulator.Script{Ends: "never"})
				setRuns(w, 1, simulator.Script{Ends: "failed"})
			},
			does: "failed outweighs timed out", code: 1, paid: 2, cases: "error failure", says: "Blocked: 1 of 2 tests failed",
		},
		{
			name: "the conversation of a failed run cannot be read (401, 404, 422, 503, a redirect, connection lost, no answer at all, an answer that makes no sense); for ever", at: []place{atTranscript},
			plays: []play{status(401), status(404), status(422), status(503), redirects[0], droppedBefore, hungForHours, htmlPage, truncated}, times: []int{0},
			world: scripted(simulator.Script{Duration: 10 * time.Second, Ends: "failed", Transcript: []simulator.Turn{{Role: "user", Text: "Hello"}}}),
			does:  "reports without it; no verdict hangs on it", code: 1, paid: 1, cases: "failure", says: "the conversation", most: time.Minute,
		},
		{
			name: "passes on the live version only", at: here, world: scripted(simulator.Script{Ends: "failed"}),
			does: "tests the version that was asked for", code: 1, paid: 1, cases: "failure", says: faultVersion,
		},
	}
}
