package acceptance

import (
	"strings"
	"testing"

	"github.com/joshdk/go-junit"

	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// junitStatus is what another program must make of a test's state.
var junitStatus = map[string]junit.Status{
	"passed": junit.StatusPassed, "failed": junit.StatusFailed,
	"errored": junit.StatusError, "timed-out": junit.StatusError, "not-run": junit.StatusError,
}

// TestJUnitIsReadByOthers reads the JUnit files of gates that end badly with a parser of another project.
func TestJUnitIsReadByOthers(t *testing.T) {
	t.Parallel()
	// Three tests fail there, and one gets no verdict however often it is run.
	failing := func() simulator.World {
		world := clinic(simulator.BuiltInFailing())
		world.Tests[1].Runs = []simulator.Script{{Ends: "error"}}
		return world
	}
	hostile := failing()
	for i := range hostile.Tests {
		// They differ in what no report can show, so that they are all the same there.
		hostile.Tests[i].Name = "]]> & <b> \x1b[31m \u202e \"x\" ::error::y" + strings.Repeat("\x01", i)
	}
	endless := failing()
	endless.Tests[5].Runs = []simulator.Script{{Ends: "never"}}
	for _, c := range []struct {
		name  string
		world simulator.World
		args  []string
		exit  int
		want  counts // of the parser
		gate  bool   // a case stands for the gate itself
	}{
		{
			name: "failures and an error", world: failing(), exit: 1,
			want: counts{Total: 12, Passed: 8, Failed: 3, Errored: 1},
		},
		{
			name: "a run that never ends", world: endless, args: []string{"--run-timeout", "900ms"}, exit: 1,
			want: counts{Total: 12, Passed: 7, Failed: 3, Errored: 2},
		},
		{
			name: "names that are hostile and all the same", world: hostile, exit: 1,
			want: counts{Total: 12, Passed: 8, Failed: 3, Errored: 1},
		},
		{
			name: "an input that is wrong", world: clinic(simulator.BuiltIn()), args: []string{"--test-ids", unknownID}, exit: 2,
			want: counts{Total: 1, Errored: 1}, gate: true,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := program{
				args: append([]string{
					"--base-url", "http://127.0.0.1/v2", "--version-id", simulator.BuiltInVersion, "--test-suites", lines(suitesOf(c.world)...),
				}, c.args...),
				transport: simulator.New(c.world).Transport(), timings: simtest.Timings(),
			}
			e := p.run(t.Context(), t)
			e.wantExit(t, c.exit)
			e.checkNoSecret(t)
			r := e.checkReports(t)
			suites := checkJUnit(t, e.files(t)["TEST-"+gateName+".xml"], r)
			checkParsed(t, suites, c.want)
			if !c.gate {
				checkCases(t, suites, r)
			}
		})
	}
}

// checkParsed holds the parser's own counts against those that are due.
func checkParsed(t *testing.T, suites []junit.Suite, want counts) {
	t.Helper()
	var got counts
	for _, suite := range suites {
		got.Total += suite.Totals.Tests
		got.Passed += suite.Totals.Passed
		got.Failed += suite.Totals.Failed
		got.Errored += suite.Totals.Error
	}
	if got != want {
		t.Errorf("the parser counts %+v, want %+v", got, want)
	}
}

// checkCases holds every case that the parser found against its test in the results.
func checkCases(t *testing.T, suites []junit.Suite, r results) {
	t.Helper()
	states := map[string]int{} // by suite and status
	for _, test := range r.Tests {
		states[test.Suite+"/"+string(junitStatus[test.State])]++
	}
	names := map[string]bool{}
	for _, suite := range suites {
		for _, test := range suite.Tests {
			if names[suite.Name+"/"+test.Name] {
				t.Errorf("two cases are called %q: readers take them for one", test.Name)
			}
			names[suite.Name+"/"+test.Name] = true
			states[suite.Name+"/"+string(test.Status)]--
			if test.Classname != suite.Name {
				t.Errorf("case %q has classname %q in suite %q", test.Name, test.Classname, suite.Name)
			}
			if bad := test.Status != junit.StatusPassed; bad && (test.Message == "" || test.Error.Error() == "") {
				t.Errorf("case %q is %s and does not say why", test.Name, test.Status)
			}
		}
	}
	for key, difference := range states {
		if difference != 0 {
			t.Errorf("%s: the results have %d more than the JUnit file", key, difference)
		}
	}
}
