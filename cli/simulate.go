package cli

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"strconv"

	"github.com/assistant-gate/assistant-gate/simulator"
)

// simulate serves the simulator on loopback until a signal comes.
func (s *session) simulate(ctx context.Context) int {
	world, err := s.loadWorld(ctx)
	if err != nil {
		return s.refuse(err)
	}
	port := strconv.Itoa(int(s.command.Simulate.Port))
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return s.refuse(fmt.Errorf("listen on loopback: %w: give another --port", err))
	}
	key := cmp.Or(world.APIKey, simulator.DefaultKey)
	s.print(fmt.Sprintf("the simulator listens on http://%s/v2\n"+
		"export TELNYX_BASE_URL=http://%s/v2 TELNYX_API_KEY=%s\n", listener.Addr(), listener.Addr(), key))
	s.flush()
	if err := simulator.New(world).Serve(ctx, listener); err != nil {
		return s.refuse(fmt.Errorf("serve the simulator: %w", err))
	}
	return exitDone
}

func (s *session) loadWorld(ctx context.Context) (simulator.World, error) {
	path := s.command.Simulate.World
	if path == "" {
		return simulator.BuiltIn(), nil
	}
	var world simulator.World
	data, err := readInput(ctx, inputFile{path: path, limit: simulator.MaxWorld})
	if err == nil {
		world, err = simulator.Load(data)
	}
	if err != nil {
		return simulator.World{}, &InvalidError{Problems: []string{fmt.Sprintf("--world %s: %v", path, err)}}
	}
	return world, nil
}
