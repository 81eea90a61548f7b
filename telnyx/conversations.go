package telnyx

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// Message is one turn of a conversation.
type Message struct {
	Role      string // user, assistant or tool; other words are kept
	Text      string // empty where Telnyx gives null, as it does for tool calls
	At        time.Time
	ToolCalls []ToolCall
}

// ToolCall is a tool that the assistant called in a turn.
type ToolCall struct {
	Name      string
	Arguments string // JSON text, as the assistant wrote it
}

// ListMessages returns the messages of a conversation, oldest first as far as Telnyx dates them, until there are most of
// them (GET /ai/conversations/{conversation_id}/messages, Telnyx OpenAPI 2026-07-16). A conversation that is not kept,
// because the assistant's data retention is off, is an error of KindNotFound.
func (c *Client) ListMessages(ctx context.Context, conversationID string, most int) ([]Message, error) {
	op := "list messages of conversation " + showID(conversationID)
	id, err := segment(conversationID)
	if err != nil {
		return nil, &Error{Op: op, Kind: KindRefused, Err: err}
	}
	if most <= 0 {
		return nil, nil
	}
	number := 0
	numbered, err := listing[numberedMessage]{
		op:   op,
		path: "/ai/conversations/" + id + "/messages",
		items: elements(func(raw json.RawMessage) (numberedMessage, error) {
			number++
			message, err := decodeMessage(raw)
			return numberedMessage{Message: message, number: number}, err
		}),
		id:   func(m numberedMessage) string { return strconv.Itoa(m.number) }, // a message has no id: each counts
		most: most,
	}.read(ctx, c)
	if err != nil {
		return nil, err
	}
	messages := make([]Message, len(numbered))
	for i, m := range numbered {
		messages[i] = m.Message
	}
	if !slices.ContainsFunc(messages, func(m Message) bool { return m.At.IsZero() }) {
		slices.SortStableFunc(messages, func(a, b Message) int { return a.At.Compare(b.At) })
	}
	return messages, nil
}

type numberedMessage struct {
	Message
	number int
}

// decodeMessage decodes one message; no decision hangs on it, so nothing but an object is asked for.
func decodeMessage(raw json.RawMessage) (Message, error) {
	f, err := members(raw)
	if err != nil {
		return Message{}, err
	}
	m := Message{Role: f.text("role"), Text: f.text("text"), At: f.time("created_at")}
	if m.At.IsZero() {
		m.At = f.time("sent_at")
	}
	calls, err := f.list("tool_calls")
	if err != nil {
		return Message{}, err
	}
	for _, raw := range calls {
		call, err := members(raw)
		if err != nil {
			return Message{}, err
		}
		function, err := members(call.raw("function"))
		if err != nil {
			continue // of another type
		}
		m.ToolCalls = append(m.ToolCalls, ToolCall{Name: function.text("name"), Arguments: function.text("arguments")})
	}
	return m, nil
}
