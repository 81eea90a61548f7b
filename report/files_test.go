package report

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/gate"
)

func openFiles(t *testing.T, dir, name string) *Files {
	t.Helper()
	f, err := OpenFiles(dir, name, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// tree lists the files and directories below dir.
func tree(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if rel, relErr := filepath.Rel(dir, path); relErr == nil && rel != "." {
			out = append(out, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestFilesAreWrittenWhole(t *testing.T) {
	t.Chdir(t.TempDir())
	f := openFiles(t, "out/reports", "pr.gate-1")
	o := failedOutcome()
	written, err := f.Write(o)
	if err != nil {
		t.Fatal(err)
	}
	want := Written{
		HTML: "out/reports/pr.gate-1.html", CTRF: "out/reports/pr.gate-1.ctrf.json", JUnit: "out/reports/TEST-pr.gate-1.xml", Summary: "out/reports/pr.gate-1.md", Results: "out/reports/pr.gate-1.json", Env: "out/reports/pr.gate-1.env",
	}
	if diff := cmp.Diff(want, written); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
	names := []string{"out", "out/reports", want.JUnit, want.CTRF, want.Env, want.HTML, want.Results, want.Summary}
	if diff := cmp.Diff(names, tree(t, ".")); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if len(o.Problems) != 0 {
		t.Errorf("problems %v", o.Problems)
	}
	for path, content := range map[string]string{
		want.JUnit: string(junitOf(t, o)), want.Results: string(resultsOf(t, o)), want.Summary: summaryOf(t, o, SummaryLimit),
		want.HTML: pageOf(t, o), want.CTRF: string(ctrfOf(t, o)),
	} {
		if readFile(t, path) != content {
			t.Errorf("%s holds something else", path)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != fileMode && runtime.GOOS != "windows" {
			t.Errorf("%s has mode %o", path, mode)
		}
	}
	if env := readFile(t, want.Env); !strings.Contains(env, "GATE_SUMMARY_FILE="+want.Summary+"\n") {
		t.Errorf("dotenv:\n%s", env)
	}
	if _, err := f.Write(greenOutcome()); err != nil || !strings.Contains(readFile(t, want.Env), "GATE_VERDICT=passed\n") {
		t.Errorf("a second time: %v", err)
	}
}

func TestOpenFilesRemovesWhatAnEarlierGateLeft(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{
		"TEST-a.xml", "a.md", "a.json", "a.env", "a.html", "a.ctrf.json", ".a.html.tmp9", ".a.json.tmp123", // of the gate
		"TEST-a.b.xml", "b.json", ".a.json.tmp", ".a.json.tmp12x", ".b.json.tmp123", "a.html.txt", "sub/a.md", // of others
	} {
		writeFile(t, filepath.Join(dir, name), "old")
	}
	openFiles(t, dir, "a")
	want := []string{".a.json.tmp", ".a.json.tmp12x", ".b.json.tmp123", "TEST-a.b.xml", "a.html.txt", "b.json", "sub", "sub/a.md"}
	if diff := cmp.Diff(want, tree(t, dir)); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
}

func TestFilesThatWriteNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	none := openFiles(t, "none", "not checked: /")
	for name, f := range map[string]*Files{"none": none, "nil": nil} {
		written, err := f.Write(greenOutcome())
		if err != nil || written != (Written{}) {
			t.Errorf("%s: %v, %v", name, written, err)
		}
	}
	if left := tree(t, "."); len(left) != 0 {
		t.Errorf("written: %v", left)
	}
}

func TestOpenFilesRefuses(t *testing.T) {
	outside := t.TempDir()
	t.Chdir(t.TempDir())
	writeFile(t, "file", "x")
	writeFile(t, "full/TEST-g.xml/inside", "x")
	for _, link := range []string{"out", "deep/out"} {
		if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(outside, link); err != nil {
			t.Skip(err)
		}
	}
	up, err := filepath.Rel(".", "..")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(up, "up"); err != nil {
		t.Fatal(err)
	}
	for dir, input := range map[string]string{
		"..": "report-dir", "../reports": "report-dir", "a/../../b": "report-dir", "": "report-dir", "out": "report-dir", "out/new": "report-dir",
		"deep/out/new": "report-dir", "up": "report-dir", "file": "report-dir", "file/below": "report-dir", "full": "report-dir",
		filepath.Join(outside, "x", "..", "..", "\x00"): "report-dir",
	} {
		if _, err := OpenFiles(dir, "g", nil); err == nil || !strings.HasPrefix(err.Error(), input+": ") {
			t.Errorf("%q: %v", dir, err)
		}
	}
	for _, name := range []string{"", "a/b", "../x", "a b", strings.Repeat("x", 65)} {
		if _, err := OpenFiles("reports", name, nil); err == nil || !strings.HasPrefix(err.Error(), "name: ") {
			t.Errorf("name %q: %v", name, err)
		}
	}
	if left := tree(t, outside); len(left) != 0 {
		t.Errorf("written outside: %v", left)
	}
}

func TestOpenFilesTakes(t *testing.T) {
	outside := t.TempDir()
	t.Chdir(t.TempDir())
	if err := os.MkdirAll("real", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real", "link"); err != nil {
		t.Skip(err)
	}
	for dir, path := range map[string]string{
		".": "g.md", "./a//b/": "a/b/g.md", "a/../c": "c/g.md", "link": "link/g.md", "link/new": "link/new/g.md", "...": ".../g.md",
		filepath.Join(outside, "x", "y"): filepath.ToSlash(filepath.Join(outside, "x", "y", "g.md")),
	} {
		written, err := openFiles(t, dir, "g").Write(greenOutcome())
		if err != nil || written.Summary != path {
			t.Errorf("%q: %q, %v; want %q", dir, written.Summary, err, path)
		}
		readFile(t, path)
	}
}

// resultsIn reads what the JSON file says.
func resultsIn(t *testing.T, path string) ResultsFile {
	t.Helper()
	var f ResultsFile
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
			o := greenOutcome()
			written, err := f.Write(o)
			if err == nil || !strings.Contains(err.Error(), blocked+".d/"+blocked) || !strings.Contains(err.Error(), "report-dir") {
				t.Fatalf("error %v", err)
			}
			if o.Verdict() != gate.VerdictInconclusive || len(o.Problems) != 1 {
				t.Errorf("verdict %s, problems %v", o.Verdict(), o.Problems)
			}
			_, elsewhere, _ := strings.Cut(err.Error(), "it is in ")
			elsewhere = strings.TrimSuffix(elsewhere, " instead")
			for name, path := range map[string]string{"TEST-g.xml": written.JUnit, "g.json": written.Results, "g.md": written.Summary, "g.env": written.Env} {
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
			junit := written.JUnit
			if blocked == "TEST-g.xml" {
				junit = elsewhere
			}
			checkJUnit(t, o, []byte(readFile(t, junit)))
			if strings.Contains(readFile(t, firstOf(written.Env, elsewhere)), "GATE_"+map[string]string{
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
	o := greenOutcome()
	written, err := f.Write(o)
	if err == nil || !strings.Contains(err.Error(), "g.json") || !strings.Contains(err.Error(), "TEST-g.xml") || !strings.Contains(err.Error(), "temporary directory") {
		t.Fatalf("error %v", err)
	}
	if diff := cmp.Diff(Written{HTML: "reports/g.html", Summary: "reports/g.md", CTRF: "reports/g.ctrf.json", Env: "reports/g.env"}, written); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if o.ExitCode() != 3 || !strings.Contains(readFile(t, "reports/g.md"), "No verdict: ") {
		t.Errorf("exit code %d, summary\n%s", o.ExitCode(), readFile(t, "reports/g.md"))
	}
}

func TestWriteMakesTheDirectoryAgain(t *testing.T) {
	t.Chdir(t.TempDir())
	f := openFiles(t, "a/reports", "g")
	if err := os.RemoveAll("a"); err != nil {
		t.Fatal(err)
	}
	written, err := f.Write(greenOutcome())
	if err != nil || resultsIn(t, written.Results).ExitCode != 0 {
		t.Errorf("%v, %v", written, err)
	}
}

func TestWriteDoesNotFollowADirectoryThatBecameALink(t *testing.T) {
	outside := t.TempDir()
	t.Chdir(t.TempDir())
	t.Setenv("TMPDIR", t.TempDir())
	f := openFiles(t, "reports", "g")
	if err := os.Remove("reports"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, "reports"); err != nil {
		t.Skip(err)
	}
	o := greenOutcome()
	written, err := f.Write(o)
	if err == nil || written != (Written{}) || o.ExitCode() != 3 {
		t.Errorf("%v, %v, exit code %d", written, err, o.ExitCode())
	}
	if left := tree(t, outside); len(left) != 0 {
		t.Errorf("written outside: %v", left)
	}
}

func TestFilesHoldNoSecret(t *testing.T) {
	const secret = "KEY0192A1B2C3D4_e5f6"
	t.Chdir(t.TempDir())
	f, err := OpenFiles("reports", "g", NewRedactor(secret))
	if err != nil {
		t.Fatal(err)
	}
	o := failedOutcome()
	o.Results[2].Test.Name = "Echoes " + secret
	o.Results[2].Attempts[0].Logs = "authorization: Bearer " + secret
	o.Target.VersionID = secret
	o.Settings = append(o.Settings, gate.Setting{Name: "api-key", Value: secret})
	if _, err := f.Write(o); err != nil {
		t.Fatal(err)
	}
	for _, path := range tree(t, "reports") {
		content := readFile(t, filepath.Join("reports", path))
		if strings.Contains(content, secret) || strings.HasSuffix(path, "json") && !strings.Contains(content, redacted) {
			t.Errorf("%s:\n%s", path, content)
		}
	}
	if o.Target.VersionID != secret {
		t.Error("the outcome itself was changed")
	}
}

func TestAFileThatFailsLaterIsRemoved(t *testing.T) {
	t.Chdir(t.TempDir())
	fails := false
	file := reportFile{
		name: "g.json",
		render: func(w io.Writer, _ *gate.Outcome, _ Written) error {
			if fails {
				return errBroken
			}
			_, err := io.WriteString(w, "passed")
			return err
		},
		written: func(w *Written) *string { return &w.Results },
	}
	w := &writing{files: openFiles(t, "reports", "g"), stages: map[string]stage{}}
	defer w.close()
	var written Written
	if err := w.renderAndWrite(file, greenOutcome(), &written); err != nil || written.Results != "reports/g.json" {
		t.Fatalf("%v, %v", err, written)
	}
	fails = true
	if err := w.renderAndWrite(file, greenOutcome(), &written); !errors.Is(err, errBroken) || w.stages["g.json"] != toNowhere {
		t.Fatalf("%v, stage %d", err, w.stages["g.json"])
	}
	if left := tree(t, "reports"); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}
