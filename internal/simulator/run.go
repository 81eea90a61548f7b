package simulator

import (
	"fmt"
	"strings"
	"time"
)

// judged is the part of a run's duration after which the conversation is over
// and the judge has the floor.
const judged = 0.85

// run is one execution of a test. Its times are real ones, counted from its
// creation; where it stands is worked out whenever somebody asks.
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

	begins time.Duration // queue over
	talks  time.Duration // running
	hangs  time.Duration // conversation over
	ends   time.Duration
	speed  float64
}

func newRun(script Script, speed float64) *run {
	if script.Duration == 0 {
		script.Duration = defaultDuration
	}
	if script.Ends == "" {
		script.Ends = statusPassed
	}
	scaled := func(d time.Duration) time.Duration { return time.Duration(float64(d) / speed) }
	starting := min(3*time.Second, script.Duration/8)
	return &run{
		script: script,
		begins: scaled(script.Queue),
		talks:  scaled(script.Queue + starting),
		hangs:  scaled(script.Queue + time.Duration(judged*float64(script.Duration))),
		ends:   scaled(script.Queue + script.Duration),
		speed:  speed,
	}
}

// state is where a run stands at a time, and since when.
func (r *run) state(now time.Time) (word string, since time.Duration) {
	switch elapsed := now.Sub(r.created); {
	case elapsed <= 0 || elapsed < r.begins:
		return statusPending, 0
	case elapsed < r.talks:
		return statusStarting, r.begins
	case elapsed < r.ends || r.script.Ends == endsNever:
		return statusRunning, r.talks
	}
	return r.script.Ends, r.ends
}

func (r *run) begun(now time.Time) bool {
	elapsed := now.Sub(r.created)
	return elapsed > 0 && elapsed >= r.begins
}

func (r *run) ended(now time.Time) bool {
	return r.script.Ends != endsNever && now.Sub(r.created) >= r.ends
}

// criterion is how one criterion ends.
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

// details has a result for every criterion of the rubric, as the contract says;
// before the end all are pending.
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

// passed says whether the run really ended with every criterion passed.
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

// spoken is when a turn of the transcript is over.
func (r *run) spoken(i int) time.Duration {
	share := float64(i+1) / float64(len(r.script.Transcript))
	return r.talks + time.Duration(share*float64(r.hangs-r.talks))
}

// logs are the lines written so far: those of the world file, or made up.
func (r *run) logs(now time.Time) string {
	if !r.begun(now) {
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
	line(r.begins, "test user connects over %s", r.test.channel())
	line(r.talks, "connected, conversation started")
	for i, turn := range r.script.Transcript {
		for _, call := range turn.ToolCalls {
			line(r.spoken(i), "assistant calls tool %s", call.Name)
		}
	}
	line(r.hangs, "conversation ended after %d messages", len(r.script.Transcript))
	if r.ended(now) {
		r.judgement(line)
	}
	return b.String()
}

func (r *run) judgement(line func(time.Duration, string, ...any)) {
	for i, criterion := range r.test.Rubric {
		line(r.ends, "judge: %s: %s", criterion.Name, r.criterion(i))
	}
	line(r.ends, "run ended: %s", r.script.Ends)
}
