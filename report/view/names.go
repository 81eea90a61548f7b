package view

import (
	"fmt"
	"net/url"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// GateCase names the suite and the case that represent the gate itself.
const GateCase = "gate"

// namelessTest replaces the name of a test whose name and id have no visible characters.
const namelessTest = "test without a name"

// StateWord returns the state as a word for a sentence.
func StateWord(s outcome.State) string {
	switch s {
	case outcome.StatePassed, outcome.StateFailed, outcome.StateErrored:
		return string(s)
	case outcome.StateTimedOut:
		return "timed out"
	}
	return "not run"
}

// TestsEnded says of several tests how they ended: "8 tests errored".
func TestsEnded(n int, s outcome.State) string {
	if s == outcome.StateNotRun {
		return fmt.Sprintf("%d tests were not run", n)
	}
	return fmt.Sprintf("%d tests %s", n, StateWord(s))
}

// StateName returns the state as the report files write it.
func StateName(s outcome.State) string {
	switch s {
	case outcome.StatePassed, outcome.StateFailed, outcome.StateErrored, outcome.StateTimedOut:
		return string(s)
	}
	return string(outcome.StateNotRun)
}

// TestName returns the test's name as one line of plain text, or its id if the name has no visible characters.
func TestName(t telnyx.Test, maxBytes int) string {
	for _, name := range []string{t.Name, t.ID} {
		if !safe.IsBlank(name) {
			return safe.PlainLine(name, maxBytes)
		}
	}
	return namelessTest
}

// LineName returns the name like TestName, but for a log line.
func LineName(t telnyx.Test, maxColumns int) string {
	for _, name := range []string{t.Name, t.ID} {
		if line := safe.Line(name, maxColumns); line != "" {
			return line
		}
	}
	return namelessTest
}

// SuiteName returns the test's suite. In merged results it starts with the leg, because the same test may be in several legs.
func SuiteName(r *outcome.TestResult) string {
	switch {
	case r.Leg == "":
		return r.Test.Suite
	case r.Test.Suite == "":
		return r.Leg
	}
	return r.Leg + " / " + r.Test.Suite
}

// LegSuffix returns the leg of a test as a suffix for the test's name in a log.
func LegSuffix(r *outcome.TestResult) string {
	if r.Leg == "" {
		return ""
	}
	return " (" + safe.Line(r.Leg, 60) + ")"
}

// APIName returns the API that the gate ran against.
func APIName(o *outcome.Outcome) string {
	if o.BaseURL == "" {
		return "an unknown API"
	}
	return o.BaseURL
}

// NotReal returns the warning for reports that the verdict is not about the real Telnyx.
func NotReal(o *outcome.Outcome) string {
	if o.BaseURL == "" { // a merge in which no leg could be read
		return "not the real Telnyx, or not known to be: no results say which API the gate ran against"
	}
	return NotRealAPI("this gate ran against " + o.BaseURL)
}

// NotRealAPI returns the warning that api is not the real Telnyx.
func NotRealAPI(api string) string { return "not the real Telnyx: " + api }

// PortalLink returns the portal page of the assistant that the test talks to. It returns nothing if the destination is not
// an assistant or the API is not the real Telnyx.
func PortalLink(o *outcome.Outcome, t telnyx.Test) string {
	id, ok := t.AssistantDestination()
	if !ok || !o.RealTelnyx || len(id) > MaxNameBytes {
		return ""
	}
	return "https://portal.telnyx.com/#/ai/assistants/edit/" + url.PathEscape(id)
}
