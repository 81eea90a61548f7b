package cli

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// gate runs the gate and writes its reports; problems is what was wrong with the inputs.
func (s *session) gate(ctx context.Context, problems []string) int {
	return s.gateAgainst(ctx, problems, simulator.BuiltIn)
}

// gateAgainst is gate with the world of the simulator, should base-url ask for that.
func (s *session) gateAgainst(ctx context.Context, problems []string, world func() simulator.World) int {
	if len(problems) == 0 {
		defer s.connect()()
	}
	o := s.newOutcome()
	p := s.publish(o, s.notReal())
	problems = append(problems, p.open()...)
	problems = append(problems, s.readQuarantine(ctx)...)
	problems = append(problems, s.tryCommandFiles()...)
	if len(problems) > 0 {
		addProblems(o, problems)
		o.Signal = signalOf(ctx)
	} else {
		s.decide(ctx, p, world)
	}
	o.Ended = time.Now()
	return p.finish()
}

// connect opens a connection to Telnyx while there is other work to do before the first request, and returns what closes
// it if there was no request.
func (s *session) connect() (discard func()) {
	if s.process.Transport != nil || s.inputs.Simulator() {
		return func() {}
	}
	transport := telnyx.NewTransportTo(telnyx.MaxConnections, s.inputs.BaseURL)
	s.process.Transport = transport
	return transport.CloseIdleConnections
}

func (s *session) newOutcome() *outcome.Outcome {
	in := s.inputs
	version, _ := s.process.build()
	o := &outcome.Outcome{
		Name: in.Name, GateVersion: version, BaseURL: in.BaseURL, RealTelnyx: s.realTelnyx(),
		Target:   outcome.Target{VersionID: in.VersionID, VersionName: in.VersionName, AssistantID: in.AssistantID},
		Settings: in.Understood(), Warnings: s.command.Warnings, Started: s.process.Started,
		RunKey: in.RunKey, RunKeyGiven: in.RunKey != "",
		QuarantineFile: s.workspacePath(in.QuarantineFile), JobURL: s.system.JobURL(),
	}
	if o.Name == "" {
		o.Name = defaultName
	}
	if o.RunKey == "" {
		o.RunKey = uuid.NewString()
	}
	return o
}

// addProblems records what was wrong with the inputs.
func addProblems(o *outcome.Outcome, problems []string) {
	for _, text := range problems {
		o.AddProblem(outcome.VerdictInvalid, text)
	}
}

// signalOf is the signal that ended ctx, if one did.
func signalOf(ctx context.Context) string {
	cancelled, _ := errors.AsType[outcome.Cancelled](context.Cause(ctx))
	return cancelled.Signal
}

// decide runs the gate itself.
func (s *session) decide(ctx context.Context, p *publication, world func() simulator.World) {
	o, archive := p.outcome, s.archive()
	client, pacer, err := s.api(world)
	if err != nil {
		addProblems(o, []string{err.Error()})
		return
	}
	defer client.CloseIdleConnections()
	settings := s.settings()
	settings.RunKey, settings.RunKeyGiven = o.RunKey, o.RunKeyGiven
	settings.Archive = archive
	gate.Run(ctx, o, settings, client, pacer, p.console.Observe)
	o.Requests = client.Requests()
}

// settings are the inputs that the gate itself needs. What everybody can read gets no transcripts unless that was asked for.
func (s *session) settings() gate.Settings {
	settings := s.inputs.Settings
	settings.Started, settings.Timings = s.process.Started, s.timings()
	if s.inputs.AutoTranscripts && s.system.Public() {
		settings.Transcripts = gate.TranscriptsNone
	}
	return settings
}
