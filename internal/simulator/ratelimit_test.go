package simulator

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestRateLimit(t *testing.T) {
	tests := map[string]struct{ allowed, refused string }{
		"telnyx":      {"limit 2, remaining 1, reset 5, retry ", "limit 2, remaining 0, reset 4, retry "},
		"epoch":       {"limit 2, remaining 1, reset 946684805, retry ", "limit 2, remaining 0, reset 946684805, retry "},
		"retry-after": {"limit , remaining , reset , retry ", "limit , remaining , reset , retry 4"},
		"none":        {"limit , remaining , reset , retry ", "limit , remaining , reset , retry "},
	}
	for headers, want := range tests {
		t.Run(headers, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newClient(t, "rate_limit: {requests: 2, per: 5s, headers: "+headers+"}")
				said := func(a answer) string {
					h := a.header
					return fmt.Sprintf("limit %s, remaining %s, reset %s, retry %s", h.Get("X-Ratelimit-Limit"), h.Get("X-Ratelimit-Remaining"), h.Get("X-Ratelimit-Reset"), h.Get("Retry-After"))
				}
				if a := c.get(testsPath); a.status != http.StatusOK || said(a) != want.allowed {
					t.Errorf("first: %d, %s, want %s", a.status, said(a), want.allowed)
				}
				c.get(testsPath)
				time.Sleep(1500 * time.Millisecond)
				a := c.do(http.MethodPost, trigger, "")
				if a.status != http.StatusTooManyRequests || said(a) != want.refused || !strings.Contains(a.text, `"code":"10011"`) {
					t.Errorf("third: %d, %s, want %s: %s", a.status, said(a), want.refused, a.text)
				}
				time.Sleep(3500 * time.Millisecond)
				c.trigger(trigger)
				if paid := len(c.Ledger()); paid != 1 {
					t.Errorf("%d runs, want 1", paid)
				}
			})
		})
	}
}

func TestRateLimitIsASecondByDefault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, "rate_limit: {requests: 1}")
		for range 3 {
			c.get(testsPath).want(t, http.StatusOK)
			c.get(testsPath).want(t, http.StatusTooManyRequests)
			time.Sleep(time.Second)
		}
		// A stranger's request is refused before it is counted.
		c.do(http.MethodGet, testsPath, "", "Authorization: ").want(t, http.StatusUnauthorized)
		c.get(testsPath).want(t, http.StatusOK)
	})
}
