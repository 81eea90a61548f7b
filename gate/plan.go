package gate

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/telnyx"
)

// Plan is what the gate is going to run.
type Plan struct {
	Target   Target
	Tests    []telnyx.Test // in the order of selection, each once
	Warnings []string
	Notes    []string // worth knowing before anything is paid, with nothing wrong about it

	RunsAtLeast int           // remote runs if no test needs more than its first ones
	RunsAtMost  int           // remote runs that the settings can lead to
	TimeAtMost  time.Duration // of the first runs, if each takes all of its run-timeout, within max-in-flight

	suites []wholeSuite             // in the order of the inputs
	usual  map[string]time.Duration // by test id: how long its last run took, as far as that is known
}

// Refusals are the reasons why there is no plan.
type Refusals []*Problem

// Error lists the reasons.
func (r Refusals) Error() string {
	texts := make([]string, len(r))
	for i, p := range r {
		texts[i] = p.Text
	}
	return strings.Join(texts, "\n")
}

// NewPlan looks up everything that was selected; it triggers nothing. Its error is of type Refusals, or the cause of
// ctx where that ended first, with what the latest look-up came back with. observe is told where a look-up has no usable
// answer; it may be called from several goroutines, and may be nil.
func NewPlan(ctx context.Context, api API, s Settings, observe func(Event)) (*Plan, error) {
	p := planner{settings: s}
	asking, stop := p.ask(ctx, api, observe)
	defer stop()
	byID, bySuite, target := p.lookUp(asking)
	if ctx.Err() != nil {
		return nil, p.api.ended(context.Cause(ctx))
	}
	plan := &Plan{Target: target, Tests: merge(byID, bySuite), suites: p.whole, usual: lastTook(p.earlier)}
	p.checkSelection(plan)
	if len(p.refusals) > 0 {
		return nil, p.refusals
	}
	plan.RunsAtLeast = s.firstRuns(len(plan.Tests))
	plan.RunsAtMost = min(s.allRuns(len(plan.Tests)), s.MaxRuns)
	plan.TimeAtMost = timeAtMost(s, plan.Tests)
	plan.Warnings = append(p.warnings, fitWarnings(s, plan)...)
	if note := notePromotion(target, plan.Tests); note != "" {
		plan.Notes = append(plan.Notes, note)
	}
	return plan, nil
}

type planner struct {
	api      *lookups
	settings Settings
	refusals Refusals
	warnings []string
	whole    []wholeSuite
	earlier  []telnyx.Run // of whole suites, the newest first
}

func (p *planner) refuse(v Verdict, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	same := func(q *Problem) bool { return q.Text == text }
	if !slices.ContainsFunc(p.refusals, same) {
		p.refusals = append(p.refusals, &Problem{Verdict: v, Text: text})
	}
}

// lookUp asks for everything at the same time; each answer is judged afterwards, in the order of the inputs.
func (p *planner) lookUp(ctx context.Context) (byID []telnyx.Test, bySuite [][]telnyx.Test, target Target) {
	s := p.settings
	bySuite = make([][]telnyx.Test, len(s.Suites))
	var idErrors []error
	suiteErrors := make([]error, len(s.Suites))
	var targetError error

	var group together
	group.run(func() { target, targetError = p.lookUpTarget(ctx) })
	for i, name := range s.Suites {
		group.run(func() { bySuite[i], suiteErrors[i] = p.api.ListTests(ctx, telnyx.TestFilter{Suite: name}) })
	}
	group.run(func() { byID, idErrors = p.lookUpIDs(ctx) })
	earlier := make([][]telnyx.Run, len(s.Suites))
	for i, name := range s.Suites {
		group.run(func() { earlier[i] = p.lookUpEarlier(ctx, name) })
	}
	group.wait()
	p.earlier = slices.Concat(earlier...)

	p.judgeTarget(targetError)
	for i, err := range idErrors {
		p.judge(err, "test %q (test-ids) is not known to Telnyx for this API key", s.TestIDs[i])
	}
	for i, name := range s.Suites {
		p.judge(suiteErrors[i], "suite %q (test-suites) is not known to Telnyx for this API key", name)
		if suiteErrors[i] == nil {
			bySuite[i] = p.ofSuite(ctx, name, bySuite[i])
		}
	}
	return byID, bySuite, target
}

// lookUpEarlier asks for the newest runs of a suite that may be triggered as a whole: how long they took says when to look
// at the next. Nothing hangs on them, and nobody waits for them for long.
func (p *planner) lookUpEarlier(ctx context.Context, suite string) []telnyx.Run {
	if !p.settings.allowWhole(suite) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, p.settings.Timings.Earlier)
	defer cancel()
	runs, err := p.api.api.ListSuiteRuns(ctx, suite, telnyx.RunsPage)
	if err != nil {
		return nil
	}
	return runs
}

// judge turns the error of a look-up into a refusal; unknown is said where Telnyx does not know the thing.
func (p *planner) judge(err error, unknown string, args ...any) {
	switch telnyx.KindOf(err) {
	case telnyx.KindNotFound:
		p.refuse(VerdictInvalid, unknown+": check the id (%v)", append(args, err)...)
	case telnyx.KindRefused:
		p.refuse(VerdictInvalid, unknown+": Telnyx refused the look-up (%v)", append(args, err)...)
	case telnyx.KindUnauthorized:
		p.refuse(VerdictInvalid, "the API key was refused: check that api-key is a valid API v2 key with access to AI assistants")
	case telnyx.KindRedirect:
		p.refuse(VerdictInvalid, "%v: check base-url", err)
	default:
		if err != nil {
			p.refuse(VerdictInconclusive, "nothing was triggered, because a look-up had no usable answer: %v", err)
		}
	}
}

// ofSuite keeps the tests that really belong to the suite: a server that ignored the filter must not make the gate pay
// for other tests.
func (p *planner) ofSuite(ctx context.Context, name string, tests []telnyx.Test) []telnyx.Test {
	own := slices.DeleteFunc(slices.Clone(tests), func(t telnyx.Test) bool {
		return t.Suite != name && t.Suite != "" // the contract does not promise that a test names its suite
	})
	strangers := ""
	if n := len(tests) - len(own); n > 0 {
		strangers = fmt.Sprintf("Telnyx listed %d tests of other suites under suite %q; they are left out", n, name)
		p.warnings = append(p.warnings, strangers)
		strangers = " (" + strangers + ")"
	}
	if strangers == "" {
		p.whole = append(p.whole, wholeSuite{name: name, tests: own})
	}
	if len(own) == 0 {
		p.refuse(VerdictInvalid, "suite %q (test-suites) has no tests%s%s", name, p.knownSuites(ctx), strangers)
	}
	return own
}

func (p *planner) knownSuites(ctx context.Context) string {
	names, err := p.api.ListSuites(ctx)
	if err != nil || len(names) == 0 {
		return ""
	}
	return "; the account's suites are " + quoted(names, 10)
}

// merge joins the selections; a test that was selected twice counts once.
func merge(byID []telnyx.Test, bySuite [][]telnyx.Test) []telnyx.Test {
	var out []telnyx.Test
	seen := map[string]bool{}
	for _, tests := range append([][]telnyx.Test{byID}, bySuite...) {
		for _, t := range tests {
			if t.ID == "" || seen[t.ID] {
				continue
			}
			seen[t.ID] = true
			out = append(out, t)
		}
	}
	return out
}

func (p *planner) checkSelection(plan *Plan) {
	s := p.settings
	if len(p.refusals) > 0 {
		return
	}
	if len(plan.Tests) == 0 {
		p.refuse(VerdictInvalid, "no test is selected: give test-ids or test-suites")
	}
	if first := s.firstRuns(len(plan.Tests)); first > s.MaxRuns {
		p.refuse(VerdictInvalid, "%d tests need %d first runs but max-runs is %d: nothing was triggered; raise max-runs or select fewer tests", len(plan.Tests), first, s.MaxRuns)
	}
	p.checkAdvisory(plan.Tests)
	for _, t := range plan.Tests {
		if id, ok := t.AssistantDestination(); ok && s.AssistantID != "" && id != s.AssistantID {
			p.refuse(VerdictInvalid, "test %q (%s) targets assistant %q, not assistant-id %q", t.Name, t.ID, id, s.AssistantID)
		}
	}
}

// checkAdvisory refuses the name of an advisory criterion that no selected test has: it is mistyped, and the criterion
// that was meant would still fail tests.
func (p *planner) checkAdvisory(tests []telnyx.Test) {
	var known []string
	for _, t := range tests {
		for _, c := range t.Rubric {
			if !slices.Contains(known, c.Name) {
				known = append(known, c.Name)
			}
		}
	}
	for _, name := range p.settings.Advisory {
		if !slices.Contains(known, name) {
			p.refuse(VerdictInvalid, "no selected test has a criterion %q (advisory-criteria); their criteria are %s", name, quoted(known, 20))
		}
	}
}

// quoted lists at most n of the names.
func quoted(names []string, n int) string {
	var b strings.Builder
	for i, name := range names {
		if i == n {
			fmt.Fprintf(&b, " and %d more", len(names)-n)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q", name)
	}
	return b.String()
}
