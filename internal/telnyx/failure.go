package telnyx

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/url"
)

// failure makes an *Error of a call without an answer.
func (c *Client) failure(ctx context.Context, op string, err error) *Error {
	e := &Error{Op: op, Kind: KindAmbiguous}
	if sent, ok := errors.AsType[*sendError](err); ok && !sent.mayBeSent {
		e.Kind = KindNotSent
	}
	cause := transportCause(err)
	e.Permanent = permanent(cause) || unknownHost(cause)
	e.Err = c.cause(ctx, cause)
	return e
}

// transportCause unwraps the errors of net/http and exchange, whose texts would repeat the method and the URL.
func transportCause(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	if sent, ok := errors.AsType[*sendError](err); ok {
		err = sent.err
	}
	return err
}

// cause returns why ctx ended, or otherwise err with a short, safe text that tells the user what to do.
func (c *Client) cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	text := err.Error()
	if advice := c.advice(err); advice != "" {
		text += ": " + advice
	}
	return &opaqueError{text: clip(withoutSecrets(c.key, text), 2*maxDetail), err: err}
}

// unknownHost reports whether the name server does not know the host.
func unknownHost(err error) bool {
	dns, ok := errors.AsType[*net.DNSError](err)
	return ok && dns.IsNotFound
}

// permanent reports whether the same request will fail in the same way again: waiting does not change certificates, TLS or proxy
// settings.
func permanent(err error) bool {
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, record := errors.AsType[tls.RecordHeaderError](err)
	_, setting := errors.AsType[*proxySetting](err)
	refusal, refused := errors.AsType[*proxyRefusal](err)
	return certificate || record || setting || refused && refusal.status/100 == 4
}
