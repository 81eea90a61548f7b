package simulator

import (
	"encoding/json"
	"time"
)

// conversationOf finds a conversation that has begun and was retained. A
// conversation id is not checked for its form: 404 is declared for it.
func (s *Simulator) conversationOf(c *call) (*run, error) {
	r, ok := s.conversations[c.params["conversation_id"]]
	if !ok || !r.begun(c.now) || len(r.script.Transcript) == 0 {
		return nil, notFound("Conversation Not Found")
	}
	return r, nil
}

// said counts the turns that are over.
func (r *run) said(now time.Time) int {
	n := 0
	for n < len(r.script.Transcript) && now.Sub(r.created) >= r.spoken(n) {
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
	last := r.begins
	if n := r.said(c.now); n > 0 {
		last = r.spoken(n - 1)
	}
	return object{{"data", object{
		{"id", r.conversation},
		{"created_at", stamp(r.created.Add(r.begins))},
		{"last_message_at", stamp(r.created.Add(last))},
		{"metadata", map[string]string{
			"assistant_id":                r.target,
			"telnyx_agent_target":         r.test.Destination,
			"telnyx_conversation_channel": r.test.channel(),
			"telnyx_end_user_target":      "+13125550100",
		}},
	}}}, nil
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
	said := make([]int, r.said(c.now))
	for i := range said {
		said[i] = i
	}
	return paged(p, said, func(i int) any { return s.messageObject(r, i) }), nil
}

// messageObject is a ConversationMessage (Telnyx OpenAPI 2026-07-16). The text
// of a tool call "can be null" by its description but not by its type, so that
// is left to the world's nulls; without them it is empty.
func (s *Simulator) messageObject(r *run, i int) any {
	turn := r.script.Transcript[i]
	var text any = turn.Text
	if turn.Text == "" && s.world.Nulls {
		text = nil
	}
	at := stamp(r.created.Add(r.spoken(i)))
	o := object{{"role", turn.Role}, {"text", text}, {"created_at", at}, {"sent_at", at}}
	return s.optional(o, "tool_calls", s.toolCalls(r, i), len(turn.ToolCalls) > 0)
}

func (s *Simulator) toolCalls(r *run, i int) []object {
	var calls []object
	for n, call := range r.script.Transcript[i].ToolCalls {
		arguments := []byte("{}")
		if len(call.Arguments) > 0 {
			// Validate has tried it.
			arguments, _ = json.Marshal(call.Arguments)
		}
		calls = append(calls, object{
			{"id", "call_" + s.newID("call/%s/%d/%d", r.id, i, n)},
			{"type", "function"},
			{"function", object{{"name", call.Name}, {"arguments", string(arguments)}}},
		})
	}
	return calls
}
