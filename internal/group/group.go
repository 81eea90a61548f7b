// Package group runs functions concurrently.
package group

import (
	"fmt"
	"runtime/debug"
	"sync"

	"golang.org/x/sync/errgroup"
)

// limit is the maximum number of concurrent functions of a group.
const limit = 16

// Group runs functions concurrently, at most 16. The zero value is ready to use.
type Group struct {
	group errgroup.Group
	once  sync.Once

	mu       sync.Mutex
	panicked string
}

// Go waits until there is room for f, and starts it.
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

// Wait waits for all functions. If one panics, Wait panics, in the goroutine that can handle it; errgroup would end the process.
func (g *Group) Wait() {
	_ = g.group.Wait() // the functions return no errors
	if g.panicked != "" {
		panic(g.panicked)
	}
}
