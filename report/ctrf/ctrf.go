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

// ctrfSpec is the version of the specification that the document follows (ctrf-io/ctrf, schema/ctrf.schema.json).
const ctrfSpec = "0.0.0"

// The statuses of CTRF that a gate makes use of. Readers block on failed alone.
const (
	ctrfPassed  = "passed"
	ctrfFailed  = "failed"
	ctrfSkipped = "skipped"
	ctrfPending = "pending"
	ctrfOther   = "other"
)

// Write writes the outcome as a Common Test Report Format document: a test each, its rubric's criteria as steps, its runs
// before the last as retry attempts, ids in extra. Its colour is the exit code's: a test that blocks is failed, whether it
// failed its rubric or has no verdict (rawStatus tells which); one that is excused or that fail-fast left out is skipped;
// where the exit code is not 0 and no test shows it, a test named gate is failed. It holds no conversations, and logs only in
// the trace of a failed test.
func Write(w io.Writer, o *outcome.Outcome) error {
	own := ctrfGateTest(o)
	n := len(o.Results)
	if own != nil {
		n++
	}
	most := traceLimit(n)
	test := func(i int) any {
		if i == len(o.Results) {
			return own
		}
		return ctrfTestOf(o, o.Results[i], most)
	}
	if err := stream.Write(w, ctrfDocument(o, own, stream.List{Len: n, At: test}), ""); err != nil {
		return errors.Join(errors.New("write the results as CTRF"), err)
	}
	return nil
}

// ctrfDocument is the document with the tests; own is the one of the gate itself.
func ctrfDocument(o *outcome.Outcome, own *ctrfTest, tests stream.List) ctrfFile {
	return ctrfFile{
		Format: "CTRF", Spec: ctrfSpec, Timestamp: stream.Stamp(o.Ended), GeneratedBy: strings.TrimSpace("assistant-gate " + safe.PlainLine(o.GateVersion, view.MaxNameBytes)),
		Results: ctrfResults{
			Tool:        ctrfTool{Name: "assistant-gate", Version: safe.PlainLine(o.GateVersion, view.MaxNameBytes)},
			Environment: ctrfEnvironmentOf(o),
			Summary:     ctrfSummaryOf(o, own),
			Tests:       tests,
			Extra: ctrfExtra{
				"verdict": string(o.Verdict()), "exitCode": o.ExitCode(), "headline": view.Headline(o, view.PlainHere), "realTelnyx": o.RealTelnyx,
			},
		},
	}
}

func ctrfEnvironmentOf(o *outcome.Outcome) ctrfEnvironment {
	extra := ctrfExtra{}
	extra.add("assistantId", o.Target.AssistantID)
	extra.add("versionName", o.Target.VersionName)
	extra.add("baselineVersion", o.Target.Baseline)
	return ctrfEnvironment{
		ReportName: safe.PlainLine(o.Name, view.MaxNameBytes), AppName: safe.PlainLine(o.Target.AssistantName, view.MaxNameBytes),
		AppVersion: safe.PlainLine(o.Target.VersionID, view.MaxNameBytes), TestEnvironment: safe.PlainLine(view.APIName(o), view.MaxNameBytes), Extra: extra,
	}
}

func ctrfSummaryOf(o *outcome.Outcome, own *ctrfTest) ctrfSummary {
	s := ctrfSummary{Start: milliseconds(o.Started), Stop: max(milliseconds(o.Started), milliseconds(o.Ended)), Duration: view.WallTime(o).Milliseconds()}
	suites := map[string]bool{}
	for i := range o.Results {
		r := &o.Results[i]
		s.count(ctrfStatus(*r))
		if ctrfFlaky(*r) {
			s.Flaky++
		}
		if suite := ctrfSuite(*r); suite != "" {
			suites[suite] = true
		}
	}
	if own != nil {
		s.count(own.Status)
	}
	s.Suites = len(suites)
	return s
}

func (s *ctrfSummary) count(status string) {
	s.Tests++
	switch status {
	case ctrfPassed:
		s.Passed++
	case ctrfFailed:
		s.Failed++
	default:
		s.Skipped++
	}
}

// ctrfGateTest is the test of the gate itself, where no other shows the exit code; else nil.
func ctrfGateTest(o *outcome.Outcome) *ctrfTest {
	if o.ExitCode() == 0 {
		return nil
	}
	for i := range o.Results {
		if ctrfStatus(o.Results[i]) == ctrfFailed {
			return nil
		}
	}
	lines := []string{view.Headline(o, view.PlainHere)}
	for _, p := range o.Problems {
		lines = append(lines, safe.PlainText(p.Text, view.MaxReasonBytes))
	}
	return &ctrfTest{Name: view.GateCase, Status: ctrfFailed, RawStatus: string(o.Verdict()), Message: strings.Join(lines, "\n\n")}
}

// ctrfTestOf is the test of a result. most bounds its trace in bytes.
func ctrfTestOf(o *outcome.Outcome, r outcome.TestResult, most int) ctrfTest {
	t := ctrfTest{
		Name: view.TestName(r.Test, view.MaxNameBytes), Status: ctrfStatus(r), RawStatus: view.StateName(r.State), Duration: max(0, r.Duration().Milliseconds()),
		Retries: max(0, len(r.Attempts)-1),
		Flaky:   ctrfFlaky(r),
		Steps:   ctrfSteps(r.Test, r.Last()), Extra: ctrfTestExtra(o, r),
	}
	if uuid.MatchString(r.Test.ID) {
		t.ID = r.Test.ID
	}
	if suite := ctrfSuite(r); suite != "" {
		t.Suite = []string{suite}
	}
	if r.State != outcome.StatePassed {
		t.Message = ctrfMessage(o, r)
	}
	if t.Status == ctrfFailed {
		t.Trace = ctrfTrace(o, r, most)
	}
	t.Start, t.Stop = ctrfTimes(r.Attempts)
	for i := range max(0, len(r.Attempts)-1) {
		t.RetryAttempts = append(t.RetryAttempts, ctrfAttemptOf(i+1, r.Attempts[i]))
	}
	return t
}

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

func ctrfStatus(r outcome.TestResult) string {
	switch {
	case r.State == outcome.StatePassed:
		return ctrfPassed
	case r.Excused(), view.StateName(r.State) == string(outcome.StateNotRun) && r.SkippedByFailFast:
		return ctrfSkipped
	}
	return ctrfFailed
}

// ctrfFlaky: CTRF knows flaky for tests that passed alone; of others extra tells that their runs disagreed.
func ctrfFlaky(r outcome.TestResult) bool { return r.Flaky && r.State == outcome.StatePassed }

func ctrfSuite(r outcome.TestResult) string {
	return safe.PlainLine(view.SuiteName(&r), view.MaxNameBytes)
}

func ctrfMessage(o *outcome.Outcome, r outcome.TestResult) string {
	if r.Excused() {
		return safe.PlainText(view.WhyExcused(r)+"\n"+view.Why(r), view.MaxReasonBytes)
	}
	return safe.PlainText(view.WhyBlocking(o.Target, r), view.MaxReasonBytes)
}

// ctrfSteps are the criteria of a run. One that did not pass and was not counted is other, so that no reader counts it.
func ctrfSteps(t telnyx.Test, a outcome.Attempt) []ctrfStep {
	var steps []ctrfStep
	for _, c := range a.Criteria[:min(len(a.Criteria), view.MaxCriteria)] {
		s := ctrfStep{Name: safe.PlainLine(c.Name, view.MaxNameBytes), Extra: ctrfExtra{"status": safe.PlainLine(string(c.Status), view.MaxNameBytes)}}
		switch {
		case view.IsAdvisory(a, c.Name):
			s.Status, s.Extra["advisory"] = ctrfOther, true
		case c.Status == telnyx.StatusPassed:
			s.Status = ctrfPassed
		case c.Status == telnyx.StatusFailed:
			s.Status = ctrfFailed
		case c.Status == telnyx.StatusPending:
			s.Status = ctrfPending
		default:
			s.Status = ctrfOther
		}
		s.Extra.add("rubric", safe.CutText(view.RubricText(t, c.Name), view.MaxRubricBytes))
		steps = append(steps, s)
	}
	return steps
}

// ctrfAttemptOf is a run before a test's last. Its place in the list is its number: CTRF counts from 1.
func ctrfAttemptOf(number int, a outcome.Attempt) ctrfAttempt {
	status := ctrfFailed
	if a.State == outcome.StatePassed {
		status = ctrfPassed
	}
	out := ctrfAttempt{
		Attempt: number, Status: status, Duration: a.Duration().Milliseconds(), Message: safe.PlainText(view.AttemptReason(a), view.MaxReasonBytes),
		Extra: ctrfAttemptExtra(a),
	}
	out.Start, out.Stop = ctrfTimes([]outcome.Attempt{a})
	return out
}

func ctrfAttemptExtra(a outcome.Attempt) ctrfExtra {
	e := ctrfExtra{"state": view.StateName(a.State)}
	e.add("runId", a.RunID)
	e.add("conversationId", a.ConversationID)
	e.add("remoteStatus", string(a.RemoteStatus))
	return e
}

func ctrfTestExtra(o *outcome.Outcome, r outcome.TestResult) ctrfExtra {
	e := ctrfExtra{"attempts": len(r.Attempts), "blocking": r.Blocks()}
	e.add("testId", r.Test.ID)
	e.add("runId", r.Last().RunID)
	e.add("conversationId", r.Last().ConversationID)
	e.add("portalUrl", view.PortalLink(o, r.Test))
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

// ctrfTimes are the first and the last moment of runs, 0 where they are not known.
func ctrfTimes(attempts []outcome.Attempt) (start, stop int64) {
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

// milliseconds is a time as CTRF has it: since 1970, 0 where it is not known.
func milliseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return max(0, t.UnixMilli())
}
