package junit

import (
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// The model of the JUnit XML that is written. Names and values are made safe when they are put in.

type suites struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	counts
	Timestamp string   `xml:"timestamp,attr,omitempty"`
	Suites    []*suite `xml:"testsuite"`
}

type suite struct {
	Name     string `xml:"name,attr"`
	ID       int    `xml:"id,attr"`
	Hostname string `xml:"hostname,attr,omitempty"`
	counts
	Timestamp  string      `xml:"timestamp,attr,omitempty"`
	Properties *properties `xml:"properties"`
	Cases      []*entry    `xml:"testcase"`
}

// counts are the numbers of cases, and the time that they took.
type counts struct {
	Tests    int     `xml:"tests,attr"`
	Failures int     `xml:"failures,attr"`
	Errors   int     `xml:"errors,attr"`
	Skipped  int     `xml:"skipped,attr"`
	Time     seconds `xml:"time,attr"`
}

// add counts a case that ended so.
func (c *counts) add(end caseEnd, took seconds) {
	c.Tests++
	c.Time += took
	switch end {
	case caseFailure:
		c.Failures++
	case caseError:
		c.Errors++
	case caseSkipped:
		c.Skipped++
	}
}

type testCase struct {
	Name       string      `xml:"name,attr"`
	Classname  string      `xml:"classname,attr"`
	Time       seconds     `xml:"time,attr"`
	Properties *properties `xml:"properties"`
	Failure    *problem    `xml:"failure"`
	Error      *problem    `xml:"error"`
	Skipped    *problem    `xml:"skipped"`
	Reruns     []rerun
	SystemOut  *lines `xml:"system-out"`
}

// end gives the case the element that says how it ended.
func (c *testCase) end(end caseEnd, p *problem) {
	switch end {
	case caseFailure:
		c.Failure = p
	case caseError:
		c.Error = p
	case caseSkipped:
		c.Skipped = p
	}
}

type properties struct {
	List []property `xml:"property"`
}

type property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

func (p *properties) add(name, value string) {
	if value = safe.XMLLine(value, view.MaxNameBytes); value != "" {
		p.List = append(p.List, property{Name: name, Value: value})
	}
}

func (p *properties) orNil() *properties {
	if len(p.List) == 0 {
		return nil
	}
	return p
}

// problem is a <failure>, an <error> or a <skipped>. It always has a message and a text, because some readers show only
// the one and some only the other.
type problem struct{ Type, Message, Text string }

func newProblem(kind, message, text string) *problem {
	p := &problem{Type: kind, Message: safe.XMLLine(message, view.MaxMessageBytes), Text: safe.XMLText(text, view.MaxCaseTextBytes)}
	if p.Message == "" {
		p.Message = "no reason is known"
	}
	if strings.TrimSpace(p.Text) == "" {
		p.Text = p.Message
	}
	return p
}

// MarshalXML writes the text as lines.
func (p *problem) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	if p.Type != "" {
		start.Attr = append(start.Attr, xml.Attr{Name: xml.Name{Local: "type"}, Value: p.Type})
	}
	start.Attr = append(start.Attr, xml.Attr{Name: xml.Name{Local: "message"}, Value: p.Message})
	text := lines(p.Text)
	return text.MarshalXML(e, start)
}

// rerun is a run of a test before its last, as Maven Surefire writes it: a <flakyFailure> or <flakyError> if the
// test passed in the end, otherwise a <rerunFailure> or <rerunError>. Readers do not count it.
type rerun struct {
	XMLName    xml.Name
	Type       string `xml:"type,attr"`
	Message    string `xml:"message,attr"`
	StackTrace *lines `xml:"stackTrace"`
}

func newRerun(element, kind string, a outcome.Attempt, of []outcome.Attempt) rerun {
	var text strings.Builder
	view.WriteRun(&text, view.RunOf(a, of), a, "")
	for _, c := range a.NotPassed() {
		fmt.Fprintf(&text, "\n%s: %s", c.Status, safe.PlainLine(view.CriterionName(a, c.Name), view.MaxNameBytes))
	}
	return rerun{
		XMLName:    xml.Name{Local: element},
		Type:       kind,
		Message:    safe.XMLLine(view.AttemptEnd(a), view.MaxMessageBytes),
		StackTrace: newLines(safe.XMLText(strings.TrimPrefix(text.String(), "\n"), view.MaxRerunTextBytes)),
	}
}

// lines is a text that is written as character data with its newlines as they are, which encoding/xml does for tokens only.
type lines string

// newLines takes text that is safe already.
func newLines(safe string) *lines {
	if safe == "" {
		return nil
	}
	text := lines(safe)
	return &text
}

// MarshalXML writes the text.
func (l *lines) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	for _, token := range []xml.Token{start, xml.CharData(*l), start.End()} {
		if err := e.EncodeToken(token); err != nil {
			return err
		}
	}
	return nil
}

// seconds is written with three decimals, the most that the xUnit schema allows.
type seconds float64

// MarshalText writes the number.
func (s seconds) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%.3f", float64(s)), nil }

// stamp is a time in UTC without zone and fraction, as the JUnit schemas have it.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05")
}
