package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/gate"
	durations "github.com/assistant-gate/assistant-gate/internal/duration"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// PlanOptions are the flags of plan.
type PlanOptions struct {
	Format string
}

func (o *PlanOptions) options() []*option { return []*option{formatOption(&o.Format)} }

// plan looks everything up and prints what run would do. It triggers nothing and gives no verdict.
func (s *session) plan(ctx context.Context) int {
	if problems := append(s.readLastFailed(ctx), s.readQuarantine(ctx)...); len(problems) > 0 {
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
	planned := s.planned(plan)
	if s.command.Plan.Format == formatJSON {
		text, err := asJSON(planned)
		if err != nil {
			return s.refuse(err)
		}
		return s.print(text)
	}
	return s.print(s.describePlan(plan, planned))
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

// plannedGate is a plan as plan --format json shows it.
type plannedGate struct {
	BaseURL       string        `json:"base_url"`
	AssistantID   string        `json:"assistant_id"`
	AssistantName string        `json:"assistant_name"`
	VersionID     string        `json:"version_id"` // main for the live one
	VersionName   string        `json:"version_name"`
	LiveVersionID string        `json:"live_version_id"` // with version_id main, if Telnyx tells
	Baseline      string        `json:"baseline_version"`
	LastFailed    string        `json:"last_failed,omitempty"` // the results file, if it selected the tests
	MinTests      int           `json:"min_tests"`
	Tests         []plannedTest `json:"tests"`
	RunsAtLeast   int           `json:"runs_at_least"`
	RunsAtMost    int           `json:"runs_at_most"`
	MaxRuns       int           `json:"max_runs"`
	Attempts      string        `json:"attempts"` // as given
	Ladder        []int         `json:"ladder"`   // what it means: after n failures a test passes with ladder[n] passes
	Odds          string        `json:"odds"`
	FirstRuns     float64       `json:"first_runs_seconds_at_most"`
	Timeout       float64       `json:"timeout_seconds"`
	Warnings      []string      `json:"warnings"`
	Notes         []string      `json:"notes"`
}

// plannedTest is a test with what selected it.
type plannedTest struct {
	listedTest
	ChosenBy []plannedChoice `json:"chosen_by"`
}

// plannedChoice is an input that selected a test, as NAME.json has it.
type plannedChoice struct {
	By    outcome.ChoiceKind `json:"by"`
	Value string             `json:"value,omitempty"`
}

func planTest(plan *gate.Plan, t telnyx.Test) plannedTest {
	planned := plannedTest{listedTest: listTest(t)}
	for _, c := range plan.ChosenBy(t) {
		planned.ChosenBy = append(planned.ChosenBy, plannedChoice(c))
	}
	return planned
}

func (s *session) planned(plan *gate.Plan) plannedGate {
	in, t := s.inputs, plan.Target
	planned := plannedGate{
		BaseURL: in.BaseURL, AssistantID: t.AssistantID, AssistantName: t.AssistantName,
		VersionID: t.VersionID, VersionName: t.VersionName, LiveVersionID: t.LiveID, Baseline: t.Baseline, Tests: []plannedTest{}, LastFailed: plan.LastFailed.File, MinTests: in.MinTests,
		RunsAtLeast: plan.RunsAtLeast, RunsAtMost: plan.RunsAtMost, MaxRuns: in.MaxRuns,
		Attempts: plan.Policy.Given(), Ladder: plan.Policy.Rungs(), Odds: view.PlanOdds(&plan.Plan),
		FirstRuns: plan.TimeAtMost.Seconds(), Timeout: in.Timeout.Seconds(),
		Warnings: append(append([]string{}, s.command.Warnings...), plan.Warnings...), Notes: append([]string{}, plan.Notes...),
	}
	for _, test := range plan.Tests {
		planned.Tests = append(planned.Tests, planTest(plan, test))
	}
	return planned
}

// describePlan returns the tests and, below them, what running them takes.
func (s *session) describePlan(plan *gate.Plan, planned plannedGate) string {
	width := s.width()
	text := ""
	for _, group := range byAssistant(plan.Tests) {
		text += testTables(group, width, whyChosen(plan)) + "\n"
	}
	lines := []string{view.Plural(len(plan.Tests), "test", "tests") + describeTarget(plan.Target)}
	if only := view.OnlyLastFailed(plan.LastFailed); only != nil {
		lines = append(lines, view.Capitalize(only.Show(func(file string) string { return safe.Line(file, 0) })))
	}
	lines = append(lines, s.describeCost(plan))
	if ladder := view.Ladder(plan.Policy); ladder != "" {
		lines = append(lines, "Attempts: "+ladder)
	}
	if planned.Odds != "" {
		lines = append(lines, "Odds: "+planned.Odds)
	}
	if unchecked := view.Unchecked(plan.Target); unchecked != "" {
		lines = append(lines, "Not checked "+unchecked+".")
	}
	if !s.realTelnyx() {
		lines = append(lines, "Not the real Telnyx: "+safe.Line(s.inputs.BaseURL, 0))
	}
	for _, w := range planned.Warnings {
		lines = append(lines, "Warning: "+safe.Line(w, 0))
	}
	for _, n := range planned.Notes {
		lines = append(lines, "Note: "+safe.Line(n, 0))
	}
	lines = append(lines, "Nothing was started.")
	for _, line := range lines {
		text += strings.Join(wrap(line, width), "\n") + "\n"
	}
	return text
}

// whyChosen returns what selected a test, or nil if the inputs make that obvious: ids, suites or last-failed alone selected all.
func whyChosen(plan *gate.Plan) func(telnyx.Test) string {
	kinds := map[outcome.ChoiceKind]bool{}
	for _, t := range plan.Tests {
		for _, c := range plan.ChosenBy(t) {
			kinds[c.By] = true
		}
	}
	if len(kinds) == 1 && !kinds[outcome.ChosenByName] {
		return nil
	}
	return func(t telnyx.Test) string { return view.ChosenBy(plan.ChosenBy(t)) }
}

// describeCost returns how many runs the tests need, and how long the first of them take if each takes all of its time.
func (s *session) describeCost(plan *gate.Plan) string {
	runs, first := view.Plural(plan.RunsAtMost, "run", "runs"), ""
	if plan.RunsAtLeast < plan.RunsAtMost {
		runs = fmt.Sprintf("%d to %s", plan.RunsAtLeast, runs)
		first = fmt.Sprintf(" for the first %d", plan.RunsAtLeast)
	}
	return fmt.Sprintf("%s, up to %s%s (max-runs %d, timeout %s)", runs, durations.Text(plan.TimeAtMost), first, s.inputs.MaxRuns, durations.Text(s.inputs.Timeout))
}

// describeTarget returns the version under test and its assistant.
func describeTarget(t outcome.Target) string {
	text := " on version " + safe.Line(t.VersionID, 0)
	if t.VersionName != "" {
		text += " (" + safe.Line(t.VersionName, 0) + ")"
	}
	if t.AssistantName != "" {
		text += " of " + safe.Line(t.AssistantName, 0)
	}
	return text
}
