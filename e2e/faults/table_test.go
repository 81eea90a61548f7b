package faults

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// target is the endpoint of a fault, by the simulator's name, and the arguments that make the gate use it, if any are
// needed.
type target struct {
	name     string
	endpoint string
	args     []string
}

var (
	atTest         = target{name: "look-up of a test", endpoint: "test"}
	atSuite        = target{name: "list of a suite's tests", endpoint: "tests", args: []string{"--test-suites", simtest.Suite}}
	atNames        = target{name: "list of an assistant's tests", endpoint: "tests", args: []string{"--assistant-id", simtest.Assistant, "--test-names", "*"}}
	atVersion      = target{name: "look-up of the version", endpoint: "version", args: []string{"--assistant-id", simtest.Assistant}}
	atTrigger      = target{name: "trigger", endpoint: "trigger"}
	atSuiteTrigger = target{name: "trigger of a suite", endpoint: "suite-trigger", args: atSuite.args}
	atSuiteRuns    = target{name: "list of a suite's runs", endpoint: "suite-runs", args: atSuite.args}
	atPoll         = target{name: "poll of a run", endpoint: "run"}
	atList         = target{name: "list of runs", endpoint: "runs"}
	anywhere       = target{name: "everywhere", endpoint: "any"}

	atTranscript = target{name: "messages of a conversation", endpoint: "messages"}
)

// fault is a fault of the simulator with its name on the page.
type fault struct {
	name         string
	do           simulator.Action
	conversation simulator.Conversation // of all runs, if do is nothing
}

// faultRow is a row of docs/reliability.md and the executions that test it.
type faultRow struct {
	name   string   // if there are no faults, or their names are not enough
	at     []target // without faults, only for the page
	faults []fault
	times  []int  // 0: always
	match  string // the only test that is affected
	after  int    // number of requests let through first

	tests       int    // selected; 0 means 1
	answers     string // faults of conversations are of runs on this version alone; empty: of all
	world       func(*simulator.World)
	args        []string
	transport   func(s *fixture, next http.RoundTripper) http.RoundTripper
	priorFaults []simulator.Fault // faults needed to reach the target
	github      bool
	notOnPage   bool // the same as a row on the page, in another environment

	earlierPhases  []phase // earlier executions with the same arguments
	lastPhase      phase   // the execution; the zero value ends by itself
	executedStatus int     // see fixture

	code      int
	paid      int
	junit     string // the cases of the JUnit file: passed, failure, error, skipped, and gate:error for the gate itself
	contains  string // in the results file and in the summary
	confirmed int    // runs whose version is confirmed; 0: any number
	minTime   time.Duration
	maxTime   time.Duration // duration of the gate; 0: no bound
	check     func(t *testing.T, s *fixture, x *execution)
	does      string // what the gate does, for the page
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
		{"Which version answered", proofRows()},
		{"Side by side with the baseline", roundRows()},
		{"Stopping early", stopRows()},
		{"Rate limits", rateRows()},
		{"Texts and secrets", textRows()},
	}
}

// TestFaults runs the real gate and client under every fault.
func TestFaults(t *testing.T) {
	for _, section := range faultSections() {
		for i, row := range section.rows {
			t.Run(fmt.Sprintf("%s %d", section.title, i+1), func(t *testing.T) {
				t.Parallel()
				for _, d := range row.faultCases() {
					t.Run(d.name(), func(t *testing.T) { row.run(t, d) })
				}
			})
		}
	}
}

// faultCase is an execution of a row.
type faultCase struct {
	at    target
	fault fault
	times int // 0: always
}

// faultCases combine every fault with every target: for the trigger, which costs money, with all of times; elsewhere with
// one of them, in turn.
func (r faultRow) faultCases() []faultCase {
	if len(r.faults) == 0 {
		r.faults = []fault{{}}
	}
	times := r.times
	if len(times) == 0 {
		times = []int{1}
	}
	var all []faultCase
	for i, at := range r.at {
		for j, p := range r.faults {
			some := times
			if at.endpoint != atTrigger.endpoint {
				some = times[(i+j)%len(times):][:1]
			}
			for _, n := range some {
				all = append(all, faultCase{at: at, fault: p, times: n})
			}
		}
	}
	return all
}

func (d faultCase) name() string {
	if d.fault.name == "" {
		return d.at.name
	}
	return fmt.Sprintf("%s, %s, %s", d.at.name, strings.ReplaceAll(d.fault.name, "/", " "), timesText(d.times))
}

func timesText(times int) string {
	switch times {
	case 0:
		return "always"
	case 1:
		return "once"
	}
	return fmt.Sprintf("%d times", times)
}

// run executes the program under the fault.
func (r faultRow) run(t *testing.T, d faultCase) {
	w := faultWorld(max(r.tests, 1))
	if r.world != nil {
		r.world(&w)
	}
	answeredBy(&w, d.fault.conversation, r.answers)
	inBubble(t, w, func(t *testing.T, s *fixture) {
		args := slices.Concat(d.at.args, r.args)
		s.executedStatus, s.baseline = r.executedStatus, slices.Contains(args, "--baseline-version")
		if i := slices.Index(args, "--baseline-rounds"); i >= 0 {
			s.rounds, _ = strconv.Atoi(args[i+1])
		}
		if i := slices.Index(args, "--version-id"); i >= 0 && args[i+1] == "main" {
			s.tested = simtest.Live
		}
		if r.github {
			if err := s.onGitHub(); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range r.priorFaults {
			s.sim.Fault(f)
		}
		if d.fault.name != "" && d.fault.conversation == (simulator.Conversation{}) {
			s.sim.Fault(simulator.Fault{On: d.at.endpoint, Match: r.match, After: r.after, Times: d.times, Do: d.fault.do})
		}
		if r.transport != nil {
			s.recorder.next = r.transport(s, s.recorder.next)
		}
		args = s.arguments(args...)
		for _, p := range r.earlierPhases {
			_, problems := p.execute(s, args)
			for _, problem := range problems {
				t.Error("an earlier execution: " + problem)
			}
			wait(context.Background(), p.pause)
		}
		x, problems := r.lastPhase.execute(s, args)
		for _, problem := range problems {
			t.Error(problem)
		}
		r.verify(t, s, x)
		if t.Failed() {
			x.logDetails(t, s)
		}
	})
}

// verify compares the results of an execution with the row, and checks for overpaid runs.
func (r faultRow) verify(t *testing.T, s *fixture, x *execution) {
	if x.code != r.code {
		t.Errorf("exit code %d, want %d", x.code, r.code)
	}
	if paid := len(s.sim.Ledger()); paid != r.paid {
		t.Errorf("%d runs were paid, want %d", paid, r.paid)
	}
	if cases := strings.Join(x.junit.kinds(), " "); cases != r.junit {
		t.Errorf("JUnit cases are %q, want %q", cases, r.junit)
	}
	inResults, inSummary := x.mentions(r.contains)
	if (!inResults && !headlineOf(r.contains)) || !inSummary {
		t.Errorf("%q is said in the results: %v, in the summary: %v", r.contains, inResults, inSummary)
	}
	if x.took < r.minTime || r.maxTime > 0 && x.took > r.maxTime {
		t.Errorf("the gate took %s, want %s to %s", x.took, r.minTime, r.maxTime)
	}
	if r.check != nil {
		r.check(t, s, x)
	}
	if confirmed := x.dotenv["GATE_VERSION_CONFIRMED"]; r.confirmed != 0 && confirmed != fmt.Sprint(r.confirmed) {
		t.Errorf("%s runs are confirmed, want %d", confirmed, r.confirmed)
	}
	for _, violation := range s.overpaidRuns(x) {
		t.Error(violation)
	}
}

// answeredLine is the line about the version that answered.
var answeredLine = regexp.MustCompile(`^\d+ of \d+ runs? (on the baseline )?(was|were|do|does) (answered by|not show)`)

// headlineOf reports whether the phrase is of the first lines, which the results file does not contain.
func headlineOf(phrase string) bool {
	return strings.HasPrefix(phrase, "Passed: ") || strings.HasPrefix(phrase, "Blocked: ") || answeredLine.MatchString(phrase)
}

// logDetails logs the execution of a row that failed.
func (x *execution) logDetails(t *testing.T, s *fixture) {
	const maxBytes, maxRequests = 4000, 60
	t.Logf("took %s, stdout:\n%.*s\nstderr:\n%.*s", x.took, maxBytes, x.stdout, maxBytes, x.stderr)
	seen := s.recorder.requests()
	for i, r := range seen {
		if i == maxRequests {
			t.Logf("and %d requests more", len(seen)-i)
			break
		}
		t.Log(r)
	}
	for _, run := range s.sim.Ledger() {
		t.Logf("%+v", run)
	}
}
