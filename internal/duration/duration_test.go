package duration_test

import (
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/duration"
)

func TestText(t *testing.T) {
	for _, test := range []struct {
		d           time.Duration
		text, clock string
	}{
		{-time.Second, "0 s", "0 s"},
		{0, "0 s", "0 s"},
		{400 * time.Microsecond, "0 s", "0 s"},
		{40 * time.Millisecond, "40 ms", "0 s"},
		{99*time.Millisecond + 600*time.Microsecond, "0.1 s", "0 s"},
		{1640 * time.Millisecond, "1.6 s", "1 s"},
		{1990 * time.Millisecond, "2 s", "1 s"},
		{9940 * time.Millisecond, "9.9 s", "9 s"},
		{9960 * time.Millisecond, "10 s", "9 s"},
		{45 * time.Second, "45 s", "45 s"},
		{59*time.Second + 700*time.Millisecond, "1 min", "59 s"},
		{130 * time.Second, "2 min 10 s", "2 min 10 s"},
		{30 * time.Minute, "30 min", "30 min"},
		{time.Hour + 2*time.Minute, "1 h 2 min", "1 h 2 min"},
		{time.Hour + 5*time.Second, "1 h 5 s", "1 h 5 s"},
		{26 * time.Hour, "26 h", "26 h"},
	} {
		if got := duration.Text(test.d); got != test.text {
			t.Errorf("Text(%v) = %q, want %q", test.d, got, test.text)
		}
		if got := duration.Clock(test.d); got != test.clock {
			t.Errorf("Clock(%v) = %q, want %q", test.d, got, test.clock)
		}
	}
}
