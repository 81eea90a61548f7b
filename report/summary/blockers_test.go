package summary

import (
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// TestEveryBlockingTestIsNamedBeforeTheFirstFold: with 7 of 100, and with 14 of 500, a reader scrolls for none of the names.
func TestEveryBlockingTestIsNamedBeforeTheFirstFold(t *testing.T) {
	for name, o := range sample.Blocked() {
		md := summaryOf(t, o, Limit)
		seen, _, _ := strings.Cut(md, "<details")
		for _, b := range view.Blockers(o) {
			if title := blockerTitle(b).String(); !strings.Contains(seen, "<td>"+title) {
				t.Errorf("%s: %s is not in\n%s", name, title, seen)
			}
		}
		if strings.Count(md, "<details open>") != 1 {
			t.Errorf("%s: not one card is open", name)
		}
	}
	sample.WantOrder(t, summaryOf(t, sample.SevenOf100(), Limit), "<b>By criterion:</b> Stays friendly <b>3</b> of 60 &middot; ", "Run only these 7 again, or quarantine a test",
		"It runs 7 tests again, and Telnyx bills those runs.", "<pre>assistant-gate run --version-id", "</pre>", "quarantine-file", "<details open>")
}

func TestOneCauseIsSaidOnce(t *testing.T) {
	o := sample.OneCause()
	md := summaryOf(t, o, Limit)
	const why = "it has no conversation, so the assistant did not start"
	if n := strings.Count(md, why); n != 2 {
		t.Errorf("%d times, want a row and a card:\n%s", n, md)
	}
	for n := range 8 {
		if strings.Count(md, sample.ClinicTests[n].Name) != 1 {
			t.Errorf("%q is not there once", sample.ClinicTests[n].Name)
		}
	}
	sample.WantOrder(t, md, "<td>"+signWarning+" <b>8 tests errored</b></td><td>Telnyx reported an error", "<td>booking, billing, emergencies</td>", "Run only these 9 again</summary>",
		"<summary>"+signWarning+" <b>8 tests errored</b></summary>", "<ul>\n<li><b>"+sample.ClinicTests[0].Name)
	o.Results = o.Results[:2]
	sample.WantOrder(t, summaryOf(t, o, Limit), "<td>"+signWarning+" <b>"+sample.ClinicTests[0].Name+"</b><br>"+signWarning+" <b>"+sample.ClinicTests[1].Name+"</b></td>", "<b>2 tests errored</b>")
}

func TestManyTestsOfOneCauseAreCounted(t *testing.T) {
	o := sample.Outcome()
	for n := range maxNamesOnCard + 5 {
		o.Results = append(o.Results, sample.NotRunResult(n, "max-runs is spent"))
		o.Results[n].Test.Suite = fmt.Sprint("suite ", n)
	}
	sample.WantOrder(t, summaryOf(t, o, Limit), "<b>205 tests were not run</b></td><td>max-runs is spent</td><td>205 suites</td>", "<li>and 5 more</li>")
}

func TestExpiredQuarantineIsSaidInTheRow(t *testing.T) {
	const said = "blocks again since 2026-10-03 (quarantine of <code>@team-safety</code> expired)"
	md := summaryOf(t, sample.ExpiredQuarantine(), Limit)
	sample.WantOrder(t, md, "<td>Greets by the clinic&#39;s name<br><b>"+said+"</b></td>", "Run only this test again</summary>", "</b>: "+said+": Greets")
	if strings.Contains(md, "By criterion") {
		t.Error("the criteria of one test that blocks are counted")
	}
}

// TestQuarantineEntriesAreOffered: only for failed tests that another run does not help, and as YAML that somebody has to fill in.
func TestQuarantineEntriesAreOffered(t *testing.T) {
	hostile := sample.Outcome()
	for n, s := range append(sample.HostileTexts, "a\n- id: b", "# x", "\u2028- id: c") {
		r := sample.JudgedResult(n, 1)
		r.Test.ID, r.Test.Name = fmt.Sprint("id-", n), s
		hostile.Results = append(hostile.Results, r)
	}
	badID := sample.Failed()
	badID.Results[2].Test.ID = "a\" x"
	for name, tt := range map[string]struct {
		outcome *outcome.Outcome
		want    int
	}{
		"seven": {sample.SevenOf100(), 7}, "many": {sample.FourteenOf500(), view.MaxOpenRows}, "no verdict": {sample.OneCause(), 0},
		"regressions": {sample.Compared(), 0}, "quarantined before": {sample.ExpiredQuarantine(), 0}, "green": {sample.Green(), 0},
		"hostile": {hostile, view.MaxOpenRows}, "no id": {badID, 0},
	} {
		entries := quarantineEntries(tt.outcome)
		var read []struct {
			ID, Expires   string
			Reason, Owner *string
		}
		if err := yaml.Unmarshal([]byte(strings.Join(entries, "")), &read); err != nil || len(read) != tt.want {
			t.Errorf("%s: %d entries, want %d: %v\n%s", name, len(read), tt.want, err, entries)
		}
		for _, e := range read {
			if e.ID == "" || e.Expires != "2026-10-19" || e.Reason != nil || e.Owner != nil {
				t.Errorf("%s: %+v", name, e)
			}
		}
	}
}

func TestLinkToTheAssistantIsGivenOnce(t *testing.T) {
	o := sample.SevenOf100()
	if md := summaryOf(t, o, Limit); strings.Count(md, "portal.telnyx.com") != 1 || !strings.Contains(md, ">Front desk</a></p>") {
		t.Errorf("%d links", strings.Count(md, "portal.telnyx.com"))
	}
	o.Results[17].Test.Destination = "assistant-other"
	md := summaryOf(t, o, Limit)
	if strings.Count(md, "portal.telnyx.com") != 7 || strings.Contains(md, "Front desk</a>") {
		t.Errorf("%d links though the tests talk to two assistants", strings.Count(md, "portal.telnyx.com"))
	}
}

func TestNamesThatRunFromRightToLeftAreIsolated(t *testing.T) {
	for s, want := range map[string]string{
		"plain":        "plain",
		"\u05ea\u05d5": "<span dir=\"auto\">\u05ea\u05d5</span>",
		"a \u0627 & b": "<span dir=\"auto\">a \u0627 &amp; b</span>",
		"caf\u00e9":    "caf\u00e9",
	} {
		if got := line(s).String(); got != want {
			t.Errorf("%q became %s", s, got)
		}
	}
	for s, want := range map[string]string{
		"a  b\n c": "a b<br>c", "<b>": "&lt;b&gt;", "": "",
		strings.Repeat("x", 40): strings.Repeat("x", 16) + "<wbr>" + strings.Repeat("x", 16) + "<wbr>" + strings.Repeat("x", 8),
		strings.Repeat("&", 17): strings.Repeat("&amp;", 16) + "<wbr>&amp;",
	} {
		if got := wrapping(s, 1000).String(); got != want {
			t.Errorf("%q became %s", s, got)
		}
	}
}
