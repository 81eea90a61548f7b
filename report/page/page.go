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

// pageFull is in place of a text for which the page has no room.
const pageFull = "it is in the results file: the page is full"

// Bounds of the page, so that a browser opens it at once however many tests there are.
const (
	maxSections  = 1000     // tests with a section of their own
	maxOpen      = 10       // of those that block, unfolded
	maxTextBytes = 16 << 20 // conversations and logs together
	maxLogBytes  = 16 << 10 // logs of one run
	maxTurnBytes = 8 << 10  // one turn of a conversation
	maxTexts     = 200
)

// Write writes the outcome as one page to look at: the verdict, when each run was under way, which test met which
// criterion, and a section for each test with its runs, conversations and logs. The page needs neither network nor
// scripts, and its policy forbids both. If the tests are too many, it leaves out those that passed first, and says so.
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
	Answered                  string // which version answered the runs
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
	How                       []fact
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
	Tests []testView
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
		Title:     safe.PlainLine(o.Name, view.MaxNameBytes) + ": " + view.Headline(o).Plain(),
		Headline:  view.Headline(o).Plain(),
		Verdict:   string(o.Verdict()),
		Line:      pageLine(o),
		Answered:  view.Answered(o).Plain(),
		Counts:    pageCounts(o.Counts()),
		Warnings:  pageTexts(o.Warnings),
		Notes:     pageTexts(o.Notes),
		Legend:    []string{"passed", "failed", "errored", "timed-out"},
		How:       gateFacts(o),
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

func pageCounts(c outcome.Counts) []pageCount {
	var out []pageCount
	add := func(kind string, count int, word string) {
		if count > 0 {
			out = append(out, pageCount{Mark: mark{Kind: kind, Word: word}, Count: count, Word: word})
		}
	}
	b := c.BlockingByState
	add("failed", b.Failed, "failed")
	add("timed-out", b.TimedOut, "timed out")
	add("errored", b.Errored, "errored")
	add("not-run", b.NotRun, "not run")
	add("excused", c.Excused, "excused")
	add("passed", c.Passed, "passed")
	add("flaky", c.Flaky, view.Agree(c.Flaky, "of them is flaky", "of them are flaky"))
	return out
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
