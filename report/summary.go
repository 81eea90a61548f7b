package report

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/telnyx"
)

// SummaryLimit is the most bytes of a job summary: GitHub drops the whole summary of a step above 1,048,576
// (actions/runner, FileCommandManager.cs), and what masks add to it counts too.
const SummaryLimit = 1_000_000

// Most bytes of remote text in the summary and in JUnit attributes.
const (
	nameBytes   = 200
	rubricBytes = 1500
	reasonBytes = 2000
)

// Most entries of a kind that are shown at once; what is above is folded or only counted.
const (
	cardsOpen    = 10
	rowsOpen     = 10
	criteriaMost = 40
	notesMost    = 40
)

// Summary writes the outcome as Markdown for a job page: the verdict, what blocks and why, then what passed and how it
// was run. It writes at most room bytes and leaves out whole entries where that is too few, saying how many are in the
// file more; an empty more names no file. It fails, and writes nothing, where not even the verdict has room.
//
// All of it is raw HTML in blocks without blank lines, because text in Markdown tables cannot be escaped so that every
// reader shows it as it is.
func Summary(w io.Writer, o *gate.Outcome, room int, more string) error {
	head := summaryHead(o)
	text, ok := fit(head, summarySections(o), room, more)
	if !ok {
		return fmt.Errorf("write the job summary: its first lines have %d bytes and there is room for %d", len(head), max(room, 0))
	}
	_, err := io.WriteString(w, text)
	if err != nil {
		return errors.Join(errors.New("write the job summary"), err)
	}
	return nil
}

func summaryHead(o *gate.Outcome) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<h2>%s %s</h2>\n", verdictSign(o.Verdict()), headline(o, code))
	line := []string{sentence(tally(o.Counts()))}
	if d := wallTime(o); d > 0 {
		line = append(line, "took "+spent(d))
	}
	fmt.Fprintf(&b, "<p>%s, gate %s, exit code %d</p>\n\n", strings.Join(line, ", "), code(o.Name), o.ExitCode())
	if !o.RealTelnyx {
		fmt.Fprintf(&b, "<p>%s <b>%s</b></p>\n\n", signWarning, htmlLine(sentence(notReal(o)), nameBytes))
	}
	return b.String()
}

// Signs that stand beside a word and never for one.
const (
	signPassed  = "\u2705"       // white heavy check mark
	signFailed  = "\u274C"       // cross mark
	signWarning = "\u26A0\uFE0F" // warning sign
)

func verdictSign(v gate.Verdict) string {
	switch v {
	case gate.VerdictPassed:
		return signPassed
	case gate.VerdictFailed:
		return signFailed
	}
	return signWarning
}

// code shows a name or an id as code.
func code(s string) string {
	return "<code>" + htmlLine(s, nameBytes) + "</code>"
}

// sentence starts with a capital letter.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func summarySections(o *gate.Outcome) []section {
	var cards, notRun, passed []string
	for _, state := range []gate.State{gate.StateFailed, gate.StateTimedOut, gate.StateErrored} {
		for _, r := range o.Results {
			if r.State == state {
				cards = append(cards, card(o, r))
			}
		}
	}
	for _, r := range o.Results {
		switch r.State {
		case gate.StatePassed:
			passed = append(passed, passedRow(r))
		case gate.StateFailed, gate.StateTimedOut, gate.StateErrored:
		default:
			notRun = append(notRun, notRunRow(r))
		}
	}
	open, folded := cards, []string(nil)
	if len(cards) > cardsOpen {
		open, folded = cards[:cardsOpen], cards[cardsOpen:]
	}
	return []section{
		{rank: 0, one: "problem", many: "problems", entries: problems(o)},
		{rank: 1, one: "blocking test", many: "blocking tests", entries: open},
		{
			rank: 4, one: "blocking test", many: "blocking tests", entries: folded,
			open:  details(plural(len(folded), "more blocking test", "more blocking tests")) + "\n",
			close: "</details>\n\n",
		},
		notRunSection(notRun),
		runningSection(o),
		warningSection(o),
		{
			rank: 6, one: "passed test", many: "passed tests", entries: passed,
			open: details(signPassed+" "+plural(len(passed), "test", "tests")+" passed") +
				"<table>\n" + header("Test", "Suite", "Criteria", "Time", "Attempts", "Run"),
			close: "</table>\n</details>\n\n",
		},
		{
			rank: 2, one: "line on how it was run", many: "lines on how it was run", entries: howRows(o),
			open:  details("How it was run") + "<table>\n",
			close: "</table>\n</details>\n\n",
		},
	}
}

// problems are the problems beyond a single test. One of several lines is shown as it is.
func problems(o *gate.Outcome) []string {
	out := make([]string, len(o.Problems))
	for i, p := range o.Problems {
		if strings.Contains(strings.TrimSpace(plainText(p.Text, reasonBytes)), "\n") {
			// <pre> starts a line of its own: only there Markdown keeps blank lines inside it.
			out[i] = "<p><b>Problem:</b></p>\n\n<pre>" + preText(p.Text, reasonBytes) + "</pre>\n\n"
			continue
		}
		out[i] = "<p><b>Problem:</b> " + htmlText(p.Text, reasonBytes) + "</p>\n\n"
	}
	return out
}

func warningSection(o *gate.Outcome) section {
	s := section{rank: 3, one: "warning", many: "warnings", open: "<p><b>Warnings</b></p>\n<ul>\n", close: "</ul>\n\n"}
	for _, text := range o.Warnings {
		s.entries = append(s.entries, "<li>"+htmlText(text, reasonBytes)+"</li>\n")
	}
	return s
}

func notRunSection(rows []string) section {
	s := section{rank: 5, one: "test that was not run", many: "tests that were not run", entries: rows}
	title := signWarning + " " + plural(len(rows), "test was", "tests were") + " not run"
	table := "<table>\n" + header("Test", "Suite", "Why")
	if len(rows) > rowsOpen {
		s.open, s.close = details(title)+table, "</table>\n</details>\n\n"
		return s
	}
	s.open, s.close = "<h3>"+title+"</h3>\n"+table, "</table>\n\n"
	return s
}

func notRunRow(r gate.TestResult) string {
	return row(htmlLine(testName(r.Test, nameBytes), nameBytes)+noteLines(r), htmlLine(r.Test.Suite, nameBytes), htmlText(reason(r), reasonBytes))
}

// runningSection names the runs that nobody watches any more, and those that may exist.
func runningSection(o *gate.Outcome) section {
	s := section{
		rank: 2, one: "run that goes on", many: "runs that go on",
		open:  "<h3>Remote runs that go on: Telnyx has no cancel</h3>\n<table>\n" + header("Test", "Run", "Conversation", "Last seen"),
		close: "</table>\n\n",
	}
	for _, r := range o.Results {
		name := htmlLine(testName(r.Test, nameBytes), nameBytes)
		for _, a := range r.Attempts {
			switch {
			case a.Running():
				s.entries = append(s.entries, row(name, code(a.RunID), codeOrNothing(a.ConversationID), htmlLine(string(a.RemoteStatus), nameBytes)))
			case a.RunID == "" && a.MayExist:
				s.entries = append(s.entries, row(name, "may exist: its trigger had no usable answer", "", ""))
			}
		}
	}
	return s
}

func passedRow(r gate.TestResult) string {
	return row(
		htmlLine(testName(r.Test, nameBytes), nameBytes)+noteLines(r),
		htmlLine(r.Test.Suite, nameBytes),
		passedCriteria(r.Last()),
		spent(r.Duration()),
		fmt.Sprint(len(r.Attempts)),
		codeOrNothing(r.Last().RunID),
	)
}

func passedCriteria(a gate.Attempt) string {
	n := 0
	for _, c := range a.Criteria {
		if c.Status == telnyx.StatusPassed {
			n++
		}
	}
	return fmt.Sprintf("%d of %d", n, len(a.Criteria))
}

func codeOrNothing(s string) string {
	if s == "" {
		return ""
	}
	return code(s)
}

// details opens a fold and leaves it open for what follows.
func details(title string) string {
	return "<details>\n<summary>" + title + "</summary>\n"
}

func header(cells ...string) string {
	return "<tr><th align=\"left\">" + strings.Join(cells, "</th><th align=\"left\">") + "</th></tr>\n"
}

func row(cells ...string) string {
	return "<tr><td>" + strings.Join(cells, "</td><td>") + "</td></tr>\n"
}
