package cli

import (
	"bytes"
	"context"
	"io"
	"log"
	"log/slog"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// wireKey is an API key.
const wireKey = "KEY0190abcDEF_fault+suite/Secret&0123456789=="

// TestGosOwnLogGoesThroughTheDoor: net/http logs by it what a server sends unasked, and with GODEBUG=http2debug all headers.
func TestGosOwnLogGoesThroughTheDoor(t *testing.T) {
	half := len(wireKey) / 2
	for _, args := range [][]string{
		{"run"}, {"plan"}, {"list"}, {"demo"}, {"merge"}, {"promote"}, {"simulate"}, {"version"}, {"help"}, {"no-such-command"},
	} {
		t.Run(args[0], func(t *testing.T) {
			t.Chdir(t.TempDir())
			var stdout, stderr bytes.Buffer
			env := vars{"TELNYX_API_KEY": wireKey, "TELNYX_BASE_URL": "simulator"}.environment(nil)
			goLog := log.New(io.Discard, "", 0)
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(outcome.Cancelled{Signal: "SIGINT"})
			Main(ctx, Process{Args: args, Lookup: env.Lookup, Environ: env.Environ, Stdout: &stdout, Stderr: &stderr, Log: goLog})
			stderr.Reset()
			goLog.Printf("Unsolicited response received on idle HTTP channel starting with %q; err=%v", "##[error]a\r\n::error::b", io.EOF)
			goLog.Print("::error::c\r##[error]d\n##vso[task.complete]e")
			slog.New(slog.NewTextHandler(goLog.Writer(), nil)).Info("##[error]" + wireKey)
			goLog.Printf("http2: Transport encoding header %q = %q", "authorization", "Bearer "+wireKey)
			goLog.Printf("http2: Framer 0x1: read DATA data=%q (%d bytes omitted)", `{"echo":"`+wireKey[:half], 300)
			goLog.Printf("http2: Framer 0x1: read DATA data=%q", wireKey[half:]+`"}`)
			wait(t, goLog)
			got := stderr.String()
			checkNoCommand(t, got)
			if !strings.Contains(got, `a\r\n`) || strings.Count(got, "http2: ") != 3 {
				t.Errorf("it does not say what happened:\n%s", got)
			}
			if args[0] == "run" || args[0] == "plan" || args[0] == "list" || args[0] == "promote" { // the others have no key
				checkNoPiece(t, got)
			}
		})
	}
}

// wait waits until the logger's lines are printed.
func wait(t *testing.T, l *log.Logger) {
	t.Helper()
	w, ok := l.Writer().(wireLog)
	if !ok {
		t.Fatalf("the log goes to a %T", l.Writer())
	}
	w.flush()
}

// checkNoPiece wants no eight characters of the key in a row.
func checkNoPiece(t *testing.T, text string) {
	t.Helper()
	for i := range len(wireKey) - 8 {
		if strings.Contains(text, wireKey[i:i+8]) {
			t.Errorf("a piece of the key is in\n%s", text)
			return
		}
	}
}

// checkNoCommand wants nothing that GitHub's runner or Azure's agent takes for a command.
func checkNoCommand(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if strings.Contains(line, "##[") || strings.Contains(line, "##vso[") || strings.Contains(line, "\r") || strings.HasPrefix(strings.TrimSpace(line), "::") {
			t.Errorf("a command: %q", line)
		}
	}
}
