package simulator

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestFaultsFindTheirEndpoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, "")
		run := c.trigger(trigger)
		time.Sleep(time.Minute)
		conversation := c.get(trigger+"/"+run).want(t, http.StatusOK)["conversation_id"].(string)
		const suite = testsPath + "/test-suites/Front%20%2F%20desk/runs"
		const assistant = "/v2/ai/assistants/" + desk
		requests := map[string]string{
			"tests":         "GET " + testsPath,
			"suites":        "GET " + testsPath + "/test-suites",
			"suite-runs":    "GET " + suite,
			"suite-trigger": "POST " + suite,
			"test":          "GET " + testsPath + "/" + booking,
			"runs":          "GET " + trigger,
			"trigger":       "POST " + trigger,
			"run":           "GET " + trigger + "/" + run,
			"assistants":    "GET /v2/ai/assistants",
			"assistant":     "GET " + assistant,
			"update":        "POST " + assistant,
			"versions":      "GET " + assistant + "/versions",
			"version":       "GET " + assistant + "/versions/" + mainV,
			"promote":       "POST " + assistant + "/versions/" + mainV + "/promote",
			"canary":        "GET " + assistant + "/canary-deploys",
			"canary-delete": "DELETE " + assistant + "/canary-deploys",
			"conversation":  "GET /v2/ai/conversations/" + conversation,
			"messages":      "GET /v2/ai/conversations/" + conversation + "/messages",
		}
		if len(requests) != len(endpoints()) {
			t.Fatalf("%d endpoints, %d requests", len(endpoints()), len(requests))
		}
		for endpoint := range requests {
			c := newClient(t, "")
			c.Fault(Fault{On: endpoint, Do: Action{Status: 503}})
			for name, request := range requests {
				method, path, _ := strings.Cut(request, " ")
				body := ""
				if name == "update" {
					body = "{}"
				}
				if a := c.do(method, path, body); (a.status == 503) != (name == endpoint) {
					t.Errorf("fault on %s: %s answers %d", endpoint, name, a.status)
				}
			}
		}
	})
}

func TestFaultsMatchCountAndTakeTurns(t *testing.T) {
	statuses := func(c client, paths ...string) string {
		var all []string
		for _, path := range paths {
			all = append(all, http.StatusText(c.get(path).status))
		}
		return strings.Join(all, ", ")
	}
	const books, bills = testsPath + "/" + booking, testsPath + "/" + billing
	const suite = testsPath + "/test-suites/Front%20%2F%20desk/runs"
	const ok, down, bad = "OK", "Service Unavailable", "Bad Gateway"
	tests := map[string]struct {
		faults string
		paths  []string
		want   []string
	}{
		"always":         {"[{on: any, do: {status: 503}}]", []string{books, suite, "/v2/x"}, []string{down, down, down}},
		"by test id":     {"[{on: test, match: " + booking + ", do: {status: 503}}]", []string{bills, books}, []string{ok, down}},
		"by test name":   {"[{on: test, match: Books, do: {status: 503}}]", []string{bills, books}, []string{ok, down}},
		"by suite":       {"[{on: any, match: Front / desk, do: {status: 503}}]", []string{suite, bills, testsPath + "/" + lonely}, []string{down, down, ok}},
		"by version":     {"[{on: version, match: " + mainV + ", do: {status: 503}}]", []string{"/v2/ai/assistants/" + desk + "/versions/" + mainV, "/v2/ai/assistants/" + desk + "/versions/" + candidate}, []string{down, ok}},
		"twice":          {"[{on: test, times: 2, do: {status: 503}}]", []string{books, books, books}, []string{down, down, ok}},
		"after one":      {"[{on: test, after: 1, times: 1, do: {status: 503}}]", []string{books, books, books}, []string{ok, down, ok}},
		"others pass by": {"[{on: test, match: Books, after: 1, do: {status: 503}}]", []string{bills, bills, books, books}, []string{ok, ok, ok, down}},
		"in turn":        {"[{on: test, times: 1, do: {status: 503}}, {on: test, times: 1, do: {status: 502}}]", []string{books, books, books}, []string{down, bad, ok}},
		"first one wins": {"[{on: test, do: {status: 503}}, {on: any, do: {status: 502}}]", []string{books, suite}, []string{down, bad}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := statuses(newClient(t, "faults: "+tc.faults), tc.paths...); got != strings.Join(tc.want, ", ") {
				t.Errorf("answers are %s, want %s", got, strings.Join(tc.want, ", "))
			}
		})
	}
}

func TestFaultMatchesAConversation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, "")
		c.Fault(Fault{On: "messages", Match: "Books", Do: Action{Status: 500}})
		run := c.trigger(trigger)
		time.Sleep(time.Minute)
		id := c.get(trigger+"/"+run).want(t, http.StatusOK)["conversation_id"].(string)
		c.get("/v2/ai/conversations/"+id).want(t, http.StatusOK)
		c.get("/v2/ai/conversations/"+id+"/messages").want(t, http.StatusInternalServerError)
	})
}

func TestStatusFaultsAnswerWithoutExecuting(t *testing.T) {
	tests := map[string]struct {
		do     Action
		status int
		want   string
	}{
		"503":          {Action{Status: 503}, 503, `{"errors":[{"code":"10007","title":"Service Unavailable","detail":"simulated fault","meta":{"url":"https://developers.telnyx.com/docs/overview/errors/10007"}}]}`},
		"401":          {Action{Status: 401}, 401, `"code":"10009"`},
		"403":          {Action{Status: 403}, 403, `"code":"10010"`},
		"404":          {Action{Status: 404}, 404, `"code":"10005"`},
		"408":          {Action{Status: 408}, 408, `"code":"10015"`},
		"409":          {Action{Status: 409}, 409, `"code":"10036"`},
		"422":          {Action{Status: 422}, 422, `{"detail":[{"loc":["body"],"msg":"simulated fault","type":"value_error"}]}`},
		"422 and code": {Action{Status: 422, Code: "10027"}, 422, `"errors":[{"code":"10027"`},
		"429":          {Action{Status: 429, Headers: map[string]string{"retry-after": "7"}}, 429, `"code":"10011"`},
		"503 and code": {Action{Status: 503, Code: "10016", Detail: "Idempotency protection is unavailable."}, 503, `"errors":[{"code":"10016","title":"Service Unavailable","detail":"Idempotency protection is unavailable."`},
		"own words":    {Action{Status: 400, Code: "20100", Detail: "Insufficient funds"}, 400, `"code":"20100","title":"Bad Request","detail":"Insufficient funds"`},
		"as a page":    {Action{Status: 502, Body: "html"}, 502, "<h1>One moment, please</h1>"},
		"redirect":     {Action{Redirect: "https://example.com/x"}, 302, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, "")
			c.Fault(Fault{On: "trigger", Do: tc.do})
			a := c.do(http.MethodPost, trigger, "", "Idempotency-Key: k")
			if a.status != tc.status || !strings.Contains(a.text, tc.want) {
				t.Errorf("%d %s, want %d %s", a.status, a.text, tc.status, tc.want)
			}
			if a.header.Get("Location") != tc.do.Redirect || a.header.Get("Retry-After") != tc.do.Headers["retry-after"] {
				t.Errorf("headers %v", a.header)
			}
			if len(c.Ledger()) != 0 {
				t.Error("a run was made")
			}
		})
	}
}

func TestDropBeforeAndAfter(t *testing.T) {
	for drop, want := range map[string]struct {
		paid     int
		replayed string
	}{"before": {0, ""}, "after": {1, "true"}} {
		t.Run(drop, func(t *testing.T) {
			c := newClient(t, "")
			c.Fault(Fault{On: "trigger", Times: 1, Do: Action{Drop: drop}})
			_, err := c.try(http.MethodPost, trigger, "", "Idempotency-Key: k")
			if !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatalf("error is %v", err)
			}
			if paid := len(c.Ledger()); paid != want.paid {
				t.Errorf("%d runs, want %d", paid, want.paid)
			}
			a := c.do(http.MethodPost, trigger, "", "Idempotency-Key: k")
			if a.status != http.StatusCreated || a.header.Get("Idempotent-Replayed") != want.replayed || len(c.Ledger()) != 1 {
				t.Errorf("the retry: %d %v, %d runs", a.status, a.header, len(c.Ledger()))
			}
		})
	}
}

// The one double payment that a key cannot prevent.
func TestStatusAfterLetsARetryPayAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, "")
		c.Fault(Fault{On: "trigger", Times: 1, Do: Action{StatusAfter: 500, Delay: time.Second}})
		a := c.do(http.MethodPost, trigger, "", "Idempotency-Key: k")
		if a.status != http.StatusInternalServerError || len(c.Ledger()) != 1 {
			t.Fatalf("%d, %d runs", a.status, len(c.Ledger()))
		}
		a = c.do(http.MethodPost, trigger, "", "Idempotency-Key: k")
		if a.status != http.StatusCreated || a.header.Get("Idempotent-Replayed") != "" || len(c.Ledger()) != 2 {
			t.Errorf("the retry: %d %v, %d runs", a.status, a.header, len(c.Ledger()))
		}
	})
}

func TestHangAndDelay(t *testing.T) {
	tests := map[string]struct {
		do   Action
		paid int // after the client has left
	}{
		"hang":  {Action{Hang: time.Minute}, 0},
		"delay": {Action{Delay: time.Minute}, 1},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newClient(t, "")
				c.Fault(Fault{On: "trigger", Do: tc.do})
				cause := errors.New("enough")
				ctx, cancel := context.WithTimeoutCause(t.Context(), 10*time.Second, cause)
				defer cancel()
				req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://simulator"+trigger, nil)
				if err != nil {
					t.Fatal(err)
				}
				req.Header.Set("Authorization", "Bearer "+DefaultKey)
				start := time.Now()
				if _, err := c.Transport().RoundTrip(req); !errors.Is(err, cause) || time.Since(start) != 10*time.Second {
					t.Errorf("%v after %s", err, time.Since(start))
				}
				if paid := len(c.Ledger()); paid != tc.paid {
					t.Errorf("%d runs after the client left, want %d", paid, tc.paid)
				}
				start = time.Now()
				c.trigger(trigger)
				if took := time.Since(start); took != time.Minute {
					t.Errorf("a patient client waited %s", took)
				}
			})
		})
	}
}

// While one request hangs the others are served.
func TestAHangingRequestHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, "faults: [{on: trigger, do: {hang: 1h}}]")
		done := make(chan string)
		go func() { done <- c.trigger(trigger) }()
		synctest.Wait()
		start := time.Now()
		c.get(testsPath)
		if waited := time.Since(start); waited != 0 {
			t.Errorf("a look-up waited %s", waited)
		}
		<-done
	})
}

func TestFaultPanicsOnNonsense(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("it does not")
		}
	}()
	newClient(t, "").Fault(Fault{On: "polls", Do: Action{Status: 503}})
}
