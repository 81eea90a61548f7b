package simulator

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
)

func TestLoadReadsTheWholeWorld(t *testing.T) {
	w := world(t, `
api_key: sesame
speed: 2.5
nulls: true
validation_errors: errors
idempotency: ignored
rate_limit: {requests: 3, per: 2s, headers: epoch}
faults:
  - {on: trigger, match: Books, times: 2, after: 1, do: {status: 503, code: "10007", detail: later, headers: {Retry-After: "3"}}}`)
	if w.APIKey != "sesame" || w.Speed != 2.5 || w.Seed != "small" || !w.Nulls || w.ValidationErrors != "errors" || w.Idempotency != "ignored" {
		t.Errorf("switches: %+v", w)
	}
	if *w.RateLimit != (RateLimit{3, 2 * time.Second, "epoch"}) {
		t.Errorf("rate limit: %+v", *w.RateLimit)
	}
	if f := w.Faults[0]; f.On != "trigger" || f.Match != "Books" || f.Times != 2 || f.After != 1 || f.Do.Status != 503 || f.Do.Headers["Retry-After"] != "3" {
		t.Errorf("fault: %+v", f)
	}
	if s := w.Tests[0].Runs[0]; s.Queue != 4*time.Second || s.Criteria["Confirms"] != "failed" || s.Transcript[1].ToolCalls[0].Arguments["day"] != "monday" {
		t.Errorf("script: %+v", s)
	}
}

// One assistant and one test, to which a broken line is added. Line 8 is the
// first added one.
const plain = `assistants:
  - {id: assistant-00000000-0000-4000-8000-000000000001, name: A, versions: [{id: v1, main: true}]}
tests:
  - id: 00000000-0000-4000-8000-000000000002
    name: T
    rubric:
      - {name: C, criteria: c}
`

func TestLoadRefuses(t *testing.T) {
	long := strings.Repeat("x", 101)
	tests := map[string]struct{ add, want string }{
		"unknown key":            {"    chanel: x", `line 8: unknown key "chanel"; known here: id, name,`},
		"unknown key at the top": {"sped: 2", `line 8: unknown key "sped"; known here: api_key,`},
		"key twice":              {"    name: U", `line 8: tests: key "name" is given twice`},
		"bad YAML":               {"    x: [", "line 8:"},
		"tab":                    {"speed: 1\n\tx", "near line 8: found a tab character"},
		"two documents":          {"---\nspeed: 1", "exactly one YAML document"},
		"anchor":                 {"    description: &a x", "line 8: description: YAML tags, anchors and aliases"},
		"alias":                  {"    description: &a x\n    suite: *a", "line 8: description: YAML tags, anchors and aliases"},
		"alias alone":            {"    description: *a", "unknown anchor"},
		"many keys":              {"    runs: [{criteria: {" + strings.Repeat("k: passed, ", maxKeys+1) + "}}]", "line 8: criteria: a mapping of more than 1000 keys"},
		"too deep":               {"    description: " + strings.Repeat("[", 20_000), "exceeded max depth"},
		"tag":                    {"    description: !!binary eA==", "line 8: description: YAML tags"},
		"merge key":              {"    <<: {suite: x}", "line 8: "},
		"number as text":         {"    destination: +13125550142", "line 8: destination: text (in quotes, if it looks like something else) is expected here, not the number +13125550142"},
		"version as float":       {"    description: 12.50", "line 8: description: text"},
		"text as number":         {"    max_duration_seconds: long", "line 8: max_duration_seconds: a whole number is expected here, not text"},
		"fraction":               {"    max_duration_seconds: 1.5", "line 8: max_duration_seconds: a whole number"},
		"yes for true":           {"nulls: yes", "line 8: nulls: true or false is expected here, not text"},
		"mapping for list":       {"    runs: {}", "line 8: runs: a list is expected here, not a mapping"},
		"list for mapping":       {"    runs: [[]]", "line 8: runs: a mapping is expected here, not a list"},
		"duration without unit":  {"    runs: [{queue: 5}]", "line 8: queue: a duration with its unit"},
		"no duration":            {"    runs:\n      - queue: 5 apples", `line 9: queue: "5 apples" is not a duration`},
		"negative duration":      {"    runs:\n      - queue: 1s\n        duration: -1s", "line 10: tests[0].runs[0].duration: -1s is not between"},
		"not a number":           {"    runs: [{transcript: [{role: assistant, tool_calls: [{name: f, arguments: {a: .nan}}]}]}]", "line 8: a: "},
		"number as key":          {"    runs: [{criteria: {911: failed}}]", "line 8: criteria: a key must be text"},

		"speed":               {"speed: 0.0001", "line 8: speed: 0.0001 is not between 0.001 and 1e+06"},
		"key with a blank":    {"api_key: a b", "line 8: api_key: contains a blank"},
		"validation errors":   {"validation_errors: both", `line 8: validation_errors: "both" is none of detail, errors`},
		"idempotency":         {"idempotency: honored", `line 8: idempotency: "honored" is none of honoured, ignored`},
		"rate":                {"rate_limit: {per: 1s}", "line 8: rate_limit.requests: 0 is not positive"},
		"rate headers":        {"rate_limit:\n  requests: 1\n  headers: all", `line 10: rate_limit.headers: "all" is none of`},
		"suite too long":      {"    suite: " + long, "line 8: tests[0].suite: has 101 characters, at most 100"},
		"channel":             {"    channel: sms", `line 8: tests[0].channel: "sms" is none of phone_call,`},
		"duration of a test":  {"    max_duration_seconds: 3601", "line 8: tests[0].max_duration_seconds: 3601 is not between 1 and 3600"},
		"unknown destination": {"    destination: assistant-00000000-0000-4000-8000-00000000000f", "line 8: tests[0].destination: assistant-"},
		"id twice":            {"  - {id: 00000000-0000-4000-8000-000000000002, name: U, rubric: [{name: C, criteria: c}]}", "line 8: tests[1].id: 00000000-0000-4000-8000-000000000002 is given twice"},
		"name twice":          {"  - {id: 00000000-0000-4000-8000-000000000003, name: T, rubric: [{name: C, criteria: c}]}", `line 8: tests[1].name: "T" is given twice`},
		"id no uuid":          {"  - {id: t2, name: U, rubric: [{name: C, criteria: c}]}", `line 8: tests[1].id: "t2" is not a lower-case uuid`},
		"no rubric":           {"  - {id: 00000000-0000-4000-8000-000000000003, name: U}", "line 8: tests[1].rubric: none given"},
		"criterion twice":     {"      - {name: C, criteria: d}", `line 8: tests[0].rubric[1].name: "C" is given twice`},
		"unknown criterion":   {"    runs:\n      - criteria: {D: failed}", `line 9: tests[0].runs[0].criteria: "D" is not a criterion`},
		"criterion's word":    {"    runs:\n      - criteria: {C: maybe}", `line 9: tests[0].runs[0].criteria: "C": "maybe" is none of`},
		"ends running":        {"    runs:\n      - ends: running", "line 9: tests[0].runs[0].ends: a run cannot end as running; for one that does not end, give never"},
		"ends a long word":    {"    runs:\n      - ends: " + strings.Repeat("a", 65), "is not a status word"},
		"ends no word":        {"    runs:\n      - ends: almost passed", `line 9: tests[0].runs[0].ends: "almost passed" is not a status word`},
		"unknown version":     {"    runs:\n      - version: v2", "line 9: tests[0].runs[0].version: v2 is not a version of this world"},
		"role":                {"    runs: [{transcript: [{role: bot, text: hi}]}]", `line 8: tests[0].runs[0].transcript[0].role: "bot" is none of user, assistant, tool`},
		"empty turn":          {"    runs: [{transcript: [{role: user}]}]", "line 8: tests[0].runs[0].transcript[0]: has neither text nor tool_calls"},
		"user calls a tool":   {"    runs: [{transcript: [{role: user, tool_calls: [{name: f}]}]}]", "only the assistant calls tools"},

		"conversation key":       {"    runs: [{conversation: {model: x}}]", `line 8: unknown key "model"; known here: version, assistant, unnamed, missing, late`},
		"version that answers":   {"    runs:\n      - conversation: {version: v2}", "line 9: tests[0].runs[0].conversation.version: v2 is not a version of this world"},
		"assistant that answers": {"    runs:\n      - conversation: {assistant: a2}", "line 9: tests[0].runs[0].conversation.assistant: a2 is not an assistant of this world"},
		"late by days":           {"    runs:\n      - conversation: {late: 25h}", "line 9: tests[0].runs[0].conversation.late: 25h0m0s is not between"},
		"missing and more":       {"    runs:\n      - conversation: {missing: true, late: 1s}", "line 9: tests[0].runs[0].conversation: is missing, so nothing else"},
		"unnamed version":        {"    runs:\n      - conversation: {unnamed: true, version: v1}", "line 9: tests[0].runs[0].conversation: either names a version or is unnamed"},

		"fault endpoint":       {"faults:\n  - on: polls\n    do: {status: 503}", `line 9: faults[0].on: "polls" is none of tests, suites,`},
		"fault match":          {"faults:\n  - {on: trigger, match: Nobody, do: {status: 503}}", `line 9: faults[0].match: "Nobody" names no test`},
		"fault status":         {"faults:\n  - {on: any, do: {status: 200}}", "line 9: faults[0].do.status: 200 is not between 400 and 599"},
		"fault times":          {"faults:\n  - {on: any, times: -1, do: {status: 503}}", "line 9: faults[0].times: -1 is negative"},
		"fault does nothing":   {"faults:\n  - {on: any}", "line 9: faults[0].do: does nothing"},
		"fault does two":       {"faults:\n  - {on: any, do: {status: 503, drop: after}}", "line 9: faults[0].do: has 2 actions"},
		"fault body":           {"faults:\n  - {on: any, do: {body: xml}}", `faults[0].do.body: "xml" is none of truncated,`},
		"fault body of lists":  {"faults:\n  - {on: run, do: {body: doubled}}", `line 9: faults[0].do.body: doubled is for tests, suites,`},
		"clock":                {"clock: 100000h", "clock: 100000h0m0s is not between -87840h0m0s and 87840h0m0s"},
		"fault drop":           {"faults:\n  - {on: any, do: {drop: midway}}", `faults[0].do.drop: "midway" is none of before, after`},
		"fault word":           {"faults:\n  - {on: run, do: {status_word: so so}}", `faults[0].do.status_word: "so so" is not a status word`},
		"fault detail alone":   {"faults:\n  - {on: any, do: {hang: 1s, detail: x}}", "code, detail and headers are allowed only with status"},
		"fault header":         {"faults:\n  - {on: any, do: {status: 503, headers: {'Retry After': x}}}", `faults[0].do.headers: "Retry After" cannot be sent`},
		"fault redirect":       {"faults:\n  - {on: any, do: {redirect: 'http://[::1'}}", "faults[0].do.redirect: is not a URL"},
		"fault hangs for days": {"faults:\n  - {on: any, do: {hang: 25h}}", "faults[0].do.hang: 25h0m0s is not between"},
	}
	if _, err := Load([]byte(plain)); err != nil {
		t.Fatal(err)
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Load([]byte(plain + tc.add + "\n"))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error is\n%v\nwant in it\n%s", err, tc.want)
			}
		})
	}
}

func TestLoadRefusesAssistants(t *testing.T) {
	const id = "assistant-00000000-0000-4000-8000-000000000001"
	tests := map[string]struct{ assistants, want string }{
		"none":            {"[]", "line 1: assistants: none given"},
		"bad id":          {"[{id: desk, name: A, versions: [{id: v, main: true}]}]", `assistants[0].id: "desk" is not assistant- and a lower-case uuid`},
		"id twice":        {"[{id: ID, name: A, versions: [{id: v, main: true}]}, {id: ID, name: B, versions: [{id: w, main: true}]}]", "assistants[1].id: " + id + " is given twice"},
		"no main":         {"[{id: ID, name: A, versions: [{id: v}]}]", "assistants[0].versions: 0 versions are main"},
		"two mains":       {"[{id: ID, name: A, versions: [{id: v, main: true}, {id: w, main: true}]}]", "2 versions are main, exactly one must be"},
		"version twice":   {"[{id: ID, name: A, versions: [{id: v, main: true}, {id: v}]}]", "assistants[0].versions[1].id: v is given twice"},
		"version name":    {"[{id: ID, name: A, versions: [{id: v, main: true, name: " + strings.Repeat("n", 51) + "}]}]", "has 51 characters, at most 50"},
		"canary version":  {"[{id: ID, name: A, versions: [{id: v, main: true}], canary: [{serve: {version_id: w}}]}]", "assistants[0].canary[0].serve.version_id: w is not a version"},
		"canary both":     {"[{id: ID, name: A, versions: [{id: v, main: true}], canary: [{serve: {}}]}]", "either version_id or rollout"},
		"canary weights":  {"[{id: ID, name: A, versions: [{id: v, main: true}], canary: [{serve: {rollout: [{version_id: v, weight: 100}]}}]}]", "weights sum to 100, which must stay below 100"},
		"canary operator": {"[{id: ID, name: A, versions: [{id: v, main: true}], canary: [{match: [{attribute: a, operator: is, values: [b]}], serve: {version_id: v}}]}]", `operator: "is" is none of in, not_in, starts_with`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Load([]byte("assistants: " + strings.ReplaceAll(tc.assistants, "ID", id) + "\n"))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error is\n%v\nwant in it\n%s", err, tc.want)
			}
		})
	}
}

func TestLoadNamesEveryProblem(t *testing.T) {
	_, err := Load([]byte(plain + "    channel: sms\n    suite: " + strings.Repeat("x", 101) + "\nspeed: -1\n"))
	for _, want := range []string{"line 8: ", "line 9: ", "line 10: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %v", want, err)
		}
	}
	many := plain + "    runs:\n" + strings.Repeat("      - ends: running\n", 100)
	if _, err = Load([]byte(many)); strings.Count(err.Error(), "\n") != maxProblems-1 {
		t.Errorf("%d lines of problems, want %d", strings.Count(err.Error(), "\n")+1, maxProblems)
	}
}

func TestNewRefusesABrokenWorld(t *testing.T) {
	defer func() {
		if reason := fmt.Sprint(recover()); !strings.Contains(reason, "assistants: none given") {
			t.Errorf("panic is %q", reason)
		}
	}()
	New(World{})
}

func FuzzLoad(f *testing.F) {
	for _, seed := range []string{"", "a", plain, smallWorld, "speed: 1e400", "? [a]\n: b", "a: &a [*a, *a]", "{}", "- 1", "tests: [{runs: [{transcript: [{}]}]}]"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzing.Bound(t)
		w, err := Load(data)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		// What was loaded can be played and answers for each of its tests.
		w.APIKey, w.Faults, w.RateLimit = "", nil, nil
		c := client{t, New(w)}
		for _, entry := range w.Tests {
			path := testsPath + "/" + entry.ID
			c.get(path).want(t, 200)
			c.trigger(path + "/runs")
		}
	})
}
