package telnyx

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
	"unicode"
)

// handshakeTimeout limits a TLS handshake.
const handshakeTimeout = 10 * time.Second

// NewTransport returns an HTTP transport with at most conns connections to a host, all of which stay open between
// requests, so that polls need not dial. It respects HTTPS_PROXY, HTTP_PROXY, NO_PROXY and SSL_CERT_FILE. It sends
// pings to detect an HTTP/2 connection that has died silently (measured: without them every poll fails on the dead connection until
// the kernel gives up). It has no timeout for a whole request, because the Client has one.
func NewTransport(conns int) http.RoundTripper { return newTransport(conns) }

func newTransport(conns int) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	return &http.Transport{
		Proxy:                  proxyFromEnvironment,
		OnProxyConnectResponse: checkProxyConnect,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    handshakeTimeout,
		MaxConnsPerHost:        conns,
		MaxIdleConns:           conns,
		MaxIdleConnsPerHost:    conns,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
		Protocols:              protocols,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 10 * time.Second},
	}
}

// proxySetting is a proxy variable without a usable address. Its text does not quote the value, which may contain a password.
type proxySetting struct{ variable string }

func (p *proxySetting) Error() string {
	return p.variable + " has no usable address (not shown, because it may contain a password): set it to http://HOST:PORT, without blanks and line breaks, or unset it"
}

// proxyFromEnvironment is http.ProxyFromEnvironment, but fails on an unusable value, which that would silently ignore and so bypass the
// proxy.
func proxyFromEnvironment(req *http.Request) (*url.URL, error) {
	if loopback(req.URL.Hostname()) { // never through a proxy
		return nil, nil
	}
	names := []string{"HTTPS_PROXY", "https_proxy"}
	if req.URL.Scheme == "http" {
		names = []string{"HTTP_PROXY", "http_proxy"}
	}
	for _, name := range names {
		value := os.Getenv(name)
		if value == "" {
			continue
		}
		if !usableProxy(value) {
			return nil, &proxySetting{name}
		}
		break // the first that is set counts
	}
	return http.ProxyFromEnvironment(req)
}

// usableProxy reports whether net/http reads a proxy's address as the user means it: a URL, or host and port.
func usableProxy(value string) bool {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" {
		u, err = url.Parse("http://" + value)
	}
	// Prefixing nonsense with "http://" can give a host "http:", or none.
	return err == nil && u.Hostname() != "" && !strings.HasSuffix(u.Host, ":") && !strings.ContainsFunc(value, unicode.IsSpace)
}

// proxyOf returns host and port of the proxy for base; empty if there is none.
func proxyOf(transport http.RoundTripper, base string) string {
	t, ok := transport.(*http.Transport)
	u, err := url.Parse(base)
	if !ok || t.Proxy == nil || err != nil {
		return ""
	}
	proxy, err := t.Proxy(&http.Request{URL: u})
	if proxy == nil || err != nil {
		return ""
	}
	return proxy.Host
}

// proxyRefusal is a proxy's answer other than 200 to CONNECT.
type proxyRefusal struct {
	proxy  string // host and port
	status int
}

func (r *proxyRefusal) Error() string {
	hint := "check HTTPS_PROXY and NO_PROXY"
	if r.status == http.StatusProxyAuthRequired {
		hint = "check user and password in HTTPS_PROXY"
	}
	return fmt.Sprintf("the proxy %s refused the connection: HTTP %d %s: %s", r.proxy, r.status, http.StatusText(r.status), hint)
}

func checkProxyConnect(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyRefusal{proxy: proxy.Host, status: resp.StatusCode}
}
