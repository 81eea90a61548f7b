// Package group runs functions at the same time.
package group

import (
	"fmt"
	"runtime/debug"
	"sync"

	"golang.org/x/sync/errgroup"
)

// limit is how many functions of a group run at the same time.
const limit = 16

// Group runs functions at the same time, at most 16. Its zero value is ready to use.
type Group struct {
	group errgroup.Group
	once  sync.Once

	mu       sync.Mutex
	panicked string
}

// Go runs f as soon as there is room for it, and waits until there is.
func (g *Group) Go(f func()) {
	g.once.Do(func() { g.group.SetLimit(limit) })
	g.group.Go(func() error {
		defer func() {
			if p := recover(); p != nil {
				g.mu.Lock()
				defer g.mu.Unlock()
				g.panicked = fmt.Sprintf("%v\n\n%s", p, debug.Stack())
			}
		}()
		f()
		return nil
	})
}

// Wait waits for all functions. A panic in one of them comes out of Wait, in the goroutine that can do something about it:
// errgroup ends the process.
func (g *Group) Wait() {
	_ = g.group.Wait() // the functions return no errors
	if g.panicked != "" {
		panic(g.panicked)
	}
}
