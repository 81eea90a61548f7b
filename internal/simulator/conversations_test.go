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

// With retention turned off there is an id, but nothing to be had for it.
func TestNoTranscriptNoConversation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, "")
		path := testsPath + "/" + lonely + "/runs"
		run := path + "/" + c.trigger(path)
		time.Sleep(time.Minute)
		id := c.get(run).want(t, http.StatusOK)["conversation_id"].(string)
		for _, path := range []string{"/v2/ai/conversations/" + id, "/v2/ai/conversations/" + id + "/messages", "/v2/ai/conversations/x"} {
			c.get(path).want(t, http.StatusNotFound)
		}
	})
}
