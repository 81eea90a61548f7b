package telnyx

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

func TestListMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next := paged(func(number, size int, req *http.Request) string {
			if req.URL.EscapedPath() != "/v2/ai/conversations/c%2F1/messages" {
				t.Errorf("path %s", req.URL.EscapedPath())
			}
			return listJSON(1, 1, 4,
				`{"role":"assistant","text":"later","created_at":"2026-08-21T10:00:09Z"}`,
				`{"role":"user","text":"first","sent_at":"2026-08-21T10:00:01Z"}`,
				`{"role":"assistant","text":null,"created_at":"2026-08-21T10:00:05Z","tool_calls":[{"id":"1","type":"function","function":{"name":"find_slots","arguments":"{\"day\":\"monday\"}"}},{"type":"other"}]}`,
				`{"role":"tool","text":"{}","created_at":"2026-08-21T10:00:06Z","unknown":1}`)
		})
		messages, err := newClient(t, next).ListMessages(t.Context(), "c/1", 200)
		if err != nil || len(messages) != 4 {
			t.Fatalf("%v, %v", messages, err)
		}
		var order []string
		for _, m := range messages {
			order = append(order, m.Role+":"+m.Text)
		}
		if want := []string{"user:first", "assistant:", "tool:{}", "assistant:later"}; !slices.Equal(order, want) {
			t.Errorf("messages %q, want %q", order, want)
		}
		if calls := messages[1].ToolCalls; len(calls) != 1 || calls[0].Name != "find_slots" || calls[0].Arguments != `{"day":"monday"}` {
			t.Errorf("tool calls %+v", calls)
		}
	})
}

func TestListMessagesIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next := paged(func(number, size int, _ *http.Request) string {
			items := make([]string, size)
			for i := range items {
				items[i] = fmt.Sprintf(`{"role":"user","text":"%d-%d"}`, number, i)
			}
			return listJSON(number, 50, 5000, items...)
		})
		messages, err := newClient(t, next).ListMessages(t.Context(), "c1", 200)
		if err != nil || len(messages) != 200 || next.n.Load() != 2 {
			t.Errorf("%d messages in %d requests: %v", len(messages), next.n.Load(), err)
		}
	})
}

func TestListMessagesOfNoConversation(t *testing.T) {
	next := &stubTransport{answer: func(int, *http.Request) (*http.Response, error) {
		return reply(404, `{"errors":[{"code":"10005","title":"Conversation Not Found"}]}`), nil
	}}
	_, err := newClient(t, next).ListMessages(t.Context(), "c1", 200)
	if KindOf(err) != KindNotFound || !strings.Contains(err.Error(), "Conversation Not Found") {
		t.Errorf("error %v", err)
	}
	for _, id := range []string{"", ".", ".."} {
		if _, err := newClient(t, next).ListMessages(t.Context(), id, 200); KindOf(err) != KindRejected {
			t.Errorf("%q: %v", id, err)
		}
	}
}
