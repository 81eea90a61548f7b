package simulator

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestAKeyedTriggerIsReplayed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, "rate_limit: {requests: 100}")
		const suite = testsPath + "/test-suites/Front%20%2F%20desk/runs"
		for _, path := range []string{trigger, suite} {
			first := c.do(http.MethodPost, path, `{}`, "Idempotency-Key: a-b_9")
			time.Sleep(23 * time.Hour)
			again := c.do(http.MethodPost, path, `{}`, "Idempotency-Key: a-b_9")
			if first.header.Get("Idempotent-Replayed") != "" || again.header.Get("Idempotent-Replayed") != "true" {
				t.Errorf("%s: headers %v and %v", path, first.header, again.header)
			}
			if again.status != http.StatusCreated || again.text != first.text || again.header.Get("X-Ratelimit-Remaining") != "99" {
				t.Errorf("%s: replayed %d %v %s\nof %s", path, again.status, again.header, again.text, first.text)
			}
		}
		paid := c.Ledger()
		if len(paid) != 3 || paid[0].Replays != 1 || paid[2].Replays != 1 {
			t.Errorf("runs: %+v", paid)
		}
	})
}

func TestARecordIsKeyMethodAndPath(t *testing.T) {
	c := newClient(t, "")
	c.trigger(trigger, "Idempotency-Key: k")
	c.trigger(testsPath+"/"+billing+"/runs", "Idempotency-Key: k")
	c.trigger(trigger, "Idempotency-Key: l")
	c.trigger(trigger)
	c.trigger(trigger)
	if paid := len(c.Ledger()); paid != 5 {
		t.Errorf("%d runs, want 5", paid)
	}
}

func TestARecordExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, "")
		first := c.trigger(trigger, "Idempotency-Key: k")
		time.Sleep(24 * time.Hour)
		if again := c.trigger(trigger, "Idempotency-Key: k"); again == first {
			t.Error("still replayed after 24 h")
		}
	})
}

func TestARetryMustBeTheSameRequest(t *testing.T) {
	c := newClient(t, "")
	c.do(http.MethodPost, trigger, `{}`, "Idempotency-Key: k").want(t, http.StatusCreated)
	for name, retry := range map[string][2]string{"a blank more": {trigger, `{ }`}, "no body": {trigger, ""}, "a query": {trigger + "?x=1", `{}`}} {
		a := c.do(http.MethodPost, retry[0], retry[1], "Idempotency-Key: k")
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.text, `"errors":[{"code":"10027"`) {
			t.Errorf("%s: %d %s", name, a.status, a.text)
		}
	}
	// Headers do not count.
	c.do(http.MethodPost, trigger, `{}`, "Idempotency-Key: k", "User-Agent: other").want(t, http.StatusCreated)
	if paid := len(c.Ledger()); paid != 1 {
		t.Errorf("%d runs, want 1", paid)
	}
}

func TestOnlySuccessesAreReplayed(t *testing.T) {
	c := newClient(t, "")
	for range 2 {
		a := c.do(http.MethodPost, trigger, `{"destination_version_id":"x"}`, "Idempotency-Key: k")
		if a.status != http.StatusBadRequest || a.header.Get("Idempotent-Replayed") != "" {
			t.Errorf("%d %v", a.status, a.header)
		}
	}
	c.do(http.MethodPost, trigger, `{}`, "Idempotency-Key: k").want(t, http.StatusCreated)
}

func TestMalformedKeys(t *testing.T) {
	c := newClient(t, "")
	for _, key := range []string{"a:b", "a b", "\"a\"", "é", "a.b", strings.Repeat("x", 256)} {
		a := c.do(http.MethodPost, trigger, "", "Idempotency-Key: "+key)
		if a.status != http.StatusBadRequest || !strings.Contains(a.text, `"code":"10015"`) {
			t.Errorf("%q: %d %s", key, a.status, a.text)
		}
	}
	for name, values := range map[string][]string{"empty": {""}, "doubled": {"a", "a"}} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://simulator"+trigger, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header = http.Header{"Authorization": {"Bearer " + DefaultKey}, "Idempotency-Key": values}
		resp, err := c.Transport().RoundTrip(req)
		if err != nil || resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %v %v", name, resp, err)
		}
	}
	c.trigger(trigger, "Idempotency-Key: "+strings.Repeat("x", 255))
	// On other operations the header is ignored.
	c.do(http.MethodGet, testsPath, "", "Idempotency-Key: a:b").want(t, http.StatusOK)
	if paid := len(c.Ledger()); paid != 1 {
		t.Errorf("%d runs, want 1", paid)
	}
}

func TestIgnoredKeysPayTwice(t *testing.T) {
	c := newClient(t, "idempotency: ignored")
	c.trigger(trigger, "Idempotency-Key: k")
	c.trigger(trigger, "Idempotency-Key: k")
	c.trigger(trigger, "Idempotency-Key: not:a:key")
	if paid := c.Ledger(); len(paid) != 3 || paid[1].Key != "k" {
		t.Errorf("runs: %+v", paid)
	}
}

// While the first answer is under way, a retry hears 409, then the replay.
func TestAKeyInProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, "")
		c.Fault(Fault{On: "trigger", Times: 1, Do: Action{Delay: 3 * time.Second}})
		hasty, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		req, err := http.NewRequestWithContext(hasty, http.MethodPost, "http://simulator"+trigger, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header = http.Header{"Authorization": {"Bearer " + DefaultKey}, "Idempotency-Key": {"k"}}
		if _, err := c.Transport().RoundTrip(req); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("the hasty client got %v", err)
		}
		a := c.do(http.MethodPost, trigger, "", "Idempotency-Key: k")
		if a.status != http.StatusConflict || !strings.Contains(a.text, `"code":"10036"`) {
			t.Errorf("after 1 s: %d %s", a.status, a.text)
		}
		time.Sleep(2 * time.Second)
		a = c.do(http.MethodPost, trigger, "", "Idempotency-Key: k")
		if a.status != http.StatusCreated || a.header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("after 3 s: %d %v", a.status, a.header)
		}
		if paid := len(c.Ledger()); paid != 1 {
			t.Errorf("%d runs, want 1", paid)
		}
	})
}

func TestManyTriggersWithOneKeyMakeOneRun(t *testing.T) {
	c := newClient(t, "")
	ids := make([]string, 50)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() { ids[i] = c.trigger(trigger, "Idempotency-Key: k") })
	}
	all.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("run %s and run %s", id, ids[0])
		}
	}
	if paid := c.Ledger(); len(paid) != 1 || paid[0].Replays != len(ids)-1 {
		t.Errorf("runs: %+v", paid)
	}
}
