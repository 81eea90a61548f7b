package telnyx

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
	"github.com/assistant-gate/assistant-gate/internal/secret"
	"github.com/google/go-cmp/cmp"
)

func TestDecodeRun(t *testing.T) {
	full := `{"run_id":"r1","test_id":"t1","status":"passed","triggered_by":"cron","created_at":"2026-01-24T12:30:00+02:00",
		"completed_at":"2026-01-24T10:31:30.25","updated_at":"2026-01-24T10:31:31.5","conversation_id":"c1",
		"conversation_insights_id":"i1","test_suite_run_id":"s1","logs":"line 1\nline 2",
		"detail_status":[{"name":"Polite","status":"passed","rubric_id":7},{"name":"Brief","status":"weird"}],
		"cost":{"amount":1.50},"zeta":null}`
	got, err := decodeRun([]byte(full))
	if err != nil {
		t.Fatal(err)
	}
	want := Run{
		ID: "r1", TestID: "t1", Status: StatusPassed,
		CreatedAt:      time.Date(2026, 1, 24, 10, 30, 0, 0, time.UTC),
		CompletedAt:    time.Date(2026, 1, 24, 10, 31, 30, 250_000_000, time.UTC),
		ConversationID: "c1", SuiteRunID: "s1", Logs: "line 1\nline 2",
		Criteria: []CriterionResult{{"Polite", StatusPassed}, {"Brief", "weird"}},
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(time.Time.Equal)); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeRunTolerates(t *testing.T) {
	bare := Run{ID: "r1", TestID: "t1", Status: "passed"}
	least := `"run_id":"r1","test_id":"t1","status":"passed"`
	for body, change := range map[string]func(*Run){
		`{` + least + `}`:                                             nil,
		`{"data":{` + least + `}}`:                                    nil,
		`{` + least + `,"created_at":null,"logs":null}`:               nil,
		`{` + least + `,"detail_status":null,"conversation_id":null}`: nil,
		`{` + least + `,"detail_status":[]}`:                          nil,
		`{` + least + `,"created_at":"yesterday"}`:                    nil,
		`{` + least + `,"created_at":12345}`:                          nil,
		`{` + least + `,"STATUS":"failed","x":[{}]}`:                  nil,
		`{` + least + `,"conversation_id":7}`:                         func(r *Run) { r.ConversationID = "7" },
		`{` + least + `,"logs":["a","b"]}`:                            func(r *Run) { r.Logs = `["a","b"]` },
		`{` + least + `,"detail_status":[{"name":"n"}]}`:              func(r *Run) { r.Criteria = []CriterionResult{{Name: "n"}} },
		`{` + least + `,"detail_status":[{"status":"x"}]}`:            func(r *Run) { r.Criteria = []CriterionResult{{Status: "x"}} },
		`{` + least + `,"created_at":"2026-01-24 10:30:00"}`: func(r *Run) {
			r.CreatedAt = time.Date(2026, 1, 24, 10, 30, 0, 0, time.UTC)
		},
	} {
		want := bare
		if change != nil {
			change(&want)
		}
		got, err := decodeRun([]byte(body))
		if diff := cmp.Diff(want, got, cmp.Comparer(time.Time.Equal)); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", body, err, diff)
		}
	}
}

func TestDecodeRunRefuses(t *testing.T) {
	for _, body := range []string{
		``, `null`, `[]`, `"x"`, `{`, `{}`, `{"data":null}`, `{"data":[]}`,
		`{"run_id":"r1","test_id":"t1"}`, `{"run_id":"r1","test_id":"t1","status":null}`, `{"run_id":"r1","test_id":"t1","status":true}`,
		`{"run_id":"","test_id":"t1","status":"passed"}`, `{"run_id":"r 1","test_id":"t1","status":"passed"}`,
		`{"run_id":"r1","status":"passed"}`, `{"run_id":"r1","test_id":"../t","status":"passed"}`,
		`{"run_id":"r1","test_id":"t1","status":"passed","detail_status":"failed"}`,
		`{"run_id":"r1","test_id":"t1","status":"passed","detail_status":{"name":"n","status":"failed"}}`,
		`{"run_id":"r1","test_id":"t1","status":"passed","detail_status":["failed"]}`,
		`{"run_id":"r1","test_id":"t1","status":"passed","detail_status":[null]}`,
	} {
		if run, err := decodeRun([]byte(body)); err == nil {
			t.Errorf("%s: accepted as %+v", body, run)
		}
	}
}

// TestABodyIsMadeUTF8, which what is decoded from it then is.
func TestABodyIsMadeUTF8(t *testing.T) {
	run, err := newClient(t, always(200, strings.Replace(runJSON("passed", ""), "passed", "pass\xffed", 1))).GetRun(t.Context(), testA, runA)
	if err != nil || run.Status != "pass\uFFFDed" {
		t.Errorf("%q, %v", run.Status, err)
	}
}

func TestDecodeTest(t *testing.T) {
	got, err := decodeTest([]byte(`{"test_id":"t1","name":"Greets","description":"d","telnyx_conversation_channel":"phone_call",
		"destination":"assistant-1","max_duration_seconds":90,"test_suite":"s","instructions":"i","created_at":"2026-01-16T09:00:00Z",
		"rubric":[{"name":"Polite","criteria":"says hello","rubric_id":"x"}],"schedule":null}`))
	want := Test{
		ID: "t1", Name: "Greets", Description: "d", Channel: ChannelPhoneCall, Destination: "assistant-1", MaxDuration: 90 * time.Second,
		Suite: "s", Instructions: "i", Rubric: []Criterion{{"Polite", "says hello"}}, CreatedAt: time.Date(2026, 1, 16, 9, 0, 0, 0, time.UTC),
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	const least = `"test_id":"t1","name":"","telnyx_conversation_channel":"web_chat","rubric":[]`
	for seconds, want := range map[string]time.Duration{
		"null": 0, "0": 0, "-5": 0, `"90"`: 0, "1.5": 1500 * time.Millisecond, "3600": time.Hour, "1e300": maxTestDuration, "1e400": maxTestDuration,
	} {
		got, err := decodeTest([]byte(`{"data":{` + least + `,"max_duration_seconds":` + seconds + `}}`))
		if err != nil || got.MaxDuration != want || got.Rubric == nil {
			t.Errorf("%s: %s %v", seconds, got.MaxDuration, err)
		}
	}
	for _, body := range []string{
		`{"test_id":"t1"}`, `{"name":"n"}`, `{` + least + `,"rubric":[]}`, strings.Replace(`{`+least+`}`, `[]`, `{}`, 1), strings.Replace(`{`+least+`}`, `[]`, `[1]`, 1),
		strings.Replace(`{`+least+`}`, `"rubric"`, `"x"`, 1), strings.Replace(`{`+least+`}`, `[]`, `null`, 1), strings.Replace(`{`+least+`}`, `"web_chat"`, `""`, 1),
	} {
		if _, err := decodeTest([]byte(body)); err == nil {
			t.Errorf("%s: accepted", body)
		}
	}
}

// TestAListMayGiveTestsInShort: what is missing can be asked for.
func TestAListMayGiveTestsInShort(t *testing.T) {
	p, err := pageOf(wireTest.test)([]byte(`{"data":[{"test_id":"t1","name":"n"},{"test_id":"t2","name":"n","rubric":[]}]}`))
	if err != nil || p.items[0].Rubric != nil || p.items[1].Rubric == nil {
		t.Errorf("%+v %v", p, err)
	}
}

func FuzzDecodeRun(f *testing.F) {
	for _, s := range []string{
		`{"run_id":"r1","test_id":"t1","status":"passed"}`, `{"data":{"run_id":"r1","test_id":"t1","status":"x","logs":7}}`,
		`{"run_id":"r1","test_id":"t1","status":"passed","detail_status":[{"name":"n","status":"failed"}],"x":{}}`,
		`{"run_id":"r1","test_id":"t1","status":"passed","created_at":"2026-01-24T10:30:00"}`, `{"run_id":"\u00ff"}`, "\xff{}",
	} {
		f.Add([]byte(s))
	}
	r := secret.New(testKey)
	f.Fuzz(func(t *testing.T, body []byte) {
		fuzzing.Bound(t)
		run, err := decodeRun(r.JSON(append([]byte(nil), body...)))
		if err != nil {
			return
		}
		if !ValidTestID(run.ID) || !ValidTestID(run.TestID) || !utf8.ValidString(run.Logs+string(run.Status)) {
			t.Fatalf("%q: %+v", body, run)
		}
		text, err := json.Marshal(run)
		if err != nil {
			t.Fatalf("%q: %v", body, err)
		}
		if strings.Contains(string(text), testKey) {
			t.Fatalf("%q: the key is in %s", body, text)
		}
	})
}
