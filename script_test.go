package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/assistant-gate/assistant-gate/simulator"
)

type simulatorKey struct{}

// stage holds the simulator of one script.
type stage struct{ simulator *simulator.Simulator }

func setUp(env *testscript.Env) error {
	env.Values[simulatorKey{}] = &stage{}
	// Nothing of the surroundings may reach the program: CI's own variables would.
	env.Vars = append(env.Vars, "GITHUB_ACTIONS=", "CI=")
	return nil
}

func stageOf(ts *testscript.TestScript) *stage { return ts.Value(simulatorKey{}).(*stage) }

// startSimulator serves a world on loopback: simulator [FILE]. It sets TELNYX_BASE_URL and TELNYX_API_KEY.
func startSimulator(ts *testscript.TestScript, _ bool, args []string) {
	world := simulator.BuiltIn()
	world.Speed *= 20
	if len(args) == 1 {
		loaded, err := simulator.Load([]byte(ts.ReadFile(args[0])))
		ts.Check(err)
		world = loaded
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	ts.Check(err)
	s := simulator.New(world)
	stageOf(ts).simulator = s
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, listener) }()
	ts.Defer(func() {
		cancel()
		<-done
	})
	ts.Setenv("TELNYX_BASE_URL", fmt.Sprintf("http://%s/v2", listener.Addr()))
	ts.Setenv("TELNYX_API_KEY", world.APIKey)
}

// checkPaid holds that exactly so many remote runs were made: paid N.
func checkPaid(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := len(stageOf(ts).simulator.Ledger()); got != want {
		ts.Fatalf("%d runs were paid, want %d", got, want)
	}
}

// checkExit runs a program and holds its exit code: exits CODE PROGRAM ARGS...
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

// interrupt starts the program, sends it a signal once N runs were made, and holds its exit code and that it ends within
// 5 s: interrupt SIGNAL N CODE ARGS... Its output goes to the file out.
func interrupt(ts *testscript.TestScript, _ bool, args []string) {
	signal := map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "KILL": syscall.SIGKILL}[args[0]]
	runs, err := strconv.Atoi(args[1])
	ts.Check(err)
	want, err := strconv.Atoi(args[2])
	ts.Check(err)
	var out bytes.Buffer
	cmd := exec.Command("assistant-gate", args[3:]...)
	path, err := exec.LookPath("assistant-gate")
	ts.Check(err)
	cmd.Path, cmd.Dir, cmd.Stdout, cmd.Stderr = path, ts.MkAbs("."), &out, &out
	cmd.Env = []string{"PATH=" + ts.Getenv("PATH"), "TELNYX_BASE_URL=" + ts.Getenv("TELNYX_BASE_URL"), "TELNYX_API_KEY=" + ts.Getenv("TELNYX_API_KEY")}
	ts.Check(cmd.Start())
	awaitRuns(ts, runs)
	ts.Check(cmd.Process.Signal(signal))
	sent := time.Now()
	_ = cmd.Wait() // the exit code is what counts
	if took := time.Since(sent); took > 5*time.Second {
		ts.Fatalf("the program took %s to end after the signal", took)
	}
	ts.Check(os.WriteFile(ts.MkAbs("out"), out.Bytes(), 0o600))
	if got := cmd.ProcessState.ExitCode(); got != want {
		ts.Fatalf("exit code %d, want %d\n%s", got, want, out.String())
	}
}

// awaitRuns waits until the simulator has made n runs.
func awaitRuns(ts *testscript.TestScript, n int) {
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for len(stageOf(ts).simulator.Ledger()) < n {
		select {
		case <-deadline:
			ts.Fatalf("%d runs were never made", n)
		case <-tick.C:
		}
	}
}

// checkOutput holds a step output in the file that GITHUB_OUTPUT names: output NAME VALUE. It reads the file as GitHub's
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

// checkAgreement holds that every report of a gate parses and says what the exit code says: agree DIR NAME CODE.
func checkAgreement(ts *testscript.TestScript, _ bool, args []string) {
	dir, name := args[0], args[1]
	code, err := strconv.Atoi(args[2])
	ts.Check(err)
	verdict := map[int]string{0: "passed", 1: "failed", 2: "invalid", 3: "inconclusive", 4: "timed-out", 130: "cancelled", 143: "cancelled"}[code]
	var results struct {
		Verdict  string `json:"verdict"`
		ExitCode int    `json:"exit_code"`
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(dir+"/"+name+".json")), &results))
	if results.Verdict != verdict || results.ExitCode != code {
		ts.Fatalf("the JSON says %s and exit code %d, want %s and %d", results.Verdict, results.ExitCode, verdict, code)
	}
	var junit struct {
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Tests    int `xml:"tests,attr"`
	}
	ts.Check(xml.Unmarshal([]byte(ts.ReadFile(dir+"/TEST-"+name+".xml")), &junit))
	if red := junit.Failures+junit.Errors > 0; red != (code != 0) || junit.Tests == 0 {
		ts.Fatalf("the JUnit file has %d failures and %d errors in %d tests, but the exit code is %d", junit.Failures, junit.Errors, junit.Tests, code)
	}
	if env := ts.ReadFile(dir + "/" + name + ".env"); !strings.Contains(env, "GATE_VERDICT="+verdict+"\n") {
		ts.Fatalf("the dotenv file does not say %s:\n%s", verdict, env)
	}
	first, _, _ := strings.Cut(ts.ReadFile(dir+"/"+name+".md"), "\n")
	if passed := strings.Contains(first, "Passed"); passed != (code == 0) {
		ts.Fatalf("the summary begins with %q, but the exit code is %d", first, code)
	}
}
