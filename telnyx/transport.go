package telnyx

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// handshakeTimeout bounds a TLS handshake.
const handshakeTimeout = 10 * time.Second

// NewTransport returns an HTTP transport with at most conns connections to a host, all of which stay open between
// requests, so that a tick of polls dials nothing. It heeds HTTPS_PROXY, HTTP_PROXY, NO_PROXY and SSL_CERT_FILE, and
// notices by pings when an HTTP/2 connection has died silently (measured: without them every poll fails on the dead
// connection until the kernel gives up). It has no timeout for a whole request: the Client has.
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

// errProxySetting stands in for texts that would quote a part of the variable, which may hold a password.
var errProxySetting = errors.New("HTTPS_PROXY or HTTP_PROXY holds no usable address (not shown here: it may hold a password)")

func proxyFromEnvironment(req *http.Request) (*url.URL, error) {
	proxy, err := http.ProxyFromEnvironment(req)
	// Where an address makes no sense, net/http tries "http://" before it and may end up with a host of "http:" or none.
	if err != nil || proxy != nil && (proxy.Hostname() == "" || strings.HasSuffix(proxy.Host, ":")) {
		return nil, errProxySetting
	}
	return proxy, nil
}

// proxyRefusal is a proxy's answer other than 200 to the request for a tunnel.
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
