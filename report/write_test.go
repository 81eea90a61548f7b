package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/internal/secret"
	"github.com/assistant-gate/assistant-gate/report/results"
)

// resultsIn reads what the JSON file says.
func resultsIn(t *testing.T, path string) results.File {
	t.Helper()
	var f results.File
	if err := json.Unmarshal([]byte(readFile(t, path)), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// block makes it impossible to write the file, for root too.
func block(t *testing.T, path string) {
	t.Helper()
	writeFile(t, filepath.Join(path, "inside"), "x")
}

func TestNoFileIsGreenWhereOneCannotBeWritten(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("TMPDIR", t.TempDir())
	for _, blocked := range []string{"TEST-g.xml", "g.json", "g.md", "g.env"} {
		t.Run(blocked, func(t *testing.T) {
			f := openFiles(t, blocked+".d", "g")
			block(t, filepath.Join(blocked+".d", blocked))
			o := sample.Green()
			written, err := f.Write(o)
			if err == nil || !strings.Contains(err.Error(), blocked+".d/"+blocked) || !strings.Contains(err.Error(), "report-dir") {
				t.Fatalf("error %v", err)
			}
			if o.Verdict() != outcome.VerdictInconclusive || len(o.Problems) != 1 {
				t.Errorf("verdict %s, problems %v", o.Verdict(), o.Problems)
			}
			_, elsewhere, _ := strings.Cut(err.Error(), "it is in ")
			elsewhere = strings.TrimSuffix(elsewhere, " instead")
			for name, path := range map[string]string{"TEST-g.xml": written.Path(JUnit), "g.json": written.Path(Results), "g.md": written.Path(Summary), "g.env": written.Path(Env)} {
				if (path == "") != (name == blocked) {
					t.Errorf("%s is said to be in %q", name, path)
				}
				if name == blocked {
					path = elsewhere
				}
				if content := readFile(t, path); strings.Contains(content, "Passed: ") || strings.Contains(content, "=passed") || strings.Contains(content, `"verdict": "passed"`) {
					t.Errorf("%s says passed:\n%s", path, content)
				}
			}
			junit := written.Path(JUnit)
			if blocked == "TEST-g.xml" {
				junit = elsewhere
			}
			sample.CheckJUnit(t, o, []byte(readFile(t, junit)))
			if strings.Contains(readFile(t, firstOf(written.Path(Env), elsewhere)), "GATE_"+map[string]string{
				"TEST-g.xml": "JUNIT", "g.json": "RESULTS", "g.md": "SUMMARY", "g.env": "NONE",
			}[blocked]+"_FILE") {
				t.Error("the outputs name a file that is not there")
			}
		})
	}
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func TestFilesThatCannotBeWrittenAnywhere(t *testing.T) {
	t.Chdir(t.TempDir())
	f := openFiles(t, "reports", "g")
	block(t, "reports/g.json")
	block(t, "reports/TEST-g.xml")
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "missing"))
	o := sample.Green()
	written, err := f.Write(o)
	if err == nil || !strings.Contains(err.Error(), "g.json") || !strings.Contains(err.Error(), "TEST-g.xml") || !strings.Contains(err.Error(), "temporary directory") {
		t.Fatalf("error %v", err)
	}
	if diff := cmp.Diff(Written{{CTRF, "reports/g.ctrf.json"}, {HTML, "reports/g.html"}, {Summary, "reports/g.md"}, {Comment, "reports/g.comment.md"}, {Env, "reports/g.env"}}, written); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if o.ExitCode() != 3 || !strings.Contains(readFile(t, "reports/g.md"), "No verdict (inconclusive): ") {
		t.Errorf("exit code %d, summary\n%s", o.ExitCode(), readFile(t, "reports/g.md"))
	}
}

func TestWriteMakesTheDirectoryAgain(t *testing.T) {
	t.Chdir(t.TempDir())
	f := openFiles(t, "a/reports", "g")
	if err := os.RemoveAll("a"); err != nil {
		t.Fatal(err)
	}
	written, err := f.Write(sample.Green())
	if err != nil || resultsIn(t, written.Path(Results)).ExitCode != 0 {
		t.Errorf("%v, %v", written, err)
	}
}

func TestWriteDoesNotFollowADirectoryThatBecameALink(t *testing.T) {
	outside := t.TempDir()
	t.Chdir(t.TempDir())
	t.Setenv("TMPDIR", t.TempDir())
	f := openFiles(t, "reports", "g")
	if err := os.RemoveAll("reports"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, "reports"); err != nil {
		t.Skip(err)
	}
	o := sample.Green()
	written, err := f.Write(o)
	if err == nil || written != nil || o.ExitCode() != 3 {
		t.Errorf("%v, %v, exit code %d", written, err, o.ExitCode())
	}
	if left := tree(t, outside); len(left) != 0 {
		t.Errorf("written outside: %v", left)
	}
}

func TestFilesHoldNoSecret(t *testing.T) {
	const key = "KEY0192A1B2C3D4_e5f6"
	t.Chdir(t.TempDir())
	f, err := OpenFiles("reports", "g", secret.New(key))
	if err != nil {
		t.Fatal(err)
	}
	o := sample.Failed()
	o.Results[2].Test.Name = "Echoes " + key
	o.Results[2].Attempts[0].Logs = "authorization: Bearer " + key
	o.Target.VersionID = key
	o.Settings = append(o.Settings, outcome.Setting{Name: "api-key", Value: key})
	if _, err := f.Write(Redacted(secret.New(key), o)); err != nil {
		t.Fatal(err)
	}
	for _, path := range tree(t, "reports") {
		content := readFile(t, filepath.Join("reports", path))
		if strings.Contains(content, key) || strings.HasSuffix(path, "json") && !strings.Contains(content, secret.Placeholder) {
			t.Errorf("%s:\n%s", path, content)
		}
	}
	if o.Target.VersionID != key {
		t.Error("the outcome itself was changed")
	}
}

func TestAFileThatFailsLaterIsRemoved(t *testing.T) {
	t.Chdir(t.TempDir())
	fails := false
	file := format{kind: Results, suffix: ".json", render: func(w io.Writer, _ *outcome.Outcome, _ Written) error {
		if fails {
			return sample.ErrBroken
		}
		_, err := io.WriteString(w, "passed")
		return err
	}}
	f := openFiles(t, "reports", "g")
	w := &writing{files: f, destinations: map[Kind]destination{}}
	defer w.close()
	if err := w.write(file, sample.Green(), nil); err != nil || readFile(t, "reports/g.json") != "passed" {
		t.Fatal(err)
	}
	fails = true
	if err := w.write(file, sample.Green(), nil); !errors.Is(err, sample.ErrBroken) || w.destinations[Results] != toNowhere {
		t.Fatalf("%v, destination %d", err, w.destinations[Results])
	}
	f.Close()
	if left := tree(t, "reports"); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

// TestAFallbackThatFailsLaterIsRemoved: what was written before in the temporary directory said passed.
func TestAFallbackThatFailsLaterIsRemoved(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("TMPDIR", t.TempDir())
	w := &writing{files: openFiles(t, "reports", "g"), destinations: map[Kind]destination{Results: toTempDir}}
	file := format{kind: Results, suffix: ".json"}
	defer w.close()
	if err := w.writeTemp(file, func(to io.Writer) error {
		_, err := io.WriteString(to, "passed")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := w.writeTemp(file, func(io.Writer) error { return sample.ErrBroken }); !errors.Is(err, sample.ErrBroken) {
		t.Fatal(err)
	}
	if left := tree(t, w.tempPath); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

// TestNothingIsLeftOfWhatCannotBeWritten: and the error is what went wrong, not what came of it.
func TestNothingIsLeftOfWhatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	p, err := openDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.close() }()
	if err := p.write("g.json", func(io.Writer) error { return sample.ErrBroken }); !errors.Is(err, sample.ErrBroken) || strings.Contains(err.Error(), "remove") {
		t.Errorf("error %v", err)
	}
	if left := tree(t, dir); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

// TestWhatFailedIsTold: only a fault of the directory sends a report elsewhere.
func TestWhatFailedIsTold(t *testing.T) {
	long := func(w io.Writer) error {
		_, err := io.WriteString(w, strings.Repeat("text", fileBuffer))
		if err != nil {
			return fmt.Errorf("write the page: %w", err)
		}
		return nil
	}
	short := func(w io.Writer) error {
		_, err := io.WriteString(w, "text")
		return err
	}
	broken := func(io.Writer) error { return sample.ErrBroken }
	for name, tt := range map[string]struct {
		to                  io.Writer
		render              func(io.Writer) error
		broken, notRendered bool
	}{
		"all is well":               {io.Discard, short, false, false},
		"not rendered":              {io.Discard, broken, true, true},
		"not rendered, not written": {sample.BrokenWriter{}, broken, true, true},
		"not written on the way":    {sample.BrokenWriter{}, long, true, false},
		"not written at the end":    {sample.BrokenWriter{}, short, true, false},
	} {
		err := renderTo(tt.to, tt.render)
		if _, notRendered := errors.AsType[renderError](err); notRendered != tt.notRendered || errors.Is(err, sample.ErrBroken) != tt.broken {
			t.Errorf("%s: %v, not rendered %v", name, err, notRendered)
		}
	}
}

// TestAPanicLeavesNoHalfOfAFile: the reports are written again after one, and nobody would remove it.
func TestAPanicLeavesNoHalfOfAFile(t *testing.T) {
	dir := t.TempDir()
	p, err := openDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
			if err := p.close(); err != nil {
				t.Error(err)
			}
		}()
		_ = p.write("g.json", func(io.Writer) error { panic("a mistake") })
	}()
	if left := tree(t, dir); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

// TestAProblemThatIsAddedHoldsNoSecret: the outcome was cleaned before.
func TestAProblemThatIsAddedHoldsNoSecret(t *testing.T) {
	const key = "KEY0192A1B2C3D4_e5f6"
	t.Chdir(t.TempDir())
	t.Setenv("TMPDIR", t.TempDir())
	f, err := OpenFiles(key, "g", secret.New(key))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	block(t, key+"/g.json")
	o := sample.Green()
	if _, err := f.Write(o); err == nil || len(o.Problems) != 1 {
		t.Fatalf("%v, problems %v", err, o.Problems)
	}
	if text := o.Problems[0].Text; strings.Contains(text, key) || !strings.Contains(text, secret.Placeholder+"/g.json") {
		t.Errorf("problem %q", text)
	}
}
