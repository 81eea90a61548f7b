package junit

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// The model of the JUnit XML that is written. Names and values are made safe when they are put in.

// junitSuites is the root: all counts are known before the first suite is written.
type junitSuites struct {
	Name      string
	Timestamp string
	junitCounts
	Suites []*junitSuite
}

type junitSuite struct {
	Name       string
	ID         int
	Hostname   string
	Timestamp  string
	Properties *junitProperties
	junitCounts
	Entries []*junitEntry
}

// junitCounts are the numbers of cases, and the time that they took in seconds.
type junitCounts struct {
	tests, failures, errors, skipped int
	seconds                          float64
}

// attributes are the counts as attributes.
func (c junitCounts) attributes() []xml.Attr {
	return []xml.Attr{
		attribute("tests", strconv.Itoa(c.tests)), attribute("failures", strconv.Itoa(c.failures)),
		attribute("errors", strconv.Itoa(c.errors)), attribute("skipped", strconv.Itoa(c.skipped)),
	}
}

func attribute(name, value string) xml.Attr {
	return xml.Attr{Name: xml.Name{Local: name}, Value: value}
}

type junitCase struct {
	XMLName    xml.Name         `xml:"testcase"`
	Name       string           `xml:"name,attr"`
	Classname  string           `xml:"classname,attr"`
	Time       string           `xml:"time,attr"`
	Properties *junitProperties `xml:"properties"`
	Failure    *junitProblem    `xml:"failure"`
	Error      *junitProblem    `xml:"error"`
	Skipped    *junitProblem    `xml:"skipped"`
	Reruns     []junitRerun
	SystemOut  *junitText `xml:"system-out"`
}

// end gives the case the element that says how it ended.
func (c *junitCase) end(end caseEnd, p *junitProblem) {
	switch end {
	case caseFailure:
		c.Failure = p
	case caseError:
		c.Error = p
	case caseSkipped:
		c.Skipped = p
	}
}

type junitProperties struct {
	List []junitProperty `xml:"property"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

// junitProblem is a <failure>, an <error> or a <skipped>. It has message and text always, because some readers show only
// the one and some only the other.
type junitProblem struct {
	Type    string
	Message string
	Text    string
}

// junitRerun is a run of a test before its last, as Maven Surefire writes it: a <flakyFailure> or <flakyError> where the
// test passed in the end, else a <rerunFailure> or <rerunError>. Readers do not count it.
type junitRerun struct {
	XMLName    xml.Name
	Type       string     `xml:"type,attr"`
	Message    string     `xml:"message,attr"`
	StackTrace *junitText `xml:"stackTrace"`
}

func newJUnitRerun(element, kind string, a outcome.Attempt) junitRerun {
	var text strings.Builder
	view.WriteRun(&text, fmt.Sprintf("attempt %d", a.Number), a, "")
	for _, c := range view.NotPassed(a) {
		fmt.Fprintf(&text, "\n%s: %s", c.Status, safe.PlainLine(view.CriterionName(a, c.Name), view.MaxNameBytes))
	}
	return junitRerun{
		XMLName:    xml.Name{Local: element},
		Type:       kind,
		Message:    safe.XMLLine(view.AttemptEnd(a), view.MaxMessageBytes),
		StackTrace: newJUnitText(safe.XMLText(strings.TrimPrefix(text.String(), "\n"), view.MaxRerunBytes)),
	}
}

type junitText string

func newProblem(kind, message, text string) *junitProblem {
	p := &junitProblem{Type: kind, Message: safe.XMLLine(message, view.MaxMessageBytes), Text: safe.XMLText(text, view.MaxCaseBytes)}
	if p.Message == "" {
		p.Message = "no reason is known"
	}
	if strings.TrimSpace(p.Text) == "" {
		p.Text = p.Message
	}
	return p
}

// newJUnitText takes text that is safe already.
func newJUnitText(safe string) *junitText {
	if safe == "" {
		return nil
	}
	text := junitText(safe)
	return &text
}

// MarshalXML writes the text as character data with its newlines as they are, which encoding/xml does for tokens only.
func (p *junitProblem) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	start.Attr = []xml.Attr{{Name: xml.Name{Local: "message"}, Value: p.Message}}
	if p.Type != "" {
		kind := xml.Attr{Name: xml.Name{Local: "type"}, Value: p.Type}
		start.Attr = append([]xml.Attr{kind}, start.Attr...)
	}
	return writeText(e, start, p.Text)
}

// MarshalXML writes the text as character data with its newlines as they are.
func (t *junitText) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return writeText(e, start, string(*t))
}

func writeText(e *xml.Encoder, start xml.StartElement, text string) error {
	for _, token := range []xml.Token{start, xml.CharData(text), start.End()} {
		if err := e.EncodeToken(token); err != nil {
			return err
		}
	}
	return nil
}

// add counts a case that ended so.
func (c *junitCounts) add(end caseEnd, seconds float64) {
	c.tests++
	c.seconds += seconds
	switch end {
	case caseFailure:
		c.failures++
	case caseError:
		c.errors++
	case caseSkipped:
		c.skipped++
	}
}

func (p *junitProperties) add(name, value string) {
	if value = safe.XMLLine(value, view.MaxNameBytes); value != "" {
		p.List = append(p.List, junitProperty{Name: name, Value: value})
	}
}

func (p *junitProperties) orNil() *junitProperties {
	if len(p.List) == 0 {
		return nil
	}
	return p
}

// junitTime is a number of seconds with three decimals, the most that the xUnit schema allows.
func junitTime(seconds float64) string { return fmt.Sprintf("%.3f", seconds) }

// junitStamp is a time in UTC without zone and fraction, as the JUnit schemas have it.
func junitStamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05")
}

// giveDistinctNames changes the names of entries that are called alike in the same suite, because readers take two cases
// of one name for one case. All of them get the beginning of their id, so that no name depends on the order.
func giveDistinctNames(entries []junitEntry) {
	type key struct{ suite, name string }
	times := map[key]int{}
	for _, e := range entries {
		times[key{e.suite, e.name}]++
	}
	taken := map[key]bool{}
	for k, n := range times {
		taken[k] = n == 1
	}
	for i := range entries {
		e := &entries[i]
		if times[key{e.suite, e.name}] == 1 {
			continue
		}
		base := e.name
		e.name = base + " (" + shortID(e.id) + ")"
		for n := 1; taken[key{e.suite, e.name}]; n++ {
			e.name = fmt.Sprintf("%s (%s, %d)", base, e.id, n)
		}
		taken[key{e.suite, e.name}] = true
	}
}

// shortID is the part of an id that people tell ids apart by.
func shortID(id string) string {
	short, _, _ := strings.Cut(id, "-")
	if len(short) >= 8 {
		return short[:8]
	}
	if len(id) > 8 {
		return strings.ToValidUTF8(id[:8], "")
	}
	return id
}
