package faults

import (
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
	"github.com/assistant-gate/assistant-gate/report/results"
)

// The invariants. Each function returns the violations.

// violations are those of an execution, which must have been the latest of the fixture.
func (x *execution) violations(s *fixture) []string {
	found := slices.Concat(x.disagreements(), x.falsePasses(s), x.falseProofs(s), x.unreportedRuns(s), x.leaks(s), x.junit.problems(), s.recorder.foreignRequests())
	entries, err := os.ReadDir(s.reportDir())
	if err != nil {
		found = append(found, err.Error())
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			found = append(found, "half a file was left: "+e.Name())
		}
	}
	return found
}

// verdictOf is the verdict of an exit code, and the beginning of the summary's first line.
func verdictOf(code int) (verdict, headline string) {
	switch code {
	case 0:
		return "passed", "Passed: "
	case 1:
		return "failed", "Blocked: "
	case 2:
		return "invalid", "Setup error (invalid): "
	case 3:
		return "inconclusive", "No verdict (inconclusive): "
	case 4:
		return "timed-out", "Timed out: "
	case 129:
		return "cancelled", "Cancelled by SIGHUP: "
	case 130:
		return "cancelled", "Cancelled by SIGINT: "
	case 143:
		return "cancelled", "Cancelled by SIGTERM: "
	}
	return "none", "none"
}

// disagreements of the reports with the exit code and with each other.
func (x *execution) disagreements() []string {
	var found []string
	differ := func(what string, got, want any) {
		if got != want {
			found = append(found, fmt.Sprintf("%s is %v, want %v", what, got, want))
		}
	}
	verdict, headline := verdictOf(x.code)
	differ("exit_code of the JSON", x.results.ExitCode, x.code)
	differ("verdict of the JSON", x.results.Verdict, verdict)
	differ("red of the JUnit", x.junit.red(), x.code != 0)
	differ("GATE_VERDICT", x.dotenv["GATE_VERDICT"], verdict)
	differ("headline of the summary", strings.Contains(headOf(x.summary), "> "+headline) || strings.Contains(headOf(x.summary), " "+headline), true)
	differ("exit code in the summary", strings.Contains(x.visibleSummary(), fmt.Sprintf("exit code %d ", x.code)), true)
	differ("headline of the console", strings.Contains(x.stdout, " "+headline), true)
	differ("exit code on the console", strings.Contains(x.stdout, fmt.Sprintf("exit code %d\n", x.code)), true)
	if x.outputs != nil {
		differ("output verdict", x.outputs["verdict"], verdict)
	}
	return append(found, x.countsDisagree()...)
}

// countsDisagree compares the counts with the tests.
func (x *execution) countsDisagree() []string {
	count := map[string]int{}
	for _, t := range x.results.Tests {
		count[t.State]++
	}
	c := x.results.Counts
	want := results.Counts{
		Total: len(x.results.Tests), Passed: count["passed"], Failed: count["failed"], Errored: count["errored"],
		TimedOut: count["timed-out"], NotRun: count["not-run"], Blocking: c.Blocking, Excused: c.Excused, Flaky: c.Flaky,
	}
	var found []string
	if c != want {
		found = append(found, fmt.Sprintf("counts are %+v, the tests give %+v", c, want))
	}
	for name, n := range map[string]int{
		"GATE_TOTAL": c.Total, "GATE_PASSED": c.Passed, "GATE_FAILED": c.Failed, "GATE_ERRORED": c.Errored,
		"GATE_TIMED_OUT": c.TimedOut, "GATE_NOT_RUN": c.NotRun, "GATE_REPLAYED": x.results.RunsReplayed,
	} {
		if x.dotenv[name] != fmt.Sprint(n) {
			found = append(found, fmt.Sprintf("%s is %q, want %d", name, x.dotenv[name], n))
		}
	}
	return found
}

// falsePasses are passes that did not happen at the simulator: every run reported as passed really passed, on the version
// under test and at most two hours ago; and exit code 0 means that enough runs of every selected test passed, unless it is
// excused, and that at least one test was not.
func (x *execution) falsePasses(s *fixture) []string {
	ledger := map[string]simulator.PaidRun{}
	for _, run := range s.sim.Ledger() {
		ledger[run.RunID] = run
	}
	var found []string
	passed := map[string]bool{}
	for _, t := range x.results.Tests {
		passes := 0
		for i, a := range slices.Concat(t.Attempts, t.Compared) {
			if a.State != "passed" {
				continue
			}
			if i < len(t.Attempts) {
				passes++
			}
			run := ledger[a.RunID]
			old := x.started.Sub(run.Created) > 2*time.Hour
			if !run.Passed || run.TestID != t.ID || run.Version != s.tested || old {
				found = append(found, fmt.Sprintf("a run of %s is called passed, it is %+v", t.Name, run))
			}
		}
		passed[t.ID] = t.State == "passed"
		if passed[t.ID] && passes < max(1, s.passes) {
			found = append(found, fmt.Sprintf("%s is called passed with %d passed runs", t.Name, passes))
		}
		if t.Excuse != nil && t.Excuse.Kind != "quarantined" && s.rounds > 0 {
			found = append(found, s.wrongExcuse(t, ledger)...)
		}
	}
	if x.code == 0 {
		found = append(found, s.wrongPass(passed)...)
	}
	return found
}

// wrongPass explains why a gate with these passed tests must not be green.
func (s *fixture) wrongPass(passed map[string]bool) []string {
	var found []string
	some := false
	for _, id := range s.selected {
		some = some || passed[id]
		if !passed[id] && !s.quarantined[id] && !s.knownFailure(id) {
			found = append(found, "exit code 0 although test "+id+" did not pass")
		}
	}
	if !some {
		found = append(found, "exit code 0 although no test passed")
	}
	return found
}

// wrongExcuse explains why the runs side by side, as they really ended, do not excuse a test.
func (s *fixture) wrongExcuse(t results.Test, ledger map[string]simulator.PaidRun) []string {
	shown := outcome.Rounds{Of: s.rounds}
	for _, a := range t.Compared {
		if a.State == "passed" || a.State == "failed" {
			shown.Played++
		}
		if a.State == "passed" {
			shown.Own++ // falsePasses checks that it did
		}
	}
	for _, a := range t.Baseline {
		if counts := a.State == "passed" || a.State == "failed"; counts && ledger[a.RunID].Passed {
			shown.Baseline++
		}
	}
	if shown.Decide() != outcome.NotWorse {
		return []string{fmt.Sprintf("%s is excused (%s) by %+v", t.Name, t.Excuse.Kind, shown)}
	}
	return nil
}

// knownFailure reports whether the test failed twice on the live version, if that excuses it. Side by side, one round is enough if
// the live version failed it or the version under test passed it.
func (s *fixture) knownFailure(id string) bool {
	failed, passed := 0, 0
	for _, run := range s.sim.Ledger() {
		if run.TestID == id && run.Version == simtest.Live && run.Ended && !run.Passed {
			failed++
		}
		if run.TestID == id && run.Version == s.tested && run.Ended && run.Passed {
			passed++
		}
	}
	return s.baseline && (failed >= 2 || s.rounds > 0 && failed+passed > 0)
}

// unreportedRuns are paid runs that an execution must report, as existing or possible, and does not: those of keys that it
// sent, unless the answer said that nothing was executed.
func (x *execution) unreportedRuns(s *fixture) []string {
	paid := map[[2]string]bool{} // keys and tests, on the version that was asked for
	for _, run := range s.sim.Ledger() {
		if run.Version == s.tested {
			paid[[2]string{run.Key, run.TestID}] = true
		}
	}
	known := map[string]bool{}
	for _, r := range s.recorder.requests() {
		executed := r.status == 0 || r.status == 201 || r.status == 408 || r.status == 409 || r.status >= 500
		if r.trigger() && executed && r.execution == x.number {
			known[r.key] = true
		}
	}
	runs := map[string]int{}
	for of := range paid {
		if known[of[0]] {
			runs[of[1]]++
		}
	}
	for _, t := range x.results.Tests {
		for _, a := range slices.Concat(t.Attempts, t.Compared) {
			if a.RunID != "" || a.MayExist {
				runs[t.ID]--
			}
		}
	}
	for _, u := range x.results.Unplanned {
		runs[u.TestID]--
	}
	var found []string
	for id, n := range runs {
		if n > 0 {
			found = append(found, fmt.Sprintf("%d runs of test %s were paid, and are neither named nor said to be possible", n, id))
		}
	}
	return found
}

// foreignRequests are requests to another host than the API, which would have received the key.
func (w *recorder) foreignRequests() []string {
	var found []string
	for _, r := range w.requests() {
		u, err := url.Parse(r.url)
		if err != nil || u.Scheme != "http" || u.Host != "127.0.0.1" {
			found = append(found, "a request went to "+r.url)
		}
	}
	return found
}

// overpaidRuns lists decisions with more runs than allowed: one per decision, however often it is sent, and those that no
// client can prevent. The executions have the same run key.
func (s *fixture) overpaidRuns(executions ...*execution) []string {
	sends, bodies, unpreventable := map[string]int{}, map[string]string{}, map[string]int{}
	var found []string
	for _, r := range s.recorder.requests() {
		if !r.trigger() {
			continue
		}
		if body, sent := bodies[r.key]; r.key == "" || sent && body != r.body+r.url {
			found = append(found, fmt.Sprintf("key %q was sent with %q and %q", r.key, body, r.body+r.url))
		}
		bodies[r.key] = r.body + r.url
		sends[r.key]++
		if s.executedStatus != 0 && r.status == s.executedStatus {
			unpreventable[r.key]++
		}
	}
	made, keys := map[[2]string]int{}, map[[2]string]map[string]bool{} // runs by key and test; keys by test and version
	for _, run := range s.sim.Ledger() {
		made[[2]string{run.Key, run.TestID}]++
		of := [2]string{run.TestID, run.Version}
		if keys[of] == nil {
			keys[of] = map[string]bool{}
		}
		keys[of][run.Key] = true
		if run.Version != s.tested && !s.baseline {
			found = append(found, "a run was made on version "+run.Version)
		}
	}
	for decision, n := range made {
		maximum := 1 + unpreventable[decision[0]]
		if s.world.Idempotency == "ignored" {
			maximum = sends[decision[0]]
		}
		if n > maximum {
			found = append(found, fmt.Sprintf("%d runs were paid for one decision, at most %d could not be prevented", n, maximum))
		}
	}
	for of, own := range keys {
		maximum := s.maxDecisions
		if maximum == 0 {
			maximum = decisionCount(of[0], executions)
		}
		if len(own) > maximum {
			found = append(found, fmt.Sprintf("test %s has runs of %d decisions, %d were made", of, len(own), maximum))
		}
	}
	return found
}

// decisionCount is the number of decisions to run a test in the reports of the executions.
func decisionCount(id string, executions []*execution) int {
	n := 0
	for _, x := range executions {
		for _, t := range x.results.Tests {
			if t.ID == id {
				n = max(n, len(t.Attempts)+len(t.Compared), len(t.Baseline))
			}
		}
	}
	return n
}
