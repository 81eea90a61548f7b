package acceptance

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// TestConnectionThatDiesSilently freezes the gate's only HTTP/2 connection while runs are watched. Pings notice it, and
// the gate goes on over a new one; a transport without pings shows that nothing else does.
func TestConnectionThatDiesSilently(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		args    []string
		change  func(*http.Transport)
		exit    int
		redials bool
	}{
		{"with the client's pings", nil, quickerPings, 0, true},
		{"without pings", []string{"--timeout", "2s"}, func(transport *http.Transport) { transport.HTTP2 = nil }, 4, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			sim := simulator.New(pair())
			certificate, roots := testCertificate(t)
			listener := listen(t)
			serveOn(t, sim, tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{certificate}, NextProtos: []string{"h2"}}))
			proxy := startFreezer(t, listener.Addr().String())
			transport := networkTo(t, proxy.listener.Addr().String())
			pings := transport.HTTP2
			if pings == nil || pings.SendPingTimeout <= 0 || pings.SendPingTimeout > 20*time.Second || pings.PingTimeout <= 0 || pings.PingTimeout > 20*time.Second {
				t.Fatalf("the client's transport sends no pings, or too seldom: %+v", pings)
			}
			transport.TLSClientConfig.RootCAs = roots
			c.change(transport)
			watch := &freezing{next: transport, freeze: proxy.freeze, triggers: 2}
			p := program{
				args:      slices.Concat([]string{"--base-url", "https://" + listener.Addr().String() + "/v2", "--version-id", simtest.Candidate, "--test-suites", simtest.Suite, "--run-key", "one-by-one"}, c.args),
				transport: watch, timings: simtest.Timings(),
			}
			e := p.run(t.Context(), t)
			e.wantExit(t, c.exit)
			e.checkNoSecret(t)
			e.checkReports(t)
			if paid := len(sim.Ledger()); paid != 2 {
				t.Errorf("%d runs were paid for, want 2", paid)
			}
			if watch.protocol != "HTTP/2.0" {
				t.Errorf("the gate spoke %s, want HTTP/2.0", watch.protocol)
			}
			if got := proxy.accepted(); got > 1 != c.redials {
				t.Errorf("%d connections were made; a new one after the first is expected: %v", got, c.redials)
			}
		})
	}
}

// quickerPings keeps the client's pings, but does not wait for them as long as users do.
func quickerPings(transport *http.Transport) {
	transport.HTTP2.SendPingTimeout = 100 * time.Millisecond
	transport.HTTP2.PingTimeout = 300 * time.Millisecond
}

// freezing is a RoundTripper that freezes the network right before the first poll that follows all triggers.
type freezing struct {
	next     http.RoundTripper
	freeze   func()
	triggers int // how many there are

	mu       sync.Mutex
	protocol string // of the last answer
}

// RoundTrip sends the request.
func (f *freezing) RoundTrip(req *http.Request) (*http.Response, error) {
	f.mu.Lock()
	if endpointOf(req) == poll && f.triggers == 0 {
		f.freeze()
		f.triggers = -1 // once
	}
	f.mu.Unlock()
	resp, err := f.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.protocol = resp.Proto
	if endpointOf(req) == trigger {
		f.triggers--
	}
	return resp, nil
}

// testCertificate makes a certificate for loopback and the pool that trusts it.
func testCertificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, BasicConstraintsValid: true, IsCA: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}
