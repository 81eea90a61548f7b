package telnyx

import (
	"strings"
	"testing"
)

// TestUncheckedKeyIsExplained: code 10016 has to do with the key only in answers to requests that have one.
func TestUncheckedKeyIsExplained(t *testing.T) {
	const body = `{"errors":[{"code":"10016","title":"Service Unavailable"}]}`
	const says = "its check of the Idempotency-Key"
	for name, tt := range map[string]struct {
		status    int
		body      string
		keyed     bool
		explained bool
	}{
		"the key could not be checked": {503, body, true, true},
		"no key was sent":              {503, body, false, false},
		"another code":                 {503, strings.Replace(body, "10016", "10007", 1), true, false},
		"another status":               {500, body, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, always(tt.status, tt.body))
			var err error
			if tt.keyed {
				_, err = trigger(t.Context(), c)
			} else {
				_, err = c.GetConversation(t.Context(), "conversation-1")
			}
			if e := wantError(t, err, KindAmbiguous); strings.Contains(e.Error(), says) != tt.explained {
				t.Errorf("%q; want %q in it: %t", e, says, tt.explained)
			}
		})
	}
}
