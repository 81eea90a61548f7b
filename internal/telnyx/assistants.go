package telnyx

import (
	"context"
	"errors"
)

// Assistant is an assistant of the account, with its live version.
type Assistant struct {
	ID       string
	Name     string
	LiveID   string // the live version; empty if Telnyx does not name it
	LiveName string // may be empty
}

// ListAssistants returns all assistants, in Telnyx's order (AssistantsListData of Telnyx OpenAPI 2026-07-16). The list has no pages by the
// contract; see ListVersions. They decide nothing.
func (c *Client) ListAssistants(ctx context.Context) ([]Assistant, error) {
	return listing[Assistant]{
		op:      "list assistants",
		path:    "/ai/assistants",
		decode:  pageOf(wireVersion.assistant),
		trusted: true,
	}.readWhole(ctx, c)
}

func (w wireVersion) assistant() (Assistant, error) {
	if w.AssistantID == "" {
		return Assistant{}, errors.New("id is missing")
	}
	a := Assistant{ID: w.AssistantID, Name: string(w.Assistant), LiveName: w.Name}
	if w.ID != nil {
		a.LiveID = *w.ID
	}
	return a, nil
}
