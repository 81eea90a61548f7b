package examples

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// rehearsal is the commands of new-version's README that come after the simulator's start.
func rehearsal(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("new-version/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "## Rehearse it\n")
	blocks := regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(section, -1)
	if len(blocks) != 2 || !strings.HasPrefix(blocks[0][1], "$ assistant-gate simulate\n") {
		t.Fatalf("the section has another form: %q", blocks)
	}
	return strings.ReplaceAll(strings.TrimPrefix(blocks[1][1], "$ "), "\n$ ", "\n")
}

// TestRehearsal runs a whole pipeline as the README says: against the simulator that the program serves, entering the line
// that it prints.
func TestRehearsal(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"curl", "jq"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	for name, want := range map[string]int{"simulate": 0, "simulate --failing": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			enter, url := serveSimulator(t, strings.Fields(name))
			s := &workspace{dir: t.TempDir(), env: map[string]string{"PATH": bin + ":/usr/bin:/bin", "TELNYX_BASE_URL": url}}
			s.place(t, "new-version/new-version.sh", "scripts/new-version.sh")
			s.place(t, "new-version/assistant.json", "assistant.json")
			before := s.live(t)
			delete(s.env, "TELNYX_BASE_URL")
			code, out := s.shell(t, enter+"\n"+rehearsal(t))
			s.env["TELNYX_BASE_URL"] = url
			live := s.live(t)
			if code != want || (live.Name == "rehearsal") != (want == 0) || (live == before) != (want != 0) {
				t.Errorf("exit code %d, want %d; live was %+v and is %+v\n%s", code, want, before, live, out)
			}
		})
	}
}

// serveSimulator starts the real program and returns the line that it wants to be entered, and its URL.
func serveSimulator(t *testing.T, args []string) (enter, url string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(bin, "assistant-gate"), args...)
	cmd.Env = []string{"PATH=/usr/bin:/bin"}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Wait() }) // the context of the test has ended it
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if _, after, ok := strings.Cut(lines.Text(), "the simulator listens on "); ok {
			url = after
		}
		if strings.HasPrefix(lines.Text(), "export ") {
			return lines.Text(), url
		}
	}
	t.Fatalf("the simulator prints no line to enter: %v", lines.Err())
	return "", ""
}
