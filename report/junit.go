package report

import (
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strings"

	"github.com/assistant-gate/assistant-gate/gate"
)

// Most bytes of text in JUnit XML. GitLab reads at most 30 MB a file; the logs of all tests together stay well below.
const (
	messageBytes   = 1000
	caseTextBytes  = 16 << 10
	rerunTextBytes = 2 << 10
	logBytes       = 64 << 10
	logBytesAtAll  = 12 << 20
	logBytesAlways = 512
)

// gateCase names the suite and the case that stand for the gate itself.
const gateCase = "gate"

// JUnit writes the outcome as JUnit XML: a flat list of suites by test suite, a test case for each test. A test that failed
// has a <failure>, one without a verdict an <error>, one that is excused or that fail-fast left out is <skipped>. Where the
// exit code is not 0 and no case shows it, a case named gate has an <error>; where it is 0, there is neither failure nor
// error.
func JUnit(w io.Writer, o *gate.Outcome) error {
	doc := junitDocument(o)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return errors.Join(errors.New("write the JUnit XML"), err)
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(doc); err != nil {
		return errors.Join(errors.New("write the JUnit XML"), err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// junitDocument groups the cases by suite, in the order in which the suites first appear.
func junitDocument(o *gate.Outcome) junitSuites {
	doc := junitSuites{Name: xmlLine(o.Name, nameBytes), Time: junitTime(wallTime(o).Seconds()), Timestamp: junitStamp(o.Started)}
	entries := junitEntries(o)
	giveDistinctNames(entries)
	host, properties := xmlLine(hostName(o), nameBytes), suiteProperties(o)
	index := map[string]int{}
	for _, e := range entries {
		i, ok := index[e.suite]
		if !ok {
			i = len(doc.Suites)
			index[e.suite] = i
			doc.Suites = append(doc.Suites, junitSuite{
				ID: i, Name: e.suite, Hostname: host, Timestamp: doc.Timestamp, Properties: properties,
			})
		}
		doc.Suites[i].add(e)
	}
	for _, s := range doc.Suites {
		doc.junitCounts.add(s.junitCounts)
	}
	return doc
}

// junitEntry is a test case with what decides where it goes and how it is told apart.
type junitEntry struct {
	suite, name, id string
	seconds         float64
	test            junitCase
}

// junitEntries are the cases of all results, and that of the gate itself where no other shows the exit code.
func junitEntries(o *gate.Outcome) []junitEntry {
	most := logBytes
	if n := len(o.Results); n > 0 {
		most = max(logBytesAlways, min(logBytes, logBytesAtAll/n))
	}
	var entries []junitEntry
	red := false
	for _, r := range o.Results {
		e := junitEntry{
			suite:   xmlLine(r.Test.Suite, nameBytes),
			name:    xmlLine(testName(r.Test, nameBytes), nameBytes),
			id:      xmlLine(r.Test.ID, nameBytes),
			seconds: seconds(r.Duration()),
			test:    resultCase(o, r, most),
		}
		if e.suite == "" {
			e.suite = xmlLine(o.Name, nameBytes)
		}
		red = red || e.test.Failure != nil || e.test.Error != nil
		entries = append(entries, e)
	}
	if o.ExitCode() != 0 && !red {
		entries = append(entries, gateEntry(o))
	}
	return entries
}

// gateEntry is the case that shows an exit code other than 0 where no test does.
func gateEntry(o *gate.Outcome) junitEntry {
	lines := []string{headline(o, plainHere)}
	for _, p := range o.Problems {
		lines = append(lines, p.Text)
	}
	if !o.RealTelnyx {
		lines = append(lines, notReal(o))
	}
	message := lines[0]
	if len(o.Problems) > 0 && hasContent(o.Problems[0].Text) {
		message = o.Problems[0].Text
	}
	problem := newJUnitProblem(gateErrorType(o.Verdict()), message, strings.Join(lines, "\n\n"))
	return junitEntry{suite: gateCase, name: gateCase, id: gateCase, test: junitCase{Error: problem}}
}

// gateErrorType names the kind of error. None is a type word of Ruby or of XML, which GitLab's reader would act on.
func gateErrorType(v gate.Verdict) string {
	switch v {
	case gate.VerdictInvalid:
		return "InvalidInput"
	case gate.VerdictTimedOut:
		return "Timeout"
	case gate.VerdictCancelled:
		return "Cancelled"
	}
	return "InfrastructureError"
}

func plainHere(s string) string { return plainLine(s, nameBytes) }

// hostName is where the tests ran: the host of the API.
func hostName(o *gate.Outcome) string {
	if u, err := url.Parse(o.BaseURL); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return o.BaseURL
}

func suiteProperties(o *gate.Outcome) *junitProperties {
	var p junitProperties
	p.add("telnyx.assistant_id", o.Target.AssistantID)
	p.add("telnyx.version_id", o.Target.VersionID)
	p.add("telnyx.version_name", o.Target.VersionName)
	p.add("telnyx.baseline_version", o.Target.Baseline)
	p.add("gate.verdict", string(o.Verdict()))
	if !o.RealTelnyx {
		p.add("gate.warning", notReal(o))
	}
	return p.orNil()
}
