package outcome

import (
	"fmt"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

const (
	soonExpires = 7 * 24 * time.Hour
	farExpires  = 90 * 24 * time.Hour
)

// QuarantineEntry excuses one test until it expires.
type QuarantineEntry struct {
	ID      string // of the test
	Reason  string
	Owner   string
	Expires time.Time // from this moment on, it excuses nothing
	Line    int       // in the quarantine file, from 1
}

// LastDay returns the last day, in UTC, on which the entry excuses its test.
func (q QuarantineEntry) LastDay() string {
	return q.Expires.Add(-time.Nanosecond).UTC().Format(time.DateOnly)
}

// Quarantine lists the tests that may fail for now.
type Quarantine []QuarantineEntry

// Entry returns the entry of a test. Its ID is empty if there is none.
func (q Quarantine) Entry(testID string) QuarantineEntry {
	for _, e := range q {
		if telnyx.SameID(e.ID, testID) {
			return e
		}
	}
	return QuarantineEntry{}
}

// Excuses reports whether a test is excused at the given time.
func (q Quarantine) Excuses(testID string, at time.Time) bool {
	e := q.Entry(testID)
	return e.ID != "" && at.Before(e.Expires)
}

// Review returns warnings about entries that have expired, expire soon or expire in the far future, and notes about entries
// that can go. The results are those of the selected tests.
func (q Quarantine) Review(at time.Time, results []TestResult) (warnings, notes []string) {
	for _, e := range q {
		i := slices.IndexFunc(results, func(r TestResult) bool { return telnyx.SameID(r.Test.ID, e.ID) })
		if i < 0 {
			notes = append(notes, fmt.Sprintf("quarantine line %d: test %s is not selected", e.Line, e.ID))
			continue
		}
		r := results[i]
		name := fmt.Sprintf("quarantine line %d: test %q (%s)", e.Line, r.Test.Name, e.ID)
		left := e.Expires.Sub(at)
		switch {
		case left <= 0:
			warnings = append(warnings, fmt.Sprintf("%s: the entry of %s expired after %s and excuses nothing any more", name, e.Owner, e.LastDay()))
		case left <= soonExpires:
			warnings = append(warnings, fmt.Sprintf("%s: the entry of %s expires after %s", name, e.Owner, e.LastDay()))
		case left > farExpires:
			warnings = append(warnings, fmt.Sprintf("%s: the entry of %s expires only after %s, more than 90 days ahead", name, e.Owner, e.LastDay()))
		}
		if r.State == StatePassed {
			notes = append(notes, fmt.Sprintf("%s passed: the entry can be removed", name))
		}
	}
	return warnings, notes
}
