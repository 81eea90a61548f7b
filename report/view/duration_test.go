package view

import (
	"testing"
	"time"
)

func TestClock(t *testing.T) {
	for in, want := range map[time.Duration]string{
		-time.Second: "0s", 999 * time.Millisecond: "0s", 45 * time.Second: "45s", time.Minute: "1m", 65 * time.Second: "1m05s",
		time.Hour: "1h", time.Hour + time.Minute: "1h01m", time.Hour + time.Second: "1h00m01s",
	} {
		if got := Clock(in); got != want {
			t.Errorf("Clock(%v) = %q, want %q", in, got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	for in, want := range map[time.Duration]string{
		-time.Second: "0.0s", 0: "0.0s", 999 * time.Millisecond: "1.0s", 1600 * time.Millisecond: "1.6s", 9999 * time.Millisecond: "10s",
		10 * time.Second: "10s", 48400 * time.Millisecond: "48s", 65 * time.Second: "1m05s",
	} {
		if got := Duration(in); got != want {
			t.Errorf("Duration(%v) = %q, want %q", in, got, want)
		}
	}
}
