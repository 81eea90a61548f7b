package view

import (
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Duration is a measured time, rounded: with a tenth below ten seconds, then as Clock.
func Duration(d time.Duration) string {
	if tenths := max(d, 0).Round(100 * time.Millisecond); tenths < 10*time.Second {
		return fmt.Sprintf("%.1fs", tenths.Seconds())
	}
	return Clock(d.Round(time.Second))
}

// Clock is a time in whole seconds: "45s", "1m05s", "30m", "1h02m".
func Clock(d time.Duration) string {
	seconds := int(max(d, 0) / time.Second)
	hours, minutes, seconds := seconds/3600, seconds/60%60, seconds%60
	switch {
	case hours > 0 && minutes+seconds == 0:
		return fmt.Sprintf("%dh", hours)
	case hours > 0 && seconds == 0:
		return fmt.Sprintf("%dh%02dm", hours, minutes)
	case hours > 0:
		return fmt.Sprintf("%dh%02dm%02ds", hours, minutes, seconds)
	case minutes > 0 && seconds == 0:
		return fmt.Sprintf("%dm", minutes)
	case minutes > 0:
		return fmt.Sprintf("%dm%02ds", minutes, seconds)
	}
	return fmt.Sprintf("%ds", seconds)
}

// Seconds is a duration as a number for machines: never negative, with at most three decimals.
func Seconds(d time.Duration) float64 {
	return float64(max(d, 0).Round(time.Millisecond).Milliseconds()) / 1000
}

// WallTime is how long the gate took.
func WallTime(o *outcome.Outcome) time.Duration { return max(0, o.Ended.Sub(o.Started)) }
