package telnyx

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// GetVersion returns one version of an assistant. An answer about another assistant or version is an error of
// KindMalformed.
func (c *Client) GetVersion(ctx context.Context, assistantID, versionID string) (Version, error) {
	op := "get version " + showID(versionID) + " of assistant " + showID(assistantID)
	path, err := versionPath(op, assistantID, versionID)
	if err != nil {
		return Version{}, err
	}
	return lookUp(ctx, c, call{op: op, path: path}, fromBody(oneVersion(assistantID, versionID)))
}

// GetAssistant returns an assistant's live version. Its ID is empty if Telnyx does not name it: version_id is optional (Telnyx OpenAPI
// 2026-07-16, inference-embedding_Assistant).
func (c *Client) GetAssistant(ctx context.Context, assistantID string) (Version, error) {
	op := "get assistant " + showID(assistantID)
	path, err := assistantPath(op, assistantID)
	if err != nil {
		return Version{}, err
	}
	return lookUp(ctx, c, call{op: op, path: path}, fromBody(func(b []byte) (Version, error) { return decodeVersion(b, assistantID) }))
}

// ListVersions returns all versions of an assistant, in Telnyx's order: newest first (Telnyx OpenAPI 2026-07-16). The
// list has no pages. If an answer has pages anyway, like every other list of Telnyx, it reads all: an unread version could be the
// second of its name.
func (c *Client) ListVersions(ctx context.Context, assistantID string) ([]Version, error) {
	op := "list versions of assistant " + showID(assistantID)
	path, err := assistantPath(op, assistantID)
	if err != nil {
		return nil, err
	}
	return listing[Version]{
		op:   op,
		path: path + "/versions",
		decode: pageOf(func(item jsontext.Value) (Version, error) {
			v, err := versionOf(item, assistantID)
			if err == nil && v.ID == "" {
				err = errors.New("version_id is missing")
			}
			return v, err
		}),
		id: func(v Version) string { return v.ID },
	}.readWhole(ctx, c)
}

func assistantPath(op, assistantID string) (string, error) {
	id, err := segment(assistantID)
	if err != nil {
		return "", &Error{Op: op, Kind: KindRejected, Err: err}
	}
	return "/ai/assistants/" + id, nil
}

func versionPath(op, assistantID, versionID string) (string, error) {
	path, err := assistantPath(op, assistantID)
	if err != nil {
		return "", err
	}
	id, err := segment(versionID)
	if err != nil {
		return "", &Error{Op: op, Kind: KindRejected, Err: err}
	}
	return path + "/versions/" + id, nil
}

// wireVersion is the Assistant object of the versions endpoints.
type wireVersion struct {
	AssistantID string    `json:"id"`
	ID          *string   `json:"version_id"`
	Name        string    `json:"version_name"`
	Assistant   looseText `json:"name"`
	CreatedAt   looseTime `json:"version_created_at"`
}

func decodeVersion(body []byte, assistantID string) (Version, error) {
	body, err := unwrap(body, "id")
	if err != nil {
		return Version{}, err
	}
	return versionOf(body, assistantID)
}

// versionOf decodes a version of the assistant. Its id is empty if the answer has none, which the contract allows.
func versionOf(object []byte, assistantID string) (Version, error) {
	var w wireVersion
	if err := decode(object, &w); err != nil {
		return Version{}, err
	}
	if w.AssistantID == "" {
		return Version{}, errors.New("id is missing")
	}
	if err := checkSame("assistant", assistantID, w.AssistantID); err != nil {
		return Version{}, err
	}
	id := ""
	if w.ID != nil {
		id = *w.ID
		if _, err := segment(id); err != nil {
			return Version{}, fmt.Errorf("version_id: %w", err)
		}
	}
	hash, err := contentHash(object)
	if err != nil {
		return Version{}, err
	}
	return Version{
		AssistantID:   w.AssistantID,
		AssistantName: string(w.Assistant),
		ID:            id,
		Name:          w.Name,
		CreatedAt:     w.CreatedAt.Time,
		Hash:          hash,
	}, nil
}

// oneVersion decodes the version asked for and refuses another. If the answer has no id, it uses the requested one.
func oneVersion(assistantID, versionID string) func([]byte) (Version, error) {
	return func(b []byte) (Version, error) {
		v, err := decodeVersion(b, assistantID)
		if err != nil {
			return Version{}, err
		}
		if v.ID == "" {
			v.ID = versionID
		}
		return v, checkSame("version", versionID, v.ID)
	}
}
