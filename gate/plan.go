package gate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/group"
	"github.com/assistant-gate/assistant-gate/internal/odds"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Plan is what the gate is going to run.
type Plan struct {
	outcome.Plan
	suites []wholeSuite // in the order of the inputs
}

// Refusals are the reasons why there is no plan.
type Refusals []*outcome.Problem

// Error returns the reasons, one per line.
func (r Refusals) Error() string {
	texts := make([]string, len(r))
	for i, p := range r {
		texts[i] = p.Text
	}
	return strings.Join(texts, "\n")
}

// NewPlan looks up everything that was selected and triggers nothing. It returns Refusals as the error, or, if ctx ended
// before anything was refused, the cause of ctx with the latest answer of a look-up. It calls observe if a look-up has no
// usable answer, possibly from several goroutines; observe may be nil.
func NewPlan(ctx context.Context, api API, s Settings, observe func(outcome.Event)) (*Plan, error) {
	p := planner{api: api, settings: s, names: parseNames(s.TestNames), refused: map[string]bool{}}
	asking, outage, stop := patiently(ctx, s, observe)
	defer stop()
	found, target := p.lookUp(asking)
	if asking.Err() != nil {
		ended := outage.ended(context.Cause(asking))
		if len(p.refusals) == 0 {
			return nil, ended
		}
		p.refuse(outcome.VerdictInconclusive, "the other look-ups did not end: %v", ended)
		return nil, p.refusals
	}
	plan := &Plan{Plan: outcome.Plan{Target: target, LastFailed: s.LastFailed}, suites: p.whole}
	plan.Tests, plan.Chosen = merge(found)
	p.takeOut(plan)
	p.choosePolicy(plan)
	p.checkSelection(plan)
	if len(p.refusals) > 0 {
		return nil, p.refusals
	}
	s.Policy = plan.Policy
	plan.RunsAtLeast = s.firstRuns(len(plan.Tests))
	plan.RunsAtMost = min(s.allRuns(len(plan.Tests)), s.MaxRuns)
	plan.TimeAtMost = timeAtMost(s, plan.Tests)
	plan.MayBlock = mayBlock(s, plan.Tests)
	plan.Warnings = append(p.warnings, fitWarnings(s, plan)...)
	plan.Notes = notePromotion(s, target, plan.Tests)
	return plan, nil
}

type planner struct {
	api      API
	settings Settings
	names    namePatterns
	refusals Refusals
	refused  map[string]bool // texts of the refusals
	warnings []string
	whole    []wholeSuite
	takenOut int  // tests that were selected and taken out again
	cut      bool // the look-ups ended before all had been answered
}

func (p *planner) refuse(v outcome.Verdict, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !p.refused[text] {
		p.refused[text] = true
		p.refusals = append(p.refusals, &outcome.Problem{Verdict: v, Text: text})
	}
}

// lookUp sends all requests at the same time. It judges the answers afterwards, so that the refusals follow the order of
// the inputs.
func (p *planner) lookUp(ctx context.Context) (found []selected, target outcome.Target) {
	s := p.settings
	byID, idErrors := []telnyx.Test(nil), []error(nil)
	bySuite, suiteErrors, testErrors := make([][]telnyx.Test, len(s.Suites)), make([]error, len(s.Suites)), make([][]error, len(s.Suites))
	var byName namedTests
	var nameError error
	var noTarget *targetError

	var work group.Group
	work.Go(func() { target, noTarget = lookUpTarget(ctx, p.api, s) })
	for i, name := range s.Suites {
		work.Go(func() { bySuite[i], testErrors[i], suiteErrors[i] = p.lookUpSuite(ctx, name) })
	}
	work.Go(func() { byName, nameError = p.lookUpNames(ctx) })
	work.Go(func() { byID, idErrors = p.lookUpIDs(ctx) })
	work.Wait()
	p.cut = ctx.Err() != nil

	p.judgeTarget(noTarget)
	found = p.ofIDs(ctx, byID, idErrors)
	for i, name := range s.Suites {
		p.judge(suiteErrors[i], "suite %q (test-suites) is not known to Telnyx for this API key", name)
		for n, err := range testErrors[i] {
			p.judge(err, "test %q is listed under suite %q (test-suites), but is not known to Telnyx by itself", bySuite[i][n].ID, name)
		}
		if suiteErrors[i] == nil {
			found = append(found, allBy(outcome.ChosenBySuite, name, p.ofSuite(ctx, name, bySuite[i]))...)
		}
	}
	p.judge(nameError, "the tests of assistant %q (test-names) are not known to Telnyx for this API key", s.AssistantID)
	for n, err := range byName.errs {
		p.judge(err, "test %q is listed for assistant %q (test-names), but is not known to Telnyx by itself", byName.own[n].ID, s.AssistantID)
	}
	if nameError == nil {
		found = append(found, p.ofNames(byName, noTarget == nil)...)
	}
	return found, target
}

// ofIDs returns the tests that were looked up one by one: those of test-ids, or those that blocked in the results of last-failed.
func (p *planner) ofIDs(ctx context.Context, tests []telnyx.Test, errs []error) []selected {
	s := p.settings
	if !s.LastFailed.IsSet() {
		p.judgeIDs(ctx, errs)
		return allBy(outcome.ChosenByID, "", tests)
	}
	for i, err := range errs {
		blocked := s.Blocked[i]
		p.judge(err, "test %q (%s), which blocked in %s (last-failed), is not known to Telnyx for this API key", blocked.Name, blocked.ID, s.LastFailed.File)
	}
	return allBy(outcome.ChosenByLastFailed, "", tests)
}

// judge turns the error of a look-up into a refusal. It uses the text unknown if Telnyx does not know the id.
func (p *planner) judge(err error, unknown string, args ...any) {
	switch telnyx.KindOf(err) {
	case telnyx.KindNotFound:
		p.refuse(outcome.VerdictInvalid, "%s\nTelnyx: %v", fmt.Sprintf(unknown, args...), err)
	case telnyx.KindRejected:
		p.refuse(outcome.VerdictInvalid, "%s\nTelnyx refused the look-up: %v", fmt.Sprintf(unknown, args...), err)
	case telnyx.KindUnauthorized:
		p.refuse(outcome.VerdictInvalid, "the API key was refused: check that api-key is a valid API v2 key with access to AI assistants")
	case telnyx.KindRedirect:
		p.refuse(outcome.VerdictInvalid, "%v", err)
	default:
		if contrary, ok := errors.AsType[*contradiction](err); ok {
			p.refuse(outcome.VerdictInconclusive, "%s", contrary.text)
		} else if err != nil && !p.cut {
			p.refuse(outcome.VerdictInconclusive, "nothing was triggered, because a look-up had no usable answer: %v", err)
		}
	}
}

// ofSuite returns the tests that really belong to the suite. If a server ignores the filter, the gate must not pay for
// other tests.
func (p *planner) ofSuite(ctx context.Context, name string, tests []telnyx.Test) []telnyx.Test {
	own := slices.DeleteFunc(slices.Clone(tests), func(t telnyx.Test) bool { return !belongs(t, name) })
	p.refuseAlike(name, tests)
	others := ""
	if n := len(tests) - len(own); n > 0 {
		others = fmt.Sprintf("Telnyx listed %d tests of other suites under suite %q; they are left out", n, name)
		p.warnings = append(p.warnings, others)
		others = " (" + others + ")"
	}
	if others == "" {
		p.whole = append(p.whole, wholeSuite{name: name, tests: own})
	}
	if len(own) == 0 {
		p.refuse(outcome.VerdictInvalid, "suite %q (test-suites) has no tests%s%s", name, others, p.suiteHint(ctx, name))
	}
	return own
}

// refuseAlike refuses a suite if Telnyx lists tests under it whose suite name differs only in case or surrounding blanks.
// The user may want these tests, so the gate must not silently leave them out.
func (p *planner) refuseAlike(name string, tests []telnyx.Test) {
	for _, t := range tests {
		alike := strings.EqualFold(strings.TrimSpace(t.Suite), strings.TrimSpace(name))
		if alike && !slices.Contains(p.settings.Suites, t.Suite) {
			p.refuse(outcome.VerdictInvalid, "Telnyx lists tests of suite %q under suite %q (test-suites): write the name as Telnyx has it, or select both suites", t.Suite, name)
		}
	}
}

// choosePolicy resolves auto for the selected tests. It counts those that quarantine excuses too, so the gate keeps red if their
// entries go.
func (p *planner) choosePolicy(plan *Plan) {
	s := &p.settings
	plan.Policy = s.Policy
	if len(p.refusals) > 0 || len(plan.Tests) == 0 {
		return
	}
	policy, err := odds.Resolve(s.Policy, len(plan.Tests))
	if err != nil {
		p.refuse(outcome.VerdictInvalid, "attempts %s: %v; nothing was triggered", s.Policy.Given(), err)
	}
	plan.Policy, s.Policy = policy, policy
}

func (p *planner) checkSelection(plan *Plan) {
	s := p.settings
	if len(p.refusals) > 0 {
		return
	}
	p.checkNumber(len(plan.Tests))
	if first := s.firstRuns(len(plan.Tests)); first > s.MaxRuns {
		p.refuse(outcome.VerdictInvalid, "%d tests need %d first runs but max-runs is %d: nothing was triggered; raise max-runs or select fewer tests", len(plan.Tests), first, s.MaxRuns)
	}
	p.checkAdvisory(plan.Tests)
	if s.AssistantID != "" {
		p.checkAssistant(plan.Tests)
	}
}

// checkAssistant refuses tests that call another assistant than the given one, and tests for which Telnyx names no
// destination.
func (p *planner) checkAssistant(tests []telnyx.Test) {
	for _, t := range tests {
		id, ok := t.AssistantDestination()
		switch {
		case t.Destination == "":
			p.refuse(outcome.VerdictInconclusive, "Telnyx does not say what test %q (%s) talks to, so it cannot be checked against assistant-id: nothing was triggered; give the test a destination", t.Name, t.ID)
		case ok && !telnyx.SameID(id, p.settings.AssistantID):
			p.refuse(outcome.VerdictInvalid, "test %q (%s) targets assistant %q, not assistant-id %q", t.Name, t.ID, id, p.settings.AssistantID)
		}
	}
}

// checkAdvisory refuses an advisory criterion that no selected test has: the name is probably mistyped, and the intended
// criterion would still fail tests. It also refuses tests whose criteria are all advisory, because nothing could fail them.
func (p *planner) checkAdvisory(tests []telnyx.Test) {
	advisory := map[string]bool{}
	for _, name := range p.settings.Advisory {
		advisory[name] = true
	}
	var known, harmless []string
	seen := map[string]bool{}
	for _, t := range tests {
		counts := len(t.Rubric) == 0 // without criteria, the run's own status counts
		for _, c := range t.Rubric {
			counts = counts || !advisory[c.Name]
			if !seen[c.Name] {
				seen[c.Name] = true
				known = append(known, c.Name)
			}
		}
		if !counts {
			harmless = append(harmless, t.Name+" ("+t.ID+")")
		}
	}
	for _, name := range p.settings.Advisory {
		if !seen[name] {
			p.refuse(outcome.VerdictInvalid, "no selected test has a criterion %q (advisory-criteria)%s", name, nearestOf(name, "their criteria", known, 20))
		}
	}
	if len(harmless) > 0 {
		p.refuse(outcome.VerdictInvalid, "every criterion is advisory in %s: nothing could fail there; take a criterion out of advisory-criteria, or select other tests", outcome.Quoted(harmless, 20))
	}
}

func (p *planner) judgeTarget(err *targetError) {
	switch {
	case err == nil:
	case err.err != nil:
		p.judge(err.err, "%s", err.text)
	default:
		p.refuse(err.verdict, "%s", err.text)
	}
}

// notePromotion returns notes about why promote or merge will refuse the results of these tests, so that the user knows before paying.
func notePromotion(s Settings, target outcome.Target, tests []telnyx.Test) (notes []string) {
	if s.LastFailed.IsSet() {
		notes = append(notes, "promote and merge will refuse these results, because the selection is only a part of the gate")
	}
	_, unverified := outcome.ForeignTargets(tests, target.AssistantID)
	if len(unverified) == 0 || target.AssistantID == "" || target.VersionID == outcome.MainVersion {
		return notes
	}
	return append(notes, fmt.Sprintf("promote will refuse these results unless you give it --allow-unverified-target: %d of %d tests talk to a number or a URL: %s",
		len(unverified), len(tests), outcome.Quoted(unverified, 3)))
}
