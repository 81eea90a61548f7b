// Package duration words a length of time for people, in the same form in every message and report.
package duration

import (
	"fmt"
	"strings"
	"time"
)

// Text returns a length of time such as "1.6 s", "45 s", "2 min 10 s" or "1 h 2 min": with tenths of a second below ten seconds, in
// milliseconds below a tenth. A negative one counts as zero.
func Text(d time.Duration) string {
	if tenth := 100 * time.Millisecond; d >= time.Millisecond && d.Round(time.Millisecond) < tenth {
		return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
	}
	if tenths := max(d, 0).Round(100 * time.Millisecond); tenths < 10*time.Second && tenths%time.Second != 0 {
		return fmt.Sprintf("%.1f s", tenths.Seconds())
	}
	return inUnits(max(d, 0).Round(time.Second))
}

// Clock is Text for a time that is running: whole seconds, and only those that have passed.
func Clock(d time.Duration) string { return inUnits(max(d, 0).Truncate(time.Second)) }

// inUnits leaves out the units that are zero.
func inUnits(d time.Duration) string {
	var parts []string
	for _, unit := range []struct {
		of   time.Duration
		name string
	}{{time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}} {
		if n := d / unit.of; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, unit.name))
		}
		d %= unit.of
	}
	if len(parts) == 0 {
		return "0 s"
	}
	return strings.Join(parts, " ")
}
