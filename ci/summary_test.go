package ci

import (
	"io"
	"os"
	"strings"
	"testing"
)

func TestAppendSummary(t *testing.T) {
	s, path := fileOnGitHub(t, "GITHUB_STEP_SUMMARY", "")
	if got := roomOf(t, s, 100); got != 100 {
		t.Errorf("room of an empty summary = %d, want 100", got)
	}
	if err := s.AppendSummary([]byte("# one\n"), 100); err != nil {
		t.Fatal(err)
	}
	room := roomOf(t, s, 100)
	if err := s.AppendSummary([]byte(strings.Repeat("x", room)), 100); err != nil {
		t.Errorf("what SummaryRoom promised does not fit: %v", err)
	}
	got := read(t, path)
	if !strings.HasPrefix(got, "# one\n\n\nx") {
		t.Errorf("summary = %q, want both parts, a blank line apart", got)
	}
	if len(got) != 100 {
		t.Errorf("summary has %d bytes, want exactly the limit", len(got))
	}
	if roomOf(t, s, 100) != 0 {
		t.Errorf("room of a full summary = %d, want 0", roomOf(t, s, 100))
	}
}

func TestAppendSummaryAddsNothingThatDoesNotFit(t *testing.T) {
	s, path := fileOnGitHub(t, "GITHUB_STEP_SUMMARY", "before")
	room := roomOf(t, s, 50)
	err := s.AppendSummary([]byte(strings.Repeat("x", room+1)), 50)
	if err == nil || !strings.Contains(err.Error(), "do not fit") {
		t.Errorf("err = %v, want that it does not fit", err)
	}
	if got := read(t, path); got != "before" {
		t.Errorf("summary = %q, want it untouched", got)
	}
}

func TestAppendSummaryWithoutItsFile(t *testing.T) {
	s, _ := onGitHub(nil)
	if err := s.AppendSummary([]byte("x"), 100); err == nil || !strings.Contains(err.Error(), "GITHUB_STEP_SUMMARY is not set") {
		t.Errorf("err = %v, want that the variable is not set", err)
	}
	if roomOf(t, s, 100) != 0 {
		t.Error("there is room without a summary")
	}
	s, path := fileOnGitHub(t, "GITHUB_STEP_SUMMARY", "")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := s.AppendSummary([]byte("x"), 100); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("err = %v, want that the file does not exist", err)
	}
	elsewhere := Detect(environment(map[string]string{"GITHUB_STEP_SUMMARY": path}), io.Discard)
	if err := elsewhere.AppendSummary([]byte("x"), 100); err != nil || roomOf(t, elsewhere, 100) != 0 {
		t.Errorf("elsewhere: err = %v, room = %d; want nothing done and no room", err, roomOf(t, elsewhere, 100))
	}
}

func roomOf(t *testing.T, s *System, limit int) int {
	t.Helper()
	room, _ := s.SummaryRoom(limit) // no room where it fails
	return room
}

func TestSummaryRoomSaysWhatIsMissing(t *testing.T) {
	for _, vars := range []map[string]string{{"GITHUB_ACTIONS": "true"}, {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "no/such/file"}} {
		lookup := func(name string) (string, bool) { value, ok := vars[name]; return value, ok }
		if _, err := Detect(lookup, io.Discard).SummaryRoom(100); err == nil || !strings.Contains(err.Error(), "GITHUB_STEP_SUMMARY") {
			t.Errorf("error %v", err)
		}
	}
}
