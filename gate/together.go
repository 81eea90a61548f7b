package gate

import (
	"fmt"
	"runtime/debug"
	"sync"

	"golang.org/x/sync/errgroup"
)

// together runs functions at the same time, planRequests at most. A panic in one of them comes out of wait, in the
// goroutine that can do something about it: errgroup does not pass panics on.
type together struct {
	group errgroup.Group
	once  sync.Once

	mu       sync.Mutex
	panicked string
}

func (t *together) run(f func()) {
	t.once.Do(func() { t.group.SetLimit(planRequests) })
	t.group.Go(func() error {
		defer func() {
			if p := recover(); p != nil {
				t.mu.Lock()
				defer t.mu.Unlock()
				t.panicked = fmt.Sprintf("%v\n\n%s", p, debug.Stack())
			}
		}()
		f()
		return nil
	})
}

func (t *together) wait() {
	_ = t.group.Wait() // the functions return no errors
	if t.panicked != "" {
		panic(t.panicked)
	}
}
