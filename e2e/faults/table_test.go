package faults

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// place is where a fault strikes: an endpoint by the simulator's name for it, and the arguments with which the gate asks
// it; none where the test ids alone lead there.
type place struct {
	name     string
	endpoint string
	args     []string
}

var (
	atTest         = place{name: "look-up of a test", endpoint: "test"}
	atSuite        = place{name: "list of a suite's tests", endpoint: "tests", args: []string{"--test-suites", faultSuiteName}}
	atVersion      = place{name: "look-up of the version", endpoint: "version", args: []string{"--assistant-id", faultAssistant}}
	atTrigger      = place{name: "trigger", endpoint: "trigger"}
	atSuiteTrigger = place{name: "trigger of a suite", endpoint: "suite-trigger", args: atSuite.args}
	atSuiteRuns    = place{name: "list of a suite's runs", endpoint: "suite-runs", args: atSuite.args}
	atPoll         = place{name: "look at a run", endpoint: "run"}
	atList         = place{name: "list of runs", endpoint: "runs"}
	anywhere       = place{name: "everywhere", endpoint: "any"}

	atTranscript = place{name: "messages of a conversation", endpoint: "messages"}
)

// play is what happens to a request.
type play struct {
	name string
	do   simulator.Action
}

// faultRow is one row of docs/reliability.md and the executions that prove it.
type faultRow struct {
	name  string  // where there are no plays, or their names would say too little
	at    []place // where there are no plays, only for the page
	plays []play
	times []int  // 0: for ever
	match string // the one test that is struck
	after int    // so many requests are let through first

	tests  int // selected; 0 means 1
	world  func(*simulator.World)
	args   []string
	wire   func(s *stage, next http.RoundTripper) http.RoundTripper
	prior  []simulator.Fault // what goes wrong before, to get to the place at all
	github bool
	again  bool // what the row says is on the page already: it is proved once more in other surroundings

	earlier  []part // executions before, with the same arguments
	ends     part   // what ends the execution; it ends by itself where that is the zero value
	overpaid int    // the status of a trigger that was executed all the same, see stage

	code  int
	paid  int
	cases string // of the JUnit file: passed, failure, error, skipped, and gate:error for that of the gate itself
	says  string // in the file for scripts and in the summary
	least time.Duration
	most  time.Duration // that the gate takes; 0: not bounded here
	also  func(t *testing.T, s *stage, x *execution)
	does  string // what the gate does, for the page
}

// faultSection is a part of the page.
type faultSection struct {
	title string
	rows  []faultRow
}

func faultSections() []faultSection {
	return []faultSection{
		{"Looking up, before anything is paid", planRows()},
		{"Lists and clocks", listRows()},
		{"Triggering", triggerRows()},
		{"A whole suite", suiteRows()},
		{"Watching", watchRows()},
		{"What runs end with", endRows()},
		{"Stopping early", stopRows()},
		{"Rate limits", rateRows()},
		{"Texts and secrets", textRows()},
	}
}

// TestFaults plays every fault against the real client and the real gate.
func TestFaults(t *testing.T) {
	for _, section := range faultSections() {
		for i, row := range section.rows {
			t.Run(fmt.Sprintf("%s %d", section.title, i+1), func(t *testing.T) {
				t.Parallel()
				for _, d := range row.deeds() {
					t.Run(d.name(), func(t *testing.T) { row.prove(t, d) })
				}
			})
		}
	}
}

// deed is one execution of a row.
type deed struct {
	at    place
	play  play
	times int // 0: for ever
}

// deeds are every play at each place: of the trigger, which costs money, as often as each of times says; elsewhere as often
// as one of them says, in turn.
func (r faultRow) deeds() []deed {
	if len(r.plays) == 0 {
		return []deed{{at: r.at[0]}}
	}
	times := r.times
	if len(times) == 0 {
		times = []int{1}
	}
	var all []deed
	for i, at := range r.at {
		for j, p := range r.plays {
			some := times
			if at.endpoint != atTrigger.endpoint {
				some = times[(i+j)%len(times):][:1]
			}
			for _, n := range some {
				all = append(all, deed{at: at, play: p, times: n})
			}
		}
	}
	return all
}

func (d deed) name() string {
	if d.play.name == "" {
		return d.at.name
	}
	return fmt.Sprintf("%s, %s, %s", d.at.name, strings.ReplaceAll(d.play.name, "/", " "), often(d.times))
}

func often(times int) string {
	switch times {
	case 0:
		return "for ever"
	case 1:
		return "once"
	}
	return fmt.Sprintf("%d times", times)
}

// prove executes the program under the fault.
func (r faultRow) prove(t *testing.T, d deed) {
	w := faultWorld(max(r.tests, 1))
	if r.world != nil {
		r.world(&w)
	}
	inBubble(t, w, func(t *testing.T, s *stage) {
		s.overpaid, s.baseline = r.overpaid, slices.Contains(r.args, "--baseline-version")
		if r.github {
			if err := s.onGitHub(); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range r.prior {
			s.sim.Fault(f)
		}
		if len(r.plays) > 0 {
			s.sim.Fault(simulator.Fault{On: d.at.endpoint, Match: r.match, After: r.after, Times: d.times, Do: d.play.do})
		}
		if r.wire != nil {
			s.witness.next = r.wire(s, s.witness.next)
		}
		args := s.arguments(slices.Concat(d.at.args, r.args)...)
		for _, p := range r.earlier {
			_, problems := p.execute(s, args)
			for _, problem := range problems {
				t.Error("an earlier execution: " + problem)
			}
			pass(context.Background(), p.pause)
		}
		x, problems := r.ends.execute(s, args)
		for _, problem := range problems {
			t.Error(problem)
		}
		r.check(t, s, x)
		if t.Failed() {
			x.tell(t, s)
		}
	})
}

// check compares what came of an execution with the row, and then with everything that always holds.
func (r faultRow) check(t *testing.T, s *stage, x *execution) {
	if x.code != r.code {
		t.Errorf("exit code %d, want %d", x.code, r.code)
	}
	if paid := len(s.sim.Ledger()); paid != r.paid {
		t.Errorf("%d runs were paid, want %d", paid, r.paid)
	}
	if cases := strings.Join(x.junit.kinds(), " "); cases != r.cases {
		t.Errorf("JUnit cases are %q, want %q", cases, r.cases)
	}
	inResults, inSummary := x.says(r.says)
	if (!inResults && !headlineOf(r.says)) || !inSummary {
		t.Errorf("%q is said in the results: %v, in the summary: %v", r.says, inResults, inSummary)
	}
	if x.took < r.least || r.most > 0 && x.took > r.most {
		t.Errorf("the gate took %s, want %s to %s", x.took, r.least, r.most)
	}
	if r.also != nil {
		r.also(t, s, x)
	}
	for _, violation := range s.paidTooMuch(x) {
		t.Error(violation)
	}
}

// headlineOf reports whether the phrase is a verdict in words, which the results file does not repeat.
func headlineOf(phrase string) bool {
	return strings.HasPrefix(phrase, "Passed: ") || strings.HasPrefix(phrase, "Blocked: ")
}

// tell logs what helps to find out why a row failed.
func (x *execution) tell(t *testing.T, s *stage) {
	const mostBytes, mostRequests = 4000, 60
	t.Logf("took %s, stdout:\n%.*s\nstderr:\n%.*s", x.took, mostBytes, x.stdout, mostBytes, x.stderr)
	seen := s.witness.requests()
	for i, r := range seen {
		if i == mostRequests {
			t.Logf("and %d requests more", len(seen)-i)
			break
		}
		t.Log(r)
	}
	for _, run := range s.sim.Ledger() {
		t.Logf("%+v", run)
	}
}
