package telnyx

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
)

// idempotencyKey is the form that both Telnyx's SDKs of 2026-08-21 and its documentation accept, maxKey characters at most:
// a count in the expression would take as many copies of it, and the time for that at every start.
var idempotencyKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

const maxKey = 255

// TriggerTest asks for one run of a test and sends the request exactly once: neither this client nor net/http sends it
// again. After an error of KindAmbiguous or KindMalformed a run may have been made; the caller may call it again with an equal request: the same
// bytes go out with the same key, and Telnyx answers with the run that the first one made.
func (c *Client) TriggerTest(ctx context.Context, r TriggerRequest) (Triggered, error) {
	op := "trigger test " + showID(r.TestID)
	if err := checkTrigger(op, r); err != nil {
		return Triggered{}, err
	}
	req, err := c.triggerRequest(ctx, runsPath(r.TestID), r.VersionID, r.IdempotencyKey)
	if err != nil {
		return Triggered{}, &Error{Op: op, Kind: KindRefused, Err: c.cause(ctx, err)}
	}
	var triggered Triggered
	err = c.once(op, req, func(header http.Header, body []byte) error {
		run, err := decodeRun(body)
		if err != nil {
			return err
		}
		triggered = Triggered{Run: run, Replayed: replayed(header), Answered: dateOf(header)}
		return checkSame("test", r.TestID, run.TestID)
	})
	if err != nil {
		return Triggered{}, err
	}
	return triggered, nil
}

// replayed reports whether an answer is that of an earlier send with the same key.
func replayed(h http.Header) bool { return strings.EqualFold(h.Get("Idempotent-Replayed"), "true") }

func checkTrigger(op string, r TriggerRequest) error {
	if err := checkIDs(op, r.TestID); err != nil {
		return err
	}
	return checkTriggerText(op, r.VersionID, r.IdempotencyKey)
}

func checkTriggerText(op, version, key string) error {
	if len(key) > maxKey || !idempotencyKey.MatchString(key) {
		return &Error{Op: op, Kind: KindRefused, Err: fmt.Errorf("%.100q is no idempotency key: "+
			"1 to 255 letters, digits, hyphens and underscores", key)}
	}
	if !utf8.ValidString(version) {
		return &Error{Op: op, Kind: KindRefused, Err: fmt.Errorf("version id %.100q is not valid UTF-8", version)}
	}
	return nil
}

// triggerRequest builds the request (TriggerTestRunRequest and TriggerTestSuiteRunsRequest of Telnyx OpenAPI 2026-07-16,
// Idempotency-Key of Telnyx's SDKs of 2026-08-21). Without GetBody, net/http cannot send it a second time: given an Idempotency-Key it would, on a
// connection that dies, and hide it.
func (c *Client) triggerRequest(ctx context.Context, path, version, key string) (*http.Request, error) {
	body, err := json.Marshal(struct {
		VersionID string `json:"destination_version_id,omitempty"`
	}{version})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url(path, nil), nil)
	if err != nil {
		return nil, err
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	req.ContentLength = int64(len(body))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	return req, nil
}
