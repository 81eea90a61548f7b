package telnyx

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestSameID(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		same bool
	}{
		{testA, testA, true},
		{testA, strings.ToUpper(testA), true},
		{"assistant-" + testA, "assistant-" + strings.ToUpper(testA), true},
		{"Assistant-" + testA, "assistant-" + testA, false},
		{testA, testB, false},
		{"abc", "ABC", false},
		{"20260906T153456589927", "20260906t153456589927", false},
		{strings.ReplaceAll(testA, "-", "a"), strings.ToUpper(strings.ReplaceAll(testA, "-", "a")), false},
		{testA, strings.ReplaceAll(testA, "-", ""), false},
		{"", "", true},
	} {
		if got := SameID(tt.a, tt.b); got != tt.same || (IDKey(tt.a) == IDKey(tt.b)) != tt.same {
			t.Errorf("%q and %q: the same %v", tt.a, tt.b, got)
		}
	}
}

// TestAnswered is the time of Telnyx's clock, or none.
func TestAnswered(t *testing.T) {
	for date, want := range map[string]time.Time{
		"Sat, 24 Jan 2026 10:30:00 GMT": time.Date(2026, 1, 24, 10, 30, 0, 0, time.UTC), "": {}, "yesterday": {},
	} {
		headers := []string{"Date: " + date}
		one, err := trigger(t.Context(), newClient(t, always(http.StatusCreated, runJSON("pending"), headers...)))
		if err != nil || !one.Answered.Equal(want) {
			t.Errorf("%q: a test's trigger was answered at %v: %v", date, one.Answered, err)
		}
		suite, err := triggerSuite(t, newClient(t, always(http.StatusCreated, "["+runJSON("pending")+"]", headers...)))
		if err != nil || !suite.Answered.Equal(want) {
			t.Errorf("%q: a suite's trigger was answered at %v: %v", date, suite.Answered, err)
		}
	}
}
