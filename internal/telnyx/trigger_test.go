package telnyx

import (
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

func TestTriggerStatusKinds(t *testing.T) {
	for status, kind := range map[int]Kind{
		300: KindRedirect, 301: KindRedirect, 304: KindRedirect, 307: KindRedirect, 308: KindRedirect,
		400: KindRejected, 401: KindUnauthorized, 402: KindRejected, 403: KindUnauthorized, 404: KindNotFound,
		405: KindRejected, 407: KindRejected, 408: KindAmbiguous, 409: KindInProgress, 410: KindRejected,
		422: KindRejected, 425: KindRejected, 429: KindRateLimited, 500: KindAmbiguous, 501: KindAmbiguous,
		502: KindAmbiguous, 503: KindAmbiguous, 504: KindAmbiguous, 599: KindAmbiguous,
		101: KindMalformed, 600: KindMalformed, 999: KindMalformed,
	} {
		next := always(status, `{"errors":[{"code":"10011","title":"Title","detail":"words"}]}`, "Retry-After: 7")
		_, err := trigger(t.Context(), newClient(t, next))
		e := wantError(t, err, kind)
		if e.Status != status || e.Code != "10011" || e.RetryAfter != 7*time.Second || !strings.Contains(e.Detail, "words") {
			t.Errorf("%d: %+v", status, e)
		}
		if next.n.Load() != 1 {
			t.Errorf("%d: sent %d times", status, next.n.Load())
		}
	}
}

func TestTriggerAnswers(t *testing.T) {
	good := runJSON("pending")
	for name, tc := range map[string]struct {
		resp *http.Response
		kind Kind // 0: accepted
	}{
		"201":              {reply(201, good), 0},
		"200":              {reply(200, good), 0},
		"envelope":         {reply(201, `{"data":`+good+`}`), 0},
		"unknown status":   {reply(201, runJSON("dreaming")), 0},
		"replayed":         {reply(201, good, "Idempotent-Replayed: true"), 0},
		"empty":            {reply(201, ""), KindMalformed},
		"null":             {reply(201, "null"), KindMalformed},
		"no object":        {reply(201, "[]"), KindMalformed},
		"HTML":             {reply(200, "<html>hello</html>"), KindMalformed},
		"something after":  {reply(201, good+"{}"), KindMalformed},
		"truncated JSON":   {reply(201, good[:40]), KindMalformed},
		"truncated body":   {replyBroken(201, good[:40], io.ErrUnexpectedEOF), KindMalformed},
		"reset in body":    {replyBroken(201, good[:40], &net.OpError{Op: "read", Err: syscall.ECONNRESET}), KindAmbiguous},
		"no run_id":        {reply(201, strings.Replace(good, "run_id", "id", 1)), KindMalformed},
		"upper case name":  {reply(201, strings.Replace(good, "run_id", "RUN_ID", 1)), KindMalformed},
		"null run_id":      {reply(201, strings.Replace(good, `"`+runA+`"`, "null", 1)), KindMalformed},
		"number as run_id": {reply(201, strings.Replace(good, `"`+runA+`"`, "7", 1)), KindMalformed},
		"run_id with path": {reply(201, strings.Replace(good, runA, "../x", 1)), KindMalformed},
		"no status":        {reply(201, strings.Replace(good, `"status"`, `"state"`, 1)), KindMalformed},
		"other test":       {reply(201, strings.Replace(good, testA, testB, 1)), KindMalformed},
		"no content":       {reply(204, ""), KindMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			next := &stubTransport{answer: func(int, *http.Request) (*http.Response, error) { return tc.resp, nil }}
			got, err := trigger(t.Context(), newClient(t, next))
			if next.n.Load() != 1 {
				t.Errorf("sent %d times", next.n.Load())
			}
			if tc.kind != 0 {
				wantError(t, err, tc.kind)
				if got.Run.ID != "" {
					t.Errorf("%+v %v", got, err)
				}
				return
			}
			if err != nil || got.Run.ID != runA || got.Run.TestID != testA {
				t.Errorf("%+v %v", got, err)
			}
			if got.Replayed != (name == "replayed") {
				t.Errorf("replayed %v", got.Replayed)
			}
		})
	}
}

func TestTriggerBytes(t *testing.T) {
	var mu sync.Mutex
	var seen []string
	c := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, r.Method+" "+r.URL.Path+" "+r.Header.Get("Content-Type")+" "+r.Header.Get("Idempotency-Key")+" "+string(body))
		w.WriteHeader(503)
	})
	for _, version := range []string{"", "v<1>&\"x\"\u2028", "v<1>&\"x\"\u2028"} {
		_, err := c.TriggerTest(t.Context(), TriggerRequest{TestID: testA, VersionID: version, IdempotencyKey: "k_1-a"})
		wantError(t, err, KindAmbiguous)
	}
	head := "POST /ai/assistants/tests/" + testA + "/runs application/json k_1-a "
	if len(seen) != 3 || seen[0] != head+"{}" || seen[1] != seen[2] ||
		seen[1] != head+`{"destination_version_id":"v<1>&\"x\"`+"\u2028"+`"}` {
		t.Errorf("%q", seen)
	}
}

// A server that closes a connection instead of answering makes net/http send an idempotent request again. A trigger
// has an Idempotency-Key and must be sent once all the same.
func TestTriggerOnceOnReusedConnection(t *testing.T) {
	var posts atomic.Int64
	c := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if posts.Add(1) == 1 {
			w.WriteHeader(201)
			_, _ = io.WriteString(w, runJSON("pending"))
			return
		}
		hangUp(w)
	})
	if _, err := trigger(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	_, err := trigger(t.Context(), c)
	wantError(t, err, KindAmbiguous)
	if posts.Load() != 2 || c.Requests() != 2 {
		t.Errorf("%d POSTs arrived, %d requests counted, want 2", posts.Load(), c.Requests())
	}
}

func hangUp(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}
