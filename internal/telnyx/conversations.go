package telnyx

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Message is one turn of a conversation.
type Message struct {
	Role      string // user, assistant or tool; unknown roles are kept
	Text      string // empty if Telnyx gives null, as it does for tool calls
	At        time.Time
	ToolCalls []ToolCall
}

// ToolCall is a tool that the assistant called in a turn.
type ToolCall struct {
	Name      string
	Arguments string // JSON text, as the assistant wrote it
}

// Conversation tells who answered in a conversation. Fields that it does not have are empty.
type Conversation struct {
	AssistantID string
	VersionID   string // of the assistant; opaque
	Channel     Channel
}

// GetConversation reads once who answered in a conversation (GET /ai/conversations/{conversation_id}, Telnyx OpenAPI
// 2026-07-16). The contract does not name the keys of its metadata; assistant_version_id was seen in others' answers.
// A conversation that Telnyx does not keep, because the assistant's data retention is off, is an error of KindNotFound.
func (c *Client) GetConversation(ctx context.Context, conversationID string) (Conversation, error) {
	op := "get conversation " + showID(conversationID)
	id, err := segment(conversationID)
	if err != nil {
		return Conversation{}, &Error{Op: op, Kind: KindRejected, Err: err}
	}
	return get(ctx, c, call{op: op, path: "/ai/conversations/" + id}, fromBody(func(body []byte) (Conversation, error) {
		return decodeConversation(body, conversationID)
	}))
}

func decodeConversation(body []byte, asked string) (Conversation, error) {
	object, err := unwrap(body, "id")
	if err != nil {
		return Conversation{}, err
	}
	var w struct {
		ID       string               `json:"id"`
		Metadata map[string]looseText `json:"metadata"`
	}
	if err := decode(object, &w); err != nil {
		return Conversation{}, err
	}
	if w.ID == "" {
		return Conversation{}, errors.New("id is missing")
	}
	return Conversation{
		AssistantID: string(w.Metadata["assistant_id"]),
		VersionID:   string(w.Metadata["assistant_version_id"]),
		Channel:     Channel(w.Metadata["telnyx_conversation_channel"]),
	}, checkSame("conversation", asked, w.ID)
}

// ListMessages returns up to limit messages of a conversation, oldest first if Telnyx dates them
// (GET /ai/conversations/{conversation_id}/messages, Telnyx OpenAPI 2026-07-16). A conversation that Telnyx does not keep, because the
// assistant's data retention is off, is an error of KindNotFound.
func (c *Client) ListMessages(ctx context.Context, conversationID string, limit int) ([]Message, error) {
	op := "list messages of conversation " + showID(conversationID)
	id, err := segment(conversationID)
	if err != nil {
		return nil, &Error{Op: op, Kind: KindRejected, Err: err}
	}
	if limit <= 0 {
		return nil, nil
	}
	messages, err := listing[Message]{
		op:      op,
		path:    "/ai/conversations/" + id + "/messages",
		decode:  pageOf(wireMessage.message),
		limit:   limit,
		trusted: true,
	}.read(ctx, c)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(messages, func(m Message) bool { return m.At.IsZero() }) {
		slices.SortStableFunc(messages, func(a, b Message) int { return a.At.Compare(b.At) })
	}
	return messages, nil
}

// wireMessage is a message. It decides nothing, so only tool_calls must have its type, a list.
type wireMessage struct {
	Role      looseText          `json:"role"`
	Text      looseText          `json:"text"`
	CreatedAt looseTime          `json:"created_at"`
	SentAt    looseTime          `json:"sent_at"`
	ToolCalls criteria[wireCall] `json:"tool_calls"`
}

// wireCall is a call of a tool. Only the type function is known.
type wireCall struct {
	Function jsontext.Value `json:"function"`
}

type wireFunction struct {
	Name      looseText `json:"name"`
	Arguments looseText `json:"arguments"`
}

func (w wireMessage) message() (Message, error) {
	m := Message{Role: string(w.Role), Text: string(w.Text), At: w.CreatedAt.Time}
	if m.At.IsZero() {
		m.At = w.SentAt.Time
	}
	for _, call := range w.ToolCalls {
		var f wireFunction
		if call.Function.Kind() == jsontext.KindBeginObject && decode(call.Function, &f) == nil {
			m.ToolCalls = append(m.ToolCalls, ToolCall{Name: string(f.Name), Arguments: string(f.Arguments)})
		}
	}
	return m, nil
}
