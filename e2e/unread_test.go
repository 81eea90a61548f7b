package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// readerGone runs the program with a stdout that is no longer read, as with "| head -1", and checks its exit code:
// readergone CODE ARGS...
func readerGone(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	reader, writer, err := os.Pipe()
	ts.Check(err)
	ts.Check(reader.Close())
	path, err := exec.LookPath("assistant-gate")
	ts.Check(err)
	cmd := exec.Command(path, args[1:]...)
	cmd.Args[0], cmd.Dir, cmd.Stdout = "assistant-gate", ts.MkAbs("."), writer
	cmd.Env = []string{"PATH=" + ts.Getenv("PATH"), "TELNYX_BASE_URL=" + ts.Getenv("TELNYX_BASE_URL"), "TELNYX_API_KEY=" + ts.Getenv("TELNYX_API_KEY")}
	_ = cmd.Run() // the exit code is what counts
	ts.Check(writer.Close())
	if got := cmd.ProcessState.ExitCode(); got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// unread is interrupt with an output that nobody reads, as behind a pager that waits for a key.
func unread(ts *testscript.TestScript, _ bool, args []string) {
	reader, writer, err := fullPipe()
	ts.Check(err)
	defer func() { _ = errors.Join(reader.Close(), writer.Close()) }()
	interruptWith(ts, writer, args)
}

// fullPipe is a pipe that takes nothing more.
func fullPipe() (reader, writer *os.File, err error) {
	if reader, writer, err = os.Pipe(); err != nil {
		return nil, nil, err
	}
	err = writer.SetWriteDeadline(time.Now().Add(100 * time.Millisecond))
	if err == nil {
		_, err = writer.Write(make([]byte, 8<<20))
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, nil, fmt.Errorf("the pipe is not full: %w", errors.Join(err, reader.Close(), writer.Close()))
	}
	return reader, writer, nil
}
