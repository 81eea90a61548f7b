package e2e

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

type simulatorKey struct{}

// scriptServer is the simulator of a script.
type scriptServer struct {
	simulator *simulator.Simulator
	server    *countingServer
}

// countingServer is a simulator on loopback that counts the requests that have reached it.
type countingServer struct {
	*httptest.Server
	requests atomic.Int64
}

func serve(s *simulator.Simulator) *countingServer {
	c := &countingServer{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.requests.Add(1)
		s.ServeHTTP(w, r)
	}))
	return c
}

// noRaceNap keeps a program under the race detector from sleeping a second at its end.
const noRaceNap = "GORACE=atexit_sleep_ms=0"

func setUp(env *testscript.Env) error {
	env.Values[simulatorKey{}] = &scriptServer{}
	// Nothing of the surroundings may reach the program: CI's own variables would.
	env.Vars = append(env.Vars, "GITHUB_ACTIONS=", "CI=", noRaceNap, "BOM=\uFEFF") // a byte order mark cannot be seen in a script
	return nil
}

func serverOf(ts *testscript.TestScript) *scriptServer {
	return ts.Value(simulatorKey{}).(*scriptServer)
}

// startSimulator serves a world on loopback: simulator [FILE...]. Several files are read as one. It sets TELNYX_BASE_URL
// and TELNYX_API_KEY.
func startSimulator(ts *testscript.TestScript, _ bool, args []string) {
	world := simulator.BuiltIn()
	world.Speed *= 20
	if len(args) > 0 {
		var text strings.Builder
		for _, file := range args {
			text.WriteString(ts.ReadFile(file))
		}
		loaded, err := simulator.Load([]byte(text.String()))
		ts.Check(err)
		world = loaded
	}
	s := simulator.New(world)
	server := serve(s)
	ts.Defer(server.Close)
	*serverOf(ts) = scriptServer{simulator: s, server: server}
	ts.SetCmd("await", await)
	ts.Setenv("TELNYX_BASE_URL", server.URL+"/v2")
	ts.Setenv("TELNYX_API_KEY", world.APIKey)
}

// checkPaid checks that exactly N runs were made: paid N.
func checkPaid(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := len(serverOf(ts).simulator.Ledger()); got != want {
		ts.Fatalf("%d runs were paid, want %d", got, want)
	}
}

// checkExit runs a program and checks its exit code: exits CODE PROGRAM ARGS...
func checkExit(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// signalsByName are what interrupt can send.
var signalsByName = map[string]syscall.Signal{
	"HUP": syscall.SIGHUP, "INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "KILL": syscall.SIGKILL, "QUIT": syscall.SIGQUIT, "ABRT": syscall.SIGABRT,
}

// interrupt starts the program, sends it one signal, several or none at a moment (see await), and checks that it ends in time
// (see endsIn) and with which exit code, -1 if the signal itself ended it: interrupt SIGNAL[,SIGNAL] MOMENT CODE[,CODE] ARGS...
// Its output goes to the file out, its exit code to $CODE.
func interrupt(ts *testscript.TestScript, _ bool, args []string) {
	var out bytes.Buffer
	interruptWith(ts, &out, args)
	ts.Check(os.WriteFile(ts.MkAbs("out"), out.Bytes(), 0o600))
}

// interruptWith is interrupt with the output going to out.
func interruptWith(ts *testscript.TestScript, out io.Writer, args []string) {
	cmd := exec.Command("assistant-gate", args[3:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = ts.MkAbs("."), out, out
	for _, name := range []string{
		"PATH", "TMPDIR", "GORACE", "TELNYX_BASE_URL", "TELNYX_API_KEY", "GITHUB_ACTIONS", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY",
	} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	ts.Check(cmd.Start())
	awaitMoment(ts, args[1])
	sent := time.Now()
	for name := range strings.SplitSeq(args[0], ",") {
		if signalsByName[name] == 0 {
			continue
		}
		if err := cmd.Process.Signal(signalsByName[name]); !errors.Is(err, os.ErrProcessDone) {
			ts.Check(err)
		}
	}
	_ = cmd.Wait() // the exit code is what counts
	if took := time.Since(sent); took > endsIn(args[0]) {
		ts.Fatalf("the program took %s to end, want at most %s", took, endsIn(args[0]))
	}
	code := strconv.Itoa(cmd.ProcessState.ExitCode())
	ts.Setenv("CODE", code)
	if !slices.Contains(strings.Split(args[2], ","), code) {
		ts.Fatalf("exit code %s, want %s\n%v", code, args[2], out)
	}
}

// endsIn is how long the program may go on after a signal: 5 s, whatever hangs. Without a signal the gate goes on as well, in
// the scripts for at most 3 s, and then waits 2 s for a reader of its output; 5 s more are for a slow machine.
func endsIn(signal string) time.Duration {
	if signal == "none" {
		return 10 * time.Second
	}
	return 5 * time.Second
}

// await waits for a moment: await MOMENT. That is N (so many runs were made), requests:N (so many requests have reached
// the API) or file:PATH (the file is there).
func await(ts *testscript.TestScript, _ bool, args []string) { awaitMoment(ts, args[0]) }

func awaitMoment(ts *testscript.TestScript, moment string) {
	reached := reachedAt(ts, moment)
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !reached() {
		select {
		case <-deadline:
			ts.Fatalf("the moment %s never came", moment)
		case <-tick.C:
		}
	}
}

func reachedAt(ts *testscript.TestScript, moment string) func() bool {
	kind, value, ok := strings.Cut(moment, ":")
	if !ok {
		kind, value = "runs", moment
	}
	if kind == "file" {
		path := ts.MkAbs(value)
		return func() bool {
			_, err := os.Stat(path)
			return err == nil
		}
	}
	n, err := strconv.Atoi(value)
	ts.Check(err)
	s := serverOf(ts)
	if kind == "requests" {
		return func() bool { return s.server.requests.Load() >= int64(n) }
	}
	return func() bool { return len(s.simulator.Ledger()) >= n }
}

// checkOutput checks a step output in the file that GITHUB_OUTPUT names: output NAME VALUE. It reads the file as GitHub's
// runner does; the last value counts.
func checkOutput(ts *testscript.TestScript, neg bool, args []string) {
	values := map[string]string{}
	lines := strings.Split(ts.ReadFile(ts.Getenv("GITHUB_OUTPUT")), "\n")
	for i := 0; i < len(lines); i++ {
		name, delimiter, ok := strings.Cut(lines[i], "<<")
		if !ok {
			continue
		}
		var value []string
		for i++; i < len(lines) && lines[i] != delimiter; i++ {
			value = append(value, lines[i])
		}
		values[name] = strings.Join(value, "\n")
	}
	value, set := values[args[0]]
	if neg {
		if set {
			ts.Fatalf("output %s is set to %q", args[0], value)
		}
		return
	}
	if value != args[1] {
		ts.Fatalf("output %s is %q, want %q", args[0], value, args[1])
	}
}

// checkAgreement checks that every report of a gate parses and agrees with the exit code: agree DIR NAME CODE.
func checkAgreement(ts *testscript.TestScript, _ bool, args []string) {
	code, err := strconv.Atoi(args[2])
	ts.Check(err)
	ts.Check(agreement(ts.MkAbs(args[0]), args[1], code))
}

// agreement returns nil if every report in dir of the gate called name parses and agrees with the exit code.
func agreement(dir, name string, code int) error {
	verdict := map[int]string{0: "passed", 1: "failed", 2: "invalid", 3: "inconclusive", 4: "timed-out", 129: "cancelled", 130: "cancelled", 143: "cancelled"}[code]
	var results struct {
		Verdict  string `json:"verdict"`
		ExitCode int    `json:"exit_code"`
	}
	var junit struct {
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Tests    int `xml:"tests,attr"`
	}
	if err := errors.Join(
		parse(filepath.Join(dir, name+".json"), json.Unmarshal, &results),
		parse(filepath.Join(dir, "TEST-"+name+".xml"), xml.Unmarshal, &junit),
		followsSchema(filepath.Join(dir, name+".json")),
	); err != nil {
		return err
	}
	env, envErr := os.ReadFile(filepath.Join(dir, name+".env"))
	summary, summaryErr := os.ReadFile(filepath.Join(dir, name+".md"))
	first, _, _ := strings.Cut(string(summary), "\n")
	switch {
	case envErr != nil || summaryErr != nil:
		return errors.Join(envErr, summaryErr)
	case results.Verdict != verdict || results.ExitCode != code:
		return fmt.Errorf("the JSON says %s and exit code %d, want %s and %d", results.Verdict, results.ExitCode, verdict, code)
	case (junit.Failures+junit.Errors > 0) != (code != 0) || junit.Tests == 0:
		return fmt.Errorf("the JUnit file has %d failures and %d errors in %d tests, but the exit code is %d", junit.Failures, junit.Errors, junit.Tests, code)
	case !strings.Contains(string(env), "GATE_VERDICT="+verdict+"\n"):
		return fmt.Errorf("the dotenv file does not say %s:\n%s", verdict, env)
	case strings.Contains(first, "Passed") != (code == 0):
		return fmt.Errorf("the summary begins with %q, but the exit code is %d", first, code)
	}
	return nil
}

func parse(path string, unmarshal func([]byte, any) error, into any) error {
	data, err := os.ReadFile(path)
	if err == nil {
		err = unmarshal(data, into)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
