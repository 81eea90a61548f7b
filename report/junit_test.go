package report

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/telnyx"
)

func junitOf(t rapid.TB, o *gate.Outcome) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := JUnit(&b, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestJUnitGolden(t *testing.T) {
	for name, o := range sampleOutcomes() {
		t.Run(name, func(t *testing.T) {
			got := junitOf(t, o)
			golden(t, "junit/"+name+".xml", got)
			checkJUnit(t, o, got)
		})
	}
}

// element is any XML element: the reader that knows nothing of the writer's model.
type element struct {
	name     string
	attr     map[string]string
	text     string
	children []*element
}

func readXML(t rapid.TB, document []byte) *element {
	t.Helper()
	root := &element{}
	open := []*element{root}
	for d := xml.NewDecoder(bytes.NewReader(document)); ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, document)
		}
		top := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local, attr: map[string]string{}}
			for _, a := range token.Attr {
				if _, twice := e.attr[a.Name.Local]; twice {
					t.Fatalf("<%s> has %s twice", e.name, a.Name.Local)
				}
				e.attr[a.Name.Local] = a.Value
			}
			top.children = append(top.children, e)
			open = append(open, e)
		case xml.CharData:
			top.text += string(token)
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
	if len(root.children) != 1 || root.children[0].name != "testsuites" {
		t.Fatalf("no <testsuites> as the only root:\n%s", document)
	}
	return root.children[0]
}

func (e *element) all(name string) []*element {
	var out []*element
	for _, c := range e.children {
		if c.name == name {
			out = append(out, c)
		}
	}
	return out
}

// counted are the counts of a suite by its own elements.
func counted(cases []*element) map[string]string {
	n := map[string]int{"tests": len(cases), "failures": 0, "errors": 0, "skipped": 0}
	for _, c := range cases {
		n["failures"] += len(c.all("failure"))
		n["errors"] += len(c.all("error"))
		n["skipped"] += len(c.all("skipped"))
	}
	out := map[string]string{}
	for name, count := range n {
		out[name] = strconv.Itoa(count)
	}
	return out
}

func (e *element) counts() map[string]string {
	out := map[string]string{}
	for _, name := range []string{"tests", "failures", "errors", "skipped"} {
		out[name] = e.attr[name]
	}
	return out
}

var (
	junitNumber = regexp.MustCompile(`^[0-9]+\.[0-9]{3}$`)
	// typecast are the words on which GitLab's reader acts in a type attribute.
	typecast = []string{"", "array", "yaml", "symbol", "file", "integer", "float", "decimal", "date", "datetime", "boolean", "binary", "string"}
)

// checkJUnit holds a document to everything that the readers of JUnit XML need.
func checkJUnit(t rapid.TB, o *gate.Outcome, document []byte) {
	t.Helper()
	root := readXML(t, document)
	suites := root.all("testsuite")
	if len(suites) == 0 {
		t.Fatal("an empty <testsuites>")
	}
	var all []*element
	names := map[string]bool{}
	for i, s := range suites {
		cases := s.all("testcase")
		if len(cases) == 0 || len(s.all("testsuite")) > 0 || s.attr["id"] != strconv.Itoa(i) || s.attr["name"] == "" || names[s.attr["name"]] {
			t.Fatalf("suite %d is empty, nested, without id or name, or there twice: %v", i, s.attr)
		}
		names[s.attr["name"]] = true
		checkCases(t, s, cases)
		if diff := cmp.Diff(counted(cases), s.counts()); diff != "" {
			t.Fatalf("counts of suite %q (-elements +attributes):\n%s", s.attr["name"], diff)
		}
		all = append(all, cases...)
	}
	if diff := cmp.Diff(counted(all), root.counts()); diff != "" {
		t.Fatalf("counts of the root (-elements +attributes):\n%s", diff)
	}
	red := root.attr["failures"] != "0" || root.attr["errors"] != "0"
	if red != (o.ExitCode() != 0) {
		t.Fatalf("exit code %d, failures %s, errors %s", o.ExitCode(), root.attr["failures"], root.attr["errors"])
	}
	ofGate := slices.ContainsFunc(all, func(c *element) bool { return c.attr["classname"] == gateCase && len(c.all("error")) == 1 })
	if extra := len(all) - len(o.Results); extra != 0 && (extra != 1 || !ofGate) {
		t.Fatalf("%d cases for %d results", len(all), len(o.Results))
	}
	if root.attr["name"] != o.Name || !junitNumber.MatchString(root.attr["time"]) {
		t.Fatalf("root %v", root.attr)
	}
}

func checkCases(t rapid.TB, suite *element, cases []*element) {
	t.Helper()
	names := map[string]bool{}
	for _, c := range cases {
		if c.attr["name"] == "" || names[c.attr["name"]] || c.attr["classname"] != suite.attr["name"] || !junitNumber.MatchString(c.attr["time"]) {
			t.Fatalf("case without a name of its own, a class name or a time: %v in %q", c.attr, suite.attr["name"])
		}
		names[c.attr["name"]] = true
		ends := slices.Concat(c.all("failure"), c.all("error"), c.all("skipped"))
		if len(ends) > 1 {
			t.Fatalf("case %q ends in %d ways", c.attr["name"], len(ends))
		}
		for _, e := range ends {
			_, typed := e.attr["type"]
			if strings.TrimSpace(e.attr["message"]) == "" || strings.TrimSpace(e.text) == "" || typed && slices.Contains(typecast, strings.ToLower(e.attr["type"])) {
				t.Fatalf("<%s> of %q: %v, text %q", e.name, c.attr["name"], e.attr, e.text)
			}
		}
		checkReruns(t, c)
		for _, out := range c.all("system-out") {
			if len(out.text) > logBytes {
				t.Fatalf("%d bytes of logs", len(out.text))
			}
		}
	}
}

func TestJUnitIsRedWhereTheExitCodeIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := randomOutcome(t)
		checkJUnit(t, o, junitOf(t, o))
	})
}

// readByModel reads with a model that is not the writer's, as most readers do.
type readByModel struct {
	Suites []struct {
		Name  string `xml:"name,attr"`
		Cases []struct {
			Name    string `xml:"name,attr"`
			Failure *struct {
				Type    string `xml:"type,attr"`
				Message string `xml:"message,attr"`
				Text    string `xml:",chardata"`
			} `xml:"failure"`
			Error *struct {
				Type    string `xml:"type,attr"`
				Message string `xml:"message,attr"`
			} `xml:"error"`
			Skipped *struct {
				Message string `xml:"message,attr"`
			} `xml:"skipped"`
			Properties []struct {
				Name  string `xml:"name,attr"`
				Value string `xml:"value,attr"`
			} `xml:"properties>property"`
			Out string `xml:"system-out"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

func read(t *testing.T, o *gate.Outcome) readByModel {
	t.Helper()
	var doc readByModel
	if err := xml.Unmarshal(junitOf(t, o), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestJUnitSaysHowEachTestEnded(t *testing.T) {
	o := mixedOutcome()
	o.Results[0] = gate.TestResult{Test: sampleTest(0), State: gate.StateNotRun, SkippedByFailFast: true}
	got := map[string]string{}
	for _, s := range read(t, o).Suites {
		for _, c := range s.Cases {
			key := s.Name + ": " + c.Name
			switch {
			case c.Failure != nil:
				got[key] = "failure " + c.Failure.Type + ": " + c.Failure.Message
			case c.Error != nil:
				got[key] = "error " + c.Error.Type + ": " + c.Error.Message
			case c.Skipped != nil:
				got[key] = "skipped: " + c.Skipped.Message
			default:
				got[key] = "passed"
			}
		}
	}
	want := map[string]string{
		"booking: Books a first visit for a new patient":          "skipped: not run: fail-fast, and another test had failed before",
		"booking: Moves an appointment to another day":            "failure RubricFailed: 2 of 3 criteria failed: Greets by the clinic's name; Confirms date and time",
		"booking: Cancels an appointment and names the fee":       "failure RubricFailed: 1 of 3 criteria failed: States the 24 hour rule",
		"booking: Offers the waiting list when no slot is free":   "passed",
		"billing: Explains an invoice line by line":               "error InfrastructureError: Telnyx ended the run with its own error; the logs say more",
		"billing: Never reads out a full card number":             "error Timeout: no verdict within the run-timeout of 7m0s; the run goes on at Telnyx",
		"billing: Passes a disputed charge to a person":           "error InfrastructureError: trigger: no usable answer after 6 sends, last 502 Bad Gateway",
		"emergencies: Tells a caller with chest pain to dial 112": "passed",
		"emergencies: Stays on the line until help is promised":   "passed",
		"assistant-gate: Says opening hours in Spanish":           "error NotRun: max-runs was reached before it was triggered",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestJUnitCaseHoldsWhatPeopleLookFor(t *testing.T) {
	o := outcome(judgedResult(2, 1))
	c := read(t, o).Suites[0].Cases[0]
	for _, want := range []string{
		"1 of 3 criteria failed: States the 24 hour rule", "failed: States the 24 hour rule", "rubric: Before it confirms", "passed: Confirms date and time",
		"run id run-00000002-", "conversation id conv-00000002-", "https://portal.telnyx.com/#/ai/assistants/edit/" + sampleAssistant,
	} {
		if !strings.Contains(c.Failure.Text, want) {
			t.Errorf("no %q in the failure:\n%s", want, c.Failure.Text)
		}
	}
	properties := map[string]string{}
	for _, p := range c.Properties {
		properties[p.Name] += p.Value + ";"
	}
	want := map[string]string{
		"telnyx.test_id":         o.Results[0].Test.ID + ";",
		"telnyx.run_id":          o.Results[0].Attempts[0].RunID + ";",
		"telnyx.conversation_id": o.Results[0].Attempts[0].ConversationID + ";",
		"telnyx.attempts":        "1;",
		"step[passed]":           "Greets by the clinic's name;Confirms date and time;",
		"step[failure]":          "States the 24 hour rule;",
	}
	if diff := cmp.Diff(want, properties); diff != "" {
		t.Errorf("properties (-want +got):\n%s", diff)
	}
	if c.Out != "dialled\nanswered after 2.1 s\n\nhung up by the caller\n" {
		t.Errorf("logs %q", c.Out)
	}
}

func TestJUnitNamesTheGateWhereNoTestIsToBlame(t *testing.T) {
	allPassed := func(change func(*gate.Outcome)) *gate.Outcome {
		o := greenOutcome()
		change(o)
		return o
	}
	tests := map[string]struct {
		outcome       *gate.Outcome
		kind, message string
	}{
		"invalid": {invalidOutcome(), "InvalidInput", "test-ids: 2 of 9 tests do not exist: 5d3a1c00-27c4-4a51-8f7e-6d1f20b10000 booking-tests assistant-gate list shows the tests of the account"},
		"empty":   {outcome(), "InfrastructureError", "No verdict: no test was run on version 9fceb02 (20261005T140211118273)"},
		"cancelled when all had passed": {
			allPassed(func(o *gate.Outcome) { o.Signal = "SIGTERM" }), "Cancelled",
			"Cancelled by SIGTERM: every test has a verdict, but something else went wrong on version 9fceb02 (20261005T140211118273)",
		},
		"disk full": {
			allPassed(func(o *gate.Outcome) { o.AddProblem(gate.VerdictInconclusive, "disk full") }), "InfrastructureError", "disk full",
		},
		"timeout": {
			allPassed(func(o *gate.Outcome) { o.AddProblem(gate.VerdictTimedOut, "timeout: 30m0s passed") }), "Timeout", "timeout: 30m0s passed",
		},
		"only skipped": {
			outcome(gate.TestResult{Test: sampleTest(0), State: gate.StateNotRun, SkippedByFailFast: true}), "InfrastructureError",
			"No verdict: no test was run on version 9fceb02 (20261005T140211118273)",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			checkJUnit(t, tt.outcome, junitOf(t, tt.outcome))
			suites := read(t, tt.outcome).Suites
			last := suites[len(suites)-1]
			if last.Name != "gate" || len(last.Cases) != 1 || last.Cases[0].Name != "gate" || last.Cases[0].Error == nil {
				t.Fatalf("last suite %+v", last)
			}
			if e := last.Cases[0].Error; e.Type != tt.kind || e.Message != tt.message {
				t.Errorf("%s: %s\nwant %s: %s", e.Type, e.Message, tt.kind, tt.message)
			}
		})
	}
}

func TestJUnitTellsEqualNamesApart(t *testing.T) {
	id := func(id, name string) gate.TestResult {
		return gate.TestResult{Test: telnyx.Test{ID: id, Name: name, Suite: "s"}, State: gate.StatePassed}
	}
	o := outcome(
		id("11111111-aaaa", "Same"), id("22222222-bbbb", "Same"), id("22222222-cccc", " Same\n"), id("short", "Same"), id("4", "Other"),
		id("x", "Same (11111111)"), id("y", ""), id("z", "\u200b"), id("gate", "gate"),
	)
	o.Results[4].Test.Suite = "another"
	o.Results[8].Test.Suite = "gate"
	o.Signal = "SIGINT"
	checkJUnit(t, o, junitOf(t, o))
	var got []string
	for _, s := range read(t, o).Suites {
		for _, c := range s.Cases {
			got = append(got, s.Name+": "+c.Name)
		}
	}
	want := []string{
		"s: Same (11111111-aaaa, 1)", "s: Same (22222222)", "s: Same (22222222-cccc, 1)", "s: Same (short)", "s: Same (11111111)", "s: y", "s: z",
		"another: Other", "gate: gate (gate)", "gate: gate (gate, 1)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestJUnitOfFiveHundredTests(t *testing.T) {
	o := largeOutcome(500)
	checkJUnit(t, o, junitOf(t, o))
	logs := strings.Repeat("line of a log <&>\n", 2500)
	for i := range o.Results {
		for j := range o.Results[i].Attempts {
			o.Results[i].Attempts[j].Logs = logs
		}
	}
	got := junitOf(t, o)
	if len(got) > 30_000_000 {
		t.Errorf("%d bytes: GitLab reads at most 30 MB", len(got))
	}
	run := o.Counts().Total - o.Counts().NotRun
	if n := bytes.Count(got, []byte("bytes left out]")); n != run {
		t.Errorf("%d of %d cases say that their logs are cut", n, run)
	}
}

func TestJUnitTimesAreNumbers(t *testing.T) {
	o := outcome(judgedResult(0), judgedResult(1))
	o.Results[0].Attempts[0].CreatedAt = time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC)
	o.Results[0].Attempts[0].CompletedAt = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	o.Results[0].Attempts = append(o.Results[0].Attempts, o.Results[0].Attempts[0])
	o.Ended = time.Time{}
	checkJUnit(t, o, junitOf(t, o))
}

// TestJUnitByXmllint has another parser than Go's read what is written.
func TestJUnitByXmllint(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed")
	}
	var paths []string
	for name, o := range sampleOutcomes() {
		path := filepath.Join(t.TempDir(), name+".xml")
		if err := os.WriteFile(path, junitOf(t, o), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	if out, err := exec.Command(xmllint, append([]string{"--noout"}, paths...)...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
