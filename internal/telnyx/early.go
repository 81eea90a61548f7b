package telnyx

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
)

// NewTransportTo is NewTransport with a first connection to the API at base, an API root as ParseBaseURL has it, that is
// opened at once, TLS included, for the first request to find it there. CloseIdleConnections closes it where none came.
// Behind a proxy nothing is opened early.
func NewTransportTo(conns int, base string) *EarlyTransport {
	return openEarly(newTransport(conns), base)
}

func openEarly(t *http.Transport, base string) *EarlyTransport {
	u, err := ParseBaseURL(base)
	if err != nil {
		return &EarlyTransport{Transport: t}
	}
	if proxy, err := proxyFromEnvironment(&http.Request{URL: u}); proxy != nil || err != nil {
		return &EarlyTransport{Transport: t}
	}
	c := &connector{dial: t.DialContext, config: t.TLSClientConfig.Clone()}
	c.config.NextProtos = []string{"h2", "http/1.1"}
	c.open(u)
	t.DialContext, t.DialTLSContext = c.dialPlain, c.dialTLS
	return &EarlyTransport{Transport: t, early: c.early}
}

// EarlyTransport is an http.Transport with a connection that is opened before it is needed.
type EarlyTransport struct {
	*http.Transport
	early *earlyConn
}

// CloseIdleConnections closes the connections that are not in use.
func (t *EarlyTransport) CloseIdleConnections() {
	t.early.discard()
	t.Transport.CloseIdleConnections()
}

// dialFunc opens a connection.
type dialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

// connector opens connections, one of them before anybody asks for it.
type connector struct {
	dial   dialFunc
	config *tls.Config // of every TLS connection
	early  *earlyConn
}

// earlyConn is a connection that is opened while the caller is still busy with something else.
type earlyConn struct {
	network, addr string
	stop          context.CancelFunc
	taken         atomic.Bool
	done          chan struct{} // closed once conn and err are there
	conn          net.Conn
	err           error
}

// dialPlain opens a connection without TLS.
func (c *connector) dialPlain(ctx context.Context, network, addr string) (net.Conn, error) {
	return c.early.or(ctx, network, addr, c.dial)
}

// dialTLS opens a connection and does the TLS handshake on it.
func (c *connector) dialTLS(ctx context.Context, network, addr string) (net.Conn, error) {
	return c.early.or(ctx, network, addr, c.handshake)
}

func (c *connector) handshake(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := c.dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	config := c.config.Clone()
	if config.ServerName, _, err = net.SplitHostPort(addr); err != nil {
		_ = conn.Close()
		return nil, err
	}
	timed, cancel := context.WithTimeout(ctx, handshakeTimeout)
	defer cancel()
	secured := tls.Client(conn, config)
	if err := secured.HandshakeContext(timed); err != nil {
		_ = conn.Close()
		if timed.Err() != nil && ctx.Err() == nil {
			return nil, errHandshake // err speaks of a context
		}
		return nil, err
	}
	return secured, nil
}

var errHandshake = fmt.Errorf("no TLS handshake within %s", handshakeTimeout)

// open begins to open a connection to the API at base.
func (c *connector) open(base *url.URL) {
	port, dial := base.Port(), c.handshake
	if base.Scheme == "http" {
		dial = c.dial
	}
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[base.Scheme]
	}
	ctx, cancel := context.WithCancel(context.Background())
	e := &earlyConn{network: "tcp", addr: net.JoinHostPort(base.Hostname(), port), stop: cancel, done: make(chan struct{})}
	c.early = e
	if base.Scheme == "https" {
		go loadRoots()
	}
	go func() {
		defer close(e.done)
		e.conn, e.err = dial(ctx, e.network, e.addr)
	}()
}

// loadRoots has the system's certificates read while the connection is made, which the handshake would have to wait for.
func loadRoots() { _, _ = x509.SystemCertPool() } // a fault is the handshake's to tell

// or returns the early connection where it is one to addr that nobody has taken, else what dial opens. One that could not
// be opened is not tried again: its error is the answer, as it would be had it been opened now.
func (e *earlyConn) or(ctx context.Context, network, addr string, dial dialFunc) (net.Conn, error) {
	if e == nil || e.network != network || e.addr != addr || !e.taken.CompareAndSwap(false, true) {
		return dial(ctx, network, addr)
	}
	select {
	case <-e.done:
		return e.conn, e.err
	case <-ctx.Done():
		e.close()
		return nil, context.Cause(ctx)
	}
}

// discard closes the connection where nobody has taken it.
func (e *earlyConn) discard() {
	if e != nil && e.taken.CompareAndSwap(false, true) {
		e.close()
	}
}

// close closes the connection as soon as it is open.
func (e *earlyConn) close() {
	e.stop()
	<-e.done
	if e.conn != nil {
		_ = e.conn.Close()
	}
}
