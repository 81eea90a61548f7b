package view

import (
	"net/url"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// GateCase names the suite and the case that represent the gate itself.
const GateCase = "gate"

// namelessTest is what a test is called if nothing of its name or id can be seen.
const namelessTest = "test without a name"

// StateWord is a state as a word of a sentence.
func StateWord(s outcome.State) string {
	switch s {
	case outcome.StatePassed, outcome.StateFailed, outcome.StateErrored:
		return string(s)
	case outcome.StateTimedOut:
		return "timed out"
	}
	return "not run"
}

// StateName is a state as documents name it.
func StateName(s outcome.State) string {
	switch s {
	case outcome.StatePassed, outcome.StateFailed, outcome.StateErrored, outcome.StateTimedOut:
		return string(s)
	}
	return string(outcome.StateNotRun)
}

// TestName is the test's name on one line of plain text, or its id if nothing of the name can be seen.
func TestName(t telnyx.Test, maxBytes int) string {
	for _, name := range []string{t.Name, t.ID} {
		if !safe.IsBlank(name) {
			return safe.PlainLine(name, maxBytes)
		}
	}
	return namelessTest
}

// LineName is TestName for a line of a log.
func LineName(t telnyx.Test, maxColumns int) string {
	for _, name := range []string{t.Name, t.ID} {
		if line := safe.Line(name, maxColumns); line != "" {
			return line
		}
	}
	return namelessTest
}

// SuiteName is the test's suite. In an outcome of merged gates the leg comes first, which tells a test from itself in another
// leg.
func SuiteName(r *outcome.TestResult) string {
	switch {
	case r.Leg == "":
		return r.Test.Suite
	case r.Test.Suite == "":
		return r.Leg
	}
	return r.Leg + " / " + r.Test.Suite
}

// LegSuffix names the leg of a test after the test's name in a log.
func LegSuffix(r *outcome.TestResult) string {
	if r.Leg == "" {
		return ""
	}
	return " (" + safe.Line(r.Leg, 60) + ")"
}

// APIName is the API that the gate ran against.
func APIName(o *outcome.Outcome) string {
	if o.BaseURL == "" {
		return "an unknown API"
	}
	return o.BaseURL
}

// NotReal says in every report that the verdict is not about the real Telnyx.
func NotReal(o *outcome.Outcome) string {
	if o.BaseURL == "" { // a merge in which no leg could be read
		return "not the real Telnyx, as far as is known: no results say which API they were made against"
	}
	return NotRealAPI("this gate ran against " + o.BaseURL)
}

// NotRealAPI says that something else took the place of Telnyx.
func NotRealAPI(api string) string { return "not the real Telnyx: " + api }

// PortalLink is the page of the assistant that the test talks to. It is empty if the destination is not an assistant or the API
// is not the real Telnyx.
func PortalLink(o *outcome.Outcome, t telnyx.Test) string {
	id, ok := t.AssistantDestination()
	if !ok || !o.RealTelnyx || len(id) > MaxNameBytes {
		return ""
	}
	return "https://portal.telnyx.com/#/ai/assistants/edit/" + url.PathEscape(id)
}
