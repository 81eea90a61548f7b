// Package junit writes the outcome as JUnit XML.
package junit

import (
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// Write writes the outcome as JUnit XML: a flat list of suites by test suite, a test case for each test. A test that failed
// has a <failure>, one without a verdict an <error>, one that is excused or that fail-fast left out is <skipped>. If the
// exit code is not 0 and no case shows it, a case named gate has an <error>. If it is 0, there is neither failure nor error.
func Write(w io.Writer, o *outcome.Outcome) error {
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	_, err := io.WriteString(w, xml.Header)
	if err == nil {
		err = e.Encode(newSuites(o))
	}
	if err == nil {
		_, err = io.WriteString(w, "\n")
	}
	if err != nil {
		return errors.Join(errors.New("write the JUnit XML"), err)
	}
	return nil
}

// newSuites groups the cases by suite, in the order in which the suites first appear, and counts them.
func newSuites(o *outcome.Outcome) *suites {
	doc := &suites{Name: safe.XMLLine(o.Name, view.MaxNameBytes), Timestamp: stamp(o.Started)}
	host, properties := safe.XMLLine(hostName(o), view.MaxNameBytes), suiteProperties(o)
	byName := map[string]*suite{}
	for _, c := range newEntries(o) {
		s := byName[c.suite]
		if s == nil {
			s = &suite{ID: len(doc.Suites), Name: c.suite, Hostname: host, Timestamp: doc.Timestamp, Properties: properties}
			byName[c.suite] = s
			doc.Suites = append(doc.Suites, s)
		}
		s.Cases = append(s.Cases, c)
		s.add(c.end, c.seconds)
		doc.add(c.end, c.seconds)
	}
	doc.Time = seconds(view.WallTime(o).Seconds())
	return doc
}

// entry is a test case before it is written: the suite it is in, its name, and how it counts. The rest of it is made when
// it is written, so that only one case is in memory as a whole.
type entry struct {
	suite, name, id string
	seconds         seconds
	end             caseEnd
	outcome         *outcome.Outcome
	result          *outcome.TestResult // nil: the case of the gate itself
	maxLog          int                 // bytes of conversations and logs
}

// newEntries are the cases of all results, and that of the gate itself if no other shows the exit code.
func newEntries(o *outcome.Outcome) []*entry {
	entries := make([]*entry, 0, len(o.Results)+1)
	maxLog := max(view.MinLogBytes, min(view.MaxLogBytes, view.MaxTotalLogBytes/max(1, len(o.Results))))
	red := false
	for i := range o.Results {
		r := &o.Results[i]
		e := &entry{
			suite:   safe.XMLLine(view.SuiteName(r), view.MaxNameBytes),
			name:    safe.XMLLine(view.TestName(r.Test, view.MaxNameBytes), view.MaxNameBytes),
			id:      safe.XMLLine(r.Test.ID, view.MaxNameBytes),
			seconds: seconds(view.Seconds(r.Duration())),
			outcome: o, result: r, maxLog: maxLog,
		}
		if e.suite == "" {
			e.suite = safe.XMLLine(o.Name, view.MaxNameBytes)
		}
		e.end, _ = caseEndOf(*r)
		red = red || e.end == caseFailure || e.end == caseError
		entries = append(entries, e)
	}
	if o.ExitCode() != 0 && !red {
		entries = append(entries, &entry{suite: view.GateCase, name: view.GateCase, id: view.GateCase, end: caseError, outcome: o})
	}
	giveDistinctNames(entries)
	return entries
}

// MarshalXML makes the case and writes it.
func (e *entry) MarshalXML(to *xml.Encoder, start xml.StartElement) error {
	var c testCase
	if e.result == nil {
		c.Error = gateProblem(e.outcome)
	} else {
		c = resultCase(e.outcome, e.result.WithTexts(), e.maxLog)
	}
	c.Name, c.Classname, c.Time = e.name, e.suite, e.seconds
	return to.EncodeElement(c, start)
}

// gateProblem shows an exit code other than 0 that no test shows.
func gateProblem(o *outcome.Outcome) *problem {
	lines := []string{view.Headline(o).Plain()}
	for _, p := range o.Problems {
		lines = append(lines, p.Text)
	}
	if !o.RealTelnyx {
		lines = append(lines, view.NotReal(o))
	}
	message := lines[0]
	if len(o.Problems) > 0 && !safe.IsBlank(o.Problems[0].Text) {
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

func suiteProperties(o *outcome.Outcome) *properties {
	var p properties
	p.add("telnyx.assistant_id", o.Target.AssistantID)
	p.add("telnyx.version_id", o.Target.VersionID)
	p.add("telnyx.version_name", o.Target.VersionName)
	p.add("telnyx.baseline_version", o.Target.Baseline)
	p.add("gate.verdict", string(o.Verdict()))
	p.add("gate.selection", view.OnlyLastFailed(o.LastFailed).Plain())
	if !o.RealTelnyx {
		p.add("gate.warning", view.NotReal(o))
	}
	return p.orNil()
}
