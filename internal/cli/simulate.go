package cli

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"runtime"
	"strconv"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// The built-in worlds for --world.
const (
	worldDemo    = "demo"
	worldFailing = "failing"
)

// SimulateOptions are the flags of simulate.
type SimulateOptions struct {
	World   string // a built-in one or a file; empty: demo
	Failing bool
	Port    int // 0: a free one
}

func (o *SimulateOptions) options() []*option {
	return []*option{
		{
			name: "world", placeholder: "WORLD", set: file(&o.World),
			help: "What to simulate: demo (gates pass), failing (gates block) or a YAML file. Default: demo.",
		},
		{name: "failing", help: "The same as --world failing.", set: toggle(&o.Failing)},
		{
			name: "port", placeholder: "N", set: wholeNumber(0, maxPort, func(n int) { o.Port = n }),
			help: "Port on loopback; 0 takes a free one. Default: 0.",
		},
	}
}

const maxPort = 65535

// simulate serves the simulator on loopback until a signal comes.
func (s *session) simulate(ctx context.Context) int {
	world, err := s.loadWorld(ctx)
	if err != nil {
		return s.refuse(err)
	}
	port := strconv.Itoa(s.command.Simulate.Port)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return s.refuse(fmt.Errorf("listen on loopback: %w: give another --port", err))
	}
	url := fmt.Sprintf("http://%s/v2", listener.Addr())
	_, powerShell := s.process.Lookup("PSModulePath")
	s.print(fmt.Sprintf("the simulator listens on %s\n%s", url,
		pointAt(url, cmp.Or(world.APIKey, simulator.DefaultKey), runtime.GOOS, powerShell)))
	s.flush()
	if err := simulator.New(world).Serve(ctx, listener); err != nil {
		return s.refuse(fmt.Errorf("serve the simulator: %w", err))
	}
	return exitDone
}

// pointAt returns shell commands that direct later gates to the simulator. Windows sets PSModulePath in every shell; other
// systems set it only inside PowerShell. Fish understands export.
func pointAt(url, key, goos string, powerShell bool) string {
	posix := func(value string) string { return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'" }
	pwsh := func(value string) string { return "'" + strings.ReplaceAll(value, "'", "''") + "'" }
	inShell := fmt.Sprintf("export TELNYX_BASE_URL=%s TELNYX_API_KEY=%s\n", posix(url), posix(key))
	inPowerShell := fmt.Sprintf("in PowerShell:\n$env:TELNYX_BASE_URL = %s; $env:TELNYX_API_KEY = %s\n", pwsh(url), pwsh(key))
	inCmd := fmt.Sprintf("in cmd:\nset \"TELNYX_BASE_URL=%s\" & set \"TELNYX_API_KEY=%s\"\n", url, key)
	switch {
	case goos == "windows":
		return inPowerShell + inCmd + "in Git Bash:\n" + inShell
	case powerShell:
		return inPowerShell + "in another shell:\n" + inShell
	}
	return inShell
}

func (s *session) loadWorld(ctx context.Context) (simulator.World, error) {
	name := s.command.Simulate.World
	if s.command.Simulate.Failing {
		if name != "" && name != worldFailing {
			return simulator.World{}, invalid(fmt.Sprintf("--failing and --world %s: give one of them", name))
		}
		name = worldFailing
	}
	switch name {
	case "", worldDemo:
		return simulator.BuiltIn(), nil
	case worldFailing:
		return simulator.BuiltInFailing(), nil
	}
	data, err := readInput(ctx, inputFile{path: name, limit: simulator.MaxWorld})
	if err != nil {
		return simulator.World{}, &InvalidError{Problems: []string{
			fmt.Sprintf("--world %s: %v: give %s, %s or a file that can be read", name, err, worldDemo, worldFailing),
		}}
	}
	world, err := simulator.Load(data)
	if err != nil {
		return simulator.World{}, invalid(fmt.Sprintf("--world %s: %v", name, err))
	}
	return world, nil
}
