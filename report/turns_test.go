package report

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/internal/ci"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

func TestConversationsInReports(t *testing.T) {
	for name, o := range spokenOutcomes() {
		t.Run(name, func(t *testing.T) {
			md := summaryOf(t, o, SummaryLimit)
			checkBlocks(t, md)
			golden(t, "summary/"+name+".md", []byte(md))
			document := junitOf(t, o)
			checkJUnit(t, o, document)
			golden(t, "junit/"+name+".xml", document)
			var b strings.Builder
			for _, a := range Annotations(o) {
				fmt.Fprintf(&b, "%s: %s (%s:%d)\n  %s\n", a.Level, a.Title, a.File, a.Line, a.Message)
			}
			golden(t, "console/annotations-"+name+".txt", []byte(b.String()))
		})
	}
}

func TestConversationsInTheLog(t *testing.T) {
	for _, columns := range []int{0, 80, 120} {
		t.Run(fmt.Sprint(columns), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out lines
				cfg := ConsoleConfig{Out: &out, Title: "assistant-gate 1.2.3"}
				if columns > 0 {
					cfg.Width = func() int { return columns }
				}
				newGame(NewConsole(cfg), spokenOutcome()).play()
				checkWrites(t, out.writes)
				golden(t, fmt.Sprintf("console/spoken-%d.txt", columns), []byte(out.String()))
			})
		})
	}
}

// foldingSystem is a CI system whose log has groups.
func foldingSystem(variable, value string, out *lines) *ci.System {
	return ci.Detect(func(name string) (string, bool) { return map[string]string{variable: value}[name], name == variable }, out)
}

func TestConsoleInGroups(t *testing.T) {
	for name, variable := range map[string][2]string{"gitlab": {"GITLAB_CI", "true"}, "azure": {"TF_BUILD", "True"}, "buildkite": {"BUILDKITE", "true"}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out lines
				newGame(NewConsole(ConsoleConfig{Out: &out, CI: foldingSystem(variable[0], variable[1], &out), Title: "assistant-gate 1.2.3"}), spokenOutcome()).play()
				log := out.String()
				if n := strings.Count(log, "failed: States the 24 hour rule"); n != 5 { // one of three is excused, and not repeated
					t.Errorf("the criterion is there %d times, want that in the group and behind it for two tests that block", n)
				}
				golden(t, "console/groups-"+name+".txt", []byte(strings.NewReplacer("\x1b", "ESC", "\r", "CR").Replace(log)))
			})
		})
	}
}

// markers are the lines of a log that a system other than GitHub takes for the beginning or the end of a group. GitLab's
// are looked for anywhere.
func markers(log string) []string {
	var found []string
	for line := range strings.SplitSeq(strings.TrimSuffix(log, "\n"), "\n") {
		for _, start := range []string{"---", "+++", "~~~", "^^^"} {
			if strings.HasPrefix(line, start) {
				found = append(found, line)
			}
		}
		for _, marker := range []string{"\x1b[0Ksection_", "\r", "##[", "##vso["} {
			if strings.Contains(line, marker) {
				found = append(found, line)
				break
			}
		}
	}
	return found
}

func TestNoTextForgesAGroup(t *testing.T) {
	for _, variable := range [][2]string{{"GITLAB_CI", "true"}, {"TF_BUILD", "True"}, {"BUILDKITE", "true"}} {
		for _, o := range []*outcome.Outcome{spokenHostileOutcome(), hostileOutcome()} {
			synctest.Test(t, func(t *testing.T) {
				for _, columns := range []int{0, 24, 80} {
					var out lines
					cfg := ConsoleConfig{Out: &out, CI: foldingSystem(variable[0], variable[1], &out), Title: "assistant-gate 1.2.3", Width: func() int { return columns }}
					newGame(NewConsole(cfg), o).play()
					if got := markers(out.String()); len(got) != 2 {
						t.Errorf("%s, %d columns: the log has the markers %q, want the two of the group", variable[0], columns, got)
					}
				}
			})
		}
	}
}

func TestConversationIsBounded(t *testing.T) {
	for name, o := range spokenOutcomes() {
		for i, r := range o.Results {
			for _, most := range []int{1, turnsFolded, turnsOpen} {
				text := conversation(r, most)
				if len(text) > talkBytes+2*reasonBytes {
					t.Errorf("%s, test %d: %d bytes of conversation", name, i, len(text))
				}
			}
			if text := caseOutput(r, 4096); len(text) > 4096 {
				t.Errorf("%s, test %d: %d bytes in JUnit", name, i, len(text))
			}
		}
	}
	r := talked(judgedResult(0, 1), cancelling()...)
	if text := conversation(r, 2); strings.Contains(text, "still there") || !strings.Contains(text, "free of charge") || !strings.Contains(text, "2 of 8 turns") {
		t.Errorf("not the last two turns:\n%s", text)
	}
}

func TestSummaryOfManyConversations(t *testing.T) {
	o := sampleOutcome()
	for n := range 500 {
		o.Results = append(o.Results, talked(judgedResult(n, n%3), cancelling()...))
	}
	md := summaryOf(t, o, SummaryLimit)
	checkBlocks(t, md)
	if n := strings.Count(md, "<pre>"); n != 500 {
		t.Errorf("%d conversations of 500", n)
	}
	seen, _, _ := strings.Cut(md, "<details>")
	if n := strings.Count(seen, "<pre>"); n != cardsOpen || len(seen) > 40_000 {
		t.Errorf("%d conversations and %d bytes before the first fold", n, len(seen))
	}
	wantOrder(t, md, "490 more blocking tests", "4 of 8 turns", "How it was run")
}

func TestLongTurnsAreCut(t *testing.T) {
	r := talked(judgedResult(0, 1), says("user", strings.Repeat("a\n", 60)), says("user", strings.Repeat("word ", 2000)))
	wantOrder(t, conversation(r, turnsOpen), "<pre>user       a\n           a\n", "[... 36 lines left out]", "user       word word", "bytes left out]</pre>")
}

func TestLogsKeepTheirRoomBesideAConversation(t *testing.T) {
	r := talked(judgedResult(0, 1))
	for range 100 {
		r.Attempts[0].Transcript = append(r.Attempts[0].Transcript, says("user", strings.Repeat("said ", 100)))
	}
	text := caseOutput(r, 4096)
	wantOrder(t, text, "conversation, the last 4 of 100 turns:", "  user: said", "logs:\ndialled", "hung up by the caller")
}

func TestTurnsOfTheRunThatTellsWhy(t *testing.T) {
	hi, bye := says("user", "hi"), says("assistant", "bye")
	run := func(state outcome.State, messages ...telnyx.Message) outcome.Attempt {
		return outcome.Attempt{State: state, Transcript: messages}
	}
	for name, tt := range map[string]struct {
		attempts []outcome.Attempt
		want     []telnyx.Message
	}{
		"none":                        {nil, nil},
		"the last":                    {[]outcome.Attempt{run(outcome.StateFailed, hi), run(outcome.StateFailed, bye)}, []telnyx.Message{bye}},
		"not one that passed":         {[]outcome.Attempt{run(outcome.StateFailed, hi), run(outcome.StatePassed, bye)}, []telnyx.Message{hi}},
		"not one without":             {[]outcome.Attempt{run(outcome.StateFailed, hi), run(outcome.StateErrored)}, []telnyx.Message{hi}},
		"one that passed, if only it": {[]outcome.Attempt{run(outcome.StatePassed, bye)}, []telnyx.Message{bye}},
	} {
		if diff := cmp.Diff(tt.want, witness(outcome.TestResult{Attempts: tt.attempts}).Transcript); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestSaid(t *testing.T) {
	for want, m := range map[string]telnyx.Message{
		"":                                says("user", " \u200b\n"),
		"hello":                           says("user", " hello\n"),
		"calls book({\"day\": 3})":        says("assistant", "", telnyx.ToolCall{Name: "book", Arguments: "{\"day\":\n 3}"}),
		"wait\ncalls a tool()\ncalls b()": says("assistant", "wait", telnyx.ToolCall{}, telnyx.ToolCall{Name: "b"}),
	} {
		if got := said(m); got != want {
			t.Errorf("said %q, want %q", got, want)
		}
	}
}

func TestAnnotationPointsAtTheQuarantineEntry(t *testing.T) {
	for file, want := range map[string]ci.Annotation{
		"ci/quarantine.yml": {File: "ci/quarantine.yml", Line: 7}, "": {}, "/etc/quarantine.yml": {}, "../q.yml": {},
	} {
		for _, r := range []outcome.TestResult{withEntry(judgedResult(0, 1), 7), quarantined(judgedResult(0, 1), 7), withEntry(judgedResult(0), 7)} {
			o := sampleOutcome(r, judgedResult(1))
			o.QuarantineFile = file
			a := Annotations(o)[0]
			if got := (ci.Annotation{File: a.File, Line: a.Line}); got != want {
				t.Errorf("%q, %s: points at %v", file, a.Level, got)
			}
		}
	}
}

// withSetting is an outcome where an input had another value.
func withSetting(o *outcome.Outcome, name, value string) *outcome.Outcome {
	changed := *o
	changed.Settings = slices.Clone(o.Settings)
	for i := range changed.Settings {
		if changed.Settings[i].Name == name {
			changed.Settings[i].Value = value
		}
	}
	return &changed
}

func TestRerunCommand(t *testing.T) {
	given := func(settings ...outcome.Setting) *outcome.Outcome {
		o := sampleOutcome(judgedResult(0), judgedResult(1, 1), notRunResult(2, ""))
		o.Target.VersionID = "v 1"
		o.Settings = append([]outcome.Setting{{Name: "version-name", Value: "n"}}, settings...)
		return o
	}
	ids := " --test-ids " + sampleTest(1).ID + "," + sampleTest(2).ID
	none := sampleOutcome(judgedResult(0))
	none.Settings = append(none.Settings, outcome.Setting{Name: "version-id", Value: "x"}, outcome.Setting{Name: "test-ids", Value: "a\nb"})
	simulated := given(outcome.Setting{Name: "base-url", Value: "simulator"})
	simulated.RealTelnyx = false
	for name, tt := range map[string]struct {
		outcome *outcome.Outcome
		want    string
	}{
		"plain":     {given(), "assistant-gate run --version-id='v 1'" + ids},
		"no key":    {given(outcome.Setting{Name: "run-key", Value: "k"}, outcome.Setting{Name: "api-key-file", Value: "/run/key"}), "assistant-gate run --version-id='v 1'" + ids},
		"simulator": {simulated, "assistant-gate run --version-id='v 1' --base-url simulator" + ids},
		"policy": {
			given(outcome.Setting{Name: "attempts", Value: "2-of-3"}, outcome.Setting{Name: "advisory-criteria", Value: "Caller's pace\n-x"}),
			"assistant-gate run --version-id='v 1' --attempts 2-of-3 --advisory-criteria='Caller'\\''s pace' --advisory-criteria='-x'" + ids,
		},
		"suites on lines":     {withSetting(none, "test-suites", "a\nb c"), "assistant-gate run --version-id 20261005T140211118273 --test-suites a --test-suites='b c' --test-ids a,b"},
		"a suite of commas":   {withSetting(none, "test-suites", "a, b\n"), ""},
		"nothing blocks":      {none, "assistant-gate run --version-id 20261005T140211118273 --test-suites booking --test-suites billing --test-ids a,b"},
		"not to be shown":     {given(outcome.Setting{Name: "quarantine-file", Value: "a\u202eb"}), ""},
		"not understood":      {sampleOutcome(judgedResult(0, 1)), ""},
		"unknown id of tests": {func() *outcome.Outcome { o := given(); o.Results[1].Test.ID = "\x1b[31m"; return o }(), ""},
	} {
		if got := rerunCommand(tt.outcome); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, tt.want)
		}
	}
}

// TestAShellReadsTheRerunCommand has a shell take the command apart.
func TestAShellReadsTheRerunCommand(t *testing.T) {
	value := "a'b \"c\" $(touch x) `touch y` \\ ; & | > * ? # ~ ! {1,2}"
	o := sampleOutcome(judgedResult(1, 1))
	o.Target.VersionID = value
	o.Settings = []outcome.Setting{{Name: "version-id", Value: value}, {Name: "advisory-criteria", Value: value}}
	command, ok := strings.CutPrefix(rerunCommand(o), "assistant-gate ")
	if !ok {
		t.Fatalf("no command: %q", rerunCommand(o))
	}
	dir := t.TempDir()
	script := exec.Command("sh", "-c", "printf '%s\\n' "+command)
	script.Dir = dir
	out, err := script.Output()
	want := strings.Join([]string{"run", "--version-id=" + value, "--advisory-criteria=" + value, "--test-ids", o.Results[0].Test.ID, ""}, "\n")
	if diff := cmp.Diff(want, string(out)); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) > 0 {
		t.Errorf("the shell made %v (%v)", left, err)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Error(err)
	}
}

func TestJobLink(t *testing.T) {
	for link, want := range map[string]string{
		"https://ci.example/j/1?a=1&b=2": `<a href="https://ci.example/j/1?a=1&amp;b=2">https://ci.example/j/1?a=1&amp;b=2</a>`,
		"":                               "", "javascript:alert(1)": "", "https://ci.example/\n": "", "ci.example/j": "", "https:///x": "",
		"https://ci.example/\">x": `<a href="https://ci.example/%22%3Ex">https://ci.example/&#34;&gt;x</a>`,
	} {
		if got := jobLink(link); got != want {
			t.Errorf("%q: %s, want %s", link, got, want)
		}
	}
}
