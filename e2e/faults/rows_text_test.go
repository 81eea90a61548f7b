package faults

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// hostile is a text that attacks every format in which it is written unescaped. The word pwned marks the attacks.
const hostile = "::pwned::x\n::set-output name=verdict::pwned\r::add-path::/pwned\n##[error]pwned ##vso[task.complete result=pwned]done " +
	"##teamcity[pwned]\x1b[31mred\x1b]8;;http://pwned\x07\x1b[2J \u202epwned\u2066 \x00\x08\x7f\u0085 ]]> <!-- <script>pwned()</script> </details> | `x` " +
	"[pwned](http://pwned) @pwned #1\n\nEOF\nghadelimiter_pwned\nverdict=pwned\n[[ATTACHMENT|/etc/passwd]] $(pwned) %0A::pwned::"

// placeholder marks where the transport inserts bytes that a world cannot contain: invalid UTF-8, or too many.
const placeholder = "@raw@"

// textRows are hostile texts and secrets in the answers.
func textRows() []faultRow {
	var rows []faultRow
	for _, github := range []bool{false, true} {
		for _, row := range hostileRows() {
			row.github, row.notOnPage = github, github
			rows = append(rows, row)
		}
	}
	return append(append(rows, longLogs()), panicRows()...)
}

func hostileRows() []faultRow {
	refusal := []fault{{name: "422", do: simulator.Action{Status: 422, Code: "10027", Detail: hostile}}, {name: "400", do: simulator.Action{Status: 400, Code: hostile, Detail: "no"}}}
	outage := []fault{{name: "503", do: simulator.Action{Status: 503, Code: "10007", Detail: hostile}}}
	return []faultRow{
		{
			name: "names, criteria, rubrics, logs and status words with CI commands, terminal sequences, markup and control characters",
			at:   []target{anywhere}, tests: 3, world: hostileWorld, args: atVersion.args,
			does: "escapes each text for its format", code: 1, paid: 4, junit: "failure error passed", contains: "Blocked: 1 of 3 tests failed", check: checkHarmless,
		},
		{
			name: "invalid UTF-8 and NUL in names and logs", at: []target{anywhere}, transport: replacing("\xff\xfe\xc3\x28\xed\xa0\x80\\u0000"),
			world: func(w *simulator.World) {
				w.Tests[0].Name += placeholder
				setRuns(w, 0, simulator.Script{Ends: "failed", Logs: "log " + placeholder})
			},
			does: "replaces invalid characters", code: 1, paid: 1, junit: "failure", contains: "Blocked: 1 of 1 test failed", check: checkHarmless,
		},
		{
			name: "error bodies with such texts, of a trigger", at: []target{atTrigger}, faults: refusal, times: []int{0},
			does: "quotes 500 bytes of them, made safe", code: 2, paid: 0, junit: "error", contains: "pwned", check: checkHarmless,
		},
		{
			name: "error bodies with such texts, of look-ups", at: []target{atTest, atVersion}, faults: outage, times: []int{0},
			does: "quotes 500 bytes of them, made safe", code: 3, paid: 0, junit: "gate:error", contains: "pwned", check: checkHarmless,
		},
		{
			name: "the API key in names, criteria, logs, as it is and escaped", at: []target{anywhere}, tests: 2, world: keyWorld,
			does: "writes `[redacted]` in its place", code: 1, paid: 2, junit: "failure passed", contains: "[redacted]",
		},
		{
			name: "the API key in error bodies, of a trigger", at: []target{atTrigger}, times: []int{0}, faults: []fault{
				{name: "detail", do: simulator.Action{Status: 400, Detail: "bad key " + faultKey + "."}},
				{name: "code", do: simulator.Action{Status: 422, Code: faultKey, Detail: url.QueryEscape(faultKey)}},
				{name: "target of a redirect", do: simulator.Action{Redirect: "https://127.0.0.1/v2/" + url.PathEscape(faultKey)}},
			},
			does: "writes `[redacted]` in its place", code: 2, paid: 0, junit: "error", contains: "[redacted]",
		},
		{
			name: "the API key in error bodies, of look-ups", at: []target{atTest, atVersion}, times: []int{0}, args: []string{"--outage-timeout", "30s"}, faults: []fault{
				{name: "detail", do: simulator.Action{Status: 503, Detail: "bad key " + faultKey + "."}},
				{name: "code", do: simulator.Action{Status: 500, Code: faultKey}},
			},
			does: "writes `[redacted]` in its place", code: 3, paid: 0, junit: "gate:error", contains: "[redacted]",
		},
		{
			name: "the API key in the text of a failed connection", at: []target{anywhere}, args: []string{"--outage-timeout", "30s"},
			transport: func(*fixture, http.RoundTripper) http.RoundTripper {
				return roundTripFunc(func(req *http.Request) (*http.Response, error) {
					return nil, fmt.Errorf("no way for %q to https://user:%s@proxy.example", req.Header.Get("Authorization"), faultKey)
				})
			},
			does: "writes `[redacted]` in its place", code: 3, paid: 0, junit: "gate:error", contains: "[redacted]",
		},
	}
}

func longLogs() faultRow {
	return faultRow{
		name: "10 MB of logs", transport: replacing(strings.Repeat(`a line of 64 bytes, as it might stand in the log of a call ...\n`, 160_000)), at: []target{anywhere}, github: true, world: func(w *simulator.World) {
			setRuns(w, 0, simulator.Script{Queue: 9 * time.Second, Duration: time.Second, Ends: "failed", Logs: placeholder})
		},
		does: "keeps the last 64 KiB", code: 1, paid: 1, junit: "failure", contains: "Blocked: 1 of 1 test failed",
		check: func(t *testing.T, s *fixture, x *execution) {
			if size := len(x.results.Tests[0].Attempts[0].Logs); size > 64<<10 || size < 60<<10 {
				t.Errorf("%d bytes of logs were kept", size)
			}
			if len(x.stdout) > 64<<10 {
				t.Errorf("%d bytes were written to stdout", len(x.stdout))
			}
		},
	}
}

// hostileWorld has a test that fails, one that ends in an error and one that passes, with hostile texts everywhere.
func hostileWorld(w *simulator.World) {
	short := "<b>::pwned::\n##[pwned]\u202e\x1b[31m"
	w.Assistants[0].Name = hostile[:200]
	w.Assistants[0].Versions[1].Name = short
	for i := range w.Tests {
		test := &w.Tests[i]
		criterion := fmt.Sprintf("%d %.150s", i, hostile)
		test.Name = fmt.Sprintf("%.200s %d", hostile, i)
		test.Suite = fmt.Sprintf("%.90s", hostile)
		test.Description, test.Instructions = hostile, hostile
		test.Rubric = append(test.Rubric, simulator.Criterion{Name: criterion, Criteria: hostile})
		run := simulator.Script{Duration: 20 * time.Second, Logs: strings.Repeat(hostile+"\n", 50), Transcript: transcriptOf(hostile)}
		if i == 0 {
			run.Ends, run.Criteria = "failed", map[string]string{criterion: "failed"}
		}
		if i == 1 {
			run.Ends = "error"
		}
		setRuns(w, i, run)
	}
}

// keyWorld has the key in every text.
func keyWorld(w *simulator.World) {
	forms := []string{
		faultKey, url.QueryEscape(faultKey), base64.StdEncoding.EncodeToString([]byte(faultKey)), faultKey[:9] + "\x1b[0m" + faultKey[9:],
		faultKey[:20] + "\u202e" + faultKey[20:], strings.ReplaceAll(faultKey, "&", "&amp;"), "Bearer " + faultKey,
	}
	all := strings.Join(forms, "\n")
	w.Assistants[0].Name = faultKey
	w.Assistants[0].Versions[1].Name = faultKey
	for i := range w.Tests {
		test := &w.Tests[i]
		test.Name = fmt.Sprintf("%s %d", faultKey, i)
		test.Suite, test.Description, test.Instructions = faultKey, all, all
		test.Rubric = append(test.Rubric, simulator.Criterion{Name: faultKey, Criteria: all})
		setRuns(w, i, simulator.Script{Duration: 20 * time.Second, Logs: all, Transcript: transcriptOf(all)})
	}
	setRuns(w, 0, simulator.Script{Duration: 20 * time.Second, Logs: all, Ends: "failed", Criteria: map[string]string{faultKey: "failed"}, Transcript: transcriptOf(all)})
}

// transcriptOf is a conversation with the text in every field.
func transcriptOf(text string) []simulator.Turn {
	call := simulator.ToolCall{Name: fmt.Sprintf("%.200s", text), Arguments: map[string]any{text: text}}
	return []simulator.Turn{{Role: "user", Text: text}, {Role: "assistant", Text: text, ToolCalls: []simulator.ToolCall{call}}, {Role: "tool", Text: text}}
}

// checkHarmless expects no control sequences and no CI commands on the streams, except the gate's own, and no active markup
// in the summary.
func checkHarmless(t *testing.T, s *fixture, x *execution) {
	for name, text := range map[string]string{"stdout": x.stdout, "stderr": x.stderr, "summary": x.summary} {
		if i := strings.IndexFunc(text, harmfulRune); i >= 0 || !utf8.ValidString(text) {
			t.Errorf("%s holds %+.60q, valid UTF-8: %v", name, text[max(i, 0):], utf8.ValidString(text))
		}
	}
	own := []string{"add-mask", "group", "endgroup", "error", "warning", "notice"}
	for line := range strings.Lines(x.stdout + x.stderr) {
		for _, command := range []string{"##[", "##vso[", "##teamcity["} {
			if strings.Contains(line, command) {
				t.Errorf("a command to a CI system: %.80q", line)
			}
		}
		command, isCommand := strings.CutPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::")
		word := strings.FieldsFunc(command, func(r rune) bool { return r == ' ' || r == ':' })
		if isCommand && (s.env["GITHUB_ACTIONS"] == "" || len(word) == 0 || !slices.Contains(own, word[0])) {
			t.Errorf("a workflow command: %.80q", line)
		}
	}
	for _, markup := range []string{"<script", "<!--"} {
		if strings.Contains(x.summary, markup) {
			t.Errorf("the summary holds %q", markup)
		}
	}
	documented := documentedOutputs(t)
	for name, value := range x.outputs {
		_, known := documented[name]
		if !known || strings.Contains(value, "pwned") && name == "verdict" {
			t.Errorf("step output %q is %.80q", name, value)
		}
	}
}

// harmfulRune reports whether a terminal acts on r instead of showing it.
func harmfulRune(r rune) bool {
	return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
}

// panicRows are panics in the program, here in its transport.
func panicRows() []faultRow {
	at := func(fits func(*http.Request) bool) func(*fixture, http.RoundTripper) http.RoundTripper {
		return func(_ *fixture, next http.RoundTripper) http.RoundTripper {
			return roundTripFunc(func(req *http.Request) (*http.Response, error) {
				if fits(req) {
					panic("a mistake, near " + faultKey)
				}
				return next.RoundTrip(req)
			})
		}
	}
	suffix := func(end string) func(*http.Request) bool {
		return func(req *http.Request) bool {
			return req.Method == http.MethodGet && strings.HasSuffix(req.URL.Path, end)
		}
	}
	stack := func(t *testing.T, _ *fixture, x *execution) {
		if !strings.Contains(x.stderr, "goroutine ") {
			t.Errorf("stderr holds no stack: %q", x.stderr)
		}
	}
	row := func(name string, where target, fits func(*http.Request) bool) faultRow {
		return faultRow{
			name: name, at: []target{where}, transport: at(fits), code: 3, contains: "internal error of assistant-gate", check: stack,
			does: "writes the reports, and the stack to stderr",
		}
	}
	lookup := row("an internal error, while looking up", atTest, suffix(simtest.TestID(0)))
	lookup.junit = "gate:error"
	trigger := row("an internal error, while triggering", atTrigger, func(req *http.Request) bool { return req.Method == http.MethodPost })
	trigger.junit = "error"
	look := row("an internal error, while polling a run", atPoll, func(req *http.Request) bool {
		return req.Method == http.MethodGet && strings.Contains(req.URL.Path, "/runs/")
	})
	look.junit, look.paid = "error", 1
	list := row("an internal error, while looking for duplicates", atList, func(req *http.Request) bool {
		return suffix("/runs")(req) && req.URL.Query().Get("page[size]") == "100" // not that for how long runs take
	})
	list.junit, list.paid, list.priorFaults = "passed gate:error", 1, []simulator.Fault{{On: "trigger", Times: 1, Do: droppedAfter.do}}
	transcript := row("an internal error, while reading a conversation", atTranscript, suffix("/messages"))
	transcript.junit, transcript.paid, transcript.code, transcript.world = "failure", 1, 1, scripted(simulator.Script{Ends: "failed"})
	return []faultRow{lookup, trigger, look, list, transcript}
}
