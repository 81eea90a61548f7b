package faults

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
)

// detailStatus matches the criteria of a run in an answer.
var detailStatus = regexp.MustCompile(`"detail_status":\s*\[[^\]]*\]`)

// withoutDetails removes the criteria from all answers.
func withoutDetails(_ *fixture, next http.RoundTripper) http.RoundTripper {
	return rewriting(next, func(body []byte) []byte { return detailStatus.ReplaceAll(body, []byte(`"detail_status":null`)) })
}

// replacing replaces the placeholder in all answers.
func replacing(with string) func(*fixture, http.RoundTripper) http.RoundTripper {
	return func(_ *fixture, next http.RoundTripper) http.RoundTripper {
		return rewriting(next, func(body []byte) []byte { return bytes.ReplaceAll(body, []byte(placeholder), []byte(with)) })
	}
}

// rewriting changes the bodies of all answers.
func rewriting(next http.RoundTripper, change func(body []byte) []byte) http.RoundTripper {
	return roundTripFunc(func(req *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(req)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			return nil, err
		}
		body = change(body)
		resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		resp.Header.Del("Content-Length")
		return resp, nil
	})
}
