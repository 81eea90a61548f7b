package telnyx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
)

// maxBody is how large an answer may be, decompressed, in bytes.
const maxBody = 16 << 20

// maxRefusal is how much of an answer is read that is no success: enough for any error.
const maxRefusal = 64 << 10

// errTooLarge is an answer beyond maxBody.
var errTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)

// decoder makes something of a successful answer. Its errors mean that the answer makes no sense.
type decoder func(header http.Header, body []byte) error

// answer reads and closes an answer. It returns nil, or an *Error.
func (c *Client) answer(ctx context.Context, op string, resp *http.Response, decode decoder) error {
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode/100 != 2 {
		return c.refusal(ctx, op, resp)
	}
	body, readErr := readBounded(resp.Body, c.bodyLimit)
	e := &Error{Op: op, Kind: KindMalformed, Status: resp.StatusCode}
	if readErr != nil {
		e.Err = c.cause(ctx, readErr)
		if ctx.Err() != nil || lostConnection(readErr) {
			e.Kind = KindAmbiguous
		}
		return e
	}
	body = c.secrets.body(body)
	if err := decode(resp.Header, body); err != nil {
		e.Err = err
		e.Detail = c.quote(string(body))
		return e
	}
	return nil
}

// refusal makes an *Error of an answer that is no success. What of it can be read is enough.
func (c *Client) refusal(ctx context.Context, op string, resp *http.Response) *Error {
	body, readErr := readBounded(resp.Body, maxRefusal)
	if readErr != nil {
		body = c.secrets.tail(body)
	}
	e := &Error{Op: op, Kind: kindOfStatus(resp.StatusCode), Status: resp.StatusCode}
	e.RetryAfter = serverWait(resp.StatusCode, resp.Header)
	e.Code, e.Detail = parseProblem(c.secrets.body(body))
	e.Detail = c.quote(e.Detail)
	switch {
	case readErr != nil && ctx.Err() != nil:
		e.Err = context.Cause(ctx)
	case e.Kind == KindRedirect:
		e.Err = errors.New("redirects are not followed: check base-url")
		if target := resp.Header.Get(locationHeader); target != "" {
			e.Detail = c.quote("it points to " + showTarget(target))
		}
	}
	return e
}

// quote makes a text from outside fit to stand in an Error.
func (c *Client) quote(s string) string { return clip(c.secrets.text(s), maxDetail) }

// showTarget returns a redirect's target without user info, query and fragment.
func showTarget(target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return "something that is no URL"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
}

// kindOfStatus says what an HTTP status other than 2xx means.
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
		return KindRefused
	case 5:
		return KindAmbiguous
	}
	return KindMalformed
}

// readBounded reads r to its end, or fails where it has more than most bytes; what was read comes with the error.
func readBounded(r io.Reader, most int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(body)) > most {
		return body[:most], errTooLarge
	}
	return body, err
}

// lostConnection reports whether reading an answer failed because of the network, not because of what came.
func lostConnection(err error) bool {
	_, late := errors.AsType[noAnswerError](err)
	_, network := errors.AsType[net.Error](err)
	return late || network
}
