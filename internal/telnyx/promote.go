package telnyx

import (
	"context"
	"errors"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// Canary is the canary deploy of an assistant: the versions that get some of its traffic beside the live one.
type Canary struct {
	Configured bool
	Versions   []string // each once, in Telnyx's order
}

// GetCanary returns an assistant's canary deploy. Without one, Telnyx answers 404, which is not an error here: the contract has no other
// form for it (Telnyx OpenAPI 2026-07-16, get_canary_deploy). A list without rules means the same.
func (c *Client) GetCanary(ctx context.Context, assistantID string) (Canary, error) {
	op := "get the canary deploy of assistant " + showID(assistantID)
	path, err := assistantPath(op, assistantID)
	if err != nil {
		return Canary{}, err
	}
	canary, err := lookUp(ctx, c, call{op: op, path: path + "/canary-deploys"}, fromBody(decodeCanary))
	if KindOf(err) == KindNotFound {
		return Canary{}, nil
	}
	return canary, err
}

// decodeCanary decodes CanaryDeployResponse: a list of rules, or of versions as in older pages of Telnyx's documentation. An answer with
// neither must not count as "no canary deploy".
func decodeCanary(body []byte) (Canary, error) {
	body, err := unwrap(body, "rules")
	if err != nil {
		return Canary{}, err
	}
	var w struct {
		Rules    rows[jsontext.Value] `json:"rules"`
		Versions rows[jsontext.Value] `json:"versions"`
	}
	if err := decode(body, &w); err != nil {
		return Canary{}, err
	}
	if w.Rules == nil && w.Versions == nil {
		return Canary{}, errors.New("the answer has neither rules nor versions")
	}
	canary := Canary{Configured: len(w.Rules)+len(w.Versions) > 0}
	seen := map[string]bool{"": true}
	for _, rule := range slices.Concat(w.Rules, w.Versions) {
		for _, id := range versionsIn(rule) {
			if !seen[id] {
				seen[id] = true
				canary.Versions = append(canary.Versions, id)
			}
		}
	}
	return canary, nil
}

// versionsIn finds the version ids in a rule (serve.version_id, serve.rollout) or in an older entry (version_id). They are
// only shown and decide nothing, so unreadable ones are skipped.
func versionsIn(raw jsontext.Value) []string {
	type slot struct {
		VersionID string `json:"version_id"`
	}
	var rule struct {
		slot
		Serve struct {
			slot
			Rollout []slot `json:"rollout"`
		} `json:"serve"`
	}
	if decode(raw, &rule) != nil {
		return nil
	}
	ids := []string{rule.VersionID, rule.Serve.VersionID}
	for _, s := range rule.Serve.Rollout {
		ids = append(ids, s.VersionID)
	}
	return ids
}

// PromoteVersion makes a version the live one, which deletes the assistant's canary deploy (Telnyx OpenAPI 2026-07-16,
// promote_assistant_version). It sends the request exactly once: Telnyx documents no Idempotency-Key here. After an error of
// KindAmbiguous or KindMalformed the version may be live; ask GetAssistant.
func (c *Client) PromoteVersion(ctx context.Context, assistantID, versionID string) (Version, error) {
	op := "promote version " + showID(versionID) + " of assistant " + showID(assistantID)
	path, err := versionPath(op, assistantID, versionID)
	if err != nil {
		return Version{}, err
	}
	return post(ctx, c, call{op: op, path: path + "/promote"}, nil, fromBody(oneVersion(assistantID, versionID)))
}
