// Package fuzzing bounds the time that one input of a fuzz target may take, so that fuzzing finds work that grows with the
// square of an input. scripts/fuzz.sh bounds the memory.
package fuzzing

import (
	"fmt"
	"runtime/debug"
	"testing"
	"time"
)

// limit is far above what any input takes, on a busy machine too.
const limit = 10 * time.Second

// Bound ends the process if the test of one input takes longer than the limit. Fuzzing then keeps the input as a finding.
func Bound(t *testing.T) { boundTo(t, limit) }

func boundTo(t *testing.T, limit time.Duration) {
	guard := time.AfterFunc(limit, func() {
		debug.SetTraceback("all")
		panic(fmt.Sprintf("%s: one input takes longer than %s", t.Name(), limit))
	})
	t.Cleanup(func() { guard.Stop() })
}
