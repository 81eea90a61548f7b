package outcome

import (
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestQuarantineOfAUUID: an entry is of its test in capital letters too.
func TestQuarantineOfAUUID(t *testing.T) {
	const lower = "5b0c9d34-7a1e-4f6b-8d2c-1e9a4b7c0f11"
	at := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	q := Quarantine{{ID: strings.ToUpper(lower), Expires: at.Add(30 * 24 * time.Hour)}}
	warnings, notes := q.Review(at, []TestResult{{Test: telnyx.Test{ID: lower}, State: StateFailed}})
	if !q.Excuses(lower, at) || len(warnings)+len(notes) > 0 {
		t.Errorf("excuses %v, %q, %q", q.Excuses(lower, at), warnings, notes)
	}
}

// TestQuarantineDates: an entry excuses until the moment it expires, is announced in its last seven days, and is doubted
// beyond ninety.
func TestQuarantineDates(t *testing.T) {
	const day = 24 * time.Hour
	at := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		left    time.Duration
		excuses bool
		says    string
	}{
		{-1, false, "excuses nothing any more"},
		{0, false, "excuses nothing any more"},
		{1, true, "expires after 2026-01-01"},
		{7 * day, true, "expires after 2026-01-08"},
		{7*day + 1, true, ""},
		{90 * day, true, ""},
		{90*day + 1, true, "more than 90 days ahead"},
	} {
		q := Quarantine{{ID: "t", Owner: "team", Expires: at.Add(tt.left)}}
		if got := q.Excuses("t", at); got != tt.excuses {
			t.Errorf("%s before it expires: excuses %v", tt.left, got)
		}
		warnings, notes := q.Review(at, []TestResult{{Test: telnyx.Test{ID: "t"}, State: StateFailed}})
		said := strings.Join(warnings, "")
		if !strings.Contains(said, tt.says) || (said == "") != (tt.says == "") || len(notes) != 0 {
			t.Errorf("%s before it expires: %q, notes %q; want %q", tt.left, warnings, notes, tt.says)
		}
	}
	midnight := QuarantineEntry{Expires: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)}
	if got := midnight.LastDay(); got != "2026-01-01" {
		t.Errorf("what expires at midnight excuses last on the day before, not on %s", got)
	}
}
