package sample

import (
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// historyBegins is the first night of History.
var historyBegins = time.Date(2026, 8, 3, 4, 40, 0, 0, time.UTC)

// History is so many nightly gates of the live version with attempts confirm:3. One test fails every third first run and always by
// the same criterion, one every sixth by another each time, two fail now and then, the others never. One is new.
func History(nights int) []*outcome.Outcome {
	policy, _ := outcome.ParsePolicy("confirm:3")
	var gates []*outcome.Outcome
	for night := range nights {
		o := Green()
		o.Name, o.Policy, o.RunKey = "nightly", policy, fmt.Sprintf("night-%d", night)
		o.Started = historyBegins.AddDate(0, 0, night)
		o.Ended = o.Started.Add(12 * time.Minute)
		live := fmt.Sprintf("2026080%dT090000000000", 1+night/40)
		o.Target.VersionID, o.Target.LiveID, o.Target.VersionName = outcome.MainVersion, live, ""
		o.Results = o.Results[:0]
		for n := range ClinicTests {
			if n == 8 && night < nights-6 {
				continue
			}
			o.Results = append(o.Results, nightly(n, night, live, o.Started))
		}
		o.Paid = 3 * len(o.Results)
		gates = append(gates, o)
	}
	return gates
}

// failures are the criteria that fail in the first run of a night, if any do.
func failures(n, night int) []int {
	switch {
	case n == 2 && night%3 == 0:
		return []int{1}
	case n == 6 && night%6 == 1:
		return []int{night / 6 % 3}
	case n == 4 && night%20 == 11, n == 9 && night%45 == 30:
		return []int{2}
	}
	return nil
}

// nightly is a test of a night. After a failure, it passes twice.
func nightly(n, night int, live string, started time.Time) outcome.TestResult {
	r := JudgedResult(n, failures(n, night)...)
	if r.State == outcome.StateFailed {
		r.Attempts = append(r.Attempts, JudgedResult(n).Attempts[0], JudgedResult(n).Attempts[0])
		r.State, r.Flaky = outcome.StatePassed, true
	}
	for i := range r.Attempts {
		a := &r.Attempts[i]
		a.Number, a.Answered = i+1, confirmed(live)
		a.RunID = fmt.Sprintf("run-%04d%02d%02d-6a0b-4f6e-9c39-0d2f6f3e7a11", night, n, i)
		a.ConversationID = fmt.Sprintf("conv-%04d%02d%02d-11d0-4a7e-8a3c-5b0c1de7f0aa", night, n, i)
		a.TriggeredAt = started.Add(time.Duration(i+1) * time.Minute)
		a.CreatedAt, a.CompletedAt, a.SeenAt = a.TriggeredAt, a.TriggeredAt.Add(41*time.Second), a.TriggeredAt.Add(42*time.Second)
	}
	return r
}
