package bench

import (
	"container/heap"
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// constant polls a run at equal intervals.
func constant(gap time.Duration) func(int) time.Duration {
	return func(int) time.Duration { return gap }
}

// exponential polls a run after 1 s, 2 s, 4 s and so on, then every 30 s.
func exponential(polls int) time.Duration { return min(time.Second<<min(polls, 5), 30*time.Second) }

// poller is the simplest program that triggers tests and polls their runs until all have ended: triggers first, then polls
// by the time at which they are due, as fast as the pacer allows, at most 64 requests under way. Pollers differ only in the
// gap between two polls.
type poller struct {
	client *telnyx.Client
	pacer  *telnyx.Pacer
	gap    func(polls int) time.Duration
	random *rand.Rand
	jobs   jobs
	back   chan *job
}

// job is a test whose run is not known to have ended.
type job struct {
	test, run string
	polls     int
	due       time.Time
	order     int // of two that are due at the same time
	err       error
	ended     bool
}

func newPoller(client *telnyx.Client, pacer *telnyx.Pacer, gap func(int) time.Duration, seed uint64) *poller {
	return &poller{client: client, pacer: pacer, gap: gap, random: rand.New(rand.NewPCG(seed, 2)), back: make(chan *job)}
}

// run returns when every run has passed.
func (p *poller) run(ctx context.Context, ids []string) error {
	start := time.Now().Add(-time.Hour) // before all polls
	for i, id := range ids {
		p.jobs = append(p.jobs, &job{test: id, due: start, order: i})
	}
	heap.Init(&p.jobs)
	for left, open := len(ids), 0; left > 0; {
		wait := time.Duration(1<<62 - 1)
		for open < 64 && len(p.jobs) > 0 {
			if wait = time.Until(p.jobs[0].due); wait > 0 {
				break
			}
			if wait = p.pacer.Take(); wait > 0 {
				break
			}
			open++
			go p.ask(ctx, heap.Pop(&p.jobs).(*job))
		}
		timer := time.NewTimer(wait)
		select {
		case j := <-p.back:
			open--
			if j.ended {
				left--
			} else if err := p.again(j); err != nil {
				return err
			}
		case <-timer.C:
		}
		timer.Stop()
	}
	return nil
}

// ask triggers a test that has no run yet, or polls its run.
func (p *poller) ask(ctx context.Context, j *job) {
	if j.run == "" {
		triggered, err := p.client.TriggerTest(ctx, telnyx.TriggerRequest{TestID: j.test, VersionID: simtest.Candidate, IdempotencyKey: j.test})
		j.run, j.err = triggered.Run.ID, err
	} else {
		run, err := p.client.GetRun(ctx, j.test, j.run)
		j.ended, j.err = run.Status == telnyx.StatusPassed, err
		j.polls++
	}
	p.back <- j
}

// again puts a job back: a refusal for the rate at once, because the pacer holds it back.
func (p *poller) again(j *job) error {
	switch {
	case j.err == nil:
		gap := p.gap(j.polls)
		j.due = time.Now().Add(time.Duration(float64(gap) * (0.9 + 0.2*p.random.Float64())))
	case telnyx.KindOf(j.err) != telnyx.KindRateLimited:
		return fmt.Errorf("test %s: %w", j.test, j.err)
	}
	heap.Push(&p.jobs, j)
	return nil
}

// jobs is a heap by the time at which they are due.
type jobs []*job

func (q jobs) Len() int { return len(q) }
func (q jobs) Less(i, j int) bool {
	if q[i].due.Equal(q[j].due) {
		return q[i].order < q[j].order
	}
	return q[i].due.Before(q[j].due)
}
func (q jobs) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *jobs) Push(j any)   { *q = append(*q, j.(*job)) }
func (q *jobs) Pop() any {
	last := len(*q) - 1
	j := (*q)[last]
	*q = (*q)[:last]
	return j
}
