package view

import (
	"time"

	"github.com/assistant-gate/assistant-gate/internal/duration"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Duration is a measured time in the form of duration.Text.
func Duration(d time.Duration) string { return duration.Text(d) }

// Clock is a time in whole seconds in the form of duration.Text.
func Clock(d time.Duration) string { return duration.Clock(d) }

// Seconds is a duration as a number for machines: never negative, with at most three decimals.
func Seconds(d time.Duration) float64 {
	return float64(max(d, 0).Round(time.Millisecond).Milliseconds()) / 1000
}

// WallTime is how long the gate took.
func WallTime(o *outcome.Outcome) time.Duration { return max(0, o.Ended.Sub(o.Started)) }
