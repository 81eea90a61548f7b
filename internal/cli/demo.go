package cli

import (
	"context"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
	"github.com/assistant-gate/assistant-gate/report/console"
)

// setUp is the first step to a gate of one's own.
const setUp = "TELNYX_API_KEY=... assistant-gate list; docs/setup.md leads the way"

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
	return s.gateAgainst(ctx, problems, world, s.command.Demo.next)
}

// next returns what someone who saw the demo may do.
func (o *DemoOptions) next(report string) []console.Step {
	var steps []console.Step
	if report != "" {
		steps = append(steps, console.Step{Aim: "Open the report", How: report})
	}
	other := console.Step{Aim: "See a gate that blocks", How: "assistant-gate demo --failing"}
	if o.Failing {
		other = console.Step{Aim: "See a gate that passes", How: "assistant-gate demo"}
	}
	return append(steps, other, console.Step{Aim: "Set up your own", How: setUp})
}

func suitesOf(w simulator.World) []string {
	var names []string
	for _, t := range w.Tests {
		names = append(names, t.Suite)
	}
	return once(names)
}
