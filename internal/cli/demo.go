package cli

import (
	"context"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// DemoOptions are the flags of demo.
type DemoOptions struct {
	Failing bool
}

func (o *DemoOptions) options() []*option {
	return []*option{{name: "failing", help: "Show a gate that blocks.", set: toggle(&o.Failing)}}
}

// demo runs the gate against the built-in simulator, with real reports.
func (s *session) demo(ctx context.Context, problems []string) int {
	world := simulator.BuiltIn
	if s.command.Demo.Failing {
		world = simulator.BuiltInFailing
	}
	in := s.command.Inputs
	in.BaseURL = simulatorURL
	in.VersionID = simulator.BuiltInVersion
	in.AssistantID = world().Assistants[0].ID
	in.Timeout, in.OutageTimeout = 30*time.Minute, time.Minute
	in.Transcripts, in.AutoTranscripts = gate.TranscriptsAll, false
	in.Policy, in.ErrorReruns = outcome.OneRun(), 0
	in.MaxInFlight = gate.AutoBound
	in.Suites = suitesOf(world())
	in.MaxRuns = len(world().Tests)
	return s.gateAgainst(ctx, problems, world)
}

func suitesOf(w simulator.World) []string {
	var names []string
	for _, t := range w.Tests {
		names = append(names, t.Suite)
	}
	return once(names)
}
