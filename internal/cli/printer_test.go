package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// reader is a reader of what is printed who can pause. It reads nothing until it resumes.
type reader struct {
	resumed chan struct{}
	read    bytes.Buffer
}

func newReader() *reader { return &reader{resumed: make(chan struct{})} }

func (r *reader) resume() { close(r.resumed) }

func (r *reader) Write(text []byte) (int, error) {
	<-r.resumed
	return r.read.Write(text)
}

func TestWhatNobodyReadsDelaysNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		paused := newReader()
		p := newPrinter()
		out := p.stream(paused)
		line := strings.Repeat("x", 1<<10-1) + "\n"
		began := time.Now()
		for range 2 * maxUnread / len(line) {
			fmt.Fprint(out, line)
		}
		if took := time.Since(began); took != 0 || p.unread > maxUnread {
			t.Errorf("writing took %s, and %d bytes wait", took, p.unread)
		}
		p.lastCall()
		if took := time.Since(began); took != endPatience {
			t.Errorf("the end waited %s, want %s", took, endPatience)
		}
		fmt.Fprint(out, line) // to no avail, and without another wait
		if took := time.Since(began); took != endPatience {
			t.Errorf("another line waited, %s in all", took)
		}
		paused.resume()
	})
}

func TestWhatIsMissingIsSaidWhenTheReaderIsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		paused := newReader()
		p := newPrinter()
		out := p.stream(paused)
		line := strings.Repeat("x", maxUnread/4-1) + "\n"
		for range 7 {
			fmt.Fprint(out, line)
		}
		paused.resume()
		synctest.Wait()
		fmt.Fprint(out, "the end\n")
		p.lastCall()
		want := strings.Repeat(line, 4) + "assistant-gate: 3 lines are missing here: nobody read the output for a while\nthe end\n"
		if got := paused.read.String(); got != want {
			t.Errorf("%d bytes, the last %q", len(got), got[max(0, len(got)-200):])
		}
	})
}

// TestWhatIsMissingAtTheEndIsSaid, though nothing is written after it.
func TestWhatIsMissingAtTheEndIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		paused := newReader()
		p := newPrinter()
		out := p.stream(paused)
		for range 7 {
			fmt.Fprint(out, strings.Repeat("x", maxUnread/4-1)+"\n")
		}
		time.AfterFunc(endPatience/2, paused.resume)
		p.lastCall()
		if got := paused.read.String(); !strings.HasSuffix(got, "\nassistant-gate: 3 lines are missing here: nobody read the output for a while\n") {
			t.Errorf("%d bytes, the last %q", len(got), got[max(0, len(got)-200):])
		}
	})
}

// TestASlowReaderGetsEverything: who takes a step within patience is waited for at the end, however long it takes in all.
func TestASlowReaderGetsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var slow slowly
		p := newPrinter()
		p.waitFor(endPatience)
		out := p.stream(&slow)
		for i := range 20 {
			fmt.Fprint(out, strings.Repeat(string(rune('a'+i)), maxUnread/4))
		}
		p.lastCall()
		if slow.Len() != 20*maxUnread/4 {
			t.Errorf("%d bytes were read", slow.Len())
		}
	})
}

type slowly struct{ bytes.Buffer }

func (s *slowly) Write(text []byte) (int, error) {
	time.Sleep(endPatience - time.Millisecond)
	return s.Buffer.Write(text)
}

func TestStreamsKeepTheirOrder(t *testing.T) {
	var both bytes.Buffer
	p := newPrinter()
	p.waitFor(forever)
	stdout, stderr := p.stream(&both), p.stream(&both)
	var want strings.Builder
	for i := range 1000 {
		for _, to := range []io.Writer{stdout, stderr, &want} {
			fmt.Fprintln(to, i)
		}
		fmt.Fprintln(&want, i)
	}
	if !p.wait() || both.String() != want.String() {
		t.Error("the streams were mixed up")
	}
}

func TestAStreamTellsItsFirstFailure(t *testing.T) {
	p := newPrinter()
	p.waitFor(forever)
	closed, open := p.stream(failing{}), p.stream(io.Discard)
	fmt.Fprint(closed, "a")
	fmt.Fprint(open, "b")
	if !p.wait() || !errors.Is(closed.failure(), io.ErrClosedPipe) || open.failure() != nil {
		t.Errorf("%v, %v", closed.failure(), open.failure())
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
