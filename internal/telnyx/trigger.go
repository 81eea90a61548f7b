package telnyx

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
)

// idempotencyKey is the form that both Telnyx's SDKs of 2026-08-21 and its documentation accept, up to maxKey characters. The limit is not
// in the expression, because compiling that many repetitions would take time at every start.
var idempotencyKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

const maxKey = 255

// TriggerTest asks for one run of a test and sends the request exactly once: neither this client nor net/http sends it
// again. After an error of KindAmbiguous or KindMalformed a run may exist. The caller may call it again with an equal request: it sends the same
// bytes with the same key, and Telnyx answers with the run of the first one.
func (c *Client) TriggerTest(ctx context.Context, r TriggerRequest) (Triggered, error) {
	op := "trigger test " + showID(r.TestID)
	if err := checkTrigger(op, r); err != nil {
		return Triggered{}, err
	}
	body, err := triggerBody(op, r.VersionID, r.IdempotencyKey)
	if err != nil {
		return Triggered{}, err
	}
	return post(ctx, c, call{op: op, path: runsPath(r.TestID)}, body, func(header http.Header, b []byte) (Triggered, error) {
		run, err := decodeRun(b)
		if err != nil {
			return Triggered{}, err
		}
		return Triggered{Run: run, Replayed: replayed(header), Answered: dateOf(header)}, checkSame("test", r.TestID, run.TestID)
	})
}

// replayed reports whether an answer repeats that of an earlier send with the same key.
func replayed(h http.Header) bool { return strings.EqualFold(h.Get("Idempotent-Replayed"), "true") }

func checkTrigger(op string, r TriggerRequest) error {
	if err := checkIDs(op, r.TestID); err != nil {
		return err
	}
	return checkTriggerText(op, r.VersionID, r.IdempotencyKey)
}

func checkTriggerText(op, version, key string) error {
	if len(key) > maxKey || !idempotencyKey.MatchString(key) {
		return &Error{Op: op, Kind: KindRejected, Err: fmt.Errorf("%.100q is not an idempotency key: "+
			"1 to 255 letters, digits, hyphens and underscores", key)}
	}
	if !utf8.ValidString(version) {
		return &Error{Op: op, Kind: KindRejected, Err: fmt.Errorf("version id %.100q is not valid UTF-8", version)}
	}
	return nil
}

// triggerBody is the body of TriggerTestRunRequest and TriggerTestSuiteRunsRequest (Telnyx OpenAPI 2026-07-16), with the
// Idempotency-Key of Telnyx's SDKs of 2026-08-21.
func triggerBody(op, version, key string) (*keyedBody, error) {
	text, err := json.Marshal(struct {
		VersionID string `json:"destination_version_id,omitempty"`
	}{version})
	if err != nil {
		return nil, &Error{Op: op, Kind: KindRejected, Err: err}
	}
	return &keyedBody{json: text, key: key}, nil
}
