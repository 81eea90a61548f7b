package ci

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
)

// fileOnGitHub is a System on GitHub whose variable names a file that holds content.
func fileOnGitHub(t testing.TB, variable, content string) (*System, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	s, _ := onGitHub(map[string]string{variable: path})
	return s, path
}

func read(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestTryCommandFiles: what cannot be told to GitHub is known before there is anything to tell.
func TestTryCommandFiles(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "file")
	if err := os.WriteFile(good, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		output, summary string
		says            []string
	}{
		"both":       {good, good, nil},
		"neither":    {"", "", []string{"GITHUB_OUTPUT is not set", "GITHUB_STEP_SUMMARY is not set"}},
		"no mount":   {filepath.Join(dir, "gone", "file"), good, []string{"GITHUB_OUTPUT names a file that does not exist: mount"}},
		"a folder":   {good, dir, []string{"the file that GITHUB_STEP_SUMMARY names cannot be written: let the user"}},
		"under file": {filepath.Join(good, "x"), good, []string{"the file that GITHUB_OUTPUT names cannot be written"}},
	} {
		t.Run(name, func(t *testing.T) {
			vars := map[string]string{"GITHUB_OUTPUT": tt.output, "GITHUB_STEP_SUMMARY": tt.summary}
			s, _ := onGitHub(vars)
			problems := s.TryCommandFiles()
			if len(problems) != len(tt.says) {
				t.Fatalf("problems %v, want %q", problems, tt.says)
			}
			for i, want := range tt.says {
				if !strings.Contains(problems[i].Error(), want) {
					t.Errorf("%v, want %q", problems[i], want)
				}
			}
			if elsewhere := Detect(environment(vars), io.Discard).TryCommandFiles(); elsewhere != nil {
				t.Errorf("elsewhere: %v", elsewhere)
			}
		})
	}
	if got := read(t, good); got != "before" {
		t.Errorf("the file holds %q now", got)
	}
}

func TestSetOutputs(t *testing.T) {
	values := map[string]string{
		"verdict":   "failed",
		"empty":     "",
		"timed-out": "0",
		"lines":     "a\nb\n",
		"run-ids":   `{"a":["b"]}`,
		"hostile":   "_GitHubActionsFileCommandDelimeter_\nverdict=passed\nverdict<<EOF\npassed\nEOF\nghadelimiter_",
		"carriage":  "a\r\nb\r",
	}
	var outputs []Output
	for name, value := range values {
		outputs = append(outputs, Output{name, value})
	}
	for name, before := range map[string]string{"empty file": "", "after others": "other=1\n", "after an open line": "other=1"} {
		t.Run(name, func(t *testing.T) {
			s, path := fileOnGitHub(t, "GITHUB_OUTPUT", before)
			if err := s.SetOutputs(outputs); err != nil {
				t.Fatal(err)
			}
			got, err := readOutputs(read(t, path))
			if err != nil {
				t.Fatal(err)
			}
			if before != "" && got["other"] != "1" {
				t.Errorf("other = %q, want what stood there", got["other"])
			}
			delete(got, "other")
			if diff := cmp.Diff(values, got); diff != "" {
				t.Errorf("the runner reads otherwise (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSetOutputsTakesAnotherDelimiterEachTime(t *testing.T) {
	_, path := fileOnGitHub(t, "GITHUB_OUTPUT", "")
	for range 2 {
		s, _ := onGitHub(map[string]string{"GITHUB_OUTPUT": path})
		if err := s.SetOutputs([]Output{{"a", "b"}}); err != nil {
			t.Fatal(err)
		}
	}
	lines := strings.Split(read(t, path), "\n")
	if len(lines[2]) < 30 || strings.Count(strings.Join(lines, "\n"), lines[2]) != 2 {
		t.Errorf("delimiters are not random:\n%s", strings.Join(lines, "\n"))
	}
}

// TestSetOutputsAgain: what is set anew takes the place of what was set before, and nothing else's.
func TestSetOutputsAgain(t *testing.T) {
	s, path := fileOnGitHub(t, "GITHUB_OUTPUT", "other=1\n")
	for _, outputs := range [][]Output{{{"verdict", "passed"}, {"a", "b"}}, {{"verdict", "inconclusive"}}} {
		if err := s.SetOutputs(outputs); err != nil {
			t.Fatal(err)
		}
	}
	got, err := readOutputs(read(t, path))
	if diff := cmp.Diff(map[string]string{"other": "1", "verdict": "inconclusive"}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestSetOutputsRefuses(t *testing.T) {
	for _, name := range []string{"", "1a", "-a", "a b", "a=b", "a<<b", "a\nb", "é"} {
		s, path := fileOnGitHub(t, "GITHUB_OUTPUT", "")
		if err := s.SetOutputs([]Output{{"good", "x"}, {name, "x"}}); err == nil {
			t.Errorf("the name %q was taken", name)
		}
		if got := read(t, path); got != "" {
			t.Errorf("the name %q: wrote %q, want nothing", name, got)
		}
	}
	if _, err := outputBlocks([]Output{{"a", "x\ndelimiter\nb=c"}}, "delimiter"); err == nil {
		t.Error("a value that holds the delimiter was taken")
	}
}

func TestSetOutputsWithoutItsFile(t *testing.T) {
	output := []Output{{"a", "b"}}
	missing := filepath.Join(t.TempDir(), "none")
	for name, test := range map[string]struct{ path, want string }{
		"no variable": {"", "GITHUB_OUTPUT is not set"},
		"no file":     {missing, "does not exist"},
		"a folder":    {t.TempDir(), "is a directory"},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := onGitHub(map[string]string{"GITHUB_OUTPUT": test.path})
			if err := s.SetOutputs(output); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("err = %v, want %q", err, test.want)
			}
		})
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("the missing file was made: nobody would read it")
	}
	elsewhere := Detect(environment(map[string]string{"GITHUB_OUTPUT": missing}), io.Discard)
	if err := elsewhere.SetOutputs(output); err != nil {
		t.Errorf("elsewhere: %v, want nothing done", err)
	}
}

func FuzzSetOutputs(f *testing.F) {
	f.Add("verdict", "passed", "", "")
	f.Add("a", "b\nc<<d\nd", "e", "\n\n")
	f.Add("a-b", "x=y\r\n", "_c", "ghadelimiter_")
	f.Add("a<<b", "", "=", "\r")
	f.Fuzz(func(t *testing.T, name1, value1, name2, value2 string) {
		fuzzing.Bound(t)
		blocks, err := outputBlocks([]Output{{name1, value1}, {name2, value2}}, "ghadelimiter_K7")
		if err != nil {
			return
		}
		got, err := readOutputs("\n" + string(blocks))
		if err != nil {
			t.Fatalf("the runner fails the step: %v", err)
		}
		want := map[string]string{name1: value1}
		want[name2] = value2
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the runner reads otherwise (-want +got):\n%s", diff)
		}
	})
}
