package cli

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// gate runs the gate and writes its reports. The parameter problems lists what is wrong with the inputs.
func (s *session) gate(ctx context.Context, problems []string) int {
	return s.gateAgainst(ctx, problems, simulator.BuiltIn, nil)
}

// gateAgainst runs the gate, with the given simulator world if base-url is simulator.
func (s *session) gateAgainst(ctx context.Context, problems []string, world func() simulator.World, next nextSteps) int {
	p := s.publish(s.newOutcome(), s.notReal())
	p.next = next
	problems = append(problems, p.open()...)
	problems = append(problems, s.readQuarantine(ctx)...)
	problems = append(problems, s.tryCommandFiles()...)
	if len(problems) > 0 {
		addProblems(p.outcome, problems)
		p.outcome.Signal = signalOf(ctx)
	} else {
		s.decide(ctx, p, world)
	}
	p.outcome.Ended = time.Now()
	return p.finish()
}

// newOutcome returns the outcome of a gate that has not run.
func (s *session) newOutcome() *outcome.Outcome {
	in := s.inputs
	o := &outcome.Outcome{
		Target:  outcome.Target{VersionID: in.VersionID, VersionName: in.VersionName, AssistantID: in.AssistantID},
		Started: s.process.Started, RunKey: in.RunKey, RunKeyGiven: in.RunKey != "",
	}
	if o.RunKey == "" {
		o.RunKey = uuid.NewString()
	}
	s.describe(o)
	return o
}

// describe adds the information that package gate does not have.
func (s *session) describe(o *outcome.Outcome) {
	in := s.inputs
	o.Name = cmp.Or(in.Name, defaultName)
	o.GateVersion, _ = s.process.build()
	o.BaseURL, o.RealTelnyx = in.BaseURL, s.realTelnyx()
	o.Settings = in.Understood()
	o.Warnings = slices.Concat(s.command.Warnings, o.Warnings)
	o.QuarantineFile, o.JobURL = s.workspacePath(in.QuarantineFile), s.system.JobURL()
}

// addProblems adds the problems with the inputs to the outcome.
func addProblems(o *outcome.Outcome, problems []string) {
	for _, text := range problems {
		o.AddProblem(outcome.VerdictInvalid, text)
	}
}

// signalOf returns the signal that ended ctx, or nothing.
func signalOf(ctx context.Context) string {
	cancelled, _ := errors.AsType[outcome.Cancelled](context.Cause(ctx))
	return cancelled.Signal
}

// decide runs the gate and stores its outcome in p.
func (s *session) decide(ctx context.Context, p *publication, world func() simulator.World) {
	client, pacer, err := s.api(world)
	if err != nil {
		addProblems(p.outcome, []string{err.Error()})
		return
	}
	defer client.CloseIdleConnections()
	settings := s.settings()
	settings.RunKey, settings.RunKeyGiven = p.outcome.RunKey, p.outcome.RunKeyGiven
	p.outcome = gate.Run(ctx, gate.Config{Settings: settings, API: client, Pacer: pacer, Archive: s.archive(), Observe: p.console.Observe})
	p.outcome.Requests = client.Requests()
	s.describe(p.outcome)
}

// settings returns the settings for package gate. If the repository is public, transcripts are off unless the user asked for
// them.
func (s *session) settings() gate.Settings {
	settings := s.inputs.Settings
	settings.Started, settings.Timings = s.process.Started, s.timings()
	if s.inputs.AutoTranscripts && s.system.Public() {
		settings.Transcripts = gate.TranscriptsNone
	}
	return settings
}
