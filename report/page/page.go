// Package page writes the outcome as one HTML page.
package page

import (
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/internal/csp"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

//go:embed page.css
var pageStyle string

//go:embed page.js
var pageScript string

//go:embed page.html.tmpl
var pageText string

// pageFull is in place of a text for which the page has no room.
const pageFull = "it is in the results file: the page is full"

// Bounds of the page, so that a browser opens it at once however many tests there are.
const (
	maxCards     = 1000     // tests with a card
	maxPassed    = 20       // cards of passed tests that are not folded together
	maxTextBytes = 16 << 20 // conversations and logs together
	maxLogBytes  = 16 << 10 // logs of one run
	maxTurnBytes = 8 << 10  // one turn of a conversation
	maxTexts     = 200
)

// Write writes the outcome as one page to look at: the verdict, what blocks with the conversations, the criteria by how often they
// failed, when each run was under way, and a card for each test. The page needs no network and is complete without its script,
// which finds, sorts, opens and copies; its policy forbids every other script and all loading. If the tests are too many, the page
// leaves out those that passed first, and says so.
func Write(w io.Writer, o *outcome.Outcome) error {
	t, err := pageTemplate()
	if err == nil {
		err = t.Execute(w, newPage(o))
	}
	if err != nil {
		return errors.Join(errors.New("write the page"), err)
	}
	return nil
}

// pageTemplate is parsed when it is first needed. Whoever executes it leaves it as it is.
var pageTemplate = sync.OnceValues(func() (*template.Template, error) { return template.New("page").Parse(pageText) })

// page is what the template shows. All remote text in it is plain text; the template escapes it for its place.
type page struct {
	Style                     template.CSS
	Script                    template.JS
	StyleHash, ScriptHash     string // as a Content-Security-Policy names them
	Title, Headline, Verdict  string
	Answered                  string // which version answered the runs
	Line, NotReal             string
	Tests                     int
	Chips                     []chip
	Problems, Warnings, Notes []string
	Blockers, MoreBlockers    []blocker
	Rerun                     *rerun
	Blocking                  pageGroup
	Criteria                  []tally
	MoreCriteria              string
	Timeline                  timeline
	Failing, Passing          matrix
	Others                    []pageGroup
	LeftOut                   string
	How                       []fact
}

// builder makes the parts of the page of an outcome.
type builder struct {
	o       *outcome.Outcome
	anchors anchors
	texts   textBudget
}

func newPage(o *outcome.Outcome) page {
	groups := pageOrder(o)
	order := inOrder(groups)
	b := &builder{o: o, anchors: anchorsOf(o, order[:min(len(order), maxCards)]), texts: textBudget{left: maxTextBytes}}
	p := page{
		Style:     template.CSS(pageStyle), // #nosec G203: a file of this package
		Script:    template.JS(pageScript), // #nosec G203: a file of this package
		StyleHash: csp.Hash(pageStyle), ScriptHash: csp.Hash(pageScript),
		Title:    safe.PlainLine(o.Name, view.MaxNameBytes) + ": " + view.Headline(o).Plain(),
		Headline: view.Headline(o).Plain(),
		Verdict:  string(o.Verdict()),
		Line:     pageLine(o),
		Answered: view.Answered(o).Plain(),
		Tests:    len(o.Results), Chips: chipsOf(o.Counts()),
		Warnings: pageTexts(o.Warnings), Notes: pageTexts(o.Notes),
		Rerun:    rerunOf(o),
		Timeline: b.timeline(order),
		Failing:  b.matrix(slices.Concat(groups[blocking].results, groups[excused].results), maxMatrixRows),
		Passing:  b.matrix(slices.Concat(groups[flaky].results, groups[passed].results), maxPassedRows),
		How:      gateFacts(o),
	}
	if !o.RealTelnyx {
		p.NotReal = view.Capitalize(safe.PlainLine(view.NotReal(o), view.MaxNameBytes))
	}
	for _, problem := range o.Problems {
		p.Problems = append(p.Problems, safe.PlainText(problem.Text, view.MaxReasonBytes))
	}
	p.Blockers, p.MoreBlockers = b.blockers()
	p.Criteria, p.MoreCriteria = b.tallies()
	p.Blocking, p.Others = b.cards(groups)
	if n := len(order) - maxCards; n > 0 {
		p.LeftOut = view.Plural(n, "more test has", "more tests have") + " no card here: the results file has them all."
	}
	return p
}

func pageLine(o *outcome.Outcome) string {
	line := "Gate " + safe.PlainLine(o.Name, view.MaxNameBytes) + fmt.Sprintf(", exit code %d", o.ExitCode())
	if d := view.WallTime(o); d > 0 {
		line += ", took " + view.Duration(d)
	}
	if !o.Started.IsZero() {
		line += ", started " + o.Started.UTC().Format("2006-01-02 15:04:05") + " UTC"
	}
	return line
}

func pageTexts(texts []string) []string {
	var out []string
	for i, text := range texts {
		if i == maxTexts {
			return append(out, fmt.Sprintf("%d more are in the results file", len(texts)-i))
		}
		if text = strings.TrimSpace(safe.PlainText(text, view.MaxReasonBytes)); text != "" {
			out = append(out, text)
		}
	}
	return out
}
