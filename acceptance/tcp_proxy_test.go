package acceptance

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// toxic is a fault at TCP level, in the words of toxiproxy. Its connections are made with it in place.
type toxic struct {
	Type       string         `json:"type"`
	Stream     string         `json:"stream"` // upstream: what the client sends; downstream: what the server answers
	Attributes map[string]any `json:"attributes"`
}

const (
	upstream   = "upstream"
	downstream = "downstream"
)

// startProxy starts a proxy with the toxics in front of the server at upstreamAddress and returns its address, until the
// test ends.
func startProxy(t *testing.T, upstreamAddress string, toxics ...toxic) string {
	t.Helper()
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	proxy := toxiproxy.NewProxy(server, t.Name(), "127.0.0.1:0", upstreamAddress)
	for _, each := range toxics {
		definition, err := json.Marshal(each)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := proxy.Toxics.AddToxicJson(bytes.NewReader(definition)); err != nil {
			t.Fatalf("%s: %v", definition, err)
		}
	}
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Stop)
	return proxy.Listen
}

// networkTo is the client's own transport, all of whose connections go to one address instead of their host's.
func networkTo(t *testing.T, address string) *http.Transport {
	t.Helper()
	transport, ok := telnyx.NewTransport(8).(*http.Transport)
	if !ok {
		t.Fatal("telnyx.NewTransport is no *http.Transport any more: these tests change where it dials")
	}
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// endpoint is a kind of request of the gate.
type endpoint string

const (
	lookUp  endpoint = "look-up"
	trigger endpoint = "trigger"
	poll    endpoint = "poll"
)

func endpointOf(req *http.Request) endpoint {
	switch {
	case req.Method == http.MethodPost:
		return trigger
	case strings.Contains(req.URL.Path, "/runs/"):
		return poll
	}
	return lookUp
}

// diversion is a RoundTripper that sends some requests over a network with faults: those of one endpoint, the first few
// or all of them.
type diversion struct {
	clean, faulty http.RoundTripper
	on            endpoint
	most          int // 0: all

	mu       sync.Mutex
	diverted int
}

// RoundTrip sends the request over the one or the other network.
func (d *diversion) RoundTrip(req *http.Request) (*http.Response, error) {
	if d.divert(req) {
		return d.faulty.RoundTrip(req)
	}
	return d.clean.RoundTrip(req)
}

func (d *diversion) divert(req *http.Request) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if endpointOf(req) != d.on || d.most > 0 && d.diverted >= d.most {
		return false
	}
	d.diverted++
	return true
}

// met is how many requests were sent over the network with faults.
func (d *diversion) met() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.diverted
}
