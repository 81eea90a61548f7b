package telnyx

import (
	"context"
	"fmt"
	"net/http"
)

// GetVersion returns one version of an assistant. An answer about another assistant or version is an error of
// KindMalformed.
func (c *Client) GetVersion(ctx context.Context, assistantID, versionID string) (Version, error) {
	op := "get version " + showID(versionID) + " of assistant " + showID(assistantID)
	path, err := versionsPath(op, assistantID)
	if err != nil {
		return Version{}, err
	}
	last, err := segment(versionID)
	if err != nil {
		return Version{}, &Error{Op: op, Kind: KindRefused, Err: err}
	}
	var version Version
	err = c.look(ctx, op, path+"/"+last, nil, func(_ http.Header, body []byte) error {
		f, err := parseBare(body, "id")
		if err != nil {
			return err
		}
		if version, err = decodeVersion(f, assistantID, versionID); err != nil {
			return err
		}
		return checkSame("version", versionID, version.ID)
	})
	if err != nil {
		return Version{}, err
	}
	return version, nil
}

// GetAssistant returns an assistant's live version. Its ID is empty where Telnyx does not say which one that is: version_id
// is optional (Telnyx OpenAPI 2026-07-16, inference-embedding_Assistant).
func (c *Client) GetAssistant(ctx context.Context, assistantID string) (Version, error) {
	op := "get assistant " + showID(assistantID)
	id, err := segment(assistantID)
	if err != nil {
		return Version{}, &Error{Op: op, Kind: KindRefused, Err: err}
	}
	var version Version
	err = c.look(ctx, op, "/ai/assistants/"+id, nil, func(_ http.Header, body []byte) error {
		f, err := parseBare(body, "id")
		if err != nil {
			return err
		}
		if f.has("version_id") {
			version, err = decodeVersion(f, assistantID, "")
			return err
		}
		id, err := f.required("id")
		if err != nil {
			return err
		}
		if err := checkSame("assistant", assistantID, id); err != nil {
			return err
		}
		version, err = versionOf(f, id, "")
		return err
	})
	if err != nil {
		return Version{}, err
	}
	return version, nil
}

// ListVersions returns all versions of an assistant, in Telnyx's order: newest first (Telnyx OpenAPI 2026-07-16). The
// list has no pages; where an answer has them all the same, as every other list of Telnyx has, all are read: a version
// that is not seen could be the second of its name.
func (c *Client) ListVersions(ctx context.Context, assistantID string) ([]Version, error) {
	op := "list versions of assistant " + showID(assistantID)
	path, err := versionsPath(op, assistantID)
	if err != nil {
		return nil, err
	}
	items := objects(func(item fields) (Version, error) { return decodeVersion(item, assistantID, "") })
	var versions []Version
	paged := false
	err = c.look(ctx, op, path, nil, func(_ http.Header, body []byte) error {
		f, err := parseFields(body)
		if err != nil {
			return err
		}
		if f.has("meta") {
			p, err := decodePage(body, items)
			versions, paged = p.items, p.pages > 1 || p.total > len(p.items)
			return err
		}
		versions, err = items(f)
		return err
	})
	if err == nil && paged {
		byID := func(v Version) string { return v.ID }
		versions, err = listing[Version]{op: op, path: path, items: items, id: byID}.read(ctx, c)
	}
	if err != nil {
		return nil, err
	}
	return uniqueVersions(versions), nil
}

func versionsPath(op, assistantID string) (string, error) {
	id, err := segment(assistantID)
	if err != nil {
		return "", &Error{Op: op, Kind: KindRefused, Err: err}
	}
	return "/ai/assistants/" + id + "/versions", nil
}

// decodeVersion decodes an Assistant as the versions endpoints give it. Its version_id is optional in the contract; asked
// stands in for it where the request named one. A version without any id is refused: taken for one, it would mean the
// live version.
func decodeVersion(f fields, assistantID, asked string) (Version, error) {
	id, err := f.required("id")
	if err != nil {
		return Version{}, err
	}
	if err := checkSame("assistant", assistantID, id); err != nil {
		return Version{}, err
	}
	versionID := asked
	if f.has("version_id") {
		if versionID, err = f.required("version_id"); err != nil {
			return Version{}, err
		}
	}
	if _, err := segment(versionID); err != nil {
		return Version{}, fmt.Errorf("version_id: %w", err)
	}
	return versionOf(f, id, versionID)
}

func versionOf(f fields, id, versionID string) (Version, error) {
	hash, err := contentHash(f)
	if err != nil {
		return Version{}, err
	}
	return Version{
		AssistantID:   id,
		AssistantName: f.text("name"),
		ID:            versionID,
		Name:          f.text("version_name"),
		CreatedAt:     f.time("version_created_at"),
		Hash:          hash,
	}, nil
}

func uniqueVersions(versions []Version) []Version {
	seen := make(map[string]bool)
	var unique []Version
	for _, v := range versions {
		if !seen[v.ID] {
			seen[v.ID] = true
			unique = append(unique, v)
		}
	}
	return unique
}
