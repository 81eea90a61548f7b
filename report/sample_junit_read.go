package report

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
func checkJUnit(t rapid.TB, o *outcome.Outcome, document []byte) {
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
