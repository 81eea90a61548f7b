package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/promote"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
	"github.com/assistant-gate/assistant-gate/report"
	"github.com/assistant-gate/assistant-gate/report/console"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/summary"
)

// PromoteOptions are the flags of promote.
type PromoteOptions struct {
	Results         string
	MaxAge          time.Duration
	AllowUnverified bool
	EndCanary       bool
	RequireProof    bool
	DryRun          bool
}

const defaultPromoteAge = time.Hour

func (o *PromoteOptions) options() []*option {
	return []*option{
		{
			name: "results", placeholder: "FILE", set: file(&o.Results),
			help: "Results (NAME.json) of the gate, or of merged gates, that tested the version. Required.",
		},
		{
			name: "max-age", placeholder: "DURATION", set: maxAge(&o.MaxAge),
			help: "How old the oldest run of the results may be. Default: 1h.",
		},
		{
			name: "allow-unverified-target", set: toggle(&o.AllowUnverified),
			help: "Accept tests that talk to a number or a URL, where nobody knows that this assistant answers.",
		},
		{
			name: "end-canary", set: toggle(&o.EndCanary),
			help: "Promote although a canary deploy is configured, which deletes it.",
		},
		{
			name: "require-version-proof", set: toggle(&o.RequireProof),
			help: "Refuse results in which the conversation of a run with a verdict does not show that the version answered.",
		},
		{name: "dry-run", set: toggle(&o.DryRun), help: "Check everything and change nothing."},
	}
}

// promoteHelp returns the help of the inputs that have another meaning for promote.
func promoteHelp(d declaration) map[*input]string {
	return map[*input]string{
		d.baseURL: "API root, the one that the results were made against. The word simulator means the built-in one, which needs no " +
			"key and no network. Default: " + d.baseURL.def + ".",
		d.versionID:   "Version that is to go live: the one that the results are of. Required.",
		d.assistantID: "Assistant whose live version is changed. Required.",
		d.timeout:     "Bound on the whole command, such as 90s or 5m. Default: " + d.timeout.def + ".",
	}
}

// promote makes the tested version the live one.
func (s *session) promote(ctx context.Context, problems []string) int {
	settings := s.promotion()
	p := &promote.Promotion{Status: promote.Refused, Settings: settings}
	if p.Reasons = append(problems, s.tryCommandFiles()...); len(p.Reasons) > 0 {
		return s.finishPromotion(p)
	}
	evidence, err := readResults(s.command.Promote.Results, s.archive())
	if err != nil {
		p.Reasons = []string{fmt.Sprintf("the results file %s %v", s.command.Promote.Results, err)}
		return s.finishPromotion(p)
	}
	client, _, err := s.api(simulator.BuiltIn)
	if err != nil {
		p.Reasons = []string{err.Error()}
		return s.finishPromotion(p)
	}
	defer client.CloseIdleConnections()
	return s.finishPromotion(promote.Run(ctx, client, evidence, settings))
}

func (s *session) promotion() promote.Settings {
	in, flags, timings := s.inputs, s.command.Promote, s.timings()
	return promote.Settings{
		AssistantID: in.AssistantID, VersionID: in.VersionID, BaseURL: in.BaseURL, MaxAge: flags.MaxAge, AllowUnverified: flags.AllowUnverified,
		EndCanary: flags.EndCanary, RequireProof: flags.RequireProof, DryRun: flags.DryRun, Timeout: in.Timeout, Gap: timings.PollInterval, Grace: timings.EndGrace,
	}
}

// finishPromotion reports the result to the user and the CI and returns the exit code. A success that cannot be reported
// becomes inconclusive. The outputs come last, so that they never show more than the exit code.
func (s *session) finishPromotion(p *promote.Promotion) int {
	p = report.RedactedPromotion(s.redactor, p)
	for _, warning := range s.command.Warnings {
		s.logError("warning: " + warning)
	}
	s.note(p, s.logPromotion(p))
	s.note(p, s.summarizePromotion(p))
	outputs := report.PromotionOutputs(p)
	slices.Reverse(outputs) // verdict last, as in the outputs of the gate
	if err := s.system.SetOutputs(outputs); err != nil {
		s.note(p, err)
		s.note(p, s.summarizePromotion(p))
	}
	s.settled(p.ExitCode())
	return p.ExitCode()
}

// note records that a report could not be written.
func (s *session) note(p *promote.Promotion, err error) {
	if err == nil {
		return
	}
	s.logError(err.Error())
	if p.ExitCode() == exitDone {
		reason := fmt.Sprintf("the promotion ended as %s, but that could not be reported: %v", p.Status, err)
		p.Reasons = append(p.Reasons, safe.Redact(s.redactor, reason))
		p.Status = promote.Inconclusive
	}
}

func (s *session) logPromotion(p *promote.Promotion) error {
	s.printer.waitFor(endPatience) // the outputs and the summary must follow it
	return errors.Join(console.WritePromotion(s.stdout, p), s.printed())
}

func (s *session) summarizePromotion(p *promote.Promotion) error {
	return s.system.WriteSummary(summary.Limit, func(to io.Writer, _ int) error { return summary.WritePromotion(to, p) })
}

// checkPromotion checks that the inputs name the version to promote and its results.
func (r resolver) checkPromotion(in *Inputs, o PromoteOptions) (problems []string) {
	requireID := func(d *input, value string) {
		if value == "" && !unclear(d) {
			problems = append(problems, fmt.Sprintf("%s: give it as %s", r.missing(d), r.ways(d)))
		}
	}
	requireID(in.declared.assistantID, in.AssistantID)
	requireID(in.declared.versionID, in.VersionID)
	if in.VersionID == outcome.MainVersion {
		problems = append(problems, fmt.Sprintf("version-id (from %s) is %s, the version that is live anyway: give the id of the one that was tested",
			in.declared.versionID.source, outcome.MainVersion))
	}
	if o.Results == "" {
		problems = append(problems, "no results are given: give the results file of the gate that tested the version as --results")
	}
	return problems
}
