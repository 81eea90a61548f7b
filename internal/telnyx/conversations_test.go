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

func TestGetConversation(t *testing.T) {
	const conversation = `{"id":"3FA85F64-5717-4562-b3fc-2c963f66afa6","created_at":"2026-08-21T10:00:00Z","last_message_at":"2026-08-21T10:00:09Z","metadata":%s}`
	whole := Conversation{AssistantID: "assistant-a", VersionID: "20260906T153456589927", Channel: ChannelWebChat}
	for name, tt := range map[string]struct {
		body string
		want Conversation
		kind Kind
	}{
		"as Telnyx documents it": {fmt.Sprintf(`{"data":`+conversation+`}`, `{"assistant_id":"assistant-a","assistant_version_id":"20260906T153456589927","telnyx_conversation_channel":"web_chat","ai_disabled":false}`), whole, 0},
		"bare":                   {fmt.Sprintf(conversation, `{"assistant_id":"assistant-a","assistant_version_id":"20260906T153456589927","telnyx_conversation_channel":"web_chat"}`), whole, 0},
		"no metadata":            {fmt.Sprintf(conversation, `null`), Conversation{}, 0},
		"no version":             {fmt.Sprintf(conversation, `{"assistant_version_id":null}`), Conversation{}, 0},
		"a version twice":        {fmt.Sprintf(conversation, `{"assistant_version_id":"v1","assistant_version_id":"v2"}`), Conversation{}, KindMalformed},
		"metadata is a list":     {fmt.Sprintf(conversation, `[]`), Conversation{}, KindMalformed},
		"another conversation":   {`{"id":"c2","metadata":{"assistant_version_id":"v1"}}`, Conversation{}, KindMalformed},
		"no id":                  {`{"metadata":{"assistant_version_id":"v1"}}`, Conversation{}, KindMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				next := &stubTransport{answer: func(_ int, req *http.Request) (*http.Response, error) {
					if req.URL.EscapedPath() != "/v2/ai/conversations/3fa85f64-5717-4562-b3fc-2c963f66afa6" {
						t.Errorf("path %s", req.URL.EscapedPath())
					}
					return reply(200, tt.body), nil
				}}
				got, err := newClient(t, next).GetConversation(t.Context(), "3fa85f64-5717-4562-b3fc-2c963f66afa6")
				if KindOf(err) != tt.kind || got != tt.want {
					t.Errorf("%+v, %v; want %+v", got, err, tt.want)
				}
			})
		})
	}
}
