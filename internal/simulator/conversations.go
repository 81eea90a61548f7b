package simulator

import (
	"encoding/json"
	"time"
)

// conversationOf finds a conversation that has started and was retained. The form
// of its id is not checked: the contract declares 404 for it.
func (s *Simulator) conversationOf(c *call) (*run, error) {
	r, ok := s.conversations[c.params["conversation_id"]]
	if !ok || !r.conversationKept(c.now) {
		return nil, notFound("Conversation Not Found")
	}
	return r, nil
}

// conversationKept reports whether the conversation of a run can be read.
func (r *run) conversationKept(now time.Time) bool {
	switch of := r.script.Conversation; {
	case of.Missing:
		return false
	case of.Late > 0:
		return r.ended(now) && now.Sub(r.created) >= r.end+r.scaled(of.Late)
	}
	return r.started(now)
}

// speaker is the assistant that the conversation of a run names, and its version; empty: it names none.
func (s *Simulator) speaker(r *run) (assistant, version string) {
	of := r.script.Conversation
	assistant, version = r.target, r.version
	if of.Assistant != "" {
		assistant, version = of.Assistant, s.assistants[of.Assistant].main
	}
	switch {
	case of.Unnamed:
		version = ""
	case of.Version != "":
		version = of.Version
	}
	return assistant, version
}

// finishedTurns counts the turns that have ended.
func (r *run) finishedTurns(now time.Time) int {
	n := 0
	for n < len(r.script.Transcript) && now.Sub(r.created) >= r.turnEnd(n) {
		n++
	}
	return n
}

// getConversation answers a Conversation in a data envelope (Telnyx OpenAPI 2026-07-16).
func (s *Simulator) getConversation(c *call) (any, error) {
	r, err := s.conversationOf(c)
	if err != nil {
		return nil, err
	}
	last := r.queueEnd
	if n := r.finishedTurns(c.now); n > 0 {
		last = r.turnEnd(n - 1)
	}
	return object{{"data", object{
		{"id", r.conversation},
		{"created_at", formatTime(r.created.Add(r.queueEnd))},
		{"last_message_at", formatTime(r.created.Add(last))},
		{"metadata", s.metadata(r)},
	}}}, nil
}

// metadata has keys that the contract shows in an example, and assistant_version_id,
// which conversations of calls have (the group_by of Telnyx's SDKs, 2026-09-28).
func (s *Simulator) metadata(r *run) map[string]string {
	assistant, version := s.speaker(r)
	m := map[string]string{
		"assistant_id":                assistant,
		"telnyx_agent_target":         r.test.Destination,
		"telnyx_conversation_channel": r.test.channel(),
		"telnyx_end_user_target":      "+13125550100",
	}
	if version != "" {
		m["assistant_version_id"] = version
	}
	return m
}

func (s *Simulator) listMessages(c *call) (any, error) {
	r, err := s.conversationOf(c)
	if err != nil {
		return nil, err
	}
	p, err := c.page()
	if err != nil {
		return nil, err
	}
	said := make([]int, r.finishedTurns(c.now))
	for i := range said {
		said[i] = i
	}
	return listReply(p, said, func(i int) any { return s.messageObject(r, i) }), nil
}

// messageObject is a ConversationMessage (Telnyx OpenAPI 2026-07-16). The text
// of a tool call "can be null" by its description but not by its type: it is
// null if the world has nulls, otherwise empty.
func (s *Simulator) messageObject(r *run, i int) any {
	turn := r.script.Transcript[i]
	var text any = turn.Text
	if turn.Text == "" && s.world.Nulls {
		text = nil
	}
	at := formatTime(r.created.Add(r.turnEnd(i)))
	o := object{{"role", turn.Role}, {"text", text}, {"created_at", at}, {"sent_at", at}}
	return s.optional(o, "tool_calls", s.toolCalls(r, i), len(turn.ToolCalls) > 0)
}

func (s *Simulator) toolCalls(r *run, i int) []object {
	var calls []object
	for n, call := range r.script.Transcript[i].ToolCalls {
		arguments := []byte("{}")
		if len(call.Arguments) > 0 {
			arguments, _ = json.Marshal(call.Arguments) // Validate has checked that it can
		}
		calls = append(calls, object{
			{"id", "call_" + s.newID("call/%s/%d/%d", r.id, i, n)},
			{"type", "function"},
			{"function", object{{"name", call.Name}, {"arguments", string(arguments)}}},
		})
	}
	return calls
}
