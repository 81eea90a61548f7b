package telnyx

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
)

// call describes a request.
type call struct {
	op    string // for errors
	path  string // with encoded segments
	query url.Values
}

// decoded decodes a successful answer into a value. Its errors mean that the answer makes no sense.
type decoded[T any] func(header http.Header, body []byte) (T, error)

// lookUp sends a GET until it succeeds, fails for good, or has used up its tries. Its error is an *Error.
func lookUp[T any](ctx context.Context, c *Client, to call, decode decoded[T]) (T, error) {
	return valueOf(decode, func(d decoder) error { return c.look(ctx, to, d) })
}

// get sends a GET once. Its error is an *Error.
func get[T any](ctx context.Context, c *Client, to call, decode decoded[T]) (T, error) {
	return valueOf(decode, func(d decoder) error { return c.once(ctx, to, http.MethodGet, nil, d) })
}

// post sends a POST exactly once. Its error is an *Error.
func post[T any](ctx context.Context, c *Client, to call, body *keyedBody, decode decoded[T]) (T, error) {
	return valueOf(decode, func(d decoder) error { return c.once(ctx, to, http.MethodPost, body, d) })
}

// valueOf returns the decoded answer of a request, or the zero value with an error.
func valueOf[T any](decode decoded[T], send func(decoder) error) (T, error) {
	var value T
	err := send(func(header http.Header, body []byte) (err error) {
		value, err = decode(header, body)
		return err
	})
	if err != nil {
		var none T
		return none, err
	}
	return value, nil
}

// fromBody adapts a function that needs no header to decoded.
func fromBody[T any](decode func([]byte) (T, error)) decoded[T] {
	return func(_ http.Header, b []byte) (T, error) { return decode(b) }
}

// keyedBody is a JSON body and its idempotency key.
type keyedBody struct {
	json []byte
	key  string
}

// once sends a request exactly once. It returns nil or an *Error.
func (c *Client) once(ctx context.Context, to call, method string, body *keyedBody, decode decoder) error {
	req, err := http.NewRequestWithContext(ctx, method, c.url(to), nil)
	if err != nil {
		return &Error{Op: to.op, Kind: KindRejected, Err: c.cause(ctx, err)}
	}
	if body != nil {
		body.giveTo(req)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return c.failure(ctx, to.op, err)
	}
	err = c.answer(ctx, to.op, resp, decode)
	if body != nil {
		explainKey(err)
	}
	return err
}

// giveTo sets the body of a request, without GetBody. Otherwise net/http would silently resend a request with an Idempotency-Key if
// its connection dies.
func (b *keyedBody) giveTo(req *http.Request) {
	req.Body = io.NopCloser(bytes.NewReader(b.json))
	req.ContentLength = int64(len(b.json))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", b.key)
}

func (c *Client) url(to call) string {
	if len(to.query) == 0 {
		return c.base + to.path
	}
	return c.base + to.path + "?" + to.query.Encode()
}
