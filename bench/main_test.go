// Package bench measures the gate: what it adds to the time that Telnyx takes, how many requests, how much memory and how
// much processor time it needs. docs/dev/performance.md has the figures and says how to repeat them.
package bench

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if file := os.Getenv(serverVariable); file != "" {
		config, err := os.ReadFile(file)
		if err == nil {
			err = serve(string(config))
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}
