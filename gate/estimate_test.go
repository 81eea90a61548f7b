package gate

import (
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// callsAndChats are tests whose runs may take 6 minutes each: phone calls, then web chats.
func callsAndChats(calls, chats int) []telnyx.Test {
	var out []telnyx.Test
	for i := range calls + chats {
		t := telnyx.Test{Channel: telnyx.ChannelPhoneCall, MaxDuration: time.Minute}
		if i >= calls {
			t.Channel = telnyx.ChannelWebChat
		}
		out = append(out, t)
	}
	return out
}

// TestTimeNeeded: every first run takes all of its time and starts when a place is free.
func TestTimeNeeded(t *testing.T) {
	long := append(callsAndChats(0, 1), callsAndChats(0, 3)...)
	long[0].MaxDuration = 20 * time.Minute
	for name, tt := range map[string]struct {
		tests     []telnyx.Test
		bound     int
		policy    string
		want      time.Duration
		unbounded bool
	}{
		"no bound":                                 {callsAndChats(0, 40), Unbounded, "1", 6 * time.Minute, true},
		"no bound for calls either":                {callsAndChats(40, 0), Unbounded, "1", 6 * time.Minute, true},
		"auto, as many calls as places":            {callsAndChats(5, 30), AutoBound, "1", 6 * time.Minute, true},
		"auto, one call more":                      {callsAndChats(6, 30), AutoBound, "1", 12 * time.Minute, false},
		"auto, chats only":                         {callsAndChats(0, 30), AutoBound, "1", 6 * time.Minute, true},
		"a given bound is shared by all channels":  {callsAndChats(3, 3), 5, "1", 12 * time.Minute, false},
		"just as many as a given bound":            {callsAndChats(3, 2), 5, "1", 6 * time.Minute, true},
		"2-of-3 needs two runs each":               {callsAndChats(0, 3), 5, "2-of-3", 12 * time.Minute, false},
		"2-of-3 within the bound":                  {callsAndChats(0, 2), 4, "2-of-3", 6 * time.Minute, true},
		"confirm:3 needs one run each":             {callsAndChats(0, 5), 5, "confirm:3", 6 * time.Minute, true},
		"2-of-3 of calls, auto":                    {callsAndChats(3, 0), AutoBound, "2-of-3", 12 * time.Minute, false},
		"a long run beside short ones":             {long, 2, "1", 25 * time.Minute, false},
		"a long run without a bound":               {long, Unbounded, "1", 25 * time.Minute, true},
		"one at a time":                            {long, 1, "1", 43 * time.Minute, false},
		"more places than runs":                    {callsAndChats(0, 3), 100, "1", 6 * time.Minute, true},
		"places are for runs, not for their tests": {callsAndChats(0, 2), 3, "3-of-5", 12 * time.Minute, false},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := outcome.ParsePolicy(tt.policy)
			if err != nil {
				t.Fatal(err)
			}
			s := Settings{MaxInFlight: tt.bound, Policy: p, Timeout: tt.want}
			if got := timeAtMost(s, tt.tests); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			if got := unbounded(s, tt.tests); got != tt.unbounded {
				t.Errorf("all at once: %v", got)
			}
			if w := fitWarnings(s, &Plan{Plan: outcome.Plan{Tests: tt.tests, TimeAtMost: tt.want}}); len(w) != 0 {
				t.Errorf("a timeout of just the time needed is enough, but: %q", w)
			}
			s.FailFast = true
			w := strings.Join(fitWarnings(s, &Plan{Plan: outcome.Plan{Tests: tt.tests}}), "")
			if got := strings.Contains(w, "fail-fast has no effect"); got != tt.unbounded {
				t.Errorf("fail-fast is said to have no effect: %v", got)
			}
		})
	}
}

// TestRunsAtLeastAndAtMost: with what may be run again, and on the baseline.
func TestRunsAtLeastAndAtMost(t *testing.T) {
	p, err := outcome.ParsePolicy("2-of-3")
	if err != nil {
		t.Fatal(err)
	}
	s := Settings{Policy: p, ErrorReruns: 2}
	if s.firstRuns(10) != 20 || s.allRuns(10) != 50 {
		t.Errorf("%d to %d runs, want 20 to 50", s.firstRuns(10), s.allRuns(10))
	}
	s.BaselineVersion = "v0"
	if s.allRuns(10) != 90 {
		t.Errorf("%d runs at most with a baseline, want 90", s.allRuns(10))
	}
}

// TestTimeOfARun: as given, else by the test's own bound, else the default.
func TestTimeOfARun(t *testing.T) {
	for _, tt := range []struct{ given, own, want time.Duration }{
		{0, 0, 15 * time.Minute},
		{0, time.Minute, 6 * time.Minute},
		{time.Second, time.Minute, time.Second},
		{time.Hour, 0, time.Hour},
	} {
		if got := (Settings{RunTimeout: tt.given}).runBound(telnyx.Test{MaxDuration: tt.own}); got != tt.want {
			t.Errorf("run-timeout %s, the test's own %s: %s, want %s", tt.given, tt.own, got, tt.want)
		}
	}
}
