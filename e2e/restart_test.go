package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
	"github.com/assistant-gate/assistant-gate/report/results"
)

// crashName is the name of the gate that is killed, and crashReports are where its reports are.
const (
	crashName    = "crash"
	crashReports = "test-reports"
)

// crashWorld has tests of two destinations. Triggers are executed at once and answered late, so that many kills fall in
// between, where nothing but the idempotency key leads back to the run.
func crashWorld() simulator.World {
	w := simtest.World(6)
	w.Speed = 400
	w.Faults = []simulator.Fault{{On: "trigger", Do: simulator.Action{Delay: 40 * time.Millisecond}}}
	for i := range w.Tests {
		w.Tests[i].Destination = []string{simtest.Assistant, "+13125550100"}[i%2]
		w.Tests[i].Runs = []simulator.Script{{Duration: time.Duration(i) * 10 * time.Second}}
	}
	return w
}

// TestCrash kills gates at random moments of their lives and starts them again with the same run key until they end by
// themselves. CRASH_TEST_ROUNDS says how often (5), CRASH_TEST_SEED which moments (random; what was used is logged).
func TestCrash(t *testing.T) {
	rounds := number(t, "CRASH_TEST_ROUNDS", 5)
	seed := number(t, "CRASH_TEST_SEED", rand.Uint64())
	earlier := newCrashSite(t)
	from, to := earlier.life()
	t.Logf("CRASH_TEST_ROUNDS=%d CRASH_TEST_SEED=%d: kills %s to %s after the start", rounds, seed, from, to)
	for round := range rounds {
		t.Run(strconv.FormatUint(round, 10), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, round))
			site := newCrashSite(t)
			site.inherit(earlier)
			site.runUntilEnd(func(start int) time.Duration {
				// Later from start to start, so that a machine that has become slow comes to an end too.
				return from + time.Duration(random.Int64N(max(1, int64(to-from)*int64(10+start)/10)))
			})
		})
	}
}

// TestCrashBySignal signals gates whose output nobody reads, at random moments. Each reports what it paid for.
func TestCrashBySignal(t *testing.T) {
	t.Parallel()
	seed := number(t, "CRASH_TEST_SEED", rand.Uint64())
	from, to := newCrashSite(t).life()
	t.Logf("CRASH_TEST_SEED=%d: signals %s to %s after the start", seed, from, to)
	for name, signal := range map[string]syscall.Signal{"SIGHUP": syscall.SIGHUP, "SIGTERM": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, uint64(signal)))
			for range 3 {
				newCrashSite(t).signal(signal, from+time.Duration(random.Int64N(max(1, int64(to-from)))))
			}
		})
	}
}

// signal starts the program with an output that nobody reads and signals it after a while.
func (s *crashSite) signal(signal syscall.Signal, after time.Duration) {
	server := serve(s.simulator)
	defer server.Close()
	reader, writer, err := fullPipe()
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = errors.Join(reader.Close(), writer.Close()) }()
	cmd := s.command(s.Context(), server, "run")
	cmd.Stdout, cmd.Stderr = writer, writer
	if err := cmd.Start(); err != nil {
		s.Fatal(err)
	}
	time.Sleep(after)
	sent := time.Now()
	_ = cmd.Process.Signal(signal) // it may have ended
	_ = cmd.Wait()                 // the exit code is what counts
	code := cmd.ProcessState.ExitCode()
	s.Logf("%s after %s: exit code %d, %d runs made", signal, after, code, len(s.simulator.Ledger()))
	s.checkPaidOnce()
	if code == killed {
		return // the signal came before the program could heed it
	}
	if took := time.Since(sent); took > 10*time.Second {
		s.Errorf("it took %s to end after the signal", took)
	}
	if want := 128 + int(signal); code != 0 && code != want {
		s.Errorf("exit code %d, want 0 or %d", code, want)
	}
	if err := agreement(s.path(), crashName, code); err != nil {
		s.Error(err)
	}
	s.checkNamed()
}

// checkNamed wants every run that was paid named in the results.
func (s *crashSite) checkNamed() {
	text, err := os.ReadFile(s.path(crashName + ".json"))
	if err != nil {
		s.Error(err)
	}
	for _, run := range s.simulator.Ledger() {
		if !bytes.Contains(text, []byte(run.RunID)) && !bytes.Contains(text, []byte(`"may_exist": true`)) {
			s.Errorf("run %s is not named", run.RunID)
		}
	}
}

// number is an environment variable's value.
func number(t *testing.T, variable string, otherwise uint64) uint64 {
	value := os.Getenv(variable)
	if value == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(value, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}

// crashSite is a working directory and an account.
type crashSite struct {
	*testing.T
	simulator *simulator.Simulator
	dir       string
}

func newCrashSite(t *testing.T) *crashSite {
	return &crashSite{T: t, simulator: simulator.New(crashWorld()), dir: t.TempDir()}
}

// life lets a gate end undisturbed. It returns the part of a gate's life in which kills are of interest: from shortly
// before it reads its inputs until shortly after its end, because some shall come too late.
func (s *crashSite) life() (from, to time.Duration) {
	born := time.Now()
	s.start(time.Minute, "version")
	began := time.Now()
	if end := s.start(time.Minute, "run"); end.code != 0 {
		s.Fatalf("a gate that nobody killed ended with %d:\n%s", end.code, end.output)
	}
	return began.Sub(born) * 3 / 4, time.Since(began) * 5 / 4
}

// inherit takes over the reports of an earlier, green gate of the same name.
func (s *crashSite) inherit(earlier *crashSite) {
	if err := os.CopyFS(s.path(), os.DirFS(earlier.path())); err != nil {
		s.Fatal(err)
	}
}

func (s *crashSite) path(name ...string) string {
	return filepath.Join(append([]string{s.dir, crashReports}, name...)...)
}

// runUntilEnd starts the gate until it ends by itself. Each start, counted from 0, is killed after a while.
func (s *crashSite) runUntilEnd(killAfter func(start int) time.Duration) {
	for start := range 100 {
		before, found, moment := s.reports(), len(s.simulator.Ledger()), killAfter(start)
		end := s.start(moment, "run")
		s.checkPaidOnce()
		if end.code != killed {
			s.Logf("start %d, which found %d runs, ended by itself", start, found)
			s.checkEnd(end, found)
			return
		}
		s.Logf("start %d, which found %d runs, was killed after %s, %d requests and with %d runs made",
			start, found, moment, end.requests, len(s.simulator.Ledger()))
		s.checkKilled(end, before)
	}
	s.Error("the gate never ended by itself")
}

// killed is the exit code of what a signal ended (os.ProcessState).
const killed = -1

// ending is how one start of the program ended.
type ending struct {
	code     int
	requests int64 // that reached the API
	output   string
}

// start starts the program and kills it after a while, unless it has ended before. When it returns, the account does
// nothing any more for what was killed.
func (s *crashSite) start(killAfter time.Duration, command string) ending {
	server := serve(s.simulator)
	defer server.Close()
	ctx, cancel := context.WithTimeout(s.Context(), killAfter)
	defer cancel()
	var output bytes.Buffer
	cmd := s.command(ctx, server, command) // killed with SIGKILL
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		if ctx.Err() == nil {
			s.Fatal(err)
		}
		return ending{code: killed}
	}
	_ = cmd.Wait() // the exit code is what counts
	return ending{code: cmd.ProcessState.ExitCode(), requests: server.requests.Load(), output: output.String()}
}

// command is the program, against the server.
func (s *crashSite) command(ctx context.Context, server *countingServer, name string) *exec.Cmd {
	args := []string{name}
	if name == "run" {
		args = append(args, "--version-id", simtest.Candidate, "--test-suites", simtest.Suite, "--run-key", "one", "--name", crashName, "--report-dir", crashReports)
	}
	cmd := exec.CommandContext(ctx, "assistant-gate", args...)
	cmd.Dir = s.dir
	cmd.Env = []string{"TELNYX_BASE_URL=" + server.URL + "/v2", "TELNYX_API_KEY=" + simulator.DefaultKey, noRaceNap}
	return cmd
}

// checkPaidOnce checks that no test has a second run.
func (s *crashSite) checkPaidOnce() {
	runs := map[string]string{}
	for _, run := range s.simulator.Ledger() {
		if other, twice := runs[run.TestID]; twice {
			s.Errorf("test %s was paid twice: runs %s and %s", run.TestID, other, run.RunID)
		}
		runs[run.TestID] = run.RunID
	}
}

// reports are the report files that are there.
func (s *crashSite) reports() map[string]fs.FileInfo {
	found := map[string]fs.FileInfo{}
	for _, name := range []string{"TEST-" + crashName + ".xml", crashName + ".json", crashName + ".md", crashName + ".env", crashName + ".html", crashName + ".ctrf.json", crashName + ".comment.md"} {
		info, err := os.Stat(s.path(name))
		if err == nil {
			found[name] = info
		} else if !errors.Is(err, fs.ErrNotExist) {
			s.Fatal(err)
		}
	}
	return found
}

// checkKilled checks what a killed gate leaves: no report of an earlier gate once it has sent a request, and no half report.
func (s *crashSite) checkKilled(end ending, before map[string]fs.FileInfo) {
	for name, now := range s.reports() {
		old, was := before[name]
		if was && os.SameFile(old, now) && old.ModTime().Equal(now.ModTime()) && end.requests > 0 {
			s.Errorf("%s is an earlier gate's", name)
		}
		if err := s.whole(name); err != nil {
			s.Errorf("%s is not whole: %v", name, err)
		}
	}
}

func (s *crashSite) whole(name string) error {
	var any struct{}
	switch filepath.Ext(name) {
	case ".xml":
		return parse(s.path(name), xml.Unmarshal, &any)
	case ".json":
		return parse(s.path(name), json.Unmarshal, &any)
	}
	text, err := os.ReadFile(s.path(name))
	if err == nil && !bytes.HasSuffix(text, []byte("\n")) {
		err = fmt.Errorf("it ends with %q", text[max(0, len(text)-20):])
	}
	return err
}

// checkEnd checks the reports of the last gate, which was not killed and found some runs when it started.
func (s *crashSite) checkEnd(end ending, found int) {
	if end.code != 0 {
		s.Fatalf("exit code %d:\n%s", end.code, end.output)
	}
	if err := agreement(s.path(), crashName, 0); err != nil {
		s.Error(err)
	}
	var results results.File
	if err := parse(s.path(crashName+".json"), json.Unmarshal, &results); err != nil {
		s.Fatal(err)
	}
	s.checkRuns(results)
	paid := len(results.Tests) - found
	if results.RunsReplayed != found || results.RunsPaid != paid {
		s.Errorf("the JSON says %d runs paid and %d replayed, want %d and %d", results.RunsPaid, results.RunsReplayed, paid, found)
	}
	if env, err := os.ReadFile(s.path(crashName + ".env")); err != nil || !strings.Contains(string(env), fmt.Sprintf("GATE_REPLAYED=%d\n", found)) {
		s.Errorf("the dotenv file does not say %d replayed (%v):\n%s", found, err, env)
	}
	if said := strings.Contains(end.output, fmt.Sprintf(", %d replayed;", found)); said != (found > 0) {
		s.Errorf("the console says that %d were replayed: %t\n%s", found, said, end.output)
	}
	s.checkNothingElse()
}

// checkRuns checks that the reported runs are those that were paid.
func (s *crashSite) checkRuns(results results.File) {
	var reported, paid []string
	for _, test := range results.Tests {
		for _, attempt := range test.Attempts {
			reported = append(reported, attempt.RunID)
		}
	}
	for _, run := range s.simulator.Ledger() {
		paid = append(paid, run.RunID)
	}
	slices.Sort(reported)
	slices.Sort(paid)
	if !slices.Equal(reported, paid) || len(paid) != len(results.Tests) {
		s.Errorf("%d tests; reported are the runs %q, paid were %q", len(results.Tests), reported, paid)
	}
}

// checkNothingElse checks that no unfinished file of a killed gate is left.
func (s *crashSite) checkNothingElse() {
	entries, err := os.ReadDir(s.path())
	if err != nil || len(entries) != len(s.reports()) {
		s.Errorf("beside the %d reports there is something else: %v, %v", len(s.reports()), entries, err)
	}
}
