package faults

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// hostile is a text that does harm wherever it is written as it is. The word pwned marks what it tries.
const hostile = "::pwned::x\n::set-output name=verdict::pwned\r::add-path::/pwned\n##[error]pwned ##vso[task.complete result=pwned]done " +
	"##teamcity[pwned]\x1b[31mred\x1b]8;;http://pwned\x07\x1b[2J \u202epwned\u2066 \x00\x08\x7f\u0085 ]]> <!-- <script>pwned()</script> </details> | `x` " +
	"[pwned](http://pwned) @pwned #1\n\nEOF\nghadelimiter_pwned\nverdict=pwned\n[[ATTACHMENT|/etc/passwd]] $(pwned) %0A::pwned::"

// raw stands in a world for bytes that JSON cannot hold, or that are many, and are put into the answer on its way.
const raw = "@raw@"

// textRows are about what the API says, not whether it does.
func textRows() []faultRow {
	var rows []faultRow
	for _, github := range []bool{false, true} {
		for _, row := range hostileRows() {
			row.github, row.again = github, github
			rows = append(rows, row)
		}
	}
	return append(append(rows, longLogs()), panicRows()...)
}

func hostileRows() []faultRow {
	unsafe := func(t *testing.T, s *stage, x *execution) { harmless(t, s, x) }
	refusal := []play{{name: "422", do: simulator.Action{Status: 422, Code: "10027", Detail: hostile}}, {name: "400", do: simulator.Action{Status: 400, Code: hostile, Detail: "no"}}}
	outage := []play{{name: "503", do: simulator.Action{Status: 503, Code: "10007", Detail: hostile}}}
	return []faultRow{
		{
			name: "names, criteria, rubrics, logs and status words that hold commands to CI systems, terminal sequences, markup, controls",
			at:   []place{anywhere}, tests: 3, world: hostileWorld, args: atVersion.args,
			does: "makes each text safe for the place where it goes", code: 1, paid: 4, cases: "failure error passed", says: "Blocked: 1 of 3 tests failed", also: unsafe,
		},
		{
			name: "invalid UTF-8 and NUL in names and logs", at: []place{anywhere}, wire: replacing("\xff\xfe\xc3\x28\xed\xa0\x80\\u0000"),
			world: func(w *simulator.World) {
				w.Tests[0].Name += raw
				setRuns(w, 0, simulator.Script{Ends: "failed", Logs: "log " + raw})
			},
			does: "replaces what is no text", code: 1, paid: 1, cases: "failure", says: "Blocked: 1 of 1 test failed", also: unsafe,
		},
		{
			name: "error bodies that hold such texts, of a trigger", at: []place{atTrigger}, plays: refusal, times: []int{0},
			does: "quotes 500 bytes of them, made safe", code: 2, paid: 0, cases: "error", says: "pwned", also: unsafe,
		},
		{
			name: "error bodies that hold such texts, of look-ups", at: []place{atTest, atVersion}, plays: outage, times: []int{0},
			does: "quotes 500 bytes of them, made safe", code: 3, paid: 0, cases: "gate:error", says: "pwned", also: unsafe,
		},
		{
			name: "the API key in names, criteria, logs, as it is and escaped", at: []place{anywhere}, tests: 2, world: keyWorld,
			does: "writes `[redacted]` in its place", code: 1, paid: 2, cases: "failure passed", says: "[redacted]",
		},
		{
			name: "the API key in error bodies, of a trigger", at: []place{atTrigger}, times: []int{0}, plays: []play{
				{name: "detail", do: simulator.Action{Status: 400, Detail: "bad key " + faultKey + "."}},
				{name: "code", do: simulator.Action{Status: 422, Code: faultKey, Detail: url.QueryEscape(faultKey)}},
				{name: "target of a redirect", do: simulator.Action{Redirect: "https://127.0.0.1/v2/" + url.PathEscape(faultKey)}},
			},
			does: "writes `[redacted]` in its place", code: 2, paid: 0, cases: "error", says: "[redacted]",
		},
		{
			name: "the API key in error bodies, of look-ups", at: []place{atTest, atVersion}, times: []int{0}, args: []string{"--outage-timeout", "30s"}, plays: []play{
				{name: "detail", do: simulator.Action{Status: 503, Detail: "bad key " + faultKey + "."}},
				{name: "code", do: simulator.Action{Status: 500, Code: faultKey}},
			},
			does: "writes `[redacted]` in its place", code: 3, paid: 0, cases: "gate:error", says: "[redacted]",
		},
		{
			name: "the API key in the text of a failed connection", at: []place{anywhere}, args: []string{"--outage-timeout", "30s"},
			wire: func(*stage, http.RoundTripper) http.RoundTripper {
				return roundTrip(func(req *http.Request) (*http.Response, error) {
					return nil, fmt.Errorf("no way for %q to https://user:%s@proxy.example", req.Header.Get("Authorization"), faultKey)
				})
			},
			does: "writes `[redacted]` in its place", code: 3, paid: 0, cases: "gate:error", says: "[redacted]",
		},
	}
}

func longLogs() faultRow {
	return faultRow{
		name: "10 MB of logs", wire: replacing(strings.Repeat(`a line of 64 bytes, as it might stand in the log of a call ...\n`, 160_000)), at: []place{anywhere}, github: true, world: func(w *simulator.World) {
			setRuns(w, 0, simulator.Script{Queue: 9 * time.Second, Duration: time.Second, Ends: "failed", Logs: raw})
		},
		does: "keeps the last 64 KiB", code: 1, paid: 1, cases: "failure", says: "Blocked: 1 of 1 test failed",
		also: func(t *testing.T, s *stage, x *execution) {
			if size := len(x.results.Tests[0].Attempts[0].Logs); size > 64<<10 || size < 60<<10 {
				t.Errorf("%d bytes of logs were kept", size)
			}
			if len(x.stdout) > 64<<10 {
				t.Errorf("%d bytes were written to stdout", len(x.stdout))
			}
		},
	}
}

// hostileWorld has a test that fails, one that ends in a word of its own and one that passes, with hostile texts everywhere.
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
		run := simulator.Script{Duration: 20 * time.Second, Logs: strings.Repeat(hostile+"\n", 50), Transcript: talk(hostile)}
		if i == 0 {
			run.Ends, run.Criteria = "failed", map[string]string{criterion: "failed"}
		}
		if i == 1 {
			run.Ends = "error"
		}
		setRuns(w, i, run)
	}
}

// replacing puts bytes into the answers in place of a mark.
func replacing(with string) func(*stage, http.RoundTripper) http.RoundTripper {
	return func(_ *stage, next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(req *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(req)
			if err != nil {
				return nil, err
			}
			body, err := io.ReadAll(resp.Body)
			if err != nil {
				return nil, err
			}
			resp.Body = io.NopCloser(bytes.NewReader(bytes.ReplaceAll(body, []byte(raw), []byte(with))))
			resp.ContentLength = -1
			return resp, nil
		})
	}
}

// keyWorld says the key wherever it can.
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
		setRuns(w, i, simulator.Script{Duration: 20 * time.Second, Logs: all, Transcript: talk(all)})
	}
	setRuns(w, 0, simulator.Script{Duration: 20 * time.Second, Logs: all, Ends: "failed", Criteria: map[string]string{faultKey: "failed"}, Transcript: talk(all)})
}

// talk is a conversation that says the text wherever one can.
func talk(text string) []simulator.Turn {
	call := simulator.ToolCall{Name: fmt.Sprintf("%.200s", text), Arguments: map[string]any{text: text}}
	return []simulator.Turn{{Role: "user", Text: text}, {Role: "assistant", Text: text, ToolCalls: []simulator.ToolCall{call}}, {Role: "tool", Text: text}}
}

// harmless wants nothing on the streams that a terminal or a CI system acts on, beyond the commands that are the gate's own,
// and nothing in the summary that a browser would.
func harmless(t *testing.T, s *stage, x *execution) {
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

// harmfulRune reports whether a reader acts on r instead of showing it.
func harmfulRune(r rune) bool {
	return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
}

// panicRows are mistakes in the program itself, here in its transport.
func panicRows() []faultRow {
	at := func(fits func(*http.Request) bool) func(*stage, http.RoundTripper) http.RoundTripper {
		return func(_ *stage, next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(req *http.Request) (*http.Response, error) {
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
	stack := func(t *testing.T, _ *stage, x *execution) {
		if !strings.Contains(x.stderr, "goroutine ") {
			t.Errorf("stderr holds no stack: %q", x.stderr)
		}
	}
	row := func(name string, where place, fits func(*http.Request) bool) faultRow {
		return faultRow{
			name: name, at: []place{where}, wire: at(fits), code: 3, says: "internal error of assistant-gate", also: stack,
			does: "writes the reports of what is known, and the stack to stderr",
		}
	}
	lookup := row("a mistake in the gate itself, while looking up", atTest, suffix(faultTestID(0)))
	lookup.cases = "gate:error"
	trigger := row("a mistake in the gate itself, while triggering", atTrigger, func(req *http.Request) bool { return req.Method == http.MethodPost })
	trigger.cases = "error"
	look := row("a mistake in the gate itself, while looking at a run", atPoll, func(req *http.Request) bool {
		return req.Method == http.MethodGet && strings.Contains(req.URL.Path, "/runs/")
	})
	look.cases, look.paid = "error", 1
	list := row("a mistake in the gate itself, while looking for duplicates", atList, func(req *http.Request) bool {
		return suffix("/runs")(req) && req.URL.Query().Get("page[size]") == "100" // not that for how long runs take
	})
	list.cases, list.paid, list.prior = "passed gate:error", 1, []simulator.Fault{{On: "trigger", Times: 1, Do: droppedAfter.do}}
	transcript := row("a mistake in the gate itself, while reading a conversation", atTranscript, suffix("/messages"))
	transcript.cases, transcript.paid, transcript.code, transcript.world = "failure", 1, 1, scripted(simulator.Script{Ends: "failed"})
	return []faultRow{lookup, trigger, look, list, transcript}
}
