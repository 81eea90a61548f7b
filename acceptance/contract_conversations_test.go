package acceptance

import (
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestClientReadsConversations reads the conversation of a run, and one that is not kept.
func TestClientReadsConversations(t *testing.T) {
	t.Parallel()
	world := canaried()
	world.Tests[1].Runs = []simulator.Script{{Conversation: simulator.Conversation{Missing: true}}}
	sim := simulator.New(world)
	r := newRecorder(t, realServer, sim.Transport())
	client, err := telnyx.New(telnyx.Config{BaseURL: realServer, APIKey: testKey, UserAgent: "assistant-gate/1.2.3", Transport: r})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range world.Tests[:2] {
		_, err := client.TriggerTest(t.Context(), telnyx.TriggerRequest{TestID: test.ID, VersionID: simulator.BuiltInVersion, IdempotencyKey: "of-" + test.ID})
		if err != nil {
			t.Fatal(err)
		}
	}
	made := sim.Ledger()
	want := telnyx.Conversation{AssistantID: world.Assistants[0].ID, VersionID: simulator.BuiltInVersion, Channel: "web_chat"}
	if c, err := client.GetConversation(t.Context(), made[0].Conversation); err != nil || c != want {
		t.Errorf("%+v, %v; want %+v", c, err, want)
	}
	if c, err := client.GetConversation(t.Context(), made[1].Conversation); telnyx.KindOf(err) != telnyx.KindNotFound {
		t.Errorf("%+v, %v; want not found", c, err)
	}
	r.verify(t, opTrigger, opConversation)
	r.verifyAnswered(t, opConversation, 404)
}

// TestEveryConversationFollowsContract looks at conversations that name another version or assistant, or none, and at those that are not found.
func TestEveryConversationFollowsContract(t *testing.T) {
	t.Parallel()
	world := canaried()
	other := world.Assistants[0]
	other.ID, other.Versions, other.Canary = unknownObject, []simulator.Version{{ID: "another", Main: true}}, nil
	world.Assistants = append(world.Assistants, other)
	for _, c := range []struct {
		conversation simulator.Conversation
		status       int
		names        string // the version
	}{
		{simulator.Conversation{}, 200, simulator.BuiltInVersion},
		{simulator.Conversation{Version: "another"}, 200, "another"},
		{simulator.Conversation{Assistant: other.ID}, 200, "another"},
		{simulator.Conversation{Unnamed: true}, 200, ""},
		{simulator.Conversation{Missing: true}, 404, ""},
		{simulator.Conversation{Late: 24 * time.Hour}, 404, ""},
	} {
		world.Tests[0].Runs = []simulator.Script{{Conversation: c.conversation}}
		world.Speed = 1000
		sim := simulator.New(world)
		a := newAPI(t, sim)
		a.do(post(testsPath+"/"+world.Tests[0].ID+"/runs", `{"destination_version_id":"`+simulator.BuiltInVersion+`"}`, 201))
		x := a.do(get("/ai/conversations/"+sim.Ledger()[0].Conversation, c.status))
		if named := strings.Contains(string(x.answer), `"assistant_version_id":"`+c.names+`"`); named != (c.names != "") {
			t.Errorf("%+v: %s", c.conversation, x.answer)
		}
		a.recorder.verify(t)
		a.recorder.verifyAnswered(t, opConversation, c.status)
	}
}

// TestEveryTranscriptFollowsContract reads what was said in a run of each test: tool calls and their answers are in some.
func TestEveryTranscriptFollowsContract(t *testing.T) {
	t.Parallel()
	world := canaried()
	a := newAPI(t, simulator.New(world))
	calls := false
	for _, id := range idsOf(world) {
		run := a.do(post(testsPath+"/"+id+"/runs", "", 201)).field(t, "run_id")
		conversation := a.do(get(testsPath+"/"+id+"/runs/"+run, 200)).field(t, "conversation_id")
		messages := a.do(get("/ai/conversations/"+conversation+"/messages?page[size]=100", 200))
		calls = calls || strings.Contains(string(messages.answer), `"tool_calls":[{`)
	}
	if !calls {
		t.Error("no tool call was validated")
	}
	a.recorder.verify(t, opMessages)
}
