package telnyx

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func proxyAt(address string) func(*http.Request) (*url.URL, error) {
	u, err := url.Parse(address)
	return func(*http.Request) (*url.URL, error) { return u, err }
}

// tlsServer starts a server that speaks HTTP/2 and returns it with a transport that trusts it.
func tlsServer(t *testing.T, handler http.HandlerFunc) (*httptest.Server, *http.Transport) {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.EnableHTTP2 = true
	server.Config.ErrorLog = discardLog()
	server.StartTLS()
	tr := NewTransport(4).(*http.Transport)
	tr.TLSClientConfig.RootCAs = server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	t.Cleanup(func() {
		tr.CloseIdleConnections()
		server.CloseClientConnections()
		server.Close()
	})
	return server, tr
}

func clientOf(t *testing.T, base string, tr http.RoundTripper) *Client {
	t.Helper()
	c, err := New(Config{BaseURL: base, APIKey: testKey, Transport: tr, AttemptTimeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTransportSpeaksHTTP2(t *testing.T) {
	var proto atomic.Value
	server, tr := tlsServer(t, func(w http.ResponseWriter, r *http.Request) {
		proto.Store(r.Proto)
		w.WriteHeader(201)
		_, _ = io.WriteString(w, runJSON("pending"))
	})
	if _, err := trigger(t.Context(), clientOf(t, server.URL, tr)); err != nil {
		t.Fatal(err)
	}
	if proto.Load() != "HTTP/2.0" {
		t.Errorf("spoke %v", proto.Load())
	}
	if tr.HTTP2.SendPingTimeout != 15*time.Second || tr.HTTP2.PingTimeout != 10*time.Second {
		t.Errorf("%+v", tr.HTTP2)
	}
	if tr.MaxConnsPerHost != 4 || tr.MaxIdleConnsPerHost != 4 || tr.ResponseHeaderTimeout != 0 || tr.TLSClientConfig.MinVersion != tls.VersionTLS12 {
		t.Errorf("%+v", tr)
	}
}

// Under HTTP/2, too, a trigger whose stream is reset went out once and may have been executed.
func TestTriggerOnceOnHTTP2Reset(t *testing.T) {
	var posts atomic.Int64
	server, tr := tlsServer(t, func(w http.ResponseWriter, _ *http.Request) {
		if posts.Add(1) > 1 {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(201)
		_, _ = io.WriteString(w, runJSON("pending"))
	})
	c := clientOf(t, server.URL, tr)
	if _, err := trigger(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	_, err := trigger(t.Context(), c)
	wantError(t, err, KindAmbiguous)
	if posts.Load() != 2 {
		t.Errorf("%d POSTs arrived, want 2", posts.Load())
	}
}

func TestTransportRefusesUnknownCA(t *testing.T) {
	server, tr := tlsServer(t, func(http.ResponseWriter, *http.Request) {})
	tr.TLSClientConfig.RootCAs = nil
	_, err := trigger(t.Context(), clientOf(t, server.URL, tr))
	wantError(t, err, KindNotSent)
	wantText(t, err.Error(), "x509", "SSL_CERT_FILE")
}

func TestTransportNeedsTLS(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(server.Close)
	tr := NewTransport(1)
	_, err := trigger(t.Context(), clientOf(t, strings.Replace(server.URL, "http:", "https:", 1), tr))
	wantError(t, err, KindNotSent)
	wantText(t, err.Error(), "TLS", "base-url")
}

// A tick of many polls at once opens as many connections as allowed, and the next ticks none.
func TestTransportKeepsConnections(t *testing.T) {
	var opened atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, runJSON("running"))
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	c := clientOf(t, server.URL, NewTransport(8))
	for range 10 {
		var group sync.WaitGroup
		for range 32 {
			group.Go(func() {
				if _, err := c.GetRun(t.Context(), testA, runA); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	}
	c.CloseIdleConnections()
	server.Close()
	if opened.Load() > 8 {
		t.Errorf("%d connections for 10 ticks of 32 requests, want 8 at most", opened.Load())
	}
}

func TestProxyRefusesTunnel(t *testing.T) {
	for status, words := range map[int]string{407: "user and password", 403: "NO_PROXY"} {
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Proxy-Authenticate", r.Header.Get("Proxy-Authorization"))
			w.WriteHeader(status)
		}))
		tr := NewTransport(1).(*http.Transport)
		tr.Proxy = proxyAt(strings.Replace(proxy.URL, "://", "://user:hunter2@", 1))
		_, err := trigger(t.Context(), clientOf(t, "https://api.telnyx.test", tr))
		e := wantError(t, err, KindNotSent)
		wantText(t, err.Error(), words, strings.TrimPrefix(proxy.URL, "http://"))
		if e.Status != 0 || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%+v", e)
		}
		proxy.Close()
	}
}

// net/http reads the environment once in a process, so a child of this test has the broken setting.
func TestProxySettingIsNotShown(t *testing.T) {
	if os.Getenv("TELNYX_TEST_CHILD") == "1" {
		c := clientOf(t, "https://api.telnyx.test", nil)
		_, err := trigger(context.Background(), c)
		wantError(t, err, KindNotSent)
		t.Log(err)
		return
	}
	for _, setting := range []string{"http://user:hun ter2@proxy:80", "user:%zzhunter2@proxy:80", "http://user:hunter2@proxy:port"} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProxySettingIsNotShown$", "-test.v")
		cmd.Env = append(os.Environ(), "TELNYX_TEST_CHILD=1", "GORACE=atexit_sleep_ms=0", "HTTPS_PROXY="+setting, "https_proxy=", "NO_PROXY=", "no_proxy=")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", setting, err, out)
		}
		wantText(t, string(out), "HTTPS_PROXY has no usable address")
		if strings.Contains(string(out), "ter2") {
			t.Errorf("%s: shown in %s", setting, out)
		}
	}
}
