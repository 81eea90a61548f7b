package gate

import (
	"context"
	"time"

	"github.com/assistant-gate/assistant-gate/telnyx"
)

const (
	// usualRuns is how many runs of a test are looked through for the last that ended.
	usualRuns = 5
	// maxRecalls is how many requests for earlier runs may be under way: they are worth less than any other.
	maxRecalls = 4
)

// recall has the test's last duration asked for when there is nothing better to do, once.
func (e *engine) recall(t *testUnderWay) {
	if t.usual == 0 && !t.asked {
		t.asked = true
		e.unusual = append(e.unusual, t)
	}
	e.expect(t)
}

// recallUsual asks how long the last runs of tests took.
func (e *engine) recallUsual(ctx context.Context) {
	for len(e.unusual) > 0 && e.recalling < maxRecalls && e.requests < maxRequests {
		t := e.unusual[0]
		e.unusual = e.unusual[1:]
		if t.state != "" {
			continue
		}
		e.recalling++
		e.request(func() answer {
			runs, err := e.api.ListRuns(ctx, t.test.ID, usualRuns)
			return answer{kind: askUsual, test: t, runs: runs, err: err}
		})
	}
}

// takeUsual takes the last runs of a test. Nothing hangs on them.
func (e *engine) takeUsual(a answer) {
	e.recalling--
	if a.err == nil {
		a.test.usual = lastTook(a.runs)[a.test.test.ID]
		e.expect(a.test)
	}
}

// expect puts the first look at the test's runs off until half of its last run's duration has passed: before that it
// would most likely be for nothing.
func (e *engine) expect(t *testUnderWay) {
	if t.usual == 0 {
		return
	}
	for _, d := range t.decisions() {
		if d.attempt.RunID != "" && d.attempt.SeenAt.IsZero() && !d.attempt.RemoteStatus.Terminal() && !d.attempt.Replayed {
			d.notBefore = e.inTime(d, d.attempt.TriggeredAt.Add(t.usual/2))
		}
	}
}

// lastTook is how long the newest run of each test took that came to a verdict, by test id.
func lastTook(runs []telnyx.Run) map[string]time.Duration {
	newest := map[string]telnyx.Run{}
	for _, r := range runs {
		verdict := r.Status == telnyx.StatusPassed || r.Status == telnyx.StatusFailed
		if verdict && !r.CreatedAt.IsZero() && r.CompletedAt.After(r.CreatedAt) && r.CreatedAt.After(newest[r.TestID].CreatedAt) {
			newest[r.TestID] = r
		}
	}
	took := map[string]time.Duration{}
	for id, r := range newest {
		took[id] = r.CompletedAt.Sub(r.CreatedAt)
	}
	return took
}
