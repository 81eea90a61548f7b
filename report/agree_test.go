package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/report/console"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// samples are all sample outcomes, by name.
func samples() map[string]*outcome.Outcome {
	all := sample.Outcomes()
	maps.Copy(all, sample.AllSpoken())
	all["talk"] = sample.Talk()
	return all
}

// TestFormatsAgree: every report has the verdict and the counts of the outcome.
func TestFormatsAgree(t *testing.T) {
	for name, o := range samples() {
		t.Run(name, func(t *testing.T) {
			files := documents(t, o)
			checkHeadlines(t, o, files)
			checkPageCounts(t, o, files["page"])
			checkJUnitCounts(t, o, files["junit"])
			checkCTRFCounts(t, o, files["ctrf"])
			checkResultsCounts(t, o, files["results"])
		})
	}
}

// checkHeadlines looks for the headline, the tally and the exit code in what people read.
func checkHeadlines(t *testing.T, o *outcome.Outcome, files map[string]string) {
	t.Helper()
	var log bytes.Buffer
	console.New(console.Config{Out: &log}).Finish(o, console.Ending{})
	headline := view.Headline(o).Show(func(name string) string { return safe.Line(name, view.MaxLineColumns) })
	tally, exit := view.Tally(o.Counts()), fmt.Sprintf("exit code %d", o.ExitCode())
	wantTexts(t, "console", log.String(), headline, exit)
	if c := o.Counts(); c.Passed < c.Total || c.Flaky > 0 { // else the headline says it
		wantTexts(t, "console", log.String(), tally)
	}
	summary := regexp.MustCompile(`</?(code|b)>`).ReplaceAllString(files["summary"], "")
	counts := strings.Join(view.TallyParts(o.Counts()), " \u00b7 ")
	wantTexts(t, "summary", html.UnescapeString(summary), view.Headline(o).Plain(), "<p>"+counts+" \u00b7 ", exit)
	wantTexts(t, "page", html.UnescapeString(files["page"]), view.Headline(o).Plain(), exit)
	comment := strings.ReplaceAll(html.UnescapeString(files["comment"]), "`", "")
	wantTexts(t, "comment", comment, strings.ReplaceAll(view.Headline(o).Plain(), "`", ""), view.Capitalize(tally), view.Capitalize(exit))
}

func wantTexts(t *testing.T, format, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("the %s does not have %q", format, w)
		}
	}
}

func checkPageCounts(t *testing.T, o *outcome.Outcome, page string) {
	t.Helper()
	c := o.Counts()
	b := c.BlockingByState
	want := map[string]int{
		"passed": c.Passed, "excused": c.Excused, "flaky": c.Flaky, "failed": b.Failed, "errored": b.Errored, "timed-out": b.TimedOut, "not-run": b.NotRun,
	}
	maps.DeleteFunc(want, func(_ string, n int) bool { return n == 0 })
	got := map[string]int{}
	for _, m := range regexp.MustCompile(`<label for="show-([a-z-]+)"><svg [^<]*<use [^<]*</svg><b>(\d+)</b>`).FindAllStringSubmatch(page, -1) {
		got[m[1]], _ = strconv.Atoi(m[2])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the page (-outcome +page):\n%s", diff)
	}
}

// inDocuments is how the results count in JUnit XML and CTRF, which know fewer states.
type inDocuments struct{ tests, passed, failed, errors, skipped int }

func countsInDocuments(o *outcome.Outcome) inDocuments {
	c := o.Counts()
	leftOut := 0 // by fail-fast
	for _, r := range o.Results {
		if r.Blocks() && r.State == outcome.StateNotRun && r.SkippedByFailFast {
			leftOut++
		}
	}
	n := inDocuments{c.Total, c.Passed, c.BlockingByState.Failed, c.Blocking - c.BlockingByState.Failed - leftOut, c.Excused + leftOut}
	if o.ExitCode() != 0 && n.failed+n.errors == 0 { // the gate's own case
		n.tests, n.errors = n.tests+1, 1
	}
	return n
}

func checkJUnitCounts(t *testing.T, o *outcome.Outcome, document string) {
	t.Helper()
	var got struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
	}
	if err := xml.Unmarshal([]byte(document), &got); err != nil {
		t.Fatal(err)
	}
	n := inDocuments{got.Tests, got.Tests - got.Failures - got.Errors - got.Skipped, got.Failures, got.Errors, got.Skipped}
	if want := countsInDocuments(o); n != want {
		t.Errorf("JUnit has %+v, want %+v", n, want)
	}
}

func checkCTRFCounts(t *testing.T, o *outcome.Outcome, document string) {
	t.Helper()
	var got struct {
		Results struct {
			Summary struct{ Tests, Passed, Failed, Skipped, Pending, Other int }
			Extra   struct {
				Verdict, Headline string
				ExitCode          int
			}
		}
	}
	if err := json.Unmarshal([]byte(document), &got); err != nil {
		t.Fatal(err)
	}
	s, e, want := got.Results.Summary, got.Results.Extra, countsInDocuments(o)
	want.failed, want.errors = want.failed+want.errors, 0
	if n := (inDocuments{s.Tests, s.Passed, s.Failed, s.Pending + s.Other, s.Skipped}); n != want {
		t.Errorf("CTRF has %+v, want %+v", n, want)
	}
	if e.Verdict != string(o.Verdict()) || e.ExitCode != o.ExitCode() || e.Headline != view.Headline(o).Plain() {
		t.Errorf("CTRF has %+v", e)
	}
}

func checkResultsCounts(t *testing.T, o *outcome.Outcome, document string) {
	t.Helper()
	var got struct {
		Verdict  string
		ExitCode int `json:"exit_code"`
		Counts   map[string]int
	}
	if err := json.Unmarshal([]byte(document), &got); err != nil {
		t.Fatal(err)
	}
	c := o.Counts()
	want := map[string]int{
		"total": c.Total, "passed": c.Passed, "failed": c.Failed, "errored": c.Errored, "timed_out": c.TimedOut, "not_run": c.NotRun,
		"blocking": c.Blocking, "excused": c.Excused, "flaky": c.Flaky,
	}
	if diff := cmp.Diff(want, got.Counts); diff != "" || got.Verdict != string(o.Verdict()) || got.ExitCode != o.ExitCode() {
		t.Errorf("the results have verdict %s and exit code %d; counts (-outcome +results):\n%s", got.Verdict, got.ExitCode, diff)
	}
}

// TestReportsUseTheSameSentences: what view words is in the console, the summary and the page alike.
func TestReportsUseTheSameSentences(t *testing.T) {
	o := sample.Outcome(sample.InSeries(0, "pp"), sample.JudgedResult(1, 1), sample.KnownFailure(2, "ff"))
	o.Replayed = 1
	for i := range o.Results {
		o.Results[i].Attempts[0].Replayed = true
		o.Results[i].Attempts[0].Notes = []string{"a note of a run"}
	}
	o.Results[1].Attempts[0].RemoteStatus = "running"
	files := documents(t, o)
	var log bytes.Buffer
	c := console.New(console.Config{Out: &log})
	for _, r := range o.Results {
		c.Observe(outcome.TestEnded{Result: r})
	}
	c.Finish(o, console.Ending{})
	files["console"] = log.String()
	sentences := append(view.Notes(o.Results[1]), view.Why(o.Results[1]), view.WhyExcused(o.Results[2]), view.Duration(o.Results[1].Duration()), view.StillRunning)
	for _, format := range []string{"console", "summary", "page"} {
		text := strings.ToLower(html.UnescapeString(files[format]))
		for _, s := range sentences {
			if s == view.Why(o.Results[1]) && format != "console" { // the others list the criteria
				continue
			}
			wantTexts(t, format, text, strings.ToLower(s))
		}
	}
	for _, format := range []string{"summary", "page"} {
		text := strings.ReplaceAll(html.UnescapeString(files[format]), "<br>", "\n")
		for _, f := range view.Facts(o) {
			wantTexts(t, format, text, f.Name, f.Value)
		}
	}
	for _, format := range []string{"junit", "ctrf"} {
		text := html.UnescapeString(files[format])
		wantTexts(t, format, text, view.Why(o.Results[1]), view.WhyExcused(o.Results[2]), view.Duration(o.Results[1].Duration()))
	}
}
