package simulator

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/golden"
)

func TestConversation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, "")
		run := trigger + "/" + c.trigger(trigger)
		if body := c.get(run).want(t, http.StatusOK); body["conversation_id"] != nil {
			t.Error("a pending run has a conversation")
		}
		c.get("/v2/ai/conversations/"+c.runs[0].conversation).want(t, http.StatusNotFound)
		time.Sleep(4 * time.Second)
		path := "/v2/ai/conversations/" + c.get(run).want(t, http.StatusOK)["conversation_id"].(string)
		if body := c.get(path+"/messages").want(t, http.StatusOK); metaOf(body) != "page 1 of 0, 0 results by 20" {
			t.Errorf("at the start: %s", metaOf(body))
		}
		time.Sleep(20 * time.Second)
		if body := c.get(path+"/messages").want(t, http.StatusOK); metaOf(body) != "page 1 of 1, 2 results by 20" {
			t.Errorf("midway: %s", metaOf(body))
		}
		time.Sleep(20 * time.Second)
		golden.Compare(t, "testdata/conversation.json", indent(t, c.get(path)))
		golden.Compare(t, "testdata/messages.json", indent(t, c.get(path+"/messages")))
		if body := c.get(path+"/messages?page[size]=3&page[number]=2").want(t, http.StatusOK); metaOf(body) != "page 2 of 2, 4 results by 3" || names(body, "role") != "assistant" {
			t.Errorf("second page: %s, %s", metaOf(body), names(body, "role"))
		}
	})
}

func TestToolCallsAreNullWithNulls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, "nulls: true")
		run := trigger + "/" + c.trigger(trigger)
		golden.Compare(t, "testdata/run-nulls.json", indent(t, c.get(run)))
		time.Sleep(time.Minute)
		id := c.get(run).want(t, http.StatusOK)["conversation_id"].(string)
		if a := c.get("/v2/ai/conversations/" + id + "/messages"); !strings.Contains(a.text, `{"role":"assistant","text":null,`) {
			t.Error(a.text)
		}
	})
}

// What a conversation says of who answered is also in the ledger.
func TestWhoAnswered(t *testing.T) {
	for name, tc := range map[string]struct {
		of                 Conversation
		assistant, version string
		from               time.Duration // since the run was made, which ends after 11 s; 0: at once
	}{
		"the run's version":          {assistant: desk, version: candidate},
		"another version":            {of: Conversation{Version: mainV}, assistant: desk, version: mainV},
		"another assistant":          {of: Conversation{Assistant: other}, assistant: other, version: "only"},
		"a version of another":       {of: Conversation{Assistant: other, Version: mainV}, assistant: other, version: mainV},
		"no version":                 {of: Conversation{Unnamed: true}, assistant: desk},
		"no version of another":      {of: Conversation{Assistant: other, Unnamed: true}, assistant: other},
		"late":                       {of: Conversation{Late: 10 * time.Second}, assistant: desk, version: candidate, from: 16 * time.Second},
		"another version, and later": {of: Conversation{Version: mainV, Late: 20 * time.Second}, assistant: desk, version: mainV, from: 21 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := world(t, "speed: 2")
				w.Tests[2].Runs = []Script{{Duration: 22 * time.Second, Conversation: tc.of}}
				w.Tests[2].Destination = desk
				c := client{t, New(w)}
				c.do(http.MethodPost, testsPath+"/"+lonely+"/runs", `{"destination_version_id":"`+candidate+`"}`).want(t, http.StatusCreated)
				paid := c.Ledger()[0]
				if paid.Assistant != tc.assistant || paid.Answered != tc.version {
					t.Errorf("the ledger names %q, %q", paid.Assistant, paid.Answered)
				}
				path := "/v2/ai/conversations/" + paid.Conversation
				if tc.from > 0 {
					time.Sleep(tc.from - time.Millisecond)
					c.get(path).want(t, http.StatusNotFound)
					c.get(path+"/messages").want(t, http.StatusNotFound)
				}
				time.Sleep(time.Millisecond)
				data := c.get(path).want(t, http.StatusOK)["data"].(map[string]any)
				metadata := data["metadata"].(map[string]any)
				version, named := metadata["assistant_version_id"]
				if metadata["assistant_id"] != tc.assistant || named != (tc.version != "") || named && version != tc.version {
					t.Errorf("the conversation says %v", metadata)
				}
			})
		})
	}
}

// With retention turned off there is an id, but nothing to be had for it.
func TestMissingConversation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world(t, "")
		w.Tests[2].Runs = []Script{{Conversation: Conversation{Missing: true}}}
		c := client{t, New(w)}
		path := testsPath + "/" + lonely + "/runs"
		run := path + "/" + c.trigger(path)
		time.Sleep(time.Hour)
		id := c.get(run).want(t, http.StatusOK)["conversation_id"].(string)
		for _, path := range []string{"/v2/ai/conversations/" + id, "/v2/ai/conversations/" + id + "/messages", "/v2/ai/conversations/x"} {
			c.get(path).want(t, http.StatusNotFound)
		}
	})
}

func TestConversationWithoutATranscriptHasNoMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, "")
		path := testsPath + "/" + lonely + "/runs"
		run := path + "/" + c.trigger(path)
		time.Sleep(time.Minute)
		id := c.get(run).want(t, http.StatusOK)["conversation_id"].(string)
		if body := c.get("/v2/ai/conversations/"+id+"/messages").want(t, http.StatusOK); metaOf(body) != "page 1 of 0, 0 results by 20" {
			t.Error(metaOf(body))
		}
	})
}
