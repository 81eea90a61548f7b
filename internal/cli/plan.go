package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// plan looks everything up and prints what run would do. It triggers nothing and gives no verdict.
func (s *session) plan(ctx context.Context) int {
	if problems := s.readQuarantine(ctx); len(problems) > 0 {
		return s.refuse(invalid(problems...))
	}
	client, _, err := s.api(simulator.BuiltIn)
	if err != nil {
		return s.refuse(err)
	}
	defer client.CloseIdleConnections()
	plan, err := gate.NewPlan(ctx, client, s.settings(), s.onEvent)
	if refusals, ok := errors.AsType[gate.Refusals](err); ok {
		return s.refuse(asError(refusals))
	}
	if err != nil {
		return s.refuse(err)
	}
	text := s.describePlan(plan)
	for _, w := range append(s.command.Warnings, plan.Warnings...) {
		text += "warning: " + safe.Line(w, 0) + "\n"
	}
	for _, n := range plan.Notes {
		text += "note: " + safe.Line(n, 0) + "\n"
	}
	return s.print(text)
}

// onEvent prints notices to stderr while a command waits.
func (s *session) onEvent(e outcome.Event) {
	if said, ok := e.(outcome.Notice); ok {
		s.logError(said.Text)
	}
}

// asError returns the refusals as one error. It is an InvalidError if the input caused any of them.
func asError(refusals gate.Refusals) error {
	var texts []string
	isInvalid := false
	for _, p := range refusals {
		texts = append(texts, p.Text)
		isInvalid = isInvalid || p.Verdict == outcome.VerdictInvalid
	}
	if isInvalid {
		return invalid(texts...)
	}
	return errors.New(strings.Join(texts, "\n"))
}

func (s *session) describePlan(plan *gate.Plan) string {
	rows := [][]string{{"ID", "NAME", "SUITE", "CHANNEL", "CRITERIA", "AT MOST"}}
	for _, t := range plan.Tests {
		maxTime := "-"
		if t.MaxDuration > 0 {
			maxTime = shortDuration(t.MaxDuration)
		}
		rows = append(rows, []string{t.ID, t.Name, t.Suite, string(t.Channel), fmt.Sprint(len(t.Rubric)), maxTime})
	}
	var b strings.Builder
	b.WriteString(safe.Table(rows))
	fmt.Fprintf(&b, "\ntarget        %s\n", describeTarget(plan.Target))
	if unchecked := view.Unchecked(plan.Target); unchecked != "" {
		fmt.Fprintf(&b, "not checked   %s\n", unchecked)
	}
	fmt.Fprintf(&b, "runs          %d at least, %d at most (max-runs %d)\n", plan.RunsAtLeast, plan.RunsAtMost, s.inputs.MaxRuns)
	if ladder := view.Ladder(plan.Policy); ladder != "" {
		fmt.Fprintf(&b, "attempts      %s\n", ladder)
	}
	if odds := view.PlanOdds(&plan.Plan); odds != "" {
		fmt.Fprintf(&b, "odds          %s\n", odds)
	}
	fmt.Fprintf(&b, "time at most  %s for the first runs, if each takes all of its run-timeout (timeout %s)\n", shortDuration(plan.TimeAtMost), shortDuration(s.inputs.Timeout))
	if !s.realTelnyx() {
		fmt.Fprintf(&b, "not the real Telnyx: %s\n", safe.Line(s.inputs.BaseURL, 0))
	}
	b.WriteString("nothing was triggered\n")
	return b.String()
}

func describeTarget(t outcome.Target) string {
	text := "version " + safe.Line(t.VersionID, 0)
	if t.VersionName != "" {
		text += " (" + safe.Line(t.VersionName, 0) + ")"
	}
	if t.AssistantID == "" {
		return text
	}
	text += " of assistant "
	if t.AssistantName != "" {
		text += safe.Line(t.AssistantName, 0) + " "
	}
	return text + safe.Line(t.AssistantID, 0)
}

// shortDuration formats a duration without zero units at the end: 30m, not 30m0s.
func shortDuration(d time.Duration) string {
	text := d.Round(time.Second).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
