package faults

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/report/results"
)

// reports are the reports of an execution as their readers read them.
type reports struct {
	results results.File
	junit   junitFile
	dotenv  map[string]string
	summary string            // Markdown
	outputs map[string]string // step outputs; nil outside GitHub
}

// junitFile is a JUnit file as a CI system reads it.
type junitFile struct {
	XMLName  xml.Name `xml:"testsuites"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Skipped  int      `xml:"skipped,attr"`
	Suites   []struct {
		Name  string      `xml:"name,attr"`
		Cases []junitCase `xml:"testcase"`
	} `xml:"testsuite"`
}

type junitCase struct {
	Name    string     `xml:"name,attr"`
	Failure *junitText `xml:"failure"`
	Error   *junitText `xml:"error"`
	Skipped *junitText `xml:"skipped"`
}

type junitText struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// kind is the result of a case to a CI system.
func (c junitCase) kind() string {
	switch {
	case c.Failure != nil:
		return "failure"
	case c.Error != nil:
		return "error"
	case c.Skipped != nil:
		return "skipped"
	}
	return "passed"
}

// kinds are the results of all cases in order; that of the gate itself has a prefix.
func (j junitFile) kinds() []string {
	var kinds []string
	for _, suite := range j.Suites {
		for _, c := range suite.Cases {
			kind := c.kind()
			if suite.Name == "gate" {
				kind = "gate:" + kind
			}
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

func (j junitFile) red() bool { return j.Failures+j.Errors > 0 }

// problems are differences between the counts of the document and its cases.
func (j junitFile) problems() []string {
	count := map[string]int{}
	for _, kind := range j.kinds() {
		count[strings.TrimPrefix(kind, "gate:")]++
		count["all"]++
	}
	got := [4]int{j.Tests, j.Failures, j.Errors, j.Skipped}
	want := [4]int{count["all"], count["failure"], count["error"], count["skipped"]}
	if got != want {
		return []string{fmt.Sprintf("JUnit counts %v, its cases give %v", got, want)}
	}
	return nil
}

// read reads all reports of the gate. Its error names those that are malformed.
func (r *reports) read(s *fixture) error {
	file := func(name string) []byte {
		content, err := os.ReadFile(filepath.Join(s.reportDir(), name))
		if err != nil {
			return nil // an empty document, which every reader refuses
		}
		return content
	}
	strict := json.NewDecoder(bytes.NewReader(file("assistant-gate.json")))
	strict.DisallowUnknownFields()
	r.summary = string(file("assistant-gate.md"))
	var err error
	r.dotenv, err = readDotenv(string(file("assistant-gate.env")))
	return errors.Join(
		label("JSON", strict.Decode(&r.results)),
		label("JUnit", readXML(file("TEST-assistant-gate.xml"), &r.junit)),
		label("dotenv", err),
		label("summary", checkSummary(r.summary)),
		label("GitHub", r.readGitHub(s)),
	)
}

func label(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// readXML accepts exactly one document.
func readXML(content []byte, into any) error {
	d := xml.NewDecoder(bytes.NewReader(content))
	if err := d.Decode(into); err != nil {
		return err
	}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if text, ok := token.(xml.CharData); err != nil || !ok || len(bytes.TrimSpace(text)) > 0 {
			return fmt.Errorf("something follows the document: %v, %v", token, err)
		}
	}
}

var dotenvLine = regexp.MustCompile(`^(GATE_[A-Z_]+)=([^\s"'\\$;&|<>()]+)$`)

func readDotenv(content string) (map[string]string, error) {
	values := map[string]string{}
	for line := range strings.Lines(content) {
		found := dotenvLine.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if found == nil {
			return nil, fmt.Errorf("line %q", line)
		}
		values[found[1]] = found[2]
	}
	return values, nil
}

func checkSummary(content string) error {
	switch {
	case !strings.HasPrefix(content, "<h2>"):
		return fmt.Errorf("starts with %.40q", content)
	case !utf8.ValidString(content), len(content) > 1<<20:
		return fmt.Errorf("%d bytes, valid UTF-8: %v", len(content), utf8.ValidString(content))
	case strings.Count(content, "<details") != strings.Count(content, "</details>"):
		return errors.New("a fold is not closed")
	}
	return nil
}

// readGitHub reads the step outputs as GitHub's runner does, and compares the step summary with the report file.
func (r *reports) readGitHub(s *fixture) error {
	if s.env["GITHUB_OUTPUT"] == "" {
		return nil
	}
	content, err := os.ReadFile(s.env["GITHUB_OUTPUT"])
	if err != nil {
		return err
	}
	r.outputs = map[string]string{}
	for text := string(content); text != ""; {
		head, rest, _ := strings.Cut(text, "\n")
		if head == "" {
			text = rest
			continue
		}
		name, delimiter, ok := strings.Cut(head, "<<")
		value, after, ended := strings.Cut("\n"+rest, "\n"+delimiter+"\n")
		if !ok || delimiter == "" || !ended {
			return fmt.Errorf("output %.80q is not as the runner reads it", text)
		}
		r.outputs[name], text = strings.TrimPrefix(value, "\n"), after
	}
	summary, err := os.ReadFile(s.env["GITHUB_STEP_SUMMARY"])
	if err == nil && !strings.Contains(string(summary), headOf(r.summary)) {
		err = errors.New("the step summary has another verdict than the report file")
	}
	return err
}

// headOf is the line of the summary with the verdict.
func headOf(summary string) string {
	head, _, _ := strings.Cut(summary, "\n")
	return head
}

// visibleSummary is the summary as a browser shows it, with a blank for each tag that does not only allow a line to end.
func (r *reports) visibleSummary() string {
	var b strings.Builder
	for i, part := range strings.Split(strings.ReplaceAll(r.summary, "<wbr>", ""), "<") {
		if i > 0 {
			_, part, _ = strings.Cut(part, ">")
			b.WriteByte(' ')
		}
		b.WriteString(part)
	}
	return html.UnescapeString(b.String())
}

// mentions reports whether the results file and the summary contain the phrase.
func (r *reports) mentions(phrase string) (inResults, inSummary bool) {
	text, err := json.Marshal(r.results)
	if err != nil {
		return false, false
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	quoted := ""
	if e.Encode(phrase) == nil {
		quoted = strings.Trim(strings.TrimSpace(b.String()), `"`)
	}
	return strings.Contains(string(text), quoted), strings.Contains(r.visibleSummary(), phrase)
}

// keyForms are the forms of the key that must not appear anywhere.
func keyForms() []string {
	inJSON, err := json.Marshal(faultKey)
	if err != nil {
		panic(err)
	}
	return []string{
		faultKey, url.QueryEscape(faultKey), url.PathEscape(faultKey), html.EscapeString(faultKey), strings.Trim(string(inJSON), `"`),
		base64.StdEncoding.EncodeToString([]byte(faultKey)), base64.URLEncoding.EncodeToString([]byte(faultKey)),
	}
}

// leaks are the places that contain the key.
func (x *execution) leaks(s *fixture) []string {
	stdout := x.stdout
	if s.env["GITHUB_ACTIONS"] == "true" { // the first line asks GitHub to mask the key, and has to name it
		mask := "::add-mask::" + faultKey + "\n"
		if !strings.HasPrefix(stdout, mask) {
			return []string{"the key is not masked before anything else"}
		}
		stdout = strings.TrimPrefix(stdout, mask)
	}
	places := map[string]string{"stdout": stdout, "stderr": x.stderr}
	err := filepath.WalkDir(s.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		places[path] = string(content)
		return err
	})
	var found []string
	if err != nil {
		found = append(found, err.Error())
	}
	for place, content := range places {
		for _, form := range keyForms() {
			if strings.Contains(content, form) {
				found = append(found, "the key is in "+place)
			}
		}
	}
	return found
}
