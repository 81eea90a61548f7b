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
	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// What the worlds of the fault suite have in common. The key holds characters that URLs, XML and HTML escape.
const (
	faultKey       = "KEY0190abcDEF_fault+suite/Secret&0123456789=="
	faultBaseURL   = "http://127.0.0.1/v2"
	faultAssistant = "assistant-00000000-0000-4000-8000-00000000000a"
	faultSuiteName = "Front desk"
	faultMain      = "20261105T090000000001"
	faultVersion   = "20261120T141500000002" // the one that is asked for
	faultRunKey    = "fault-suite"
)

// faultTestID is the id of the ith test of a fault world, counted from 0; its name is faultTestName(i).
func faultTestID(i int) string   { return fmt.Sprintf("00000000-0000-4000-8000-%012d", i+1) }
func faultTestName(i int) string { return fmt.Sprintf("Test %d", i+1) }

// faultWorld has n tests that pass after 12 s. On the live version their runs pass at once, whatever a row scripts for the
// version that is asked for: a gate that tested the wrong version would be green.
func faultWorld(n int) simulator.World {
	w := simulator.World{
		APIKey: faultKey,
		Assistants: []simulator.Assistant{{
			ID: faultAssistant, Name: "Reception",
			Versions: []simulator.Version{{ID: faultMain, Name: "live", Main: true}, {ID: faultVersion, Name: "candidate", Instructions: "Be brief."}},
		}},
	}
	for i := range n {
		w.Tests = append(w.Tests, simulator.Test{
			ID: faultTestID(i), Name: faultTestName(i), Suite: faultSuiteName, Destination: faultAssistant, MaxDurationSeconds: 120,
			Rubric: []simulator.Criterion{{Name: "Polite", Criteria: "It is polite."}, {Name: "Correct", Criteria: "It is correct."}},
			Runs:   []simulator.Script{{Version: faultMain, Duration: time.Second}},
		})
		setRuns(&w, i, simulator.Script{Queue: 2 * time.Second, Duration: 10 * time.Second})
	}
	return w
}

// setRuns scripts the successive runs of the ith test on the version that is asked for; the last repeats.
func setRuns(w *simulator.World, i int, scripts ...simulator.Script) {
	kept := slices.DeleteFunc(slices.Clone(w.Tests[i].Runs), func(s simulator.Script) bool { return s.Version == faultVersion })
	for _, s := range scripts {
		s.Version = faultVersion
		kept = append(kept, s)
	}
	w.Tests[i].Runs = kept
}

// stage is a simulated Telnyx, the way to it, and the folder that holds a gate's files. It must be made inside the bubble
// whose clock the simulator is to go by.
type stage struct {
	world    simulator.World
	sim      *simulator.Simulator
	witness  *witness
	dir      string
	env      vars
	selected []string // ids of the tests that the gate is asked to run
	overpaid int      // the status with which a trigger was answered although it was executed; 0: none

	passes      int             // runs that must pass for a test to pass; 0 means 1
	decisions   int             // most decisions for a test on one version; 0: as many as the reports name
	baseline    bool            // failing tests are run on the live version too
	quarantined map[string]bool // tests that may fail
}

// newStage writes below dir, which must be empty.
func newStage(w simulator.World, dir string) *stage {
	sim := simulator.New(w)
	s := &stage{
		world: w, sim: sim, dir: dir,
		witness: &witness{next: sim.Transport()},
		env:     vars{"TELNYX_API_KEY": faultKey, "NO_COLOR": "1"},
	}
	for _, t := range w.Tests {
		s.selected = append(s.selected, t.ID)
	}
	return s
}

func (s *stage) reportDir() string { return filepath.Join(s.dir, "reports") }

// onGitHub makes the surroundings those of a step of GitHub Actions.
func (s *stage) onGitHub() error {
	s.env["GITHUB_ACTIONS"] = "true"
	for _, name := range []string{"GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"} {
		s.env[name] = filepath.Join(s.dir, strings.ToLower(name))
		if err := os.WriteFile(s.env[name], nil, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// arguments select the stage's tests, by their ids where more names no suite.
func (s *stage) arguments(more ...string) []string {
	args := []string{"run", "--base-url", faultBaseURL, "--version-id", faultVersion, "--report-dir", s.reportDir()}
	if !slices.Contains(more, "--test-suites") {
		args = append(args, "--test-ids", strings.Join(s.selected, ","))
	}
	return append(args, more...)
}

// execution is one execution of the program and what came of it.
type execution struct {
	number         int // from 1
	code           int
	started        time.Time
	took           time.Duration
	stdout, stderr string
	keys           int // different idempotency keys that were sent
	reports
}

// execute runs the program as users get it, but for the network.
func (s *stage) execute(ctx context.Context, args []string) (*execution, error) {
	var stdout, stderr bytes.Buffer
	x := s.start(ctx, args, &stdout, &stderr)
	x.stdout, x.stderr = stdout.String(), stderr.String()
	return x, x.read(s)
}

// executeUnread is execute with an output that nobody reads before the program has ended. It must be called in a bubble.
func (s *stage) executeUnread(ctx context.Context, args []string) (*execution, error) {
	stdout, stderr := newReader(), newReader()
	x := s.start(ctx, args, stdout, stderr)
	stdout.resume()
	stderr.resume()
	synctest.Wait()
	x.stdout, x.stderr = stdout.read.String(), stderr.read.String()
	return x, x.read(s)
}

func (s *stage) start(ctx context.Context, args []string, stdout, stderr io.Writer) *execution {
	x := &execution{number: s.witness.newExecution(), started: time.Now()}
	x.code = cli.Main(ctx, cli.Process{
		Args: args, Lookup: s.env.lookup, Environ: s.env.environ, Stdout: stdout, Stderr: stderr,
		Version: "1.2.3", Commit: "0123456789abcdef", Transport: s.witness,
	})
	x.took = time.Since(x.started)
	x.keys = s.witness.keysOf(x.number)
	return x
}

// request is one request as it passed the witness.
type request struct {
	execution    int // that sent it
	at, answered time.Time
	method, url  string
	key          string // Idempotency-Key
	body         string
	status       int // 0: no answer
}

func (r request) trigger() bool { return r.method == http.MethodPost }

func (r request) String() string {
	path := r.url[strings.LastIndex(r.url, "/tests")+1:]
	return fmt.Sprintf("%s %s %s: %d after %s", r.at.Format("15:04:05.000"), r.method, path, r.status, r.answered.Sub(r.at))
}

// witness passes requests on, after a latency, and keeps what it saw.
type witness struct {
	next    http.RoundTripper
	latency time.Duration

	mu         sync.Mutex
	seen       []request
	executions int // that were started
}

// newExecution returns the number of an execution that starts now. The next one may start at the same moment of faked time.
func (w *witness) newExecution() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.executions++
	return w.executions
}

// RoundTrip fails where the context ends before the latency has passed: then nothing reached the server.
func (w *witness) RoundTrip(req *http.Request) (*http.Response, error) {
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
	if !pass(req.Context(), w.latency) {
		return nil, context.Cause(req.Context())
	}
	resp, err := w.next.RoundTrip(req)
	if err == nil {
		r.status = resp.StatusCode
	}
	return resp, err
}

// pass lets time pass and reports whether ctx lasted as long.
func pass(ctx context.Context, d time.Duration) bool {
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

// requests are what was seen so far, in the order in which it went out.
func (w *witness) requests() []request {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := slices.Clone(w.seen)
	slices.SortStableFunc(seen, func(a, b request) int { return a.at.Compare(b.at) })
	return seen
}

// keysOf counts the different idempotency keys that an execution sent.
func (w *witness) keysOf(execution int) int {
	keys := map[string]bool{}
	for _, r := range w.requests() {
		if r.trigger() && r.execution == execution {
			keys[r.key] = true
		}
	}
	return len(keys)
}

// roundTrip is a function that carries requests.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// inBubble runs f in a bubble of its own, with a stage for its world. A bubble panics where a goroutine is left, even one that
// only sleeps: none of the gate's may be.
func inBubble(t *testing.T, w simulator.World, f func(t *testing.T, s *stage)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) { f(t, newStage(w, dir)) })
}
