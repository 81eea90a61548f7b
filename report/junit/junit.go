// Package junit writes the outcome as JUnit XML.
package junit

import (
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// Write writes the outcome as JUnit XML: a flat list of suites by test suite, a test case for each test. A test that failed
// has a <failure>, one without a verdict an <error>, one that is excused or that fail-fast left out is <skipped>. Where the
// exit code is not 0 and no case shows it, a case named gate has an <error>; where it is 0, there is neither failure nor
// error.
func Write(w io.Writer, o *outcome.Outcome) error {
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	_, err := io.WriteString(w, xml.Header)
	if err == nil {
		err = writeSuites(e, o, junitDocument(o))
	}
	if err == nil {
		err = e.Close()
	}
	if err == nil {
		_, err = io.WriteString(w, "\n")
	}
	if err != nil {
		return errors.Join(errors.New("write the JUnit XML"), err)
	}
	return nil
}

// writeSuites writes the document case by case, so that only one of them is in memory in that form.
func writeSuites(e *xml.Encoder, o *outcome.Outcome, doc junitSuites) error {
	root := xml.StartElement{Name: xml.Name{Local: "testsuites"}, Attr: []xml.Attr{attribute("name", doc.Name)}}
	root.Attr = append(append(root.Attr, doc.attributes()...), attribute("time", junitTime(view.WallTime(o).Seconds())))
	root.Attr = withStamp(root.Attr, doc.Timestamp)
	if err := e.EncodeToken(root); err != nil {
		return err
	}
	most := view.MaxLogBytes
	if n := len(o.Results); n > 0 {
		most = max(view.MinLogBytes, min(view.MaxLogBytes, view.MaxLogBytesOfAll/n))
	}
	for _, s := range doc.Suites {
		if err := writeSuite(e, o, s, most); err != nil {
			return err
		}
	}
	return e.EncodeToken(root.End())
}

func writeSuite(e *xml.Encoder, o *outcome.Outcome, s *junitSuite, most int) error {
	start := xml.StartElement{Name: xml.Name{Local: "testsuite"}, Attr: []xml.Attr{attribute("name", s.Name), attribute("id", strconv.Itoa(s.ID))}}
	if s.Hostname != "" {
		start.Attr = append(start.Attr, attribute("hostname", s.Hostname))
	}
	start.Attr = append(append(start.Attr, s.attributes()...), attribute("time", junitTime(s.seconds)))
	start.Attr = withStamp(start.Attr, s.Timestamp)
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	if s.Properties != nil {
		if err := e.EncodeElement(s.Properties, xml.StartElement{Name: xml.Name{Local: "properties"}}); err != nil {
			return err
		}
	}
	for _, entry := range s.Entries {
		if err := e.Encode(entry.testcase(o, most)); err != nil {
			return err
		}
	}
	return e.EncodeToken(start.End())
}

func withStamp(attributes []xml.Attr, stamp string) []xml.Attr {
	if stamp == "" {
		return attributes
	}
	return append(attributes, attribute("timestamp", stamp))
}

// junitDocument groups the cases by suite, in the order in which the suites first appear, and counts them.
func junitDocument(o *outcome.Outcome) junitSuites {
	doc := junitSuites{Name: safe.XMLLine(o.Name, view.MaxNameBytes), Timestamp: junitStamp(o.Started)}
	entries := junitEntries(o)
	giveDistinctNames(entries)
	host, properties := safe.XMLLine(hostName(o), view.MaxNameBytes), suiteProperties(o)
	suites := map[string]*junitSuite{}
	for i := range entries {
		e := &entries[i]
		s := suites[e.suite]
		if s == nil {
			s = &junitSuite{ID: len(doc.Suites), Name: e.suite, Hostname: host, Timestamp: doc.Timestamp, Properties: properties}
			suites[e.suite] = s
			doc.Suites = append(doc.Suites, s)
		}
		s.Entries = append(s.Entries, e)
		s.add(e.end, e.seconds)
		doc.add(e.end, e.seconds)
	}
	return doc
}

// junitEntry is what of a test case decides where it goes, how it is told apart and how it counts. The rest is made when it
// is written.
type junitEntry struct {
	suite, name, id string
	seconds         float64
	end             caseEnd
	result          *outcome.TestResult // nil: the case of the gate itself
}

// junitEntries are the cases of all results, and that of the gate itself where no other shows the exit code.
func junitEntries(o *outcome.Outcome) []junitEntry {
	entries := make([]junitEntry, 0, len(o.Results)+1)
	red := false
	for i := range o.Results {
		r := &o.Results[i]
		e := junitEntry{
			suite:   safe.XMLLine(view.SuiteName(r), view.MaxNameBytes),
			name:    safe.XMLLine(view.TestName(r.Test, view.MaxNameBytes), view.MaxNameBytes),
			id:      safe.XMLLine(r.Test.ID, view.MaxNameBytes),
			seconds: view.Seconds(r.Duration()),
			result:  r,
		}
		if e.suite == "" {
			e.suite = safe.XMLLine(o.Name, view.MaxNameBytes)
		}
		e.end, _ = caseEndOf(*r)
		red = red || e.end == caseFailure || e.end == caseError
		entries = append(entries, e)
	}
	if o.ExitCode() != 0 && !red {
		entries = append(entries, junitEntry{suite: view.GateCase, name: view.GateCase, id: view.GateCase, end: caseError})
	}
	return entries
}

// testcase is the whole case. most bounds its conversations and logs in bytes.
func (e *junitEntry) testcase(o *outcome.Outcome, most int) junitCase {
	var c junitCase
	if e.result == nil {
		c.Error = gateProblem(o)
	} else {
		c = resultCase(o, e.result.WithTexts(), most)
	}
	c.Name, c.Classname, c.Time = e.name, e.suite, junitTime(e.seconds)
	return c
}

// gateProblem shows an exit code other than 0 where no test does.
func gateProblem(o *outcome.Outcome) *junitProblem {
	lines := []string{view.Headline(o, view.PlainHere)}
	for _, p := range o.Problems {
		lines = append(lines, p.Text)
	}
	if !o.RealTelnyx {
		lines = append(lines, view.NotReal(o))
	}
	message := lines[0]
	if len(o.Problems) > 0 && safe.HasContent(o.Problems[0].Text) {
		message = o.Problems[0].Text
	}
	return newProblem(gateErrorType(o.Verdict()), message, strings.Join(lines, "\n\n"))
}

// gateErrorType names the kind of error. None is a type word of Ruby or of XML, which GitLab's reader would act on.
func gateErrorType(v outcome.Verdict) string {
	switch v {
	case outcome.VerdictInvalid:
		return "InvalidInput"
	case outcome.VerdictTimedOut:
		return "Timeout"
	case outcome.VerdictCancelled:
		return "Cancelled"
	}
	return "InfrastructureError"
}

// hostName is where the tests ran: the host of the API.
func hostName(o *outcome.Outcome) string {
	if u, err := url.Parse(o.BaseURL); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return o.BaseURL
}

func suiteProperties(o *outcome.Outcome) *junitProperties {
	var p junitProperties
	p.add("telnyx.assistant_id", o.Target.AssistantID)
	p.add("telnyx.version_id", o.Target.VersionID)
	p.add("telnyx.version_name", o.Target.VersionName)
	p.add("telnyx.baseline_version", o.Target.Baseline)
	p.add("gate.verdict", string(o.Verdict()))
	if !o.RealTelnyx {
		p.add("gate.warning", view.NotReal(o))
	}
	return p.orNil()
}
