package acceptance

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/joshdk/go-junit"
)

// results is the part of NAME.json that is checked here, by the names that its readers know.
type results struct {
	Verdict  string `json:"verdict"`
	ExitCode int    `json:"exit_code"`
	Counts   counts `json:"counts"`
	Problems []struct {
		Verdict string `json:"verdict"`
		Text    string `json:"text"`
	} `json:"problems"`
	Warnings     []string     `json:"warnings"`
	RunsReplayed int          `json:"runs_replayed"`
	Tests        []resultTest `json:"tests"`
}

type counts struct {
	Total    int `json:"total"`
	Passed   int `json:"passed"`
	Failed   int `json:"failed"`
	Errored  int `json:"errored"`
	TimedOut int `json:"timed_out"`
	NotRun   int `json:"not_run"`
	Blocking int `json:"blocking"`
}

type resultTest struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Suite    string `json:"suite"`
	State    string `json:"state"`
	Attempts []struct {
		RunID    string `json:"run_id"`
		Replayed bool   `json:"replayed"`
		MayExist bool   `json:"may_exist"`
	} `json:"attempts"`
}

// verdicts are the words for the exit codes.
var verdicts = map[int]string{
	0: "passed", 1: "failed", 2: "invalid", 3: "inconclusive", 4: "timed-out", 130: "cancelled", 143: "cancelled",
}

// checkReports fails the test unless all reports are there, are well-formed and say what the exit code says.
func (e ending) checkReports(t *testing.T) results {
	t.Helper()
	files := e.files(t)
	for _, name := range []string{"TEST-" + gateName + ".xml", gateName + ".md", gateName + ".json", gateName + ".env"} {
		if len(files[name]) == 0 {
			t.Errorf("report %s is missing or empty", name)
		}
	}
	for name, content := range files {
		checkForm(t, name, content)
	}
	var r results
	if err := json.Unmarshal(files[gateName+".json"], &r); err != nil {
		t.Fatalf("results: %v", err)
	}
	if r.ExitCode != e.exit || r.Verdict != verdicts[e.exit] {
		t.Errorf("the results say %s and exit code %d, the program ended with %d", r.Verdict, r.ExitCode, e.exit)
	}
	if c := r.Counts; c.Total != len(r.Tests) || c.Total != c.Passed+c.Failed+c.Errored+c.TimedOut+c.NotRun {
		t.Errorf("the counts do not add up: %+v with %d tests", c, len(r.Tests))
	}
	if want := "GATE_VERDICT=" + r.Verdict + "\n"; !strings.Contains(string(files[gateName+".env"]), want) {
		t.Errorf("the dotenv file lacks %q:\n%s", want, files[gateName+".env"])
	}
	checkJUnit(t, files["TEST-"+gateName+".xml"], r)
	return r
}

func checkForm(t *testing.T, name string, content []byte) {
	t.Helper()
	switch filepath.Ext(name) {
	case ".json":
		if !json.Valid(content) {
			t.Errorf("%s is not JSON", name)
		}
	case ".xml":
		checkXML(t, name, content)
	case ".env":
		for line := range strings.Lines(string(content)) {
			if key, _, ok := strings.Cut(line, "="); !ok || !strings.HasPrefix(key, "GATE_") || !strings.HasSuffix(line, "\n") {
				t.Errorf("%s: %q is not an assignment", name, line)
			}
		}
	case ".md":
		if !strings.HasSuffix(string(content), "\n") {
			t.Errorf("%s is not whole: it ends with %.100q", name, content[max(0, len(content)-100):])
		}
	}
}

func checkXML(t *testing.T, name string, content []byte) {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(content))
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("%s is not XML: %v", name, err)
			return
		}
	}
}

// checkJUnit reads the JUnit file with another program's parser, which counts the cases itself, and holds it against the
// results.
func checkJUnit(t *testing.T, content []byte, r results) []junit.Suite {
	t.Helper()
	suites, err := junit.Ingest(content)
	if err != nil {
		t.Fatalf("JUnit: %v", err)
	}
	var total junit.Totals
	gateCase := 0
	for _, suite := range suites {
		total.Tests += suite.Totals.Tests
		total.Passed += suite.Totals.Passed
		total.Failed += suite.Totals.Failed
		total.Error += suite.Totals.Error
		total.Skipped += suite.Totals.Skipped
		for _, test := range suite.Tests {
			if test.Name == "gate" {
				gateCase++
			}
		}
	}
	c := r.Counts
	if total.Passed != c.Passed || total.Failed != c.Failed {
		t.Errorf("JUnit has %d passed and %d failed, the results %d and %d", total.Passed, total.Failed, c.Passed, c.Failed)
	}
	if total.Tests != c.Total+gateCase || total.Error+total.Skipped != c.Errored+c.TimedOut+c.NotRun+gateCase {
		t.Errorf("JUnit has %+v with %d gate cases, the results %+v", total, gateCase, c)
	}
	if red := total.Failed+total.Error > 0; red != (r.ExitCode != 0) {
		t.Errorf("JUnit is red: %v, the exit code is %d", red, r.ExitCode)
	}
	checkAttributes(t, content, total)
	return suites
}

// checkAttributes holds the counts that the JUnit file claims against those of its cases.
func checkAttributes(t *testing.T, content []byte, total junit.Totals) {
	t.Helper()
	var root struct {
		XMLName xml.Name
		Attrs   []xml.Attr `xml:",any,attr"`
	}
	if err := xml.Unmarshal(content, &root); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"tests": total.Tests, "failures": total.Failed, "errors": total.Error, "skipped": total.Skipped}
	for _, attr := range root.Attrs {
		count, counted := want[attr.Name.Local]
		if counted && attr.Value != strconv.Itoa(count) {
			t.Errorf("<%s %s=%q>, but the cases make %d", root.XMLName.Local, attr.Name.Local, attr.Value, count)
		}
		delete(want, attr.Name.Local)
	}
	for name := range want {
		t.Errorf("<%s> has no %s", root.XMLName.Local, name)
	}
}

// checkNoSecret fails the test where the key stands in anything that was written, in any of the forms it could take.
func (e ending) checkNoSecret(t *testing.T) {
	t.Helper()
	places := map[string]string{"stdout": e.stdout, "stderr": e.stderr}
	for name, content := range e.files(t) {
		places[name] = string(content)
	}
	forms := []string{
		testKey, url.QueryEscape(testKey), base64.StdEncoding.EncodeToString([]byte(testKey)), testKey[len(testKey)-12:],
	}
	for place, text := range places {
		for _, form := range forms {
			if strings.Contains(text, form) {
				t.Errorf("the API key, or a part of it, stands in %s", place)
			}
		}
	}
}
