package sample

import (
	"bytes"
	"encoding/xml"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Element is any XML element: the reader that knows nothing of the writer's model.
type Element struct {
	Name     string
	Attr     map[string]string
	Text     string
	Children []*Element
}

func ReadXML(t rapid.TB, document []byte) *Element {
	t.Helper()
	root := &Element{}
	open := []*Element{root}
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
			e := &Element{Name: token.Name.Local, Attr: map[string]string{}}
			for _, a := range token.Attr {
				if _, twice := e.Attr[a.Name.Local]; twice {
					t.Fatalf("<%s> has %s twice", e.Name, a.Name.Local)
				}
				e.Attr[a.Name.Local] = a.Value
			}
			top.Children = append(top.Children, e)
			open = append(open, e)
		case xml.CharData:
			top.Text += string(token)
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
	if len(root.Children) != 1 || root.Children[0].Name != "testsuites" {
		t.Fatalf("no <testsuites> as the only root:\n%s", document)
	}
	return root.Children[0]
}

func (e *Element) All(name string) []*Element {
	var out []*Element
	for _, c := range e.Children {
		if c.Name == name {
			out = append(out, c)
		}
	}
	return out
}

// counted are the counts of a suite by its own elements.
func counted(cases []*Element) map[string]string {
	n := map[string]int{"tests": len(cases), "failures": 0, "errors": 0, "skipped": 0}
	for _, c := range cases {
		n["failures"] += len(c.All("failure"))
		n["errors"] += len(c.All("error"))
		n["skipped"] += len(c.All("skipped"))
	}
	out := map[string]string{}
	for name, count := range n {
		out[name] = strconv.Itoa(count)
	}
	return out
}

func (e *Element) counts() map[string]string {
	out := map[string]string{}
	for _, name := range []string{"tests", "failures", "errors", "skipped"} {
		out[name] = e.Attr[name]
	}
	return out
}

var (
	junitNumber = regexp.MustCompile(`^[0-9]+\.[0-9]{3}$`)
	// Typecast are the words on which GitLab's reader acts in a type attribute.
	Typecast = []string{"", "array", "yaml", "symbol", "file", "integer", "float", "decimal", "date", "datetime", "boolean", "binary", "string"}
)

// CheckJUnit checks that a document has everything that the readers of JUnit XML need.
func CheckJUnit(t rapid.TB, o *outcome.Outcome, document []byte) {
	t.Helper()
	root := ReadXML(t, document)
	suites := root.All("testsuite")
	if len(suites) == 0 {
		t.Fatal("an empty <testsuites>")
	}
	var all []*Element
	names := map[string]bool{}
	for i, s := range suites {
		cases := s.All("testcase")
		if len(cases) == 0 || len(s.All("testsuite")) > 0 || s.Attr["id"] != strconv.Itoa(i) || s.Attr["name"] == "" || names[s.Attr["name"]] {
			t.Fatalf("suite %d is empty, nested, without id or name, or there twice: %v", i, s.Attr)
		}
		names[s.Attr["name"]] = true
		checkCases(t, s, cases)
		if diff := cmp.Diff(counted(cases), s.counts()); diff != "" {
			t.Fatalf("counts of suite %q (-elements +attributes):\n%s", s.Attr["name"], diff)
		}
		all = append(all, cases...)
	}
	if diff := cmp.Diff(counted(all), root.counts()); diff != "" {
		t.Fatalf("counts of the root (-elements +attributes):\n%s", diff)
	}
	red := root.Attr["failures"] != "0" || root.Attr["errors"] != "0"
	if red != (o.ExitCode() != 0) {
		t.Fatalf("exit code %d, failures %s, errors %s", o.ExitCode(), root.Attr["failures"], root.Attr["errors"])
	}
	ofGate := slices.ContainsFunc(all, func(c *Element) bool { return c.Attr["classname"] == gateCase && len(c.All("error")) == 1 })
	if extra := len(all) - len(o.Results); extra != 0 && (extra != 1 || !ofGate) {
		t.Fatalf("%d cases for %d results", len(all), len(o.Results))
	}
	if root.Attr["name"] != o.Name || !junitNumber.MatchString(root.Attr["time"]) {
		t.Fatalf("root %v", root.Attr)
	}
}

func checkCases(t rapid.TB, suite *Element, cases []*Element) {
	t.Helper()
	names := map[string]bool{}
	for _, c := range cases {
		if c.Attr["name"] == "" || names[c.Attr["name"]] || c.Attr["classname"] != suite.Attr["name"] || !junitNumber.MatchString(c.Attr["time"]) {
			t.Fatalf("case without a name of its own, a class name or a time: %v in %q", c.Attr, suite.Attr["name"])
		}
		names[c.Attr["name"]] = true
		ends := slices.Concat(c.All("failure"), c.All("error"), c.All("skipped"))
		if len(ends) > 1 {
			t.Fatalf("case %q ends in %d ways", c.Attr["name"], len(ends))
		}
		for _, e := range ends {
			_, typed := e.Attr["type"]
			if strings.TrimSpace(e.Attr["message"]) == "" || strings.TrimSpace(e.Text) == "" || typed && slices.Contains(Typecast, strings.ToLower(e.Attr["type"])) {
				t.Fatalf("<%s> of %q: %v, text %q", e.Name, c.Attr["name"], e.Attr, e.Text)
			}
		}
		checkReruns(t, c)
		for _, out := range c.All("system-out") {
			if len(out.Text) > logBytes {
				t.Fatalf("%d bytes of logs", len(out.Text))
			}
		}
	}
}

// checkReruns checks the runs before the last as their readers understand them: none of them counts as an end, a
// flaky one means that the case passed in the end, and a rerun that it did not.
func checkReruns(t rapid.TB, c *Element) {
	t.Helper()
	ended := len(c.All("failure")) + len(c.All("error"))
	for _, e := range c.Children {
		flaky, rerun := strings.HasPrefix(e.Name, "flaky"), strings.HasPrefix(e.Name, "rerun")
		if !flaky && !rerun {
			continue
		}
		if !slices.Contains([]string{"flakyFailure", "flakyError", "rerunFailure", "rerunError"}, e.Name) {
			t.Fatalf("<%s> is none of Surefire's elements", e.Name)
		}
		if len(c.All("skipped")) > 0 || flaky == (ended > 0) {
			t.Fatalf("<%s> in a case with %d failures and errors, %d skipped", e.Name, ended, len(c.All("skipped")))
		}
		trace := e.All("stackTrace")
		if len(trace) != 1 || strings.TrimSpace(trace[0].Text) == "" || strings.TrimSpace(e.Attr["message"]) == "" || slices.Contains(Typecast, strings.ToLower(e.Attr["type"])) {
			t.Fatalf("<%s>: %v without a type, a message or a text", e.Name, e.Attr)
		}
	}
}

// gateCase names the case of the gate itself.
const gateCase = "gate"

// logBytes is the maximum size of a case's logs.
const logBytes = 64 << 10
