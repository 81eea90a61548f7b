package faults

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/simtest"
)

// TestRandomSequences runs random sequences of faults, run results, settings, signals and restarts, and checks the
// invariants. -rapid.checks sets the number of sequences (200).
func TestRandomSequences(t *testing.T) {
	t.Parallel()
	checkByDefault(t, 200)
	dir := t.TempDir()
	ends := map[string]int{}
	told := false
	defer func() { t.Logf("executions by exit code, and runs: %v", ends) }()
	rapid.Check(t, func(rt *rapid.T) {
		own, err := os.MkdirTemp(dir, "")
		if err != nil {
			rt.Fatal(err)
		}
		q := drawSequence(rt)
		var found []string
		rapid.SyncTest(rt, func(*rapid.T) { found = q.run(own, ends) })
		if err := os.RemoveAll(own); err != nil {
			rt.Fatal(err)
		}
		if len(found) == 0 {
			return
		}
		if !told { // the gate's pauses are random: rapid may not reproduce the failure
			told = true
			t.Logf("%s\n%v", strings.Join(found, "\n"), q)
		}
		rt.Fatalf("%s\n%v", strings.Join(found, "\n"), q)
	})
}

// checkByDefault sets the number of cases that rapid draws, unless the command line does.
func checkByDefault(t *testing.T, n int) {
	const name = "rapid.checks"
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	if given {
		return
	}
	if err := flag.Set(name, fmt.Sprint(n)); err != nil {
		t.Fatal(err)
	}
}

// run executes the sequence in dir, counts the results in ends and returns the violations.
func (q sequence) run(dir string, ends map[string]int) []string {
	s := newFixture(q.world, dir)
	s.recorder.latency = q.latency
	s.executedStatus, s.passes, s.baseline, s.quarantined = falseErrorStatus, q.passes, q.baseline, map[string]bool{}
	s.maxDecisions, s.rounds = q.maxDecisions(), q.rounds
	if q.github {
		if err := s.onGitHub(); err != nil {
			return []string{err.Error()}
		}
	}
	args, err := q.arguments(s)
	if err != nil {
		return []string{err.Error()}
	}
	var found []string
	var executions []*execution
	for i, p := range q.phases {
		x, problems := p.execute(s, args)
		executions = append(executions, x)
		ends[x.end()]++
		ends["replayed"] += x.results.RunsReplayed
		x.countProofs(ends)
		problems = append(problems, q.check(p, x)...)
		for _, p := range problems {
			found = append(found, fmt.Sprintf("execution %d: %s", i+1, p))
		}
		if len(problems) > 0 {
			found = append(found, x.details(s)...)
		}
		wait(context.Background(), p.pause)
	}
	ends["paid"] += len(s.sim.Ledger())
	return append(found, s.overpaidRuns(executions...)...)
}

// countProofs adds the runs by what is said of who answered, for the statistics.
func (x *execution) countProofs(ends map[string]int) {
	for _, t := range x.results.Tests {
		for _, a := range slices.Concat(t.Attempts, t.Compared, t.Baseline) {
			if a.Answered != nil {
				ends[a.Answered.Proof]++
			}
		}
	}
}

// end is the result of an execution, for the statistics.
func (x *execution) end() string {
	if x.results.Schema == 0 {
		return "killed"
	}
	return fmt.Sprint(x.code)
}

// arguments are the arguments of every execution of the sequence.
func (q sequence) arguments(s *fixture) ([]string, error) {
	args := slices.Clone(q.args)
	if q.keyed {
		args = append(args, "--run-key", faultRunKey)
	}
	if len(q.quarantine) == 0 {
		return s.arguments(args...), nil
	}
	var b strings.Builder
	for _, i := range q.quarantine {
		s.quarantined[simtest.TestID(i)] = true
		fmt.Fprintf(&b, "- {id: %s, reason: it is being mended, owner: somebody, expires: 2000-12-31}\n", simtest.TestID(i))
	}
	file := filepath.Join(s.dir, "quarantine.yml")
	return s.arguments(append(args, "--quarantine-file", file)...), os.WriteFile(file, []byte(b.String()), 0o644)
}

// check checks the budget and the time of an execution.
func (q sequence) check(p phase, x *execution) []string {
	grace := 5 * time.Second
	if p.unread {
		grace += endPatience
	}
	var found []string
	if x.keys > q.maxRuns {
		found = append(found, fmt.Sprintf("%d decisions were sent, max-runs is %d", x.keys, q.maxRuns))
	}
	if x.took > q.timeout+grace {
		found = append(found, fmt.Sprintf("it took %s, timeout is %s", x.took, q.timeout))
	}
	want, signalled := p.signalled()
	if signalled && x.took > p.after+grace {
		found = append(found, fmt.Sprintf("it took %s, the signal came after %s", x.took, p.after))
	}
	// The gate may have ended before, and waited for a reader.
	late := x.took > p.after && !p.unread
	if signalled && late && x.code != want {
		found = append(found, fmt.Sprintf("exit code %d after a signal, want %d", x.code, want))
	}
	return found
}

// details describes an execution that failed.
func (x *execution) details(s *fixture) []string {
	const maxRequests = 200
	out := []string{fmt.Sprintf("took %s, stdout:\n%s\nstderr:\n%s", x.took, x.stdout, x.stderr)}
	seen := s.recorder.requests()
	for _, r := range seen[max(0, len(seen)-maxRequests):] {
		out = append(out, r.String())
	}
	for _, run := range s.sim.Ledger() {
		out = append(out, fmt.Sprintf("%+v", run))
	}
	return out
}
