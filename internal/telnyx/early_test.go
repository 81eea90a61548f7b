package telnyx

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// connections counts a server's.
type connections struct {
	mu             sync.Mutex
	opened, closed int
	changed        chan struct{}
}

func (c *connections) state(_ net.Conn, s http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch s {
	case http.StateNew:
		c.opened++
	case http.StateClosed:
		c.closed++
	default:
		return
	}
	c.changed <- struct{}{}
}

// wait returns when so many connections were opened and closed.
func (c *connections) wait(t *testing.T, opened, closed int) {
	t.Helper()
	limit := time.After(10 * time.Second)
	for {
		c.mu.Lock()
		reached := c.opened == opened && c.closed == closed
		c.mu.Unlock()
		if reached {
			return
		}
		select {
		case <-c.changed:
		case <-limit:
			t.Fatalf("%d connections opened and %d closed, want %d and %d", c.opened, c.closed, opened, closed)
		}
	}
}

// countedServer is a server, with TLS and HTTP/2 where secure, that knows its connections, and a transport that trusts it.
func countedServer(t *testing.T, secure bool) (*httptest.Server, *connections, *http.Transport) {
	t.Helper()
	seen := &connections{changed: make(chan struct{}, 100)}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, testJSON(testA, r.Proto))
	}))
	server.Config.ConnState, server.Config.ErrorLog = seen.state, discardLog()
	tr := newTransport(4)
	if secure {
		server.EnableHTTP2 = true
		server.StartTLS()
		tr.TLSClientConfig.RootCAs = server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	} else {
		server.Start()
	}
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server, seen, tr
}

// TestTheFirstRequestFindsAConnection that was opened before it was made, and no other is opened for it.
func TestTheFirstRequestFindsAConnection(t *testing.T) {
	for secure, proto := range map[bool]string{true: "HTTP/2.0", false: "HTTP/1.1"} {
		server, seen, tr := countedServer(t, secure)
		early := openEarly(tr, server.URL+"/v2")
		seen.wait(t, 1, 0)
		c := clientOf(t, server.URL, early)
		for range 3 {
			test, err := c.GetTest(t.Context(), testA)
			if err != nil || test.Name != proto {
				t.Errorf("%q %v, want %s", test.Name, err, proto)
			}
		}
		seen.wait(t, 1, 0)
		c.CloseIdleConnections()
	}
}

func TestAConnectionThatNobodyNeedsIsClosed(t *testing.T) {
	for _, secure := range []bool{true, false} {
		server, seen, tr := countedServer(t, secure)
		early := openEarly(tr, server.URL)
		seen.wait(t, 1, 0)
		early.CloseIdleConnections()
		early.CloseIdleConnections()
		seen.wait(t, 1, 1)
	}
}

// TestAConnectionThatWasClosedBeforeItsFirstRequest costs that one a try.
func TestAConnectionThatWasClosedBeforeItsFirstRequest(t *testing.T) {
	server, seen, tr := countedServer(t, false)
	early := openEarly(tr, server.URL)
	seen.wait(t, 1, 0)
	server.CloseClientConnections()
	seen.wait(t, 1, 1)
	c := clientOf(t, server.URL, early)
	if _, err := c.GetTest(t.Context(), testA); err != nil {
		t.Error(err)
	}
	c.CloseIdleConnections()
}

// TestAnEarlyConnectionThatFails says what any other would have said, and the next is dialled anew.
func TestAnEarlyConnectionThatFails(t *testing.T) {
	server, _, tr := countedServer(t, true)
	tr.TLSClientConfig.RootCAs = nil
	c := clientOf(t, server.URL, openEarly(tr, server.URL))
	for range 2 {
		_, err := trigger(t.Context(), c)
		e := wantError(t, err, KindNotSent)
		wantText(t, e.Error(), "certificate", "SSL_CERT_FILE")
		if !Hopeless(err) {
			t.Errorf("%v is worth another try", err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + l.Addr().String()
	_ = l.Close()
	c = clientOf(t, address, NewTransportTo(1, address))
	_, err = trigger(t.Context(), c)
	wantText(t, wantError(t, err, KindNotSent).Error(), "nothing listens there")
}

// TestNothingIsOpenedEarly to what is no API root, nor past a proxy.
func TestNothingIsOpenedEarly(t *testing.T) {
	if NewTransportTo(1, "http://example.com").early != nil || NewTransportTo(1, "").early != nil {
		t.Error("a connection to what is no API root")
	}
}

// TestAHandshakeThatHangs ends in its time, and says so.
func TestAHandshakeThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		defer func() { _ = theirs.Close() }()
		c := &connector{
			dial:   func(context.Context, string, string) (net.Conn, error) { return ours, nil },
			config: newTransport(1).TLSClientConfig,
		}
		began := time.Now()
		_, err := c.handshake(t.Context(), "tcp", "127.0.0.1:443")
		if took := time.Since(began); !errors.Is(err, errHandshake) || took != handshakeTimeout {
			t.Errorf("%v after %s", err, took)
		}
	})
}
