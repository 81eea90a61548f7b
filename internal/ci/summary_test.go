package ci

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// summaryOf renders a text, and writes into room how much was allowed.
func summaryOf(text string, room *int) func(io.Writer, int) error {
	return func(to io.Writer, most int) error {
		*room = most
		_, err := io.WriteString(to, text)
		return err
	}
}

func TestWriteSummary(t *testing.T) {
	const limit = 100
	for name, tt := range map[string]struct {
		before, text string
		room         int
		want, err    string
	}{
		"the first":               {"", "# one\n", 100, "# one\n", ""},
		"after another command's": {"# one\n", "# two\n", 92, "# one\n\n\n# two\n", ""},
		"as much as fits":         {"before", strings.Repeat("x", 92), 92, "before\n\n" + strings.Repeat("x", 92), ""},
		"more than fits":          {"before", strings.Repeat("x", 93), 92, "before", "do not fit"},
		"no room":                 {strings.Repeat("x", 99), "y", 0, strings.Repeat("x", 99), "do not fit"},
	} {
		t.Run(name, func(t *testing.T) {
			s, path := fileOnGitHub(t, "GITHUB_STEP_SUMMARY", tt.before)
			var room int
			err := s.WriteSummary(limit, summaryOf(tt.text, &room))
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("err = %v, want %q", err, tt.err)
			}
			if got := read(t, path); got != tt.want || room != tt.room {
				t.Errorf("summary %q, room %d; want %q, %d", got, room, tt.want, tt.room)
			}
		})
	}
}

// TestASecondSummaryReplacesTheFirst: the first said passed, and then something could not be written.
func TestASecondSummaryReplacesTheFirst(t *testing.T) {
	s, path := fileOnGitHub(t, "GITHUB_STEP_SUMMARY", "before")
	var first, second int
	for text, room := range map[string]*int{"# Passed\n": &first, "# No verdict\n": &second} {
		if err := s.WriteSummary(100, summaryOf(text, room)); err != nil {
			t.Fatal(err)
		}
	}
	if got := read(t, path); strings.Count(got, "#") != 1 || first != second {
		t.Errorf("summary %q, rooms %d and %d", got, first, second)
	}
	broken := errors.New("broken")
	if err := s.WriteSummary(100, func(io.Writer, int) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("err = %v", err)
	}
	if got := read(t, path); got != "before" {
		t.Errorf("summary %q, want nothing of what another was to replace", got)
	}
}

func TestWriteSummaryLeavesWhatOthersAddedBehindIt(t *testing.T) {
	s, path := fileOnGitHub(t, "GITHUB_STEP_SUMMARY", "")
	var room int
	if err := s.WriteSummary(100, summaryOf("one", &room)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("one, and more"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.WriteSummary(100, summaryOf("two", &room)); err != nil {
		t.Fatal(err)
	}
	if got := read(t, path); got != "one, and more\n\ntwo" {
		t.Errorf("summary %q", got)
	}
}

func TestWriteSummaryWithoutItsFile(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none")
	var room int
	for path, want := range map[string]string{"": "GITHUB_STEP_SUMMARY is not set", missing: "does not exist"} {
		s, _ := onGitHub(map[string]string{"GITHUB_STEP_SUMMARY": path})
		if err := s.WriteSummary(100, summaryOf("x", &room)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("err = %v, want %q", err, want)
		}
	}
	elsewhere := Detect(environment(map[string]string{"GITHUB_STEP_SUMMARY": missing}), io.Discard)
	if err := elsewhere.WriteSummary(100, summaryOf("x", &room)); err != nil {
		t.Errorf("elsewhere: %v, want nothing done", err)
	}
}
