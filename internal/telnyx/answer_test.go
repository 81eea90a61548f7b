package telnyx

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/secret"
)

func discardLog() *log.Logger { return log.New(io.Discard, "", 0) }

func TestRedirectsAreNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		var followed atomic.Int64
		c := newServer(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/elsewhere" {
				followed.Add(1)
			}
			w.Header().Set("Location", "http://user:hunter2@"+r.Host+"/elsewhere?token="+testKey+"#x")
			w.WriteHeader(status)
		})
		_, err := trigger(t.Context(), c)
		wantError(t, err, KindRedirect)
		wantText(t, err.Error(), "/elsewhere", "base-url")
		_, err = c.GetRun(t.Context(), testA, runA)
		wantError(t, err, KindRedirect)
		_, err = c.GetTest(t.Context(), testA)
		wantError(t, err, KindRedirect)
		if followed.Load() != 0 || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%d: followed %d times: %v", status, followed.Load(), err)
		}
	}
}

func TestRedirectsToNonsense(t *testing.T) {
	for _, target := range []string{"", "http://[::1", "/%zz", testKey, "http://h/" + testKey, "http://h/\x1b[31m", ":"} {
		_, err := newClient(t, always(302, "<a>", "Location: "+target)).GetRun(t.Context(), testA, runA)
		wantError(t, err, KindRedirect)
	}
}

func TestKeyEchoed(t *testing.T) {
	escaped := ""
	for _, c := range testKey {
		escaped += fmt.Sprintf(`\u%04X`, c)
	}
	mixed := strings.ReplaceAll(testKey, "A", `\u0041`)
	for _, key := range []string{testKey, escaped, strings.ToLower(escaped), mixed, "Bearer " + testKey} {
		if key == strings.ToLower(escaped) {
			key = strings.ReplaceAll(key, `\U`, `\u`)
		}
		for _, body := range []string{
			`{"errors":[{"code":"` + key + `","title":"` + key + `","detail":"bad key ` + key + `"}]}`,
			`{"detail":[{"loc":["header","` + key + `"],"msg":"` + key + `"}]}`,
			`{"detail":"` + key + `"}`,
			`<html>` + key,
		} {
			for _, status := range []int{200, 302, 401, 422, 500} {
				_, err := newClient(t, always(status, body, "Location: https://x/"+testKey)).GetRun(t.Context(), testA, runA)
				e := err.(*Error)
				wantError(t, err, e.Kind)
				wantNoKey(t, e.Code+e.Detail+e.Body)
			}
		}
		more := `,"logs":"got ` + key + `","conversation_id":"` + key + `","x":{"` + key + `":"` + key + `"},"detail_status":[{"name":"` + key + `","status":"passed"}]`
		run, err := newClient(t, always(200, runJSON("passed", more))).GetRun(t.Context(), testA, runA)
		if err != nil {
			t.Fatal(err)
		}
		all, err := json.Marshal(run)
		if err != nil {
			t.Fatal(err)
		}
		wantNoKey(t, string(all))
		wantText(t, run.Logs, "got ", secret.Placeholder)
	}
}

// A body that is cut in the middle of the key must not show half of it.
func TestKeyEchoedInCutBody(t *testing.T) {
	next := &stubTransport{answer: func(int, *http.Request) (*http.Response, error) {
		return replyBroken(401, "bad key "+testKey[:len(testKey)-1], io.ErrUnexpectedEOF), nil
	}}
	_, err := newClient(t, next).GetRun(t.Context(), testA, runA)
	e := wantError(t, err, KindMalformed)
	if e.Body != "bad key" {
		t.Errorf("%q", e.Body)
	}
}

// What is quoted of an answer is cut, and a part of the key is not found any more: it has to go before.
func TestKeyEchoedWhereItIsCut(t *testing.T) {
	for name, answer := range map[string]*stubTransport{
		"an encoding":          always(200, "x", "Content-Encoding: "+strings.Repeat("x", 30)+testKey),
		"a name that is twice": always(200, `{"`+strings.Repeat("x", 90)+testKey+`":{"a":1,"a":2}}`),
		"a place":              always(200, `{"data":[],"detail_status":[{"`+strings.Repeat("x", 90)+testKey+`":{"a":1,"a":2}}]}`),
	} {
		_, err := newClient(t, answer).GetRun(t.Context(), testA, runA)
		e := wantError(t, err, KindMalformed)
		for n := 6; n <= len(testKey); n++ {
			if strings.Contains(e.Error(), testKey[:n]) {
				t.Errorf("%s: shows %d bytes of the key: %s", name, n, e)
			}
		}
	}
}

func TestSecretsInTransportErrors(t *testing.T) {
	next := &stubTransport{answer: func(int, *http.Request) (*http.Response, error) {
		return nil, fmt.Errorf("malformed HTTP response %q from http://user:hunter2@proxy/", "401 "+testKey)
	}}
	_, err := newClient(t, next).GetRun(t.Context(), testA, runA)
	wantError(t, err, KindAmbiguous)
	if want := `malformed HTTP response "401 [redacted]" from http://[redacted]@proxy/`; !strings.HasSuffix(err.Error(), want) {
		t.Errorf("%q", err)
	}
}

func TestKeyWithURLCharacters(t *testing.T) {
	key := "KEY+/=0123456789"
	c, err := New(Config{BaseURL: "https://api.telnyx.test", APIKey: key, Transport: always(400, "a "+key+" b "+url.QueryEscape(key)+` c KEY+\/=0123456789`)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.GetRun(t.Context(), testA, runA)
	e := wantError(t, err, KindMalformed)
	if want := "a [redacted] b [redacted] c [redacted]"; e.Body != want {
		t.Errorf("%q", e.Body)
	}
}

func TestLargeAnswers(t *testing.T) {
	limited := func(transport http.RoundTripper) *Client {
		c := newClient(t, transport)
		if c.bodyLimit != 16<<20 {
			t.Errorf("bound of %d bytes", c.bodyLimit)
		}
		c.bodyLimit = 100_000 // 16 MiB take seconds under the race detector
		return c
	}
	logs := strings.Repeat("x", 100_000-len(runJSON("passed"))-len(`,"logs":""`))
	fits := runJSON("passed", `,"logs":"`+logs+`"`)
	run, err := limited(always(200, fits)).GetRun(t.Context(), testA, runA)
	if err != nil || len(run.Logs) != len(logs) {
		t.Error(err)
	}
	_, err = limited(always(200, fits+" ")).GetRun(t.Context(), testA, runA)
	wantError(t, err, KindMalformed)
	wantText(t, err.Error(), "larger than 16 MiB")
	_, err = limited(always(500, fits+" ")).GetRun(t.Context(), testA, runA)
	wantError(t, err, KindAmbiguous)
}

// 64 MiB that travel as 64 KiB.
func TestGzipBomb(t *testing.T) {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, _ = zip.Write(bytes.Repeat([]byte(" "), 1<<20))
	_ = zip.Close()
	bomb := bytes.Repeat(packed.Bytes(), 64)
	c := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "gzip" {
			t.Errorf("Accept-Encoding %q", r.Header.Get("Accept-Encoding"))
		}
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bomb)
	})
	c.bodyLimit = 1 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := c.GetRun(t.Context(), testA, runA)
	runtime.ReadMemStats(&after)
	wantError(t, err, KindMalformed)
	wantText(t, err.Error(), "larger than 16 MiB")
	if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
		t.Errorf("%d MiB allocated", used>>20)
	}
}

func TestGzipGarbage(t *testing.T) {
	c := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = io.WriteString(w, runJSON("passed"))
	})
	_, err := c.GetRun(t.Context(), testA, runA)
	wantError(t, err, KindMalformed)
}

func TestDetailIsShortAndValid(t *testing.T) {
	for _, body := range []string{
		strings.Repeat("\u00e9", 400), "a" + strings.Repeat("\u00e9", 400), "\xff\xfe\xfd", strings.Repeat("\xff", 600),
		`{"detail":"` + strings.Repeat("\u20ac", 400) + `"}`, strings.Repeat(" ", 600) + "x",
	} {
		_, err := newClient(t, always(400, body)).GetRun(t.Context(), testA, runA)
		e := err.(*Error)
		if words := e.Detail + e.Body; words != strings.ToValidUTF8(words, "?") || words == "" || len(e.Body) > 300 || len(e.Detail) > maxDetail {
			t.Errorf("%q %q", e.Detail, e.Body)
		}
	}
}

func TestUserInfoInErrorBody(t *testing.T) {
	_, err := newClient(t, always(502, "via http://user:hunter2@proxy:3128/ failed")).GetRun(t.Context(), testA, runA)
	e := wantError(t, err, KindAmbiguous)
	if e.Body != "via http://[redacted]@proxy:3128/ failed" {
		t.Errorf("%q", e.Body)
	}
}

func TestGetRunAsksOnce(t *testing.T) {
	for status, kind := range map[int]Kind{429: KindRateLimited, 500: KindAmbiguous, 404: KindNotFound} {
		next := always(status, notFoundJSON)
		_, err := newClient(t, next).GetRun(t.Context(), testA, runA)
		wantError(t, err, kind)
		if next.n.Load() != 1 {
			t.Errorf("%d: sent %d times", status, next.n.Load())
		}
	}
}

func TestGetRunOfAnother(t *testing.T) {
	for _, body := range []string{
		strings.Replace(runJSON("passed"), runA, "other", 1), strings.Replace(runJSON("passed"), testA, testB, 1),
	} {
		run, err := newClient(t, always(200, body)).GetRun(t.Context(), testA, runA)
		wantError(t, err, KindMalformed)
		wantText(t, err.Error(), "the answer is about")
		if run.ID != "" || run.Status != "" {
			t.Errorf("%+v", run)
		}
	}
	if _, err := newClient(t, always(200, runJSON("passed"))).GetRun(t.Context(), strings.ToUpper(testA), runA); err != nil {
		t.Errorf("a UUID in upper case: %v", err)
	}
}

func TestBodyThatNeverEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, &stubTransport{answer: func(_ int, req *http.Request) (*http.Response, error) {
			resp := reply(200, "")
			resp.Body, resp.ContentLength = hangingBody{req.Context()}, -1
			return resp, nil
		}})
		start := time.Now()
		_, err := c.GetRun(t.Context(), testA, runA)
		wantError(t, err, KindAmbiguous)
		if time.Since(start) != defaultAttemptTimeout {
			t.Errorf("took %s", time.Since(start))
		}
	})
}
