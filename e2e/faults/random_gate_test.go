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
)

// TestRandomSequences plays any sequence of faults, ends of runs, settings, signals and restarts, and holds the gate to its
// promises. -rapid.checks says how many sequences there are; 200 where it is not given.
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
		rapid.SyncTest(rt, func(*rapid.T) { found = q.play(own, ends) })
		if err := os.RemoveAll(own); err != nil {
			rt.Fatal(err)
		}
		if len(found) == 0 {
			return
		}
		if !told { // the gate's pauses are random: rapid may not come by the same failure again
			told = true
			t.Logf("%s\n%v", strings.Join(found, "\n"), q)
		}
		rt.Fatalf("%s\n%v", strings.Join(found, "\n"), q)
	})
}

// checkByDefault sets how many cases rapid draws, unless the command line does.
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

// play executes the sequence below dir, counts in ends what happened and returns what it found wrong.
func (q sequence) play(dir string, ends map[string]int) []string {
	s := newStage(q.world, dir)
	s.witness.latency = q.latency
	s.overpaid, s.passes, s.baseline, s.quarantined = overpaidStatus, q.passes, q.baseline, map[string]bool{}
	s.decisions = q.mostDecisions()
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
	for i, part := range q.parts {
		x, problems := part.execute(s, args)
		executions = append(executions, x)
		ends[x.end()]++
		ends["replayed"] += x.results.RunsReplayed
		problems = append(problems, q.check(part, x)...)
		for _, p := range problems {
			found = append(found, fmt.Sprintf("execution %d: %s", i+1, p))
		}
		if len(problems) > 0 {
			found = append(found, x.story(s)...)
		}
		pass(context.Background(), part.pause)
	}
	ends["paid"] += len(s.sim.Ledger())
	return append(found, s.paidTooMuch(executions...)...)
}

// end is how an execution ended.
func (x *execution) end() string {
	if x.results.Schema == 0 {
		return "killed"
	}
	return fmt.Sprint(x.code)
}

// arguments are those of every execution of the sequence.
func (q sequence) arguments(s *stage) ([]string, error) {
	args := slices.Clone(q.args)
	if q.keyed {
		args = append(args, "--run-key", faultRunKey)
	}
	if len(q.quarantine) == 0 {
		return s.arguments(args...), nil
	}
	var b strings.Builder
	for _, i := range q.quarantine {
		s.quarantined[faultTestID(i)] = true
		fmt.Fprintf(&b, "- {id: %s, reason: it is being mended, owner: somebody, expires: 2000-12-31}\n", faultTestID(i))
	}
	file := filepath.Join(s.dir, "quarantine.yml")
	return s.arguments(append(args, "--quarantine-file", file)...), os.WriteFile(file, []byte(b.String()), 0o644)
}

// check is what an execution must keep to beyond the promises: its budget and its time.
func (q sequence) check(p part, x *execution) []string {
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

// story is what helps to understand an execution.
func (x *execution) story(s *stage) []string {
	const mostRequests = 200
	out := []string{fmt.Sprintf("took %s, stdout:\n%s\nstderr:\n%s", x.took, x.stdout, x.stderr)}
	seen := s.witness.requests()
	for _, r := range seen[max(0, len(seen)-mostRequests):] {
		out = append(out, r.String())
	}
	for _, run := range s.sim.Ledger() {
		out = append(out, fmt.Sprintf("%+v", run))
	}
	return out
}
