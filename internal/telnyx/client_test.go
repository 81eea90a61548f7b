package telnyx

import (
	"net/http"
	"strings"
	"testing"
)

func TestNewRefusesBadKeys(t *testing.T) {
	for name, key := range map[string]string{
		"empty":      "",
		"short":      "secret!",
		"line break": "KEY0123456789\n",
		"blank":      "KEY01234 56789",
		"quote":      `KEY01234"56789`,
		"backslash":  `KEY01234\56789`,
		"not ASCII":  "KEY01234\u00e956789",
		"control":    "KEY01234\x0056789",
	} {
		_, err := New(Config{BaseURL: "https://api.telnyx.com/v2", APIKey: key, Transport: always(200, "")})
		if err == nil {
			t.Errorf("%s: accepted", name)
			continue
		}
		if key != "" && strings.Contains(err.Error(), key) {
			t.Errorf("%s: the key is in %q", name, err)
		}
	}
}

func TestNewHidesKeyInBaseURL(t *testing.T) {
	_, err := New(Config{BaseURL: "ftp://" + testKey + ".example.com/", APIKey: testKey})
	if err == nil {
		t.Fatal("accepted")
	}
	wantNoKey(t, err.Error())
	wantText(t, err.Error(), "base URL", "[redacted]", "https")
}

func TestRequestShape(t *testing.T) {
	var got *http.Request
	c := newClient(t, &stubTransport{answer: func(_ int, req *http.Request) (*http.Response, error) {
		got = req
		return reply(200, testJSON(testA, "greets")), nil
	}})
	test, err := c.GetTest(t.Context(), testA)
	if err != nil || test.Name != "greets" {
		t.Fatal(test, err)
	}
	if want := "https://api.telnyx.test/v2/ai/assistants/tests/" + testA; got.URL.String() != want {
		t.Errorf("URL %s, want %s", got.URL, want)
	}
	for name, want := range map[string]string{
		"Authorization": "Bearer " + testKey, "User-Agent": "assistant-gate/test", "Accept": "application/json",
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, got.Header.Get(name), want)
		}
	}
	if c.Requests() != 1 {
		t.Errorf("%d requests", c.Requests())
	}
}

func TestKeyGoesNowhereElse(t *testing.T) {
	next := always(200, "{}")
	c := newClient(t, next)
	for _, target := range []string{
		"http://api.telnyx.test/v2/x", "https://api.telnyx.test:444/x", "https://x.api.telnyx.test/", "https://api.telnyx.test.evil.example/",
	} {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
		if _, err := c.roundTripper.RoundTrip(req); err == nil {
			t.Errorf("%s: sent", target)
		}
	}
	if next.n.Load() != 0 {
		t.Errorf("%d requests went out", next.n.Load())
	}
}

func TestIDsThatAreNone(t *testing.T) {
	next := always(200, "{}")
	c := newClient(t, next)
	ctx := t.Context()
	for _, id := range []string{"", ".", "..", "../x", "a/b", "a%2fb", "a?b", "a#b", "a b", "a\nb", "-a", strings.Repeat("a", 129)} {
		_, err := c.GetTest(ctx, id)
		wantError(t, err, KindRejected)
		_, err = c.GetRun(ctx, testA, id)
		wantError(t, err, KindRejected)
		_, err = c.GetRun(ctx, id, runA)
		wantError(t, err, KindRejected)
		_, err = c.ListRuns(ctx, id, 5)
		wantError(t, err, KindRejected)
		_, err = c.TriggerTest(ctx, TriggerRequest{TestID: id, IdempotencyKey: "k"})
		wantError(t, err, KindRejected)
	}
	for _, id := range []string{"", ".", "..", "\xff"} {
		_, err := c.GetVersion(ctx, "assistant-1", id)
		wantError(t, err, KindRejected)
		_, err = c.GetVersion(ctx, id, "v1")
		wantError(t, err, KindRejected)
		_, err = c.ListVersions(ctx, id)
		wantError(t, err, KindRejected)
	}
	for _, key := range []string{"", "a b", "a:b", "a\n", strings.Repeat("a", 256)} {
		_, err := c.TriggerTest(ctx, TriggerRequest{TestID: testA, IdempotencyKey: key})
		wantError(t, err, KindRejected)
	}
	_, err := c.TriggerTest(ctx, TriggerRequest{TestID: testA, VersionID: "\xff", IdempotencyKey: "k"})
	wantError(t, err, KindRejected)
	if next.n.Load() != 0 {
		t.Errorf("%d requests went out", next.n.Load())
	}
}

func TestOpaqueIDsStayOneSegment(t *testing.T) {
	for id, want := range map[string]string{
		"20260906T153456589927": "20260906T153456589927",
		"a/b":                   "a%2Fb",
		"../../x":               "..%2F..%2Fx",
		"a?b=c#d":               "a%3Fb=c%23d",
		"%2e%2e":                "%252e%252e",
		"two words":             "two%20words",
		"\u00e9\n":              "%C3%A9%0A",
	} {
		var path, query string
		c := newClient(t, &stubTransport{answer: func(_ int, req *http.Request) (*http.Response, error) {
			path, query = req.URL.EscapedPath(), req.URL.RawQuery
			return reply(404, notFoundJSON), nil
		}})
		_, err := c.GetVersion(t.Context(), "assistant-1", id)
		wantError(t, err, KindNotFound)
		if want = "/v2/ai/assistants/assistant-1/versions/" + want; path != want || query != "" {
			t.Errorf("%q: path %q query %q, want %q", id, path, query, want)
		}
	}
}
