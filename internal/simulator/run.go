package simulator

import (
	"fmt"
	"strings"
	"time"
)

// conversationShare is the part of a run's duration in which the conversation
// takes place. The rest is the judging.
const conversationShare = 0.85

// run is a run of a test. Its times are real time since its creation, and its
// status is derived from them for each request.
type run struct {
	id           string
	conversation string
	suiteRun     string
	version      string
	key          string
	target       string // the assistant that answers
	test         *test
	script       Script
	replays      int
	created      time.Time

	queueEnd        time.Duration
	connected       time.Duration // status running from then on
	conversationEnd time.Duration
	end             time.Duration
	speed           float64
}

func newRun(script Script, speed float64) *run {
	if script.Duration == 0 {
		script.Duration = defaultDuration
	}
	if script.Ends == "" {
		script.Ends = statusPassed
	}
	r := &run{script: script, speed: speed}
	starting := min(3*time.Second, script.Duration/8)
	r.queueEnd = r.scaled(script.Queue)
	r.connected = r.scaled(script.Queue + starting)
	r.conversationEnd = r.scaled(script.Queue + time.Duration(conversationShare*float64(script.Duration)))
	r.end = r.scaled(script.Queue + script.Duration)
	return r
}

// scaled is how long simulated time takes.
func (r *run) scaled(simulated time.Duration) time.Duration {
	return time.Duration(float64(simulated) / r.speed)
}

// state returns the status of a run at a time, and since when it has had it.
func (r *run) state(now time.Time) (status string, since time.Duration) {
	switch elapsed := now.Sub(r.created); {
	case elapsed <= 0 || elapsed < r.queueEnd:
		return statusPending, 0
	case elapsed < r.connected:
		return statusStarting, r.queueEnd
	case elapsed < r.end || r.script.Ends == endsNever:
		return statusRunning, r.connected
	}
	return r.script.Ends, r.end
}

func (r *run) started(now time.Time) bool {
	elapsed := now.Sub(r.created)
	return elapsed > 0 && elapsed >= r.queueEnd
}

func (r *run) ended(now time.Time) bool {
	return r.script.Ends != endsNever && now.Sub(r.created) >= r.end
}

// criterion is the final status of a criterion.
func (r *run) criterion(i int) string {
	if word, ok := r.script.Criteria[r.test.Rubric[i].Name]; ok {
		return word
	}
	switch r.script.Ends {
	case statusPassed:
		return statusPassed
	case statusFailed:
		if len(r.script.Criteria) == 0 && i == 0 {
			return statusFailed
		}
		return statusPassed
	}
	return statusPending
}

// details has the status of every criterion of the rubric, as the contract says.
// Before the end all are pending.
func (r *run) details(now time.Time) []object {
	list := []object{}
	for i, criterion := range r.test.Rubric {
		word := statusPending
		if r.ended(now) {
			word = r.criterion(i)
		}
		list = append(list, object{{"name", criterion.Name}, {"status", word}})
	}
	return list
}

// passed reports whether the run ended as passed with every criterion passed.
func (r *run) passed(now time.Time) bool {
	if !r.ended(now) || r.script.Ends != statusPassed {
		return false
	}
	for i := range r.test.Rubric {
		if r.criterion(i) != statusPassed {
			return false
		}
	}
	return true
}

// turnEnd is when a turn of the transcript ends.
func (r *run) turnEnd(i int) time.Duration {
	share := float64(i+1) / float64(len(r.script.Transcript))
	return r.connected + time.Duration(share*float64(r.conversationEnd-r.connected))
}

// logs returns the logs so far: those of the world, or generated lines.
func (r *run) logs(now time.Time) string {
	if !r.started(now) {
		return ""
	}
	if r.script.Logs != "" {
		return r.script.Logs
	}
	var b strings.Builder
	line := func(at time.Duration, format string, args ...any) {
		if now.Sub(r.created) < at {
			return
		}
		clock := time.Duration(float64(at) * r.speed).Round(100 * time.Millisecond)
		fmt.Fprintf(&b, "[%02d:%04.1f] %s\n", int(clock.Minutes()), (clock % time.Minute).Seconds(), fmt.Sprintf(format, args...))
	}
	line(r.queueEnd, "test user connects over %s", r.test.channel())
	line(r.connected, "connected, conversation started")
	for i, turn := range r.script.Transcript {
		for _, call := range turn.ToolCalls {
			line(r.turnEnd(i), "assistant calls tool %s", call.Name)
		}
	}
	line(r.conversationEnd, "conversation ended after %d messages", len(r.script.Transcript))
	if r.ended(now) {
		r.logJudgement(line)
	}
	return b.String()
}

func (r *run) logJudgement(line func(time.Duration, string, ...any)) {
	for i, criterion := range r.test.Rubric {
		line(r.end, "judge: %s: %s", criterion.Name, r.criterion(i))
	}
	line(r.end, "run ended: %s", r.script.Ends)
}
