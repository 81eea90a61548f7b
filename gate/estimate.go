package gate

import (
	"fmt"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/duration"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// firstRuns returns how many runs so many tests need before any has a verdict.
func (s Settings) firstRuns(tests int) int { return tests * s.Policy.Needed(0, 0) }

// allRuns returns the maximum number of runs of so many tests.
func (s Settings) allRuns(tests int) int {
	each := s.Policy.MaxVotes() + s.ErrorReruns
	switch {
	case s.BaselineRounds > 0:
		each += 2 * (s.BaselineRounds + s.ErrorReruns)
	case s.BaselineVersion != "":
		each += outcome.BaselinePolicy().MaxVotes() + s.ErrorReruns
	}
	return tests * each
}

// mayBlock returns how many of the tests quarantine does not excuse.
func mayBlock(s Settings, tests []telnyx.Test) (n int) {
	for _, t := range tests {
		if !s.Quarantine.Excuses(t.ID, s.Started) {
			n++
		}
	}
	return n
}

// timeAtMost returns how long the gate takes if every run takes all of its time. Each run starts when a slot is free.
func timeAtMost(s Settings, tests []telnyx.Test) time.Duration {
	places := map[telnyx.Channel][]time.Duration{} // when each slot is free again
	var latest time.Duration
	for _, t := range tests {
		bound, shared := s.inFlightBound(t.Channel)
		if bound == 0 {
			latest = max(latest, s.runBound(t))
			continue
		}
		channel := t.Channel
		if shared {
			channel = ""
		}
		if places[channel] == nil {
			places[channel] = make([]time.Duration, min(bound, s.firstRuns(len(tests))))
		}
		free := places[channel]
		for range s.Policy.Needed(0, 0) {
			first := slices.Index(free, slices.Min(free))
			free[first] += s.runBound(t)
			latest = max(latest, free[first])
		}
	}
	return latest
}

func fitWarnings(s Settings, plan *Plan) []string {
	var out []string
	if plan.TimeAtMost > s.Timeout {
		out = append(out, fmt.Sprintf("if every first run takes all of its run-timeout, the tests need %s but timeout is %s: raise timeout or max-in-flight, or lower run-timeout", duration.Text(plan.TimeAtMost), duration.Text(s.Timeout)))
	}
	if s.FailFast && unbounded(s, plan.Tests) {
		out = append(out, "fail-fast has no effect if all tests are triggered at once: set max-in-flight")
	}
	return out
}

// unbounded reports whether all tests run at the same time.
func unbounded(s Settings, tests []telnyx.Test) bool {
	perChannel := map[telnyx.Channel]int{}
	for _, t := range tests {
		bound, shared := s.inFlightBound(t.Channel)
		channel := t.Channel
		if shared {
			channel = ""
		}
		perChannel[channel] += s.Policy.Needed(0, 0)
		if bound > 0 && perChannel[channel] > bound {
			return false
		}
	}
	return true
}
