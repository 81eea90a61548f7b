package telnyx

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
)

// telnyxRoot is the API root of Telnyx itself.
const telnyxRoot = "https://api.telnyx.com/v2"

// advice returns what the user can change about a failure without an answer, or "".
func (c *Client) advice(err error) string {
	proxy := proxyOf(c.roundTripper.next, c.base)
	op, _ := errors.AsType[*net.OpError](err)
	_, noTLS := errors.AsType[tls.RecordHeaderError](err)
	_, unknownCA := errors.AsType[x509.UnknownAuthorityError](err)
	_, otherHost := errors.AsType[x509.HostnameError](err)
	invalid, expired := errors.AsType[x509.CertificateInvalidError](err)
	switch atProxy := op != nil && op.Op == "proxyconnect"; {
	case unknownCA:
		return certificateAdvice(os.Getenv("SSL_CERT_FILE"))
	case otherHost:
		return "the certificate is for another host: " + c.whoAnswers()
	case expired && invalid.Reason == x509.Expired:
		return "check this machine's clock"
	case noTLS && atProxy:
		return fmt.Sprintf("the proxy %s does not speak TLS: write its address with http:// in HTTPS_PROXY", proxy)
	case noTLS && proxy != "":
		return fmt.Sprintf("the host behind the proxy %s does not speak TLS: check HTTPS_PROXY and NO_PROXY", proxy)
	case noTLS:
		return "the server does not speak TLS: " + c.whoAnswers()
	case atProxy:
		return fmt.Sprintf("the proxy %s does not answer: check HTTPS_PROXY and NO_PROXY", proxy)
	case unknownHost(err):
		return "check base-url and, if there is a proxy, HTTPS_PROXY and NO_PROXY"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there: check base-url and, if there is a proxy, HTTPS_PROXY"
	case proxy != "":
		return fmt.Sprintf("the connection goes through the proxy %s (HTTPS_PROXY, NO_PROXY)", proxy)
	}
	return ""
}

// codeKeysUnchecked is Telnyx's code of a 503 that it also sends if it cannot check idempotency keys (Telnyx's reference page "Create an
// assistant", 2026-09).
const codeKeysUnchecked = "10016"

// explainKey adds to the error of a request with an idempotency key what Telnyx's answer has to do with the key.
func explainKey(err error) {
	e, ok := errors.AsType[*Error](err)
	if ok && e.Status == http.StatusServiceUnavailable && e.Code == codeKeysUnchecked {
		e.Err = errors.New("either the service or its check of the Idempotency-Key, which prevents a second run, is unavailable; the gate only sends again with the same key")
	}
}

// whoAnswers returns what to check if something other than Telnyx seems to have answered.
func (c *Client) whoAnswers() string {
	proxy := proxyOf(c.roundTripper.next, c.base)
	switch {
	case proxy != "" && c.base == telnyxRoot:
		return fmt.Sprintf("check the proxy %s (HTTPS_PROXY, NO_PROXY)", proxy)
	case proxy != "":
		return fmt.Sprintf("check base-url and the proxy %s (HTTPS_PROXY, NO_PROXY)", proxy)
	case c.base == telnyxRoot:
		return "a proxy or captive portal seems to be between this machine and Telnyx"
	}
	return "check base-url"
}

// maxCertFile limits how much of a certificate file is read; a system's whole list has less than 1 MiB.
const maxCertFile = 4 << 20

// certificateAdvice returns what to do about a certificate of an unknown authority, given the value of SSL_CERT_FILE. Go silently
// ignores a file that it cannot use.
func certificateAdvice(file string) string {
	if file == "" {
		return "if there is a proxy with its own CA, set SSL_CERT_FILE to that CA's certificate file"
	}
	text, err := readRegular(file, maxCertFile)
	if err != nil {
		return fmt.Sprintf("SSL_CERT_FILE cannot be read: %v", err)
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "CERTIFICATE" {
			return fmt.Sprintf("SSL_CERT_FILE (%s) does not have the authority that signed the certificate: add it", file)
		}
	}
	return fmt.Sprintf("SSL_CERT_FILE (%s) has no certificate in PEM form", file)
}

// readRegular reads up to limit bytes of a regular file.
func readRegular(name string, limit int64) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, limit))
}
