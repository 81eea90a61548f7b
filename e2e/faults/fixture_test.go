package faults

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/cli"
	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// Constants of all fault worlds. The key contains characters that URLs, XML and HTML escape.
const (
	faultKey     = "KEY0190abcDEF_fault+suite/Secret&0123456789=="
	faultBaseURL = "http://127.0.0.1/v2"
	faultRunKey  = "fault-suite"

	canaryVersion  = "20261118T100000000003" // a version that is neither live nor under test
	otherAssistant = "assistant-00000000-0000-4000-8000-0000000000bb"
)

// faultWorld has n tests that pass after 12 s. On the live version their runs pass at once, whatever a row scripts for the
// version under test: a gate that tested the wrong version would be green.
func faultWorld(n int) simulator.World {
	w := simtest.World(n)
	w.APIKey = faultKey
	w.Assistants[0].Versions = append(w.Assistants[0].Versions, simulator.Version{ID: canaryVersion, Name: "canary"})
	w.Assistants = append(w.Assistants, simulator.Assistant{
		ID: otherAssistant, Name: "Billing", Versions: []simulator.Version{{ID: "20261101T080000000004", Name: "live", Main: true}},
	})
	for i := range w.Tests {
		w.Tests[i].Runs = []simulator.Script{{Version: simtest.Live, Duration: time.Second}}
		setRuns(&w, i, simulator.Script{Queue: 2 * time.Second, Duration: 10 * time.Second})
	}
	return w
}

// setRuns scripts the successive runs of the ith test on the version under test; the last repeats.
func setRuns(w *simulator.World, i int, scripts ...simulator.Script) {
	kept := slices.DeleteFunc(slices.Clone(w.Tests[i].Runs), func(s simulator.Script) bool { return s.Version == simtest.Candidate })
	for _, s := range scripts {
		s.Version = simtest.Candidate
		kept = append(kept, s)
	}
	w.Tests[i].Runs = kept
}

// fixture is a simulator, the transport to it and the folder of a gate's files. Make it inside the bubble whose clock the
// simulator shall use.
type fixture struct {
	world          simulator.World
	sim            *simulator.Simulator
	recorder       *recorder
	dir            string
	env            vars
	selected       []string // ids of the tests that the gate is asked to run
	executedStatus int      // the error status of triggers that were executed; 0: none
	tested         string   // the version under test

	passes       int             // runs that must pass for a test to pass; 0 means 1
	maxDecisions int             // maximum decisions per test and version; 0: as many as the reports name
	baseline     bool            // failed tests are run on the live version too
	rounds       int             // in how many rounds failed tests are compared with it; 0: by two runs
	quarantined  map[string]bool // tests that may fail
}

// newFixture returns a fixture whose files are in dir, which must be empty.
func newFixture(w simulator.World, dir string) *fixture {
	sim := simulator.New(w)
	s := &fixture{
		world: w, sim: sim, dir: dir, tested: simtest.Candidate,
		recorder: &recorder{next: sim.Transport()},
		env:      vars{"TELNYX_API_KEY": faultKey, "NO_COLOR": "1"},
	}
	for _, t := range w.Tests {
		s.selected = append(s.selected, t.ID)
	}
	return s
}

func (s *fixture) reportDir() string { return filepath.Join(s.dir, "reports") }

// onGitHub sets the environment of a step of GitHub Actions.
func (s *fixture) onGitHub() error {
	s.env["GITHUB_ACTIONS"] = "true"
	for _, name := range []string{"GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"} {
		s.env[name] = filepath.Join(s.dir, strings.ToLower(name))
		if err := os.WriteFile(s.env[name], nil, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// arguments select the tests of the fixture, by their ids unless more selects a suite or names.
func (s *fixture) arguments(more ...string) []string {
	args := []string{"run", "--base-url", faultBaseURL, "--report-dir", s.reportDir()}
	if !slices.Contains(more, "--version-id") {
		args = append(args, "--version-id", simtest.Candidate)
	}
	if !slices.Contains(more, "--test-suites") && !slices.Contains(more, "--test-names") {
		args = append(args, "--test-ids", strings.Join(s.selected, ","))
	}
	return append(args, more...)
}

// execution is an execution of the program and its results.
type execution struct {
	number         int // from 1
	args           []string
	code           int
	started        time.Time
	took           time.Duration
	stdout, stderr string
	keys           int // different idempotency keys that were sent
	reports
}

// execute runs the program as users do, except for the network.
func (s *fixture) execute(ctx context.Context, args []string) (*execution, error) {
	var stdout, stderr bytes.Buffer
	x := s.start(ctx, args, &stdout, &stderr)
	x.stdout, x.stderr = stdout.String(), stderr.String()
	return x, x.read(s)
}

// executeUnread is execute with an output that is read only after the program has ended. It must be called in a bubble.
func (s *fixture) executeUnread(ctx context.Context, args []string) (*execution, error) {
	stdout, stderr := newBlockedReader(), newBlockedReader()
	x := s.start(ctx, args, stdout, stderr)
	stdout.resume()
	stderr.resume()
	synctest.Wait()
	x.stdout, x.stderr = stdout.read.String(), stderr.read.String()
	return x, x.read(s)
}

func (s *fixture) start(ctx context.Context, args []string, stdout, stderr io.Writer) *execution {
	x := &execution{number: s.recorder.beginExecution(), args: args, started: time.Now()}
	x.code = cli.Main(ctx, cli.Process{
		Args: args, Lookup: s.env.lookup, Environ: s.env.environ, Stdout: stdout, Stderr: stderr,
		Version: "1.2.3", Commit: "0123456789abcdef", Transport: s.recorder,
	})
	x.took = time.Since(x.started)
	x.keys = s.recorder.keysOf(x.number)
	return x
}

// request is a request as recorded.
type request struct {
	execution    int // that sent it
	at, answered time.Time
	method, url  string
	key          string // Idempotency-Key
	body         string
	status       int  // 0: no answer
	conversation bool // the answer is a whole conversation
}

func (r request) trigger() bool { return r.method == http.MethodPost }

func (r request) String() string {
	path := r.url[strings.LastIndex(r.url, "/tests")+1:]
	return fmt.Sprintf("%s %s %s: %d after %s", r.at.Format("15:04:05.000"), r.method, path, r.status, r.answered.Sub(r.at))
}

// recorder forwards requests after a latency and records them.
type recorder struct {
	next    http.RoundTripper
	latency time.Duration

	mu         sync.Mutex
	seen       []request
	executions int // started so far
}

// beginExecution returns the number of an execution that starts now. The next one may start at the same moment of faked time.
func (w *recorder) beginExecution() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.executions++
	return w.executions
}

// RoundTrip fails if the context ends during the latency: then nothing reached the server.
func (w *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	w.mu.Lock()
	number := w.executions
	w.mu.Unlock()
	r := request{execution: number, at: time.Now(), method: req.Method, url: req.URL.String(), key: req.Header.Get("Idempotency-Key")}
	defer func() {
		r.answered = time.Now()
		w.mu.Lock()
		defer w.mu.Unlock()
		w.seen = append(w.seen, r)
	}()
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		_ = req.Body.Close()
		r.body = string(body)
		req = req.Clone(req.Context())
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	if !wait(req.Context(), w.latency) {
		return nil, context.Cause(req.Context())
	}
	resp, err := w.next.RoundTrip(req)
	if err == nil {
		r.status = resp.StatusCode
		r.conversation = wholeConversation(req, resp)
	}
	return resp, err
}

// wholeConversation reports whether an answer is a conversation with its metadata. It leaves the body as it was.
func wholeConversation(req *http.Request, resp *http.Response) bool {
	if !strings.Contains(req.URL.Path, "/conversations/") {
		return false
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failingReader{err}))
	return err == nil && bytes.Contains(body, []byte(`"metadata":`))
}

// failingReader ends with an error, or without one if it is nil.
type failingReader struct{ err error }

// Read returns the error.
func (r failingReader) Read([]byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	return 0, io.EOF
}

// wait waits and reports whether ctx lasted as long.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// requests are all requests so far, in the order in which they were sent.
func (w *recorder) requests() []request {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := slices.Clone(w.seen)
	slices.SortStableFunc(seen, func(a, b request) int { return a.at.Compare(b.at) })
	return seen
}

// keysOf counts the different idempotency keys that an execution sent.
func (w *recorder) keysOf(execution int) int {
	keys := map[string]bool{}
	for _, r := range w.requests() {
		if r.trigger() && r.execution == execution {
			keys[r.key] = true
		}
	}
	return len(keys)
}

// roundTripFunc is a function as an [http.RoundTripper].
type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// inBubble runs f in a bubble of its own, with a fixture for the world. A bubble panics if a goroutine of the gate is left,
// even one that only sleeps.
func inBubble(t *testing.T, w simulator.World, f func(t *testing.T, s *fixture)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) { f(t, newFixture(w, dir)) })
}
