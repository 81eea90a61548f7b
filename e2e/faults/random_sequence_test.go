package faults

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// sequence is a world, its faults, the inputs, and the executions with them.
type sequence struct {
	world      simulator.World
	latency    time.Duration
	args       []string
	quarantine []int // tests
	keyed      bool  // all executions have one run-key
	baseline   bool
	rounds     int // side by side; 0: by two runs on the baseline
	github     bool
	phases     []phase

	policy         string
	reruns, passes int
	maxRuns        int
	timeout        time.Duration
}

// falseErrorStatus is the status only of faults that answer after the run was made.
const falseErrorStatus = 599

// autoRuns is the most runs of any ladder that auto chooses.
const autoRuns = 15

// maxDecisions is how often the inputs allow a test to be run on one version.
func (q sequence) maxDecisions() int {
	runs := autoRuns
	if p, err := outcome.ParsePolicy(q.policy); err == nil && p.Resolved() {
		runs = p.MaxVotes()
	}
	if q.rounds > 0 {
		return runs + q.rounds + 2*q.reruns // those of rounds go on counting
	}
	if q.baseline {
		runs = max(runs, 3)
	}
	return runs + q.reruns
}

// String describes the sequence so that it can be repeated by hand.
func (q sequence) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "args %q, quarantine %v, github %v, latency %s, idempotency %q, rate limit %+v\n", q.args, q.quarantine, q.github, q.latency, q.world.Idempotency, q.world.RateLimit)
	for _, t := range q.world.Tests {
		fmt.Fprintf(&b, "%s: %+v\n", t.Name, t.Runs)
	}
	for _, f := range q.world.Faults {
		fmt.Fprintf(&b, "fault %+v\n", f)
	}
	for _, p := range q.phases {
		fmt.Fprintf(&b, "execution: ended by %s after %s, then %s, output unread %v\n", p.end, p.after, p.pause, p.unread)
	}
	return b.String()
}

func drawSequence(t *rapid.T) sequence {
	n := rapid.IntRange(1, 4).Draw(t, "tests")
	q := sequence{
		world: faultWorld(n), latency: drawDuration(t, "latency", 0, 2*time.Second), github: oneIn(t, 4, "on GitHub"), baseline: oneIn(t, 5, "baseline"),
	}
	if oneIn(t, 8, "idempotency ignored") {
		q.world.Idempotency = "ignored"
	}
	if oneIn(t, 4, "rate limit") {
		q.world.RateLimit = &simulator.RateLimit{
			Requests: rapid.IntRange(1, 10).Draw(t, "requests"), Per: time.Second,
			Headers: rapid.SampledFrom([]string{"telnyx", "epoch", "retry-after", "none"}).Draw(t, "headers"),
		}
	}
	if oneIn(t, 6, "clock off") {
		q.world.Clock = drawDuration(t, "clock", -3*time.Hour, 3*time.Hour)
	}
	for i := range n {
		drawRuns(t, &q.world, i, q.baseline)
		drawConversations(t, q.world.Tests[i].Runs)
		if oneIn(t, 8, "quarantined") {
			q.quarantine = append(q.quarantine, i)
		}
	}
	for range rapid.IntRange(0, 5).Draw(t, "faults") {
		q.world.Faults = append(q.world.Faults, drawFault(t, n))
	}
	limitFalseEnds(q.world.Faults)
	q.drawInputs(t, n)
	q.drawPhases(t)
	return q
}

// limitFalseEnds leaves one fault that reports ends without criteria, and lets it apply at most twice: no client could
// detect more of them.
func limitFalseEnds(faults []simulator.Fault) {
	found := false
	for i := range faults {
		f := &faults[i]
		if !f.Do.NoDetails || f.Do.StatusWord != "passed" && f.Do.StatusWord != "failed" {
			continue
		}
		f.Do.NoDetails = !found
		if !found {
			f.Times = 1 + f.Times%2
		}
		found = true
	}
}

func oneIn(t *rapid.T, n int, what string) bool { return rapid.IntRange(1, n).Draw(t, what) == n }

func drawDuration(t *rapid.T, what string, minimum, maximum time.Duration) time.Duration {
	return time.Duration(rapid.Int64Range(int64(minimum/time.Millisecond), int64(maximum/time.Millisecond)).Draw(t, what)) * time.Millisecond
}

// drawRuns scripts the runs of a test. A run that does not pass never has all criteria passed: if a fault reports it as
// passed, only its criteria show the truth.
func drawRuns(t *rapid.T, w *simulator.World, i int, baseline bool) {
	var scripts []simulator.Script
	for range rapid.IntRange(1, 3).Draw(t, "runs") {
		s := simulator.Script{Queue: drawDuration(t, "queue", 0, 10*time.Second), Duration: drawDuration(t, "duration", time.Second, 100*time.Second)}
		s.Ends = rapid.SampledFrom([]string{"passed", "passed", "passed", "passed", "failed", "failed", "error", "never", "frozen"}).Draw(t, "ends")
		if oneIn(t, 6, "criterion") {
			s.Criteria = map[string]string{"Correct": rapid.SampledFrom([]string{"failed", "error", "pending"}).Draw(t, "word")}
		}
		scripts = append(scripts, s)
	}
	setRuns(w, i, scripts...)
	if baseline && rapid.Bool().Draw(t, "fails on the live version") {
		for j := range w.Tests[i].Runs {
			if w.Tests[i].Runs[j].Version == simtest.Live {
				w.Tests[i].Runs[j].Ends = "failed"
			}
		}
	}
}

// drawConversations draws what the conversations of runs say of who answered. Most name the version that was asked for.
func drawConversations(t *rapid.T, runs []simulator.Script) {
	for i := range runs {
		c := &runs[i].Conversation
		switch rapid.IntRange(0, 20).Draw(t, "conversation") {
		case 16:
			c.Version = rapid.SampledFrom([]string{simtest.Live, simtest.Candidate, canaryVersion}).Draw(t, "version that answers")
		case 17:
			c.Assistant = otherAssistant
		case 18:
			c.Unnamed = true
		case 19:
			c.Missing = true
		case 20:
			c.Late = drawDuration(t, "late", time.Second, 2*time.Minute)
		}
	}
}

func drawFault(t *rapid.T, tests int) simulator.Fault {
	f := simulator.Fault{
		On:    rapid.SampledFrom([]string{"test", "tests", "version", "trigger", "trigger", "trigger", "suite-trigger", "suite-trigger", "suite-runs", "run", "run", "runs", "conversation", "conversation", "any"}).Draw(t, "on"),
		Times: rapid.IntRange(1, 8).Draw(t, "times"),
		After: rapid.IntRange(0, 15).Draw(t, "after"),
	}
	if oneIn(t, 10, "always") {
		f.Times = 0
	}
	if rapid.Bool().Draw(t, "one test alone") {
		f.Match = simtest.TestName(rapid.IntRange(0, tests-1).Draw(t, "test"))
	}
	f.Do = drawAction(t)
	if oneIn(t, 4, "a list") {
		f.On = rapid.SampledFrom([]string{"tests", "suite-runs", "runs"}).Draw(t, "list")
		f.Do = simulator.Action{Body: rapid.SampledFrom([]string{
			"doubled", "lost", "short", "moved", "first-page", "wrong-page", "wrong-total", "endless", "unfiltered",
		}).Draw(t, "rows")}
	}
	return f
}

func drawAction(t *rapid.T) simulator.Action {
	word := func(words ...string) string { return rapid.SampledFrom(words).Draw(t, "word") }
	span := drawDuration(t, "span", time.Second, 90*time.Second)
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0:
		return simulator.Action{StatusAfter: falseErrorStatus}
	case 1:
		return simulator.Action{Drop: "before"}
	case 2:
		return simulator.Action{Drop: "after"}
	case 3:
		return simulator.Action{Hang: span}
	case 4:
		return simulator.Action{Delay: span}
	case 5:
		return simulator.Action{Body: word("truncated", "html", "empty", "not-json", "other-run", "other-test")}
	case 6:
		return simulator.Action{StatusWord: word("frozen", "passed", "failed", "error", "running"), NoDetails: rapid.Bool().Draw(t, "without criteria")}
	case 7:
		return simulator.Action{Redirect: "https://127.0.0.1/v2/elsewhere"}
	case 8:
		status, _ := strconv.Atoi(word("400", "401", "403", "404", "422"))
		return simulator.Action{Status: status}
	}
	status, _ := strconv.Atoi(word("408", "409", "429", "429", "500", "502", "503", "504"))
	a := simulator.Action{Status: status}
	if status == 503 && rapid.Bool().Draw(t, "idempotency unavailable") {
		a.Code = "10016"
	}
	if wait := word("", "", "3", "soon", "9223372037", "Sat, 01 Jan 2000 00:01:00 GMT"); wait != "" {
		a.Headers = map[string]string{"Retry-After": wait}
	}
	return a
}

func (q *sequence) drawInputs(t *rapid.T, tests int) {
	give := func(name, value string) { q.args = append(q.args, "--"+name, value) }
	q.timeout = drawDuration(t, "timeout", time.Minute, 10*time.Minute)
	give("timeout", q.timeout.String())
	give("outage-timeout", drawDuration(t, "outage-timeout", 20*time.Second, 5*time.Minute).String())
	if rapid.Bool().Draw(t, "run-timeout given") {
		give("run-timeout", drawDuration(t, "run-timeout", 30*time.Second, 3*time.Minute).String())
	}
	give("max-in-flight", rapid.SampledFrom([]string{"auto", "0", "1", "2"}).Draw(t, "max-in-flight"))
	q.policy = rapid.SampledFrom([]string{"1", "1", "1-of-2", "2-of-3", "confirm:3", "auto", "auto:broken=10,slip=15", drawLadder(t), drawLadder(t)}).Draw(t, "attempts")
	if p, err := outcome.ParsePolicy(q.policy); err == nil && p.Resolved() {
		q.passes = p.Rungs()[0]
	}
	give("attempts", q.policy)
	q.reruns = rapid.IntRange(0, 2).Draw(t, "error-reruns")
	give("error-reruns", strconv.Itoa(q.reruns))
	q.maxRuns = 200
	if oneIn(t, 3, "few runs") {
		q.maxRuns = max(1, tests+rapid.IntRange(-1, 4).Draw(t, "max-runs"))
	}
	give("max-runs", strconv.Itoa(q.maxRuns))
	if oneIn(t, 4, "fail-fast") {
		q.args = append(q.args, "--fail-fast")
	}
	if oneIn(t, 4, "proof required") {
		q.args = append(q.args, "--require-version-proof")
	}
	by := rapid.SampledFrom([]string{"ids", "suite", "names"}).Draw(t, "selected by")
	q.args = slices.Concat(q.args, map[string][]string{"suite": atSuite.args, "names": atNames.args}[by])
	if by != "names" && rapid.Bool().Draw(t, "assistant given") {
		q.args = slices.Concat(q.args, atVersion.args)
	}
	if q.baseline {
		give("baseline-version", rapid.SampledFrom([]string{"main", simtest.Live}).Draw(t, "baseline-version"))
		if q.rounds = rapid.SampledFrom([]int{0, 2, 4, 7}).Draw(t, "baseline-rounds"); q.rounds > 0 {
			give("baseline-rounds", strconv.Itoa(q.rounds))
		}
	}
}

// drawLadder draws a ladder of up to four rungs, whose runs end within the timeouts that are drawn.
func drawLadder(t *rapid.T) string {
	var rungs []string
	passes := 1
	for range rapid.IntRange(1, 4).Draw(t, "rungs") {
		passes = rapid.IntRange(passes, passes+2).Draw(t, "passes")
		rungs = append(rungs, strconv.Itoa(passes))
	}
	return "ladder:" + strings.Join(rungs, ",")
}

// drawPhases draws interrupted executions and one that may end by itself.
func (q *sequence) drawPhases(t *rapid.T) {
	for range rapid.SampledFrom([]int{0, 0, 0, 1, 1, 2}).Draw(t, "earlier executions") {
		q.phases = append(q.phases, phase{
			end:   rapid.SampledFrom([]ending{endKilled, endKilled, endSIGHUP, endSIGINT, endSIGTERM}).Draw(t, "ended by"),
			after: drawDuration(t, "after", 0, 2*time.Minute),
			pause: rapid.SampledFrom([]time.Duration{0, time.Second, time.Minute, 100 * time.Minute, 3 * time.Hour}).Draw(t, "pause"),
		})
	}
	last := phase{end: endItself, unread: oneIn(t, 8, "output unread")}
	if oneIn(t, 4, "signal") {
		last.end = rapid.SampledFrom([]ending{endSIGHUP, endSIGINT, endSIGTERM}).Draw(t, "ended by")
		last.after = drawDuration(t, "after", 0, 3*time.Minute)
	}
	q.phases = append(q.phases, last)
	q.keyed = len(q.phases) > 1 || rapid.Bool().Draw(t, "run-key given")
}
