package acceptance

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// byIDs selects both tests by their ids.
var byIDs = []string{"--test-ids", strings.Join(simtest.TestIDs(2), ",")}

// pair is a world of two tests of one assistant, whose runs pass within 50 ms.
func pair() simulator.World {
	w := simtest.World(2)
	w.APIKey, w.Speed = testKey, 800
	return w
}

// tcpFault is a row: a fault at TCP level, where and how often it strikes, and how the gate must end.
type tcpFault struct {
	name   string
	toxics []toxic
	on     endpoint      // empty: every connection of the gate
	most   int           // so many requests of the endpoint meet it; 0: all
	refuse bool          // nothing listens there, in place of toxics
	bound  time.Duration // how long such a request waits for an answer; 0: as users have it
	args   []string
	whole  bool // the suite goes out as one trigger; else each test has its own
	noKeys bool // the API looks at no Idempotency-Key, so that a trigger sent again makes a second run

	exit     int
	paid     int // runs in the simulator's ledger
	replays  int // triggers that were answered with an earlier run
	passed   int
	errored  int
	timedOut int
	notRun   int
	says     string        // a part of the results, for rows that end badly
	within   time.Duration // what the gate may take where that is the point; 0: not checked
}

// one makes a list of a single toxic.
func one(kind, stream string, attributes map[string]any) []toxic {
	return []toxic{{Type: kind, Stream: stream, Attributes: attributes}}
}

// Attributes of toxics; times are in milliseconds, sizes in bytes.
var (
	atOnce      = map[string]any{"timeout": 0}
	never       = map[string]any{"timeout": 0} // of toxic timeout: the connection stays open and silent
	soon        = map[string]any{"timeout": 100}
	headerPart  = map[string]any{"bytes": 60}
	bodyPart    = map[string]any{"bytes": 330}
	slowClosing = map[string]any{"delay": 700}
)

// tcpFaults is the catalogue. A run that the ledger has once and that the gate paid for once is the point of each row.
func tcpFaults() []tcpFault {
	return []tcpFault{
		// The whole session.
		{name: "latency", toxics: one("latency", downstream, map[string]any{"latency": 60, "jitter": 30}), paid: 2, passed: 2},
		{name: "bandwidth", toxics: one("bandwidth", downstream, map[string]any{"rate": 30}), paid: 2, passed: 2},
		{name: "answers in slices", toxics: one("slicer", downstream, map[string]any{"average_size": 16, "size_variation": 8, "delay": 50}), paid: 2, passed: 2},
		{name: "requests in slices", toxics: one("slicer", upstream, map[string]any{"average_size": 16, "size_variation": 8, "delay": 50}), paid: 2, passed: 2},
		{name: "slow close", toxics: one("slow_close", downstream, slowClosing), paid: 2, passed: 2},

		// Look-ups.
		{name: "look-up reset before it arrives", toxics: one("reset_peer", upstream, atOnce), on: lookUp, most: 1, paid: 2, passed: 2},
		{name: "look-up's answer reset", toxics: one("reset_peer", downstream, atOnce), on: lookUp, most: 1, paid: 2, passed: 2},
		{name: "look-up cut in its header", toxics: one("limit_data", downstream, headerPart), on: lookUp, most: 1, paid: 2, passed: 2},
		{name: "look-up cut in its body", toxics: one("limit_data", downstream, bodyPart), on: lookUp, most: 1, paid: 2, passed: 2},
		{name: "look-up silent, then closed", toxics: one("timeout", downstream, soon), on: lookUp, most: 1, paid: 2, passed: 2},
		{name: "look-ups silent", toxics: one("timeout", downstream, never), on: lookUp, args: []string{"--timeout", "600ms"}, exit: 4, says: "while the tests were looked up; nothing was triggered", within: 5 * time.Second},

		// Triggers: executed or not, no second run is paid.
		{name: "trigger refused at first", refuse: true, on: trigger, most: 3, paid: 2, passed: 2},
		{name: "trigger refused for good", refuse: true, on: trigger, args: []string{"--timeout", "1s"}, exit: 4, notRun: 2, says: "before it was triggered"},
		{name: "trigger reset before it arrives", toxics: one("reset_peer", upstream, atOnce), on: trigger, most: 1, paid: 2, passed: 2},
		{name: "trigger executed, answer reset", toxics: one("reset_peer", downstream, atOnce), on: trigger, most: 1, paid: 2, replays: 1, passed: 2},
		{name: "trigger executed, answer reset, three times", toxics: one("reset_peer", downstream, atOnce), on: trigger, most: 3, paid: 2, replays: 1, passed: 2},
		{name: "trigger executed, answer cut in its header", toxics: one("limit_data", downstream, headerPart), on: trigger, most: 1, paid: 2, replays: 1, passed: 2},
		{name: "trigger executed, answer cut in its body", toxics: one("limit_data", downstream, bodyPart), on: trigger, most: 1, paid: 2, replays: 1, passed: 2},
		{name: "trigger executed, answer cut in its body and closed late", toxics: append(one("limit_data", downstream, bodyPart), one("slow_close", downstream, slowClosing)...), on: trigger, most: 1, paid: 2, replays: 1, passed: 2},
		{name: "trigger executed, silent, then closed", toxics: one("timeout", downstream, soon), on: trigger, most: 1, paid: 2, replays: 1, passed: 2},
		{name: "trigger never arrives, then closed", toxics: one("timeout", upstream, soon), on: trigger, most: 1, paid: 2, passed: 2},
		{name: "trigger executed, silent", toxics: one("timeout", downstream, never), bound: 150 * time.Millisecond, on: trigger, most: 1, paid: 2, replays: 1, passed: 2},
		{name: "trigger executed, answer reset, keys ignored", toxics: one("reset_peer", downstream, atOnce), on: trigger, most: 1, noKeys: true, paid: 3, passed: 2},
		{name: "no trigger ever answered", toxics: one("reset_peer", downstream, atOnce), on: trigger, exit: 3, paid: 2, errored: 2, says: "in 6 sends; a run may exist: "},

		// The same for a suite that goes out as one trigger.
		{name: "suite executed, answer reset", toxics: one("reset_peer", downstream, atOnce), on: trigger, whole: true, most: 1, paid: 2, replays: 2, passed: 2},
		{name: "suite executed, answer cut in its body", toxics: one("limit_data", downstream, bodyPart), on: trigger, whole: true, most: 2, paid: 2, replays: 2, passed: 2},
		{name: "suite never arrives, then closed", toxics: one("timeout", upstream, soon), on: trigger, whole: true, most: 1, paid: 2, passed: 2},
		{name: "suite executed, answer reset, keys ignored", toxics: one("reset_peer", downstream, atOnce), on: trigger, whole: true, most: 1, noKeys: true, paid: 4, passed: 2},
		{name: "no trigger of a suite ever answered", toxics: one("reset_peer", downstream, atOnce), on: trigger, whole: true, exit: 3, paid: 2, errored: 2, says: "in 6 sends; a run may exist: "},
		{name: "list of a suite's runs cut", toxics: one("limit_data", downstream, bodyPart), on: lookUp, whole: true, most: 4, paid: 2, passed: 2},

		// Polls.
		{name: "polls reset at first", toxics: one("reset_peer", downstream, atOnce), on: poll, most: 5, paid: 2, passed: 2},
		{name: "polls cut at first", toxics: one("limit_data", downstream, bodyPart), on: poll, most: 5, paid: 2, passed: 2},
		{name: "polls silent at first", toxics: one("timeout", downstream, never), bound: 150 * time.Millisecond, on: poll, most: 4, paid: 2, passed: 2},
		{name: "polls reset for good", toxics: one("reset_peer", downstream, atOnce), on: poll, args: []string{"--outage-timeout", "500ms"}, exit: 3, paid: 2, errored: 2, says: "connection reset by peer"},
		{name: "polls cut for good", toxics: one("limit_data", downstream, bodyPart), on: poll, args: []string{"--outage-timeout", "500ms"}, exit: 3, paid: 2, errored: 2, says: "unexpected EOF"},
		{name: "polls silent for good", toxics: one("timeout", downstream, never), on: poll, args: []string{"--timeout", "1500ms"}, exit: 4, paid: 2, timedOut: 2, says: "it goes on at Telnyx", within: 5 * time.Second},
		{name: "polls silent for longer than a run may take", toxics: one("timeout", downstream, never), bound: 100 * time.Millisecond, on: poll, args: []string{"--run-timeout", "500ms"}, exit: 4, paid: 2, timedOut: 2, says: "at Telnyx after 0.5 s (run-timeout)"},
	}
}

// TestFaultsOfTheNetwork runs the whole program over real connections that misbehave.
func TestFaultsOfTheNetwork(t *testing.T) {
	t.Parallel()
	for _, f := range tcpFaults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			world := pair()
			if f.noKeys {
				world.Idempotency = "ignored"
			}
			sim := simulator.New(world)
			p := f.program(t, serve(t, sim))
			e := p.run(t.Context(), t)
			e.wantExit(t, f.exit)
			e.checkNoSecret(t)
			f.check(t, sim, e.checkReports(t))
			f.checkMet(t, p)
			if text := string(e.files(t)[gateName+".json"]); !strings.Contains(text, f.says) {
				t.Errorf("the results do not say %q:\n%s", f.says, text)
			}
			if f.within > 0 && e.took > f.within {
				t.Errorf("the gate took %s, %s at most are due", e.took, f.within)
			}
		})
	}
}

// program is the gate behind the row's network. Where every connection is meant, it is the network that users have.
func (f tcpFault) program(t *testing.T, server string) program {
	t.Helper()
	p := program{timings: simtest.Timings()}
	address := server
	if f.on == "" {
		address = startProxy(t, server, f.toxics...)
	} else {
		p.transport = &diversion{clean: networkTo(t, server), faulty: f.network(t, server), on: f.on, most: f.most}
	}
	selection := byIDs
	if f.whole {
		selection = []string{"--test-suites", simtest.Suite}
	}
	p.args = slices.Concat([]string{"--base-url", "http://" + address + "/v2", "--version-id", simtest.Candidate}, selection, f.args)
	return p
}

// network is where the row's requests meet its fault.
func (f tcpFault) network(t *testing.T, server string) http.RoundTripper {
	t.Helper()
	if f.refuse {
		listener := listen(t)
		_ = listener.Close() // from now on connections to it are refused
		return networkTo(t, listener.Addr().String())
	}
	network := networkTo(t, startProxy(t, server, f.toxics...))
	network.ResponseHeaderTimeout = f.bound
	return network
}

// check holds what the simulator knows and what the reports say against the row.
func (f tcpFault) check(t *testing.T, sim *simulator.Simulator, r results) {
	t.Helper()
	ledger := sim.Ledger()
	if len(ledger) != f.paid {
		t.Errorf("%d runs were paid for, want %d: %+v", len(ledger), f.paid, ledger)
	}
	runs := map[string]int{}
	for _, paid := range ledger {
		if runs[paid.TestID]++; runs[paid.TestID] > 1 && !f.noKeys {
			t.Errorf("test %s was paid for %d times", paid.TestID, runs[paid.TestID])
		}
		if paid.Version != simtest.Candidate || paid.Key == "" {
			t.Errorf("a run of version %q with key %q, want the candidate and a key", paid.Version, paid.Key)
		}
	}
	if warned := strings.Contains(strings.Join(r.Warnings, "\n"), "possible duplicate"); warned != f.noKeys {
		t.Errorf("a possible duplicate is reported: %v, want %v: %q", warned, f.noKeys, r.Warnings)
	}
	if r.RunsReplayed != f.replays {
		t.Errorf("the results say %d replayed runs, want %d", r.RunsReplayed, f.replays)
	}
	got := counts{Passed: r.Counts.Passed, Errored: r.Counts.Errored, TimedOut: r.Counts.TimedOut, NotRun: r.Counts.NotRun}
	want := counts{Passed: f.passed, Errored: f.errored, TimedOut: f.timedOut, NotRun: f.notRun}
	if got != want {
		t.Errorf("results %+v, want %+v", got, want)
	}
	f.checkNamed(t, sim, r)
}

// checkMet fails the test where the fault was not met as often as the row says: then it proves nothing.
func (f tcpFault) checkMet(t *testing.T, p program) {
	t.Helper()
	if d, ok := p.transport.(*diversion); ok && d.met() < max(f.most, 1) {
		t.Errorf("%d requests met the fault, want %d", d.met(), max(f.most, 1))
	}
}

// checkNamed checks that every run that was paid for is named, or its trigger said to have perhaps made one.
func (f tcpFault) checkNamed(t *testing.T, sim *simulator.Simulator, r results) {
	t.Helper()
	named, warnings := map[string]bool{}, strings.Join(r.Warnings, "\n")
	for _, test := range r.Tests {
		for _, attempt := range test.Attempts {
			named[attempt.RunID] = true
			if attempt.MayExist {
				named[test.ID] = true
			}
		}
	}
	for _, paid := range sim.Ledger() {
		if !named[paid.RunID] && !named[paid.TestID] && !strings.Contains(warnings, paid.RunID) {
			t.Errorf("run %s of test %s was paid for and is in no report", paid.RunID, paid.TestID)
		}
	}
}

// TestSignalWhileTheNetworkIsSilent ends the gate while every answer is outstanding: it must not wait for any.
func TestSignalWhileTheNetworkIsSilent(t *testing.T) {
	t.Parallel()
	for _, on := range []endpoint{lookUp, trigger, poll} {
		t.Run(string(on), func(t *testing.T) {
			t.Parallel()
			sim := simulator.New(pair())
			f := tcpFault{toxics: one("timeout", downstream, never), on: on}
			p := f.program(t, serve(t, sim))
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			go func() {
				silent := p.transport.(*diversion)
				for silent.met() == 0 && ctx.Err() == nil {
					time.Sleep(time.Millisecond) // nothing tells when a request goes out
				}
				time.Sleep(50 * time.Millisecond)
				cancel(outcome.Cancelled{Signal: "SIGINT"})
			}()
			e := p.run(ctx, t)
			e.wantExit(t, 130)
			e.checkNoSecret(t)
			f.checkNamed(t, sim, e.checkReports(t))
			if e.took > 5*time.Second {
				t.Errorf("the gate took %s to end, 5 s at most are due", e.took)
			}
		})
	}
}
