package summary

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

const moreFile = "test-reports/assistant-gate.json"

func summaryOf(t rapid.TB, o *outcome.Outcome, room int) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, o, room, moreFile); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSummaryGolden(t *testing.T) {
	for name, o := range sample.Outcomes() {
		t.Run(name, func(t *testing.T) {
			got := summaryOf(t, o, Limit)
			sample.Golden(t, ""+name+".md", []byte(got))
			sample.CheckBlocks(t, got)
		})
	}
}

func TestSummaryHeadline(t *testing.T) {
	no := func(o *outcome.Outcome) *outcome.Outcome { return o }
	tests := map[string]struct {
		outcome *outcome.Outcome
		change  func(*outcome.Outcome) *outcome.Outcome
		want    string
	}{
		"passed":           {sample.Green(), no, "Passed: all 10 tests on version 9fceb02 (20261005T140211118273)"},
		"passed, one test": {sample.Outcome(sample.JudgedResult(0)), no, "Passed: 1 test on version 9fceb02 (20261005T140211118273)"},
		"live version": {sample.Green(), func(o *outcome.Outcome) *outcome.Outcome {
			o.Target = outcome.Target{VersionID: "main"}
			return o
		}, "Passed: all 10 tests on the live version (main)"},
		"failed": {sample.Failed(), func(o *outcome.Outcome) *outcome.Outcome {
			o.Target.VersionName = ""
			return o
		}, "Blocked: 1 of 10 tests failed on version 20261005T140211118273"},
		"failed and more": {sample.Mixed(), no, "Blocked: 2 of 10 tests failed on version 9fceb02 (20261005T140211118273), 4 have no verdict"},
		"invalid":         {sample.Invalid(), no, "Setup error (invalid): no test was run on version 20261005T140211118273"},
		"invalid, no version": {sample.Invalid(), func(o *outcome.Outcome) *outcome.Outcome {
			o.Target = outcome.Target{}
			return o
		}, "Setup error (invalid): no test was run"},
		"cancelled": {sample.Cancelled(), no, "Cancelled by SIGINT: 7 of 10 tests have no verdict on version 9fceb02 (20261005T140211118273)"},
		"cancelled with a failure": {sample.Cancelled(), func(o *outcome.Outcome) *outcome.Outcome {
			o.Results[0] = sample.JudgedResult(0, 1)
			return o
		}, "Cancelled by SIGINT: 7 of 10 tests have no verdict on version 9fceb02 (20261005T140211118273), 1 failed"},
		"no verdict": {sample.Green(), func(o *outcome.Outcome) *outcome.Outcome {
			o.Results[3] = sample.NotRunResult(3, "")
			return o
		}, "No verdict (inconclusive): 1 of 10 tests has no verdict on version 9fceb02 (20261005T140211118273)"},
		"all passed, something else is wrong": {sample.Green(), func(o *outcome.Outcome) *outcome.Outcome {
			o.AddProblem(outcome.VerdictInconclusive, "disk full")
			return o
		}, "No verdict (inconclusive): every test has a verdict, but something else went wrong on version 9fceb02 (20261005T140211118273)"},
		"nothing at all": {sample.Outcome(), no, "No verdict (inconclusive): no test was run on version 9fceb02 (20261005T140211118273)"},
		"timed out": {sample.Green(), func(o *outcome.Outcome) *outcome.Outcome {
			o.Results = []outcome.TestResult{sample.NotRunResult(0, ""), {Test: sample.Test(1), State: outcome.StateTimedOut}}
			return o
		}, "Timed out: 2 of 2 tests have no verdict on version 9fceb02 (20261005T140211118273)"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := view.Headline(tt.change(tt.outcome)).Plain(); got != tt.want {
				t.Errorf("headline\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestSummaryIsNeverGreenerThanTheVerdict(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := sample.Random(t)
		md := summaryOf(t, o, Limit)
		first, _, _ := strings.Cut(md, "\n")
		passed := strings.HasPrefix(first, "<h2>"+signPassed+" Passed: ")
		if passed != (o.ExitCode() == 0) {
			t.Fatalf("exit code %d, first line %s", o.ExitCode(), first)
		}
		if o.RealTelnyx == strings.Contains(md, "Not the real Telnyx") {
			t.Fatalf("real Telnyx %v, and the summary says otherwise", o.RealTelnyx)
		}
		sample.CheckBlocks(t, md)
	})
}

func TestSummaryKeepsToItsRoom(t *testing.T) {
	for name, o := range map[string]*outcome.Outcome{
		"mixed": sample.Mixed(), "hostile": sample.Hostile(), "large": sample.Large(120), "regression": sample.Regression(), "flaky": sample.Flaky(),
	} {
		t.Run(name, func(t *testing.T) {
			head, sections := summaryHead(o), summarySections(o, 1<<20)
			whole := summaryOf(t, o, Limit)
			for room := head.Len(); room <= len(whole); room += 1 + (len(whole)-head.Len())/150 {
				document, ok := fit(head, sections, room, moreFile)
				md := document.String()
				if !ok || len(md) > room {
					t.Fatalf("%d bytes in a room of %d", len(md), room)
				}
				if room%16 == 0 {
					sample.CheckBlocks(t, md)
				}
			}
			if md := summaryOf(t, o, len(whole)); md != whole {
				t.Errorf("with just enough room it has %d bytes of %d", len(md), len(whole))
			}
		})
	}
}

func TestSummarySaysWhatIsLeftOut(t *testing.T) {
	o := sample.Large(120) // 8 failed, 3 not run, 109 passed
	md := summaryOf(t, o, 16_000)
	shown := strings.Count(md, "<summary>"+signFailed)
	if shown != 8 {
		t.Errorf("%d of 8 failed tests are explained, but passed tests are explained as well:\n%s", shown, md)
	}
	if !regexp.MustCompile(`<p>\d+ more passed tests are in <code>` + regexp.QuoteMeta(moreFile) + `</code></p>`).MatchString(md) {
		t.Errorf("does not say how many passed tests are left out:\n%s", md)
	}
	md = summaryOf(t, o, 5_000)
	if n := strings.Count(md, "<td>"+signFailed); n != 8 || !regexp.MustCompile(`<p>\d more explanations of what blocks are in <code>`).MatchString(md) {
		t.Errorf("names %d of 8 failed tests, and does not say how many explanations are left out:\n%s", n, md)
	}
	if md = summaryOf(t, o, 1_500); !regexp.MustCompile(`<p>\d more rows of what blocks are in <code>`).MatchString(md) {
		t.Errorf("does not say how many failed tests are left out:\n%s", md)
	}
	var b bytes.Buffer
	if err := Write(&b, o, 6_000, ""); err != nil || !strings.Contains(b.String(), "not shown here") {
		t.Errorf("without a file: %v\n%s", err, b.String())
	}
}

func TestSummaryWithoutRoom(t *testing.T) {
	for _, room := range []int{-1, 0, 40} {
		var b bytes.Buffer
		if err := Write(&b, sample.Green(), room, moreFile); err == nil || b.Len() > 0 {
			t.Errorf("room %d: error %v, wrote %q", room, err, b.String())
		}
	}
}

func TestSummaryOfFiveHundredTests(t *testing.T) {
	o := sample.Large(500)
	md := summaryOf(t, o, Limit)
	if len(md) > 400_000 {
		t.Errorf("%d bytes", len(md))
	}
	open, _, _ := strings.Cut(md, "<details")
	if n := strings.Count(open, "<tr><td>"); n != maxBlockerRows || !strings.Contains(open, "more, below</td>") || len(open) > 8_000 {
		t.Errorf("%d rows and %d bytes before the first fold", n, len(open))
	}
	c := o.Counts()
	if n := strings.Count(md, "<summary>"+signFailed); n != c.Failed || strings.Count(md, "<details open>") != 1 {
		t.Errorf("%d cards of %d failed tests", n, c.Failed)
	}
}

func TestPortalLinkOnlyWhereItLeadsSomewhere(t *testing.T) {
	tests := map[string]struct {
		destination string
		real        bool
		want        string
	}{
		"assistant":        {"assistant-12", true, "https://portal.telnyx.com/#/ai/assistants/edit/assistant-12"},
		"hostile":          {`assistant-"><script>/../x?y#z`, true, "https://portal.telnyx.com/#/ai/assistants/edit/assistant-%22%3E%3Cscript%3E%2F..%2Fx%3Fy%23z"},
		"simulator":        {"assistant-12", false, ""},
		"phone number":     {"+15551234567", true, ""},
		"nothing":          {"", true, ""},
		"too long to mean": {"assistant-" + strings.Repeat("x", 300), true, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			o := sample.Outcome(sample.JudgedResult(0, 1))
			o.RealTelnyx = tt.real
			o.Results[0].Test.Destination = tt.destination
			if got := view.PortalLink(o, o.Results[0].Test); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if got := strings.Contains(summaryOf(t, o, Limit), "portal.telnyx.com"); got != (tt.want != "") {
				t.Errorf("link in the summary: %v", got)
			}
		})
	}
}

// TestSentenceKeepsItsFirstLetterWhole: remote text may start with any letter, or with half of one.
func TestSentenceKeepsItsFirstLetterWhole(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "a": "A", "failed": "Failed", "\u00e4rger": "\u00c4rger", "\u65e5\u672c": "\u65e5\u672c", "1 of 2": "1 of 2", "\xe4x": "\xe4x", "\ufffdx": "\ufffdx",
	} {
		if got := view.Capitalize(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// TestSummaryMakesNoMoreThanItShows: with thousands of tests that block, what has no room is only counted.
func TestSummaryMakesNoMoreThanItShows(t *testing.T) {
	o := sample.Large(600)
	whole := summarySections(o, 1<<30)
	for _, room := range []int{0, 3000, 20_000, 60_000} {
		sections := summarySections(o, room)
		if made := safe.Concat(sections[5].entries...).Len(); made > room+10_000 || len(sections[5].entries) != len(whole[5].entries) {
			t.Errorf("%d bytes were made for a room of %d, in %d entries", made, room, len(sections[5].entries))
		}
		got, gotOK := fit(summaryHead(o), sections, room, moreFile)
		want, wantOK := fit(summaryHead(o), whole, room, moreFile)
		if got != want || gotOK != wantOK {
			t.Errorf("in a room of %d:\n%s\nwant\n%s", room, got, want)
		}
	}
}

// FuzzSummary puts a text everywhere and checks the markup and the size.
func FuzzSummary(f *testing.F) {
	sample.FuzzText(f, func(t *testing.T, s string, most int) {
		o := sample.WithText(s)
		sample.CheckBlocks(t, summaryOf(t, o, Limit))
		if room := summaryHead(o).Len() + most; len(summaryOf(t, o, room)) > room {
			t.Fatal("more than there was room for")
		}
	})
}
