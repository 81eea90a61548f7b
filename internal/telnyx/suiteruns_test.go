package telnyx

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
)

const suiteName = "50% off / sale? #1"

func triggerSuite(t *testing.T, c *Client) (SuiteTriggered, error) {
	t.Helper()
	return c.TriggerSuite(t.Context(), SuiteTriggerRequest{Suite: suiteName, VersionID: "v1", IdempotencyKey: "key-1"})
}

func TestTriggerSuiteAnswers(t *testing.T) {
	run := runJSON("pending", `,"test_suite_run_id":"s1"`)
	for name, tc := range map[string]struct {
		resp *http.Response
		kind Kind // 0: accepted
		runs int
	}{
		"201":              {reply(201, "["+run+","+strings.Replace(run, runA, testB, 1)+"]"), 0, 2},
		"replayed":         {reply(201, "["+run+"]", "Idempotent-Replayed: true"), 0, 1},
		"envelope":         {reply(201, `{"data":[`+run+`]}`), 0, 1},
		"no runs":          {reply(201, "[]"), 0, 0},
		"one run":          {reply(201, run), KindMalformed, 0},
		"null":             {reply(201, "null"), KindMalformed, 0},
		"null in it":       {reply(201, "["+run+",null]"), KindMalformed, 0},
		"text":             {reply(201, `"x"`), KindMalformed, 0},
		"HTML":             {reply(200, "<html>hello</html>"), KindMalformed, 0},
		"truncated":        {replyBroken(201, "["+run, io.ErrUnexpectedEOF), KindMalformed, 0},
		"cut off":          {reply(201, "["+run), KindMalformed, 0},
		"envelope cut off": {reply(201, `{"data":[`), KindMalformed, 0},
		"a run without id": {reply(201, "["+strings.Replace(run, "run_id", "id", 1)+"]"), KindMalformed, 0},
		"refused":          {reply(400, `{"errors":[{"code":"10015","detail":"no such version"}]}`), KindRejected, 0},
		"in progress":      {reply(409, ""), KindInProgress, 0},
		"server error":     {reply(500, ""), KindAmbiguous, 0},
	} {
		t.Run(name, func(t *testing.T) {
			next := &stubTransport{answer: func(int, *http.Request) (*http.Response, error) { return tc.resp, nil }}
			got, err := triggerSuite(t, newClient(t, next))
			if next.n.Load() != 1 {
				t.Errorf("sent %d times", next.n.Load())
			}
			if tc.kind != 0 {
				wantError(t, err, tc.kind)
				return
			}
			if err != nil || len(got.Runs) != tc.runs || got.Replayed != (name == "replayed") {
				t.Errorf("%+v %v", got, err)
			}
			if len(got.Runs) > 0 && (got.Runs[0].ID != runA || got.Runs[0].SuiteRunID != "s1") {
				t.Errorf("%+v", got.Runs[0])
			}
		})
	}
}

// TestSuiteRequests: what goes over the wire, a suite's name being any text.
func TestSuiteRequests(t *testing.T) {
	var seen []string
	c := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seen = append(seen, fmt.Sprintf("%s %s %s %s", r.Method, r.RequestURI, r.Header.Get("Idempotency-Key"), body))
		if r.Method == http.MethodPost {
			w.WriteHeader(201)
			_, _ = io.WriteString(w, "[]")
			return
		}
		_, _ = fmt.Fprintf(w, `{"data":[%s],"meta":{"page_number":%s,"total_pages":3,"total_results":201,"page_size":100}}`, runJSON("passed"), r.URL.Query().Get("page[number]"))
	})
	if _, err := triggerSuite(t, c); err != nil {
		t.Fatal(err)
	}
	page, err := c.GetSuiteRuns(t.Context(), SuiteRunsRequest{Suite: suiteName, SuiteRunID: "s 1&", Page: 2})
	if err != nil || len(page.Runs) != 1 || page.Total != 201 {
		t.Fatalf("%+v %v", page, err)
	}
	runs, err := c.ListSuiteRuns(t.Context(), suiteName, 1)
	if err != nil || len(runs) != 1 {
		t.Fatalf("%+v %v", runs, err)
	}
	if runs, err := c.ListSuiteRuns(t.Context(), suiteName, 0); err != nil || runs != nil {
		t.Errorf("none were wanted: %v %v", runs, err)
	}
	const path = "/ai/assistants/tests/test-suites/50%25%20off%20%2F%20sale%3F%20%231/runs"
	want := []string{
		"POST " + path + ` key-1 {"destination_version_id":"v1"}`,
		"GET " + path + "?page%5Bnumber%5D=2&page%5Bsize%5D=100&test_suite_run_id=s+1%26  ",
		"GET " + path + "?page%5Bnumber%5D=1&page%5Bsize%5D=1  ",
	}
	if strings.Join(seen, "\n") != strings.Join(want, "\n") {
		t.Errorf("sent\n%s\nwant\n%s", strings.Join(seen, "\n"), strings.Join(want, "\n"))
	}
}

func TestGetSuiteRunsAsksOnce(t *testing.T) {
	for body, kind := range map[string]Kind{
		`{"data":[],"meta":{"page_number":1,"total_pages":1,"total_results":0,"page_size":100}}`:       KindMalformed, // another page
		`{"data":[null],"meta":{"page_number":2,"total_pages":2,"total_results":101,"page_size":100}}`: KindMalformed,
		`{"data":[]}`: KindMalformed, "": KindMalformed,
	} {
		next := always(200, body)
		_, err := newClient(t, next).GetSuiteRuns(t.Context(), SuiteRunsRequest{Suite: "s", SuiteRunID: "x", Page: 2})
		wantError(t, err, kind)
		if next.n.Load() != 1 {
			t.Errorf("%s: asked %d times", body, next.n.Load())
		}
	}
}

// TestSuitesThatNoRequestCanName are refused before anything is sent.
func TestSuitesThatNoRequestCanName(t *testing.T) {
	next := always(201, "[]")
	c := newClient(t, next)
	for _, name := range []string{"", ".", "..", "a\xff"} {
		_, err := c.TriggerSuite(t.Context(), SuiteTriggerRequest{Suite: name, IdempotencyKey: "k"})
		wantError(t, err, KindRejected)
		_, err = c.GetSuiteRuns(t.Context(), SuiteRunsRequest{Suite: name, Page: 1})
		wantError(t, err, KindRejected)
		_, err = c.ListSuiteRuns(t.Context(), name, 5)
		wantError(t, err, KindRejected)
		if ValidSuite(name) {
			t.Errorf("%q is said to be a name", name)
		}
	}
	for _, r := range []SuiteTriggerRequest{{Suite: "s"}, {Suite: "s", IdempotencyKey: "a b"}, {Suite: "s", IdempotencyKey: "k", VersionID: "\xff"}} {
		_, err := c.TriggerSuite(t.Context(), r)
		wantError(t, err, KindRejected)
	}
	if next.n.Load() != 0 {
		t.Errorf("%d requests were sent", next.n.Load())
	}
}

func FuzzDecodeRuns(f *testing.F) {
	for _, seed := range []string{"[]", "null", `{"data":[]}`, "[" + runJSON("passed") + "]", `{"data":[` + runJSON("x") + `]}`, "[null]", `[[]]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		fuzzing.Bound(t)
		runs, err := decodeRuns(body)
		for _, r := range runs {
			if err == nil && (!ValidTestID(r.ID) || !ValidTestID(r.TestID)) {
				t.Errorf("%q gives a run %q of test %q", body, r.ID, r.TestID)
			}
		}
	})
}
