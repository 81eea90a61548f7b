package console

import (
	"fmt"
	"time"
)

// runTime is the duration of a test, with a tenth below ten seconds and nothing where it never ran.
func runTime(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < 10*time.Second:
		return fmt.Sprintf("%.1fs", d.Truncate(100*time.Millisecond).Seconds())
	}
	return clock(d)
}

// clock is a duration in whole seconds: "45s", "1m05s", "30m", "1h02m".
func clock(d time.Duration) string {
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
