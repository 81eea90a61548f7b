package report

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/internal/secret"
	"github.com/google/go-cmp/cmp"
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
	o := sample.Failed()
	written, err := f.Write(o)
	if err != nil {
		t.Fatal(err)
	}
	want := Written{
		{JUnit, "out/reports/TEST-pr.gate-1.xml"},
		{Results, "out/reports/pr.gate-1.json"},
		{CTRF, "out/reports/pr.gate-1.ctrf.json"},
		{HTML, "out/reports/pr.gate-1.html"},
		{Summary, "out/reports/pr.gate-1.md"},
		{Comment, "out/reports/pr.gate-1.comment.md"},
		{Env, "out/reports/pr.gate-1.env"},
	}
	if diff := cmp.Diff(want, written); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
	f.Close()
	names := []string{"out", "out/reports", want.Path(JUnit), want.Path(Comment), want.Path(CTRF), want.Path(Env), want.Path(HTML), want.Path(Results), want.Path(Summary)}
	if diff := cmp.Diff(names, tree(t, ".")); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if len(o.Problems) != 0 {
		t.Errorf("problems %v", o.Problems)
	}
	content := documents(t, o)
	for path, content := range map[string]string{
		want.Path(JUnit): content["junit"], want.Path(Results): content["results"], want.Path(Summary): content["summary"], want.Path(Comment): strings.ReplaceAll(content["comment"], "test-reports/assistant-gate.md", want.Path(Summary)), want.Path(HTML): content["page"], want.Path(CTRF): content["ctrf"],
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
	if env := readFile(t, want.Path(Env)); !strings.Contains(env, "GATE_SUMMARY_FILE="+want.Path(Summary)+"\n") {
		t.Errorf("dotenv:\n%s", env)
	}
	if _, err := f.Write(sample.Green()); err != nil || !strings.Contains(readFile(t, want.Path(Env)), "GATE_VERDICT=passed\n") {
		t.Errorf("a second time: %v", err)
	}
}

// TestWrittenListsWhatPeopleReadFirst: the console shows the paths in this order.
func TestWrittenListsWhatPeopleReadFirst(t *testing.T) {
	files := Written{{JUnit, "j"}, {Results, "r"}, {CTRF, "c"}, {HTML, "h"}, {Summary, "s"}, {Env, "e"}}
	moved := files.Map(func(path string) string { return "x/" + path })
	if diff := cmp.Diff([]string{"x/h", "x/s", "x/j", "x/r", "x/c", "x/e"}, moved.Paths()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if files.Path(CTRF) != "c" || moved.Path(CTRF) != "x/c" || files[:2].Path(CTRF) != "" {
		t.Errorf("%v, %v", files, moved)
	}
}

func TestOpenFilesRemovesWhatAnEarlierGateLeft(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{
		"TEST-a.xml", "a.md", "a.json", "a.env", "a.html", "a.ctrf.json", "a.comment.md", ".a.html.tmp9", ".a.json.tmp123", // of the gate
		"TEST-a.b.xml", "b.json", ".a.json.tmp", ".a.json.tmp12x", ".b.json.tmp123", "a.html.txt", "sub/a.md", // of others
	} {
		writeFile(t, filepath.Join(dir, name), "old")
	}
	openFiles(t, dir, "a").Close()
	want := []string{".a.json.tmp", ".a.json.tmp12x", ".b.json.tmp123", "TEST-a.b.xml", "a.html.txt", "b.json", "sub", "sub/a.md"}
	if diff := cmp.Diff(want, tree(t, dir)); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
}

// TestOpenFilesRemovesWhatItCan: a green file beside one that cannot be removed would say more than this gate.
func TestOpenFilesRemovesWhatItCan(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"TEST-a.xml", "a.md", "a.json/folder", "a.env", "a.html", "a.ctrf.json", "a.comment.md"} {
		writeFile(t, filepath.Join(dir, name), "old")
	}
	if files, err := OpenFiles(dir, "a", secret.New()); err == nil {
		files.Close()
		t.Error("a results file that is a folder is accepted")
	}
	if diff := cmp.Diff([]string{"a.json", "a.json/folder"}, tree(t, dir)); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
}

func TestFilesThatWriteNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	none := openFiles(t, "none", "not checked: /")
	for name, f := range map[string]*Files{"none": none, "nil": nil} {
		written, err := f.Write(sample.Green())
		if err != nil || written != nil {
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
		written, err := openFiles(t, dir, "g").Write(sample.Green())
		if err != nil || written.Path(Summary) != path {
			t.Errorf("%q: %q, %v; want %q", dir, written.Path(Summary), err, path)
		}
		readFile(t, path)
	}
}
