// Package ctrf writes the outcome as a Common Test Report Format document.
package ctrf

import (
	"errors"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/internal/stream"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// specVersion is the version of the specification that the document follows (ctrf-io/ctrf, schema/ctrf.schema.json).
const specVersion = "0.0.0"

// The statuses of CTRF that a gate makes use of. Readers block on failed alone.
const (
	statusPassed  = "passed"
	statusFailed  = "failed"
	statusSkipped = "skipped"
	statusPending = "pending"
	statusOther   = "other"
)

// Write writes the outcome as a Common Test Report Format document: a test each, its rubric's criteria as steps, its runs
// before the last as retry attempts, ids in extra. Its colour is the exit code's: a test that blocks is failed, whether it
// failed its rubric or has no verdict (rawStatus tells which); one that is excused or that fail-fast left out is skipped;
// if the exit code is not 0 and no test shows it, a test named gate is failed. It holds no conversations, and logs only in
// the trace of a failed test.
func Write(w io.Writer, o *outcome.Outcome) error {
	own := gateTest(o)
	n := len(o.Results)
	if own != nil {
		n++
	}
	maxTrace := traceLimit(n)
	test := func(i int) any {
		if i == len(o.Results) {
			return own
		}
		return newTest(o, o.Results[i], maxTrace)
	}
	if err := stream.Write(w, newDocument(o, own, stream.List{Len: n, At: test}), ""); err != nil {
		return errors.Join(errors.New("write the results as CTRF"), err)
	}
	return nil
}

// newDocument is the document with the tests; own is the one of the gate itself.
func newDocument(o *outcome.Outcome, own *testCase, tests stream.List) document {
	return document{
		Format: "CTRF", Spec: specVersion, Timestamp: stream.Stamp(o.Ended), GeneratedBy: strings.TrimSpace("assistant-gate " + safe.PlainLine(o.GateVersion, view.MaxNameBytes)),
		Results: content{
			Tool:        tool{Name: "assistant-gate", Version: safe.PlainLine(o.GateVersion, view.MaxNameBytes)},
			Environment: newEnvironment(o),
			Summary:     newSummary(o, own),
			Tests:       tests,
			Extra: extras{
				"verdict": string(o.Verdict()), "exitCode": o.ExitCode(), "headline": view.Headline(o).Plain(), "realTelnyx": o.RealTelnyx,
			},
		},
	}
}

func newEnvironment(o *outcome.Outcome) environment {
	extra := extras{}
	extra.add("assistantId", o.Target.AssistantID)
	extra.add("versionName", o.Target.VersionName)
	extra.add("baselineVersion", o.Target.Baseline)
	return environment{
		ReportName: safe.PlainLine(o.Name, view.MaxNameBytes), AppName: safe.PlainLine(o.Target.AssistantName, view.MaxNameBytes),
		AppVersion: safe.PlainLine(o.Target.VersionID, view.MaxNameBytes), TestEnvironment: safe.PlainLine(view.APIName(o), view.MaxNameBytes), Extra: extra,
	}
}

func newSummary(o *outcome.Outcome, own *testCase) summary {
	s := summary{Start: milliseconds(o.Started), Stop: max(milliseconds(o.Started), milliseconds(o.Ended)), Duration: view.WallTime(o).Milliseconds()}
	suites := map[string]bool{}
	for i := range o.Results {
		r := &o.Results[i]
		s.count(statusOf(*r))
		if isFlaky(*r) {
			s.Flaky++
		}
		if suite := suiteOf(*r); suite != "" {
			suites[suite] = true
		}
	}
	if own != nil {
		s.count(own.Status)
	}
	s.Suites = len(suites)
	return s
}

func (s *summary) count(status string) {
	s.Tests++
	switch status {
	case statusPassed:
		s.Passed++
	case statusFailed:
		s.Failed++
	default:
		s.Skipped++
	}
}

// gateTest is the test of the gate itself, if no other shows the exit code; otherwise nil.
func gateTest(o *outcome.Outcome) *testCase {
	if o.ExitCode() == 0 {
		return nil
	}
	for i := range o.Results {
		if statusOf(o.Results[i]) == statusFailed {
			return nil
		}
	}
	lines := []string{view.Headline(o).Plain()}
	for _, p := range o.Problems {
		lines = append(lines, safe.PlainText(p.Text, view.MaxReasonBytes))
	}
	return &testCase{Name: view.GateCase, Status: statusFailed, RawStatus: string(o.Verdict()), Message: strings.Join(lines, "\n\n")}
}

// newTest is the test of a result. Its trace has at most maxTrace bytes.
func newTest(o *outcome.Outcome, r outcome.TestResult, maxTrace int) testCase {
	t := testCase{
		Name: view.TestName(r.Test, view.MaxNameBytes), Status: statusOf(r), RawStatus: view.StateName(r.State), Duration: max(0, r.Duration().Milliseconds()),
		Retries: max(0, len(r.Attempts)-1),
		Flaky:   isFlaky(r),
		Steps:   newSteps(r.Test, r.Deciding()), Extra: testExtras(o, r),
	}
	if uuid.MatchString(r.Test.ID) {
		t.ID = r.Test.ID
	}
	if suite := suiteOf(r); suite != "" {
		t.Suite = []string{suite}
	}
	if r.State != outcome.StatePassed {
		t.Message = messageOf(o, r)
	}
	if t.Status == statusFailed {
		t.Trace = traceOf(o, r, maxTrace)
	}
	t.Start, t.Stop = timesOf(r.Attempts)
	for i := range max(0, len(r.Attempts)-1) {
		t.RetryAttempts = append(t.RetryAttempts, newRetry(i+1, r.Attempts[i]))
	}
	return t
}

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

func statusOf(r outcome.TestResult) string {
	switch {
	case r.State == outcome.StatePassed:
		return statusPassed
	case r.Excused(), view.StateName(r.State) == string(outcome.StateNotRun) && r.SkippedByFailFast:
		return statusSkipped
	}
	return statusFailed
}

// isFlaky: CTRF knows flaky for tests that passed alone; of others extra tells that their runs disagreed.
func isFlaky(r outcome.TestResult) bool { return r.Flaky && r.State == outcome.StatePassed }

func suiteOf(r outcome.TestResult) string {
	return safe.PlainLine(view.SuiteName(&r), view.MaxNameBytes)
}

func messageOf(o *outcome.Outcome, r outcome.TestResult) string {
	if r.Excused() {
		return safe.PlainText(view.WhyExcused(r)+"\n"+view.Why(r), view.MaxReasonBytes)
	}
	return safe.PlainText(view.WhyBlocking(o, r), view.MaxReasonBytes)
}

// newSteps are the criteria of a run. One that did not pass and was not counted is other, so that no reader counts it.
func newSteps(t telnyx.Test, a outcome.Attempt) []step {
	var steps []step
	for _, c := range a.Criteria[:min(len(a.Criteria), view.MaxCriteria)] {
		s := step{Name: safe.PlainLine(c.Name, view.MaxNameBytes), Extra: extras{"status": safe.PlainLine(string(c.Status), view.MaxNameBytes)}}
		switch {
		case view.IsAdvisory(a, c.Name):
			s.Status, s.Extra["advisory"] = statusOther, true
		case c.Status == telnyx.StatusPassed:
			s.Status = statusPassed
		case c.Status == telnyx.StatusFailed:
			s.Status = statusFailed
		case c.Status == telnyx.StatusPending:
			s.Status = statusPending
		default:
			s.Status = statusOther
		}
		s.Extra.add("rubric", safe.CutText(view.RubricText(t, c.Name), view.MaxRubricBytes))
		steps = append(steps, s)
	}
	return steps
}

// newRetry is a run before a test's last. Its place in the list is its number: CTRF counts from 1.
func newRetry(number int, a outcome.Attempt) retry {
	status := statusFailed
	if a.State == outcome.StatePassed {
		status = statusPassed
	}
	out := retry{
		Attempt: number, Status: status, Duration: a.Duration().Milliseconds(), Message: safe.PlainText(view.AttemptReason(a), view.MaxReasonBytes),
		Extra: retryExtras(a),
	}
	out.Start, out.Stop = timesOf([]outcome.Attempt{a})
	return out
}

func retryExtras(a outcome.Attempt) extras {
	e := extras{"state": view.StateName(a.State)}
	e.add("runId", a.RunID)
	e.add("conversationId", a.ConversationID)
	e.addAnswered(a.Answered)
	e.add("remoteStatus", string(a.RemoteStatus))
	return e
}

func testExtras(o *outcome.Outcome, r outcome.TestResult) extras {
	e := extras{"attempts": len(r.Attempts), "blocking": r.Blocks()}
	e.add("testId", r.Test.ID)
	shown := r.Deciding()
	e.add("runId", shown.RunID)
	e.add("conversationId", shown.ConversationID)
	e.addAnswered(shown.Answered)
	e.add("portalUrl", view.PortalLink(o, r.Test))
	e.add("compared", view.AttemptStates(r.Compared))
	e.add("baseline", view.AttemptStates(r.Baseline))
	if r.Excused() {
		e.add("excuse", string(r.Excuse.Kind))
	}
	for name, set := range map[string]bool{"flaky": r.Flaky, "regression": r.Regression} {
		if set {
			e[name] = true
		}
	}
	return e
}

func (e extras) addAnswered(a outcome.Answered) {
	e.add("versionProof", string(a.Proof))
	e.add("answeredBy", a.Version)
}

// timesOf are the first and the last moment of runs, 0 if they are not known.
func timesOf(attempts []outcome.Attempt) (start, stop int64) {
	for _, a := range attempts {
		if at := milliseconds(a.TriggeredAt); at > 0 && (start == 0 || at < start) {
			start = at
		}
		stop = max(stop, milliseconds(a.SeenAt))
	}
	if stop < start {
		return start, 0
	}
	return start, stop
}

// milliseconds is a time as CTRF has it: since 1970, 0 if it is not known.
func milliseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return max(0, t.UnixMilli())
}
