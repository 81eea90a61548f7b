package gate

import (
	"fmt"
	"runtime/debug"

	"golang.org/x/sync/errgroup"
)

// workers make the engine's requests. There are as many as requests were ever under way at the same time, and each makes
// one after the other: a new goroutine for each request would grow its stack anew for each.
type workers struct {
	group   errgroup.Group
	started int
	jobs    chan func() answer
	answers chan<- answer // with room for all that can be under way
}

func newWorkers(answers chan<- answer) *workers {
	return &workers{jobs: make(chan func() answer, maxRequests), answers: answers}
}

// take has a request made, with underWay requests under way, this one included.
func (w *workers) take(job func() answer, underWay int) {
	if underWay > w.started {
		w.started++
		w.group.Go(w.work)
	}
	w.jobs <- job
}

func (w *workers) work() error {
	for job := range w.jobs {
		w.answers <- guarded(job)
	}
	return nil
}

// wait returns when every request has ended.
func (w *workers) wait() {
	close(w.jobs)
	_ = w.group.Wait() // requests report through their answers
}

func guarded(make func() answer) (a answer) {
	defer func() {
		if p := recover(); p != nil {
			a = answer{panicked: fmt.Sprintf("panic: %v\n\n%s", p, debug.Stack())}
		}
	}()
	return make()
}
