package telnyx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"github.com/go-json-experiment/json/jsontext"
)

// decoder decodes a successful answer. Its errors mean that the answer makes no sense.
type decoder func(header http.Header, body []byte) error

// answer reads and closes an answer. It returns nil, or an *Error.
func (c *Client) answer(ctx context.Context, op string, resp *http.Response, decode decoder) error {
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode/100 != 2 {
		return c.refusal(ctx, op, resp)
	}
	body, release, readErr := c.room.read(ctx, resp.Body, c.bodyLimit)
	defer release()
	e := &Error{Op: op, Kind: KindMalformed, Status: resp.StatusCode}
	if readErr != nil {
		e.Err = c.cause(ctx, readErr)
		if ctx.Err() != nil || lostConnection(readErr) {
			e.Kind = KindAmbiguous
		}
		return e
	}
	if err := decode(resp.Header, c.key.JSON(body)); err != nil {
		e.Err = c.safe(c.reason(resp.Header, body, err))
		e.Body = c.show(body)
		return e
	}
	return nil
}

// reason returns why an answer could not be decoded.
func (c *Client) reason(h http.Header, body []byte, err error) error {
	encoding := withoutSecrets(c.key, h.Get("Content-Encoding")) // net/http removes encodings that it has decoded
	switch {
	case encoding != "" && encoding != "identity":
		return fmt.Errorf("the answer is encoded (Content-Encoding: %.40s), which the gate did not ask for; check for a proxy that does this: %w", encoding, err)
	case bytes.HasPrefix(body, []byte("\x1f\x8b")):
		return fmt.Errorf("the answer is compressed with gzip, but has no Content-Encoding; check for a proxy that does this: %w", err)
	}
	return err
}

// refusal makes an *Error of an answer that is not a success, from as much of it as can be read.
func (c *Client) refusal(ctx context.Context, op string, resp *http.Response) *Error {
	body, release, readErr := c.room.read(ctx, resp.Body, maxRefusal)
	defer release()
	if readErr != nil {
		body = c.key.Cut(body)
	}
	e := &Error{Op: op, Kind: kindOfStatus(resp.StatusCode), Status: resp.StatusCode}
	e.RetryAfter = serverWait(resp.StatusCode, resp.Header)
	e.Code, e.Detail = parseProblem(c.key.JSON(body))
	e.Detail = c.quote(e.Detail)
	telnyx := e.Code != "" || e.Detail != ""
	if !telnyx {
		e.Body = c.show(body)
	}
	switch {
	case readErr != nil && ctx.Err() != nil:
		e.Err = context.Cause(ctx)
	case e.Kind == KindRedirect:
		e.Body = ""
		target := "elsewhere"
		if location := resp.Header.Get(locationHeader); location != "" {
			target = showTarget(location)
		}
		e.Err = errors.New(c.quote("it redirects to "+target) + ", and redirects are not followed: " + c.whoAnswers())
	case !telnyx && speaksForTelnyx(e.Kind, body):
		e.Kind = KindMalformed
		e.Err = errors.New(`this is not Telnyx's form of an error, so something else may have answered: ` + c.whoAnswers())
	}
	return e
}

// speaksForTelnyx reports whether an answer must not count as Telnyx's refusal because its body is not one of Telnyx's errors (JSON with
// "errors" or "detail"): a proxy, firewall or other server may have sent it. A 404 counts only in that form. Any other refusal with an
// empty body may be Telnyx's; a page of HTML is not.
func speaksForTelnyx(kind Kind, body []byte) bool {
	switch kind {
	case KindNotFound:
		return true
	case KindRejected, KindUnauthorized:
		return len(bytes.TrimSpace(body)) > 0 && !jsontext.Value(body).IsValid()
	}
	return false
}

// quote makes a text from outside safe for an Error.
func (c *Client) quote(s string) string { return clip(withoutSecrets(c.key, s), maxDetail) }

// safe makes an error that may quote an answer safe for an Error.
func (c *Client) safe(err error) error { return &opaqueError{text: c.quote(err.Error()), err: err} }

// showTarget returns a redirect's target without user info, query and fragment.
func showTarget(target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return "an invalid URL"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
}

// kindOfStatus returns what an HTTP status other than 2xx means.
func kindOfStatus(status int) Kind {
	switch status {
	case http.StatusTooManyRequests:
		return KindRateLimited
	case http.StatusConflict:
		return KindInProgress
	case http.StatusRequestTimeout:
		return KindAmbiguous
	case http.StatusUnauthorized, http.StatusForbidden:
		return KindUnauthorized
	case http.StatusNotFound:
		return KindNotFound
	}
	switch status / 100 {
	case 3:
		return KindRedirect
	case 4:
		return KindRejected
	case 5:
		return KindAmbiguous
	}
	return KindMalformed
}

// lostConnection reports whether reading an answer failed because of the network rather than its content.
func lostConnection(err error) bool {
	_, late := errors.AsType[*noAnswerError](err)
	_, network := errors.AsType[net.Error](err)
	return late || network
}
