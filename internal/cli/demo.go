package cli

import (
	"context"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// demo runs the gate against the built-in simulator, with real reports.
func (s *session) demo(ctx context.Context, inputErr error) int {
	world := simulator.BuiltIn
	if s.command.Demo.Failing {
		world = simulator.BuiltInFailing
	}
	in := &s.inputs
	in.BaseURL = simulatorURL
	in.VersionID = simulator.BuiltInVersion
	in.AssistantID = world().Assistants[0].ID
	in.Timeout, in.OutageTimeout = 30*time.Minute, time.Minute
	in.Transcripts = "all"
	in.Attempts, in.ErrorReruns = outcome.OneRun(), 0
	in.MaxInFlight = gate.AutoBound
	in.TestSuites = suitesOf(world())
	in.MaxRuns = len(world().Tests)
	return s.gateAgainst(ctx, inputErr, world)
}

func suitesOf(w simulator.World) []string {
	var names []string
	for _, t := range w.Tests {
		names = append(names, t.Suite)
	}
	return once(names)
}
