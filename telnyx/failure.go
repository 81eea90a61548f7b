package telnyx

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"syscall"
)

// failure makes an *Error of a call that brought no answer.
func (c *Client) failure(ctx context.Context, op string, err error) *Error {
	e := &Error{Op: op, Kind: KindAmbiguous}
	if sent, ok := errors.AsType[*sendError](err); ok && !sent.mayBeSent {
		e.Kind = KindNotSent
	}
	cause := transportCause(err)
	e.Hopeless = hopeless(cause) || unknownHost(cause)
	e.Err = c.cause(ctx, cause)
	return e
}

// transportCause takes off what net/http and exchange have put around a failure: its text would repeat the method and
// the URL.
func transportCause(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	if sent, ok := errors.AsType[*sendError](err); ok {
		err = sent.err
	}
	return err
}

// cause returns why ctx ended, or else err with a text that is short, safe and says what to do.
func (c *Client) cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	text := err.Error()
	if advice := adviceFor(err); advice != "" {
		text += ": " + advice
	}
	return &opaqueError{text: clip(c.secrets.text(text), 2*maxDetail), err: err}
}

// adviceFor returns what the user can change about a failure without an answer, or "".
func adviceFor(err error) string {
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "if a proxy with a CA of its own stands in between, name that CA's certificate file in SSL_CERT_FILE"
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "the certificate is for another host: check base-url"
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return "check this machine's clock"
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return "nothing speaks TLS there: check base-url"
	}
	if unknownHost(err) {
		return "check base-url and, where there is a proxy, HTTPS_PROXY and NO_PROXY"
	}
	op, ok := errors.AsType[*net.OpError](err)
	switch {
	case ok && op.Op == "proxyconnect":
		return "the proxy does not answer: check HTTPS_PROXY and NO_PROXY"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there: check base-url and, where there is a proxy, HTTPS_PROXY"
	}
	return ""
}

// unknownHost reports whether the name server knows no such host.
func unknownHost(err error) bool {
	dns, ok := errors.AsType[*net.DNSError](err)
	return ok && dns.IsNotFound
}

// hopeless reports whether the same request will fail in the same way again: certificates, TLS and proxy settings do
// not change by waiting.
func hopeless(err error) bool {
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, record := errors.AsType[tls.RecordHeaderError](err)
	refusal, refused := errors.AsType[*proxyRefusal](err)
	return certificate || record || errors.Is(err, errProxySetting) || refused && refusal.status/100 == 4
}
