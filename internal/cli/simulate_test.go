package cli

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

func TestPointAt(t *testing.T) {
	t.Parallel()
	const (
		url        = "http://127.0.0.1:8080/v2"
		shell      = "export TELNYX_BASE_URL='http://127.0.0.1:8080/v2' TELNYX_API_KEY='it'\\''s $HOME'\n"
		powerShell = "in PowerShell:\n$env:TELNYX_BASE_URL = 'http://127.0.0.1:8080/v2'; $env:TELNYX_API_KEY = 'it''s $HOME'\n"
		cmd        = "in cmd:\nset \"TELNYX_BASE_URL=http://127.0.0.1:8080/v2\" & set \"TELNYX_API_KEY=it's $HOME\"\n"
	)
	for _, c := range []struct {
		goos       string
		powerShell bool
		want       string
	}{
		{"linux", false, shell},
		{"darwin", true, powerShell + "in another shell:\n" + shell},
		{"windows", true, powerShell + cmd + "in Git Bash:\n" + shell},
	} {
		if diff := cmp.Diff(c.want, pointAt(url, "it's $HOME", c.goos, c.powerShell)); diff != "" {
			t.Errorf("%s, %v: %s", c.goos, c.powerShell, diff)
		}
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh")
	}
	out, err := exec.Command(sh, "-c", shell+`printf '%s %s' "$TELNYX_BASE_URL" "$TELNYX_API_KEY"`).Output()
	if err != nil || string(out) != url+" it's $HOME" {
		t.Errorf("a shell takes it as %q, %v", out, err)
	}
}

func TestWorldsOfSimulate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		options SimulateOptions
		want    simulator.World
		refused string
	}{
		{SimulateOptions{}, simulator.BuiltIn(), ""},
		{SimulateOptions{World: "demo"}, simulator.BuiltIn(), ""},
		{SimulateOptions{World: "failing"}, simulator.BuiltInFailing(), ""},
		{SimulateOptions{Failing: true}, simulator.BuiltInFailing(), ""},
		{SimulateOptions{World: "failing", Failing: true}, simulator.BuiltInFailing(), ""},
		{SimulateOptions{World: "demo", Failing: true}, simulator.World{}, "--failing and --world demo: give one of them"},
		{SimulateOptions{World: "no-such-file"}, simulator.World{}, "give demo, failing or a file that can be read"},
	} {
		s := &session{command: &Command{Simulate: c.options}}
		got, err := s.loadWorld(t.Context())
		if err != nil != (c.refused != "") || err != nil && !strings.Contains(err.Error(), c.refused) {
			t.Errorf("%+v: error is %v, want %q", c.options, err, c.refused)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%+v: %s", c.options, diff)
		}
	}
}
