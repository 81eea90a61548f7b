package acceptance

import (
	"path/filepath"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// TestPromoteFollowsContract runs a gate by the version's name and promotes on its results, a canary deploy being configured,
// and holds every request and answer against the official description.
func TestPromoteFollowsContract(t *testing.T) {
	loadDocuments(t)
	world := canaried()
	world.Speed = 250
	assistant, suite := world.Assistants[0].ID, "Billing questions"
	r := newRecorder(t, realServer, simulator.New(world).Transport())
	tested := program{
		args:      []string{"--test-suites", suite, "--version-name", "3f9c2ab", "--assistant-id", assistant},
		transport: r, timings: simtest.Timings(),
	}.run(t.Context(), t)
	tested.wantExit(t, 0)
	promote := program{
		args: []string{
			"promote", "--assistant-id", assistant, "--version-id", simulator.BuiltInVersion, "--results", filepath.Join(tested.dir, gateName+".json"),
		},
		transport: r, timings: simtest.Timings(),
	}
	promote.run(t.Context(), t).wantExit(t, 2)
	promote.args = append(promote.args, "--end-canary")
	promote.run(t.Context(), t).wantExit(t, 0)
	r.verify(t, opListVersions, opGetVersion, opAssistant, opCanary, opPromote)
}
