package acceptance

import (
	"context"
	"net"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// serve starts the simulator's own server on loopback and returns its address, until the test ends.
func serve(t *testing.T, sim *simulator.Simulator) string {
	t.Helper()
	listener := listen(t)
	serveOn(t, sim, listener)
	return listener.Addr().String()
}

func serveOn(t *testing.T, sim *simulator.Simulator, listener net.Listener) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- sim.Serve(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Errorf("the simulator's server: %v", err)
		}
	})
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}
