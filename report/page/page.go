// Package page writes the outcome as one HTML page without scripts.
package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

//go:embed page.css
var pageStyle string

//go:embed page.html.tmpl
var pageText string

// Bounds of the page, so that a browser opens it at once however many tests there are.
const (
	sectionsMost   = 1000     // tests with a section of their own
	sectionsOpen   = 10       // of those that block, unfolded
	pageTextBytes  = 16 << 20 // conversations and logs together
	pageLogBytes   = 16 << 10 // logs of one run
	pageMessage    = 8 << 10  // one turn of a conversation
	pageNotesMost  = 200
	pageSharedText = "it is in the results file: the page is full"
)

// Write writes the outcome as one page to look at: the verdict, when each run was under way, which test met which
// criterion, and a section for each test with its runs, conversations and logs. The page needs neither network nor
// scripts, and its policy forbids both. Where the tests are too many it leaves out those that passed first, and says so.
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
	StyleHash                 string // as a Content-Security-Policy names it
	Title, Headline, Verdict  string
	Line, NotReal             string
	Counts                    []pageCount
	Problems, Warnings, Notes []string
	Blocking                  []testLink
	MoreBlocking              string
	Timeline                  timeline
	Legend                    []string
	Matrix                    matrix
	Groups                    []pageGroup
	LeftOut                   string
	How                       []view.Fact
}

// pageCount is one of the numbers below the verdict.
type pageCount struct {
	Mark  mark
	Count int
	Word  string
}

// pageGroup are tests that belong together.
type pageGroup struct {
	Title string
	Tests []testSection
}

// testLink leads to the section of a test.
type testLink struct {
	Anchor, Name, Why string
	Mark              mark
}

// anchor is the id of the test's section in the page.
func anchor(p view.Indexed) string { return fmt.Sprintf("t%d", p.Index+1) }

func newPage(o *outcome.Outcome) page {
	hash := sha256.Sum256([]byte(pageStyle))
	p := page{
		Style:     template.CSS(pageStyle), // #nosec G203: a file of this package
		StyleHash: "sha256-" + base64.StdEncoding.EncodeToString(hash[:]),
		Title:     safe.PlainLine(o.Name, view.MaxNameBytes) + ": " + view.Headline(o, view.PlainHere),
		Headline:  view.Headline(o, view.PlainHere),
		Verdict:   string(o.Verdict()),
		Line:      pageLine(o),
		Counts:    pageCounts(view.NumbersOf(o)),
		Warnings:  pageTexts(o.Warnings),
		Notes:     pageTexts(o.Notes),
		Legend:    []string{"passed", "failed", "errored", "timed-out"},
		How:       howFacts(o),
	}
	if !o.RealTelnyx {
		p.NotReal = view.Capitalize(safe.PlainLine(view.NotReal(o), view.MaxNameBytes))
	}
	for _, problem := range o.Problems {
		p.Problems = append(p.Problems, safe.PlainText(problem.Text, view.MaxReasonBytes))
	}
	groups := pageOrder(o)
	var order []view.Indexed
	for _, g := range groups {
		order = append(order, g.results...)
	}
	p.Blocking, p.MoreBlocking = blockingLinks(o, groups)
	p.Timeline = timelineOf(o, order)
	p.Matrix = matrixOf(order)
	p.Groups, p.LeftOut = pageGroups(o, groups)
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

func pageCounts(n view.Numbers) []pageCount {
	var out []pageCount
	add := func(kind string, count int, word string) {
		if count > 0 {
			out = append(out, pageCount{Mark: mark{Kind: kind, Word: word}, Count: count, Word: word})
		}
	}
	add("failed", n.Failed, "failed")
	add("timed-out", n.TimedOut, "timed out")
	add("errored", n.Errored, "errored")
	add("not-run", n.NotRun, "not run")
	add("excused", n.Excused, "excused")
	add("passed", n.Passed, "passed")
	add("flaky", n.Flaky, view.Agree(n.Flaky, "of them is flaky", "of them are flaky"))
	return out
}

func pageTexts(texts []string) []string {
	var out []string
	for i, text := range texts {
		if i == pageNotesMost {
			return append(out, fmt.Sprintf("%d more are in the results file", len(texts)-i))
		}
		if text = strings.TrimSpace(safe.PlainText(text, view.MaxReasonBytes)); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// howFacts say what ran against what, and with which inputs.
func howFacts(o *outcome.Outcome) []view.Fact {
	var facts []view.Fact
	for _, l := range o.Legs {
		facts = append(facts, shownFact(view.Fact{Name: "Leg " + l.Label, Value: string(l.Verdict) + ": " + view.LegLine(o, l, view.PlainHere)}))
	}
	for _, f := range view.Facts(o) {
		facts = append(facts, shownFact(f))
	}
	return facts
}

// shownFact is a fact without what has no place in a document; the template escapes it.
func shownFact(f view.Fact) view.Fact {
	f.Name, f.Value = safe.PlainLine(f.Name, view.MaxNameBytes), safe.PlainText(f.Value, view.MaxReasonBytes)
	return f
}
