package e2e

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// documented are the pages whose commands are run and whose links are checked.
func documented(t *testing.T) []string {
	t.Helper()
	pages := []string{"README.md"}
	for _, pattern := range []string{"docs/*.md", "docs/dev/*.md", "examples/*.md", "examples/*/README.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, found...)
	}
	return pages
}

// documentedCommand is a command line of a page.
type documentedCommand struct {
	page string
	line int
	text string // what a shell runs
	exit int
}

var (
	fence = regexp.MustCompile("^ *```([a-z]*)$")
	// expectedExit ends a command line that does not exit with 0.
	expectedExit = regexp.MustCompile(` +# exit ([0-9]+)$`)
	// container is a line that runs the image; what follows the image's name are arguments of the program.
	container = regexp.MustCompile(`^docker run .* (?:[A-Za-z0-9.:/-]+/)?assistant-gate(?:[:@][^ ]*)?(?: (.*))?$`)
)

// commandsOf finds the command lines of fenced sh and console blocks: those that begin with assistant-gate, and those that run
// its image. A backslash at its end continues a line.
func commandsOf(page, text string) []documentedCommand {
	var commands []documentedCommand
	language, joined, begin := "", "", 0
	for i, line := range strings.Split(text, "\n") {
		if f := fence.FindStringSubmatch(line); f != nil {
			if language == "" {
				language = cmp.Or(f[1], "text")
			} else {
				language = ""
			}
			continue
		}
		if language != "sh" && language != "console" {
			continue
		}
		if joined == "" {
			begin = i + 1
		}
		line = strings.TrimPrefix(strings.TrimSpace(line), "$ ")
		if start, more := strings.CutSuffix(line, `\`); more {
			joined += start
			continue
		}
		if c, ok := commandIn(joined + line); ok {
			c.page, c.line = page, begin
			commands = append(commands, c)
		}
		joined = ""
	}
	return commands
}

func commandIn(line string) (documentedCommand, bool) {
	var c documentedCommand
	if exit := expectedExit.FindStringSubmatch(line); exit != nil {
		c.exit, _ = strconv.Atoi(exit[1])
		line = strings.TrimSuffix(line, exit[0])
	}
	line = strings.Join(strings.Fields(line), " ")
	if run := container.FindStringSubmatch(line); run != nil {
		line = strings.TrimSpace("assistant-gate " + run[1])
	}
	c.text = line
	return c, line == "assistant-gate" || strings.HasPrefix(line, "assistant-gate ")
}

func TestCommandsOf(t *testing.T) {
	const page = "```sh\nassistant-gate a \\\n  --b \"c d\" # exit 3\nls assistant-gate\ngo run . demo\n```\n" +
		"```yaml\nassistant-gate no\n```\nassistant-gate neither\n   ```console\n   $ assistant-gate e\n   output\n   ```\n" +
		"```sh\ndocker run --rm -v \"$PWD:/work\" -e KEY \\\n  ghcr.io/OWNER/x/assistant-gate:v1@sha256:00 plan --f g\ndocker build -t assistant-gate .\n```\n"
	var got []string
	for _, c := range commandsOf("p.md", page) {
		got = append(got, strconv.Itoa(c.line)+" "+c.text+" "+strconv.Itoa(c.exit))
	}
	want := []string{`2 assistant-gate a --b "c d" 3`, "12 assistant-gate e 0", "16 assistant-gate plan --f g 0"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// TestDocumentedCommands runs every command line of the documentation, with the real program against the built-in simulator and
// with the files that a command line may name.
func TestDocumentedCommands(t *testing.T) {
	template := t.TempDir()
	prepareFiles(t, template)
	total := 0
	for _, page := range documented(t) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range commandsOf(page, string(text)) {
			total++
			t.Run(c.page+":"+strconv.Itoa(c.line), func(t *testing.T) {
				dir := t.TempDir()
				if err := os.CopyFS(dir, os.DirFS(template)); err != nil {
					t.Fatal(err)
				}
				t.Parallel()
				c.run(t, dir)
			})
		}
	}
	if total < 10 {
		t.Errorf("only %d commands were found", total)
	}
}

// prepareFiles makes the files that documented commands name.
func prepareFiles(t *testing.T, dir string) {
	t.Helper()
	version := []string{"--version-id", simulator.BuiltInVersion, "--assistant-id", simulator.BuiltIn().Assistants[0].ID, "--test-ids", inexpensiveTest}
	var group errgroup.Group
	for _, name := range []string{"assistant-gate", "booking", "billing", "safety"} {
		group.Go(func() error {
			cmd := documentedProgram(t.Context(), dir, append([]string{"assistant-gate", "--name", name}, version...)...)
			out, err := cmd.CombinedOutput()
			if err != nil {
				err = fmt.Errorf("%w\n%s", err, out)
			}
			return err
		})
	}
	group.Go(func() error { // for last-failed
		out, err := documentedProgram(t.Context(), dir, "assistant-gate", "demo", "--failing", "--report-dir", "test-reports", "--name", "red").CombinedOutput()
		if _, blocked := errors.AsType[*exec.ExitError](err); !blocked {
			return fmt.Errorf("the demo does not block: %w\n%s", err, out)
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "red"), os.DirFS(filepath.Join(dir, "test-reports"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "red", "red.json"), filepath.Join(dir, "red", "assistant-gate.json")); err != nil { // as an artifact has it
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "legs"), os.DirFS(filepath.Join(dir, "test-reports"))); err != nil {
		t.Fatal(err)
	}
	if err := historyIn(filepath.Join(dir, "history"), 12); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"quarantine.yml": "- id: " + inexpensiveTest + "\n  reason: being rewritten\n  owner: '@team-voice'\n  expires: 2999-12-31\n",
		"world.yaml":     "assistants:\n  - {id: assistant-aaaaaaaa-0000-4000-8000-00000000000a, name: Shop, versions: [{id: v, name: v, main: true}]}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// inexpensiveTest is a test of the built-in world that talks to its assistant and does not take long.
const inexpensiveTest = "3e4a9b60-d75f-4c18-b2a3-c6f08e1d5baa"

// documentedProgram is a command in the surroundings that documented commands are run in: the simulator stands in for Telnyx,
// and the variables that the pages use have values.
func documentedProgram(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), noRaceNap, "ASSISTANT_GATE_BASE_URL=simulator", "TELNYX_API_KEY=KEY0123456789",
		"ASSISTANT_ID=" + simulator.BuiltIn().Assistants[0].ID, "VERSION_ID=" + simulator.BuiltInVersion,
		"CANDIDATE_VERSION=" + simulator.BuiltInVersion, "VERSION_NAME=3f9c2ab", "TEST_ID=" + inexpensiveTest,
	}
	return cmd
}

// run checks the exit code of a command line. The simulator runs until it is signalled.
func (c documentedCommand) run(t *testing.T, dir string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := documentedProgram(ctx, dir, "sh", "-euc", "exec "+c.text)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if strings.HasPrefix(c.text, "assistant-gate simulate") {
		serves(t, cmd)
		return
	}
	err := cmd.Run()
	if got := cmd.ProcessState.ExitCode(); got != c.exit {
		t.Errorf("%s:%d: %s\nexit code %d (%v), want %d\n%s", c.page, c.line, c.text, got, err, c.exit, out.String())
	}
}

// serves checks that the simulator prints its URL and ends on a signal.
func serves(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	cmd.Stdout = nil
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := make([]byte, 200)
	n, err := stdout.Read(said)
	if err != nil || !bytes.Contains(said[:n], []byte("http://127.0.0.1:")) {
		t.Errorf("it says %q, %v", said[:n], err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // the exit code is another test's
}
