// Package bench measures the gate: what it adds to the time that Telnyx takes, how many requests, how much memory and how
// much processor it needs. docs/performance.md has the figures and says how to repeat them.
package bench

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
