package examples

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// setup is the commands of docs/setup.md that work against the simulator: steps 3 to 5.
func setup(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../docs/setup.md")
	if err != nil {
		t.Fatal(err)
	}
	_, steps, begins := strings.Cut(string(text), "\n## 3. ")
	steps, _, ends := strings.Cut(steps, "\n## 6. ")
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(steps, -1)
	if !begins || !ends || len(blocks) != 6 {
		t.Fatalf("steps 3 to 5 have another form: %d blocks", len(blocks))
	}
	var script strings.Builder
	for _, block := range blocks {
		script.WriteString(block[1])
	}
	return script.String()
}

// TestSetup walks through docs/setup.md as a newcomer would, in an empty folder.
func TestSetup(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"curl", "jq", "git"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	for name, want := range map[string]int{"simulate": 0, "simulate --failing": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			enter, _ := serveSimulator(t, strings.Fields(name))
			s := &workspace{dir: t.TempDir(), env: map[string]string{
				"PATH":            bin + ":/usr/bin:/bin",
				"GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x@example.com", "GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x@example.com",
			}}
			s.place(t, "new-version/new-version.sh", "scripts/new-version.sh")
			code, out := s.shell(t, "git init --quiet\n"+enter+"\n"+setup(t))
			if code != want || !strings.Contains(out, "Nothing was started.") || strings.Contains(out, "new-version: made version") != (want == 0) {
				t.Errorf("exit code %d, want %d\n%s", code, want, out)
			}
		})
	}
}
