package gate_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

type pollFunc = func(n int, testID string, age time.Duration) (telnyx.Run, error, bool)

// faulty answers polls of one test with a fault for as long as the run is younger.
func faulty(id string, kind telnyx.Kind, until time.Duration) pollFunc {
	return func(_ int, testID string, age time.Duration) (telnyx.Run, error, bool) {
		return telnyx.Run{}, apiError(kind, 0), testID == id && age < until
	}
}

// alternating answers every other poll at one test with a fault.
func alternating(id string) pollFunc {
	n := 0
	return func(_ int, testID string, _ time.Duration) (telnyx.Run, error, bool) {
		if testID == id {
			n++
		}
		return telnyx.Run{}, apiError(telnyx.KindMalformed, 200), testID == id && n%2 == 1
	}
}

// TestWatching: when runs are polled, and what unusable answers mean for them.
func TestWatching(t *testing.T) {
	const forever = 24 * time.Hour
	steady := func(gap, retry time.Duration) func(*gate.Settings) {
		return func(s *gate.Settings) {
			s.Timings.PollInterval, s.Timings.RetryMin, s.Timings.RetryMax = gap, retry, retry
		}
	}
	for name, tt := range map[string]struct {
		n        int
		takes    time.Duration
		never    bool
		poll     pollFunc
		settings func(s *gate.Settings)
		states   string
		within   time.Duration
		polls    int // at most; 0 is any number
		says     string
		not      string // must not be said
	}{
		"a run that ended before the gate's deadline gets a final poll": {n: 1, takes: 57 * time.Second, settings: func(s *gate.Settings) { s.Timings.PollInterval, s.Timeout = 50*time.Second, time.Minute }, states: "passed", within: time.Minute},
		"the final poll before the gate's deadline is not repeated":     {n: 1, never: true, settings: func(s *gate.Settings) { s.Timings.PollInterval, s.Timeout = 50*time.Second, time.Minute }, states: "timed-out", polls: 3},
		"a run has its final poll at its deadline":                      {n: 1, never: true, settings: func(s *gate.Settings) { s.Timings.PollInterval, s.RunTimeout = 30*time.Second, 40*time.Second }, states: "timed-out", within: 40 * time.Second},
		"no pause delays the polls that end a run":                      {n: 1, poll: faulty("t1", telnyx.KindMalformed, forever), settings: func(s *gate.Settings) { steady(2*time.Second, 200*time.Second)(s); s.RunTimeout = 20 * time.Second }, states: "timed-out", within: 81 * time.Second, says: "the last poll had no usable answer"},
		"polls without use are not hurried":                             {n: 1, poll: faulty("t1", telnyx.KindMalformed, forever), settings: func(s *gate.Settings) { steady(2*time.Second, 50*time.Second)(s); s.Timeout = time.Minute }, states: "timed-out", polls: 8},
		"429 says nothing about a run":                                  {n: 2, takes: 4 * time.Minute, poll: faulty("t2", telnyx.KindRateLimited, 200*time.Second), states: "passed passed"},
		"a run that is read now and then":                               {n: 2, takes: 4 * time.Minute, poll: alternating("t2"), states: "passed passed"},
		"a few polls without use are not enough to give a run up":       {n: 2, takes: 3 * time.Minute, poll: faulty("t2", telnyx.KindMalformed, 140*time.Second), settings: steady(30*time.Second, time.Second), states: "passed passed"},
		"nor is a short time":                                           {n: 2, takes: time.Minute, poll: faulty("t2", telnyx.KindMalformed, 50*time.Second), settings: steady(2*time.Second, time.Second), states: "passed passed"},
		"a run is not given up while no other can be read":              {n: 1, takes: 3 * time.Minute, poll: faulty("t1", telnyx.KindMalformed, 170*time.Second), states: "passed"},
		"a run that is gone is given up":                                {n: 1, poll: faulty("t1", telnyx.KindNotFound, forever), states: "errored", within: 3 * time.Minute, says: "could not be read"},
		"a 404 at first is not counted": {n: 1, takes: time.Minute, poll: faulty("t1", telnyx.KindNotFound, 70*time.Second), settings: func(s *gate.Settings) {
			steady(2*time.Second, time.Second)(s)
			s.Timings.UnreadableAfter = 45 * time.Second
		}, states: "passed"},
		"a fault that was followed by an answer is forgotten": {n: 1, never: true, poll: func(n int, _ string, _ time.Duration) (telnyx.Run, error, bool) {
			return telnyx.Run{}, apiError(telnyx.KindMalformed, 200), n == 2
		}, settings: func(s *gate.Settings) { s.Timeout = 30 * time.Second }, states: "timed-out", not: "the API's words"},
		"criteria have no longer to settle than the time for it": {n: 1, poll: func(int, string, time.Duration) (telnyx.Run, error, bool) {
			return telnyx.Run{Status: "passed", Criteria: criteria("polite", "pending")}, nil, true
		}, settings: steady(50*time.Second, time.Second), states: "errored", within: 116 * time.Second},
		"a timeout while criteria settle": {n: 1, poll: func(int, string, time.Duration) (telnyx.Run, error, bool) {
			return telnyx.Run{Status: "passed", Criteria: criteria("polite", "pending")}, nil, true
		}, settings: func(s *gate.Settings) { s.Timeout = 30 * time.Second }, states: "errored", says: "Telnyx gave the run as passed, but the gate's timeout passed before that was settled"},
		"an outage names the fault":                                     {n: 1, takes: time.Hour, poll: faulty("t1", telnyx.KindMalformed, forever), states: "errored", settings: func(s *gate.Settings) { s.OutageTimeout = 2 * time.Minute }, within: 130 * time.Second, says: "the API gave no usable answer for 2 min, with 0 of 1 tests ended; what came back last: call: the API's words"},
		"the gate ended before the run did":                             {n: 1, takes: time.Hour, poll: faulty("t1", telnyx.KindMalformed, forever), states: "errored", settings: func(s *gate.Settings) { s.OutageTimeout = 2 * time.Minute }, says: "the gate ended before the run ended; it goes on at Telnyx [the latest request about the run came back with: call"},
		"the timeout passed before the run ended":                       {n: 1, never: true, states: "timed-out", settings: func(s *gate.Settings) { s.Timeout = time.Minute }, says: "the gate's timeout passed before the run ended; it goes on at Telnyx", within: time.Minute},
		"the timeout passed before a test was triggered, fail-fast too": {n: 2, never: true, states: "timed-out not-run", settings: func(s *gate.Settings) { s.Timeout, s.MaxInFlight, s.FailFast = time.Minute, 1, true }, says: "the gate's timeout passed before it was triggered", not: "fail-fast"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(tt.n)
				if tt.takes > 0 {
					f.takes = tt.takes
				}
				f.never["t1"] = tt.never
				f.onPoll = func(n int, id string, age time.Duration) (telnyx.Run, error, bool) {
					if n > 1000 {
						panic("polls without end")
					}
					if tt.poll == nil {
						return telnyx.Run{}, nil, false
					}
					return tt.poll(n, id, age)
				}
				s := settingsFor(f)
				if tt.settings != nil {
					tt.settings(&s)
				}
				began := time.Now()
				o, _ := runGate(t, t.Context(), f, s)
				if got := states(o); got != tt.states || o.Panic != "" {
					t.Errorf("states %q, want %q", got, tt.states)
				}
				if took := time.Since(began); tt.within > 0 && took > tt.within {
					t.Errorf("took %s, want %s at most", took, tt.within)
				}
				if tt.polls > 0 && f.polls > tt.polls {
					t.Errorf("%d polls, want %d at most", f.polls, tt.polls)
				}
				if all := said(o); !strings.Contains(all, tt.says) || tt.not != "" && strings.Contains(all, tt.not) {
					t.Errorf("want %q and not %q in:\n%s", tt.says, tt.not, all)
				}
				if t.Failed() {
					t.Log(said(o))
				}
			})
		})
	}
}

// TestUnknownStatusIsReportedOnce, however often it is seen.
func TestUnknownStatusIsReportedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.onPoll = func(_ int, _ string, age time.Duration) (telnyx.Run, error, bool) {
			return telnyx.Run{Status: "warming_up"}, nil, age < 20*time.Second
		}
		o, events := runGate(t, t.Context(), f, settingsFor(f))
		warned := 0
		for _, e := range events {
			if _, ok := e.(outcome.Warning); ok {
				warned++
			}
		}
		if len(o.Warnings) != 1 || warned != 1 {
			t.Errorf("%d warnings, %d events: %q", len(o.Warnings), warned, o.Warnings)
		}
	})
}

// TestWhatIsKeptOfARun: its time by Telnyx's clock, and the criteria that did not pass and were not counted.
func TestWhatIsKeptOfARun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.tests[0].Rubric = append(f.tests[0].Rubric, telnyx.Criterion{Name: "right"})
		f.ends["t1"] = telnyx.Run{Status: telnyx.StatusFailed, Criteria: append(criteria("polite", "failed"), criteria("right", "passed")...)}
		s := settingsFor(f)
		s.Advisory = []string{"polite"}
		o, _ := runGate(t, t.Context(), f, s)
		if states(o) != "passed" || !strings.Contains(strings.Join(o.Results[0].Notes, " "), `"polite"`) {
			t.Errorf("states %q, notes %q", states(o), o.Results[0].Notes)
		}
		if last := o.Results[0].Last(); len(last.Advisory) != 1 || last.Advisory[0] != "polite" || last.CompletedAt.Sub(last.CreatedAt) != f.takes {
			t.Errorf("advisory %q, from %s to %s", last.Advisory, last.CreatedAt, last.CompletedAt)
		}
	})
}

// TestFailedPollsDoNotEndARun: the run ended before its run-timeout; that the poll at the deadline was refused for
// the rate says nothing about it.
func TestFailedPollsDoNotEndARun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.takes = 57 * time.Second
		f.onPoll = func(_ int, _ string, age time.Duration) (telnyx.Run, error, bool) {
			return telnyx.Run{}, apiError(telnyx.KindRateLimited, 429), age > 56*time.Second && age < 61*time.Second
		}
		s := settingsFor(f)
		s.RunTimeout = time.Minute
		if o, _ := runGate(t, t.Context(), f, s); states(o) != "passed" {
			t.Errorf("states %q: %s", states(o), said(o))
		}
	})
}

// TestAnEndThatCannotBeReadAgain: one poll alone makes no pass, and nothing is paid for a second time.
func TestAnEndThatCannotBeReadAgain(t *testing.T) {
	for _, criterion := range []string{"", "pending"} {
		synctest.Test(t, func(t *testing.T) {
			f, seen := newFake(2), false // the other one can be read: no outage ends the gate
			f.onPoll = func(_ int, id string, _ time.Duration) (telnyx.Run, error, bool) {
				if id == "t2" {
					return telnyx.Run{}, nil, false
				}
				run := telnyx.Run{Status: telnyx.StatusPassed}
				if criterion != "" {
					run.Criteria = criteria("polite", criterion)
				}
				if seen {
					return telnyx.Run{}, apiError(telnyx.KindMalformed, 200), true
				}
				seen = true
				return run, nil, true
			}
			f.never["t2"] = true
			s := settingsFor(f)
			s.ErrorReruns = 1
			o, _ := runGate(t, t.Context(), f, s)
			if r := o.Results[0]; r.State != outcome.StateErrored || len(f.triggers) != 2 || !strings.Contains(r.Problem, "gave the run as passed, but that could not be confirmed") {
				t.Errorf("criterion %q: %s; %d triggers: %s", criterion, r.State, len(f.triggers), said(o))
			}
		})
	}
}

// TestTheReasonOfAnErrorIsKept: if an errored run is not repeated, its own reason comes first.
func TestTheReasonOfAnErrorIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		scripted(f, map[string]string{"t1": "f", "t2": "e"})
		s := settingsFor(f)
		s.ErrorReruns, s.MaxRuns = 1, 2
		o, _ := runGate(t, t.Context(), f, s)
		if p := o.Results[1].Problem; !strings.Contains(p, "did not start; not repeated: max-runs") {
			t.Errorf("problem %q", p)
		}
	})
}

// TestARunThatDidNotStart quotes its logs only if reports may show them.
func TestARunThatDidNotStart(t *testing.T) {
	for keep, want := range map[gate.Transcripts]string{
		gate.TranscriptsNone:   "the assistant did not start",
		gate.TranscriptsFailed: `the assistant did not start; its logs end with "400 Bad Request"`,
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(1)
			f.onEnd = func(run *telnyx.Run) {
				run.Status, run.Criteria, run.ConversationID, run.Logs = telnyx.StatusError, nil, "", "starting\n400 Bad Request\n"
			}
			s := settingsFor(f)
			s.ErrorReruns, s.Transcripts = 0, keep
			o, _ := runGate(t, t.Context(), f, s)
			if p := o.Results[0].Problem; !strings.HasSuffix(p, want) {
				t.Errorf("%v: problem %q, want %q at its end", keep, p, want)
			}
		})
	}
}
