package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/golden"
	"github.com/assistant-gate/assistant-gate/internal/secret"
	"github.com/google/go-cmp/cmp"
)

func TestCommands(t *testing.T) {
	table := ListOptions{Format: "table"}
	tests := []struct {
		args []string
		want Command
	}{
		{nil, Command{Name: CommandRun, List: table}},
		{[]string{"run"}, Command{Name: CommandRun, List: table}},
		{[]string{"--timeout", "5m"}, Command{Name: CommandRun, List: table}},
		{[]string{"--timeout", "5m", "run"}, Command{Name: CommandRun, List: table}},
		{[]string{"plan", "--timeout=5m"}, Command{Name: CommandPlan, List: table}},
		{[]string{"plan", "--format=json"}, Command{Name: CommandPlan, List: table, Plan: PlanOptions{Format: "json"}}},
		{[]string{"list"}, Command{Name: CommandList, List: table}},
		{[]string{"list", "--suites", "--format", "json"}, Command{Name: CommandList, List: ListOptions{Suites: true, Format: "json"}}},
		{[]string{"list", "--suites=false", "--base-url=simulator"}, Command{Name: CommandList, List: table}},
		{[]string{"demo"}, Command{Name: CommandDemo, List: table}},
		{[]string{"demo", "--failing", "--report-dir=x", "--name", "y"}, Command{Name: CommandDemo, List: table, Demo: DemoOptions{Failing: true}}},
		{[]string{"simulate"}, Command{Name: CommandSimulate, List: table}},
		{[]string{"simulate", "--world", "w.yaml", "--port=8080"}, Command{
			Name: CommandSimulate, List: table, Simulate: SimulateOptions{World: "w.yaml", Port: 8080},
		}},
		{[]string{"merge", "a.json", "b/b.json", "--expect", "2"}, Command{
			Name: CommandMerge, List: table, Merge: MergeOptions{Files: []string{"a.json", "b/b.json"}, Expect: 2},
		}},
		{[]string{"flakes", "a.json", "b/*.json", "--red", "2.5 %", "--tests=40", "--all-versions", "--format=json", "--html", "x.html"}, Command{
			Name: CommandFlakes, List: table,
			Flakes: FlakesOptions{Files: []string{"a.json", "b/*.json"}, Red: 0.025, Tests: 40, AllVersions: true, Format: "json", HTML: "x.html"},
		}},
		{[]string{"promote", "--assistant-id=a", "--version-id", "v", "--results=r.json", "--max-age", "90m", "--dry-run", "--end-canary"}, Command{
			Name: CommandPromote, List: table,
			Promote: PromoteOptions{Results: "r.json", MaxAge: 90 * minute, DryRun: true, EndCanary: true},
		}},
		{[]string{"version"}, Command{Name: CommandVersion, List: table}},
	}
	for _, tt := range tests {
		cmd, err := Parse(tt.args, enough().environment(nil))
		if err != nil {
			t.Errorf("%q: %v", tt.args, err)
		}
		cmd.Inputs = nil
		if tt.want.Name != CommandPromote {
			tt.want.Promote.MaxAge = 60 * minute // the default, whatever the command
		}
		tt.want.Merge.MaxAge = 6 * 60 * minute
		if tt.want.Name != CommandFlakes {
			tt.want.Flakes = FlakesOptions{Red: 0.05, Format: "table"}
		}
		if tt.want.Plan.Format == "" {
			tt.want.Plan.Format = "table"
		}
		if diff := cmp.Diff(&tt.want, cmd); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.args, diff)
		}
	}
}

func TestInputsOfOtherCommands(t *testing.T) {
	none := vars{}
	demo, err := Parse([]string{"demo", "--report-dir=x"}, none.environment(nil))
	if err != nil || demo.Inputs.ReportDir != "x" || demo.Inputs.Name != "assistant-gate" {
		t.Errorf("demo: %+v, %v", demo.Inputs, err)
	}
	_, err = Parse([]string{"list"}, none.environment(nil))
	wantProblem(t, err, "api-key is missing")
	if _, err = Parse([]string{"list", "--base-url=simulator"}, none.environment(nil)); err != nil {
		t.Errorf("list: %v", err)
	}
	for _, args := range [][]string{{"version"}, {"simulate"}, {"--help"}} {
		if _, err = Parse(args, none.environment(nil)); err != nil {
			t.Errorf("%q: %v", args, err)
		}
	}
}

func TestUsageErrors(t *testing.T) {
	tests := []struct {
		args  []string
		name  CommandName
		parts []string
	}{
		{[]string{"plna"}, "", []string{`"plna" is not a command; did you mean plan?`}},
		{[]string{"deploy"}, "", []string{`"deploy" is not a command: give run, plan, list, demo, simulate, merge, promote, flakes or version`}},
		{[]string{"hlep"}, "", []string{`"hlep" is not a command; did you mean help?`}},
		{[]string{"deploy\x1b[31m"}, "", []string{`"deploy\x1b[31m" is not a command`}},
		{[]string{""}, "", []string{`"" is not a command`}},
		{[]string{"--tmeout=5m"}, CommandRun, []string{`unknown flag --tmeout; did you mean --timeout?`}},
		{[]string{"plan", "--attempst=3"}, CommandPlan, []string{"unknown flag --attempst; did you mean --attempts?"}},
		{[]string{"plan", "--colour=3"}, CommandPlan, []string{"unknown flag --colour: assistant-gate plan --help lists what is accepted"}},
		{[]string{"-v"}, CommandRun, []string{"unknown flag -v: assistant-gate run --help lists what is accepted"}},
		{[]string{"-timeout=1s"}, CommandRun, []string{"unknown flag -timeout; did you mean --timeout?"}},
		{[]string{"plan", "--version=20260906"}, CommandPlan, []string{"--version stands alone: assistant-gate --version prints the version of this program"}},
		{[]string{"run", "extra"}, CommandRun, []string{`unexpected argument "extra"`}},
		{[]string{"run", "a\nb"}, CommandRun, []string{`unexpected argument "a\nb"`}},
		{[]string{"--timeout"}, CommandRun, []string{"--timeout needs a value, as in --timeout=DURATION"}},
		{[]string{"--timeout", "--name=x"}, CommandRun, []string{"--timeout needs a value"}},
		{[]string{"--fail-fast", "yes"}, CommandRun, []string{`unexpected argument "yes"`}},
		{[]string{"list", "--timeout=5m"}, CommandList, []string{"unknown flag --timeout"}},
		{[]string{"list", "--format=xml"}, CommandList, []string{`--format: "xml" is not accepted: give table or json`}},
		{[]string{"list", "--suites=yes"}, CommandList, []string{`--suites: "yes" is neither true nor false`}},
		{[]string{"demo", "--failing=1"}, CommandDemo, []string{`--failing: "1" is neither true nor false`}},
		{[]string{"simulate", "--port=70000"}, CommandSimulate, []string{"--port"}},
		{[]string{"version", "--all"}, CommandVersion, []string{"unknown flag --all"}},
	}
	for _, tt := range tests {
		cmd, err := Parse(tt.args, enough().environment(nil))
		if found := problems(t, err); len(found) != 1 {
			t.Errorf("%q: not one problem: %q", tt.args, found)
		}
		wantProblem(t, err, tt.parts...)
		if cmd.Name != tt.name {
			t.Errorf("%q: command %q, want %q", tt.args, cmd.Name, tt.name)
		}
	}
}

// TestEveryMisuseIsSaidAtOnce: pflag would stop at the first of them.
func TestEveryMisuseIsSaidAtOnce(t *testing.T) {
	cmd, err := Parse([]string{
		"--tmeout=5m", "--attemps", "3", "-x", "--run-key", "--max-runs=no", "--api-key", "KEYs3cret", "extra", "--", "--more", "--vebose",
	}, enough().environment(nil))
	for _, parts := range [][]string{
		{"unknown flag --tmeout; did you mean --timeout?"},
		{"unknown flag --attemps; did you mean --attempts?"},
		{"unknown flag -x:"},
		{"--run-key needs a value, as in --run-key=KEY"},
		{"max-runs (from --max-runs): \"no\""},
		{"--api-key is not a flag"},
		{`unexpected argument "extra"`},
		{`unexpected argument "--more"`},
		{`unexpected argument "--vebose"`},
	} {
		wantProblem(t, err, parts...)
	}
	if n := len(problems(t, err)); n != 9 || cmd.Name != CommandRun {
		t.Errorf("%d problems of %q:\n%v", n, cmd.Name, err)
	}
}

// TestAWrongFlagHidesNothing: what is missing is said beside it, unless the wrong flag probably meant it.
func TestAWrongFlagHidesNothing(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want []string
	}{
		{[]string{"--bogus"}, []string{"unknown flag --bogus", "api-key is missing", "no test is selected", "version-id is missing"}},
		{[]string{"--versoin-id=v"}, []string{"did you mean --version-id?", "api-key is missing", "no test is selected"}},
		{[]string{"--test-suite=Booking", "--version-id"}, []string{"did you mean --test-suites?", "--version-id needs a value", "api-key is missing"}},
		{[]string{"promote", "--assistant=a", "--version-id=v"}, []string{"did you mean --assistant-id?", "api-key is missing", "no results are given"}},
		{[]string{"list", "--assitants", "--versions"}, []string{"did you mean --assistants?", "api-key is missing", "assistant-id is missing"}},
	} {
		_, err := Parse(tt.args, vars{}.environment(nil))
		found := problems(t, err)
		if len(found) != len(tt.want) {
			t.Errorf("%q: %q", tt.args, found)
			continue
		}
		for i, part := range tt.want {
			if !strings.Contains(found[i], part) {
				t.Errorf("%q: %q does not say %q", tt.args, found[i], part)
			}
		}
	}
}

// TestMisspeltFlagBeforeACommand: what follows a flag that nobody knows may be its value, and must not become a command.
func TestMisspeltFlagBeforeACommand(t *testing.T) {
	cmd, err := Parse([]string{"--versoin-id", "plan"}, enough().environment(nil))
	if cmd.Name != CommandRun || len(problems(t, err)) != 1 {
		t.Errorf("command %q, %v", cmd.Name, err)
	}
}

// TestCommandAfterAFlag: a gate whose flags stand before another command's name would test nothing and succeed.
func TestCommandAfterAFlag(t *testing.T) {
	line := newCommandLine()
	for _, name := range names(line.root) {
		if name == string(CommandRun) { // it names what runs anyway
			continue
		}
		for _, flags := range [][]string{
			{"--name", "nightly"}, {"--test-suites=Booking"}, {"--fail-fast"}, {"--fail-fast", "true"}, {"--help"}, {"-h"}, {"--name", "nightly", "run"},
		} {
			args := append(slices.Clone(flags), name)
			cmd, err := Parse(args, enough().environment(nil))
			if cmd.Name != CommandRun || len(problems(t, err)) != 1 {
				t.Errorf("%q: command %q, %v", args, cmd.Name, err)
			}
			wantProblem(t, err, fmt.Sprintf("unexpected argument %q: a command comes first", name))
		}
	}
}

// TestMisuseWins: neither a question for help nor one for the version hides what breaks the syntax.
func TestMisuseWins(t *testing.T) {
	for _, tt := range []struct {
		args []string
		name CommandName
		part string
	}{
		{[]string{"--help", "--bogus"}, CommandRun, "unknown flag --bogus"},
		{[]string{"run", "--help=maybe"}, CommandRun, "--help takes no value"},
		{[]string{"plan", "--help", "extra"}, CommandPlan, `unexpected argument "extra"`},
		{[]string{"--version", "extra"}, CommandRun, "--version stands alone"},
		{[]string{"--version=20260906"}, CommandRun, "--version stands alone"},
		{[]string{"--version", "run"}, CommandRun, "--version stands alone"},
		{[]string{"run", "--version"}, CommandRun, "--version stands alone"},
		{[]string{"--version", "--test-suites=Booking"}, CommandRun, "--version stands alone"},
		{[]string{"--version", "--version"}, CommandRun, "--version stands alone"},
		{[]string{"-h", "--api-key", "KEYs3cret"}, CommandRun, "--api-key is not a flag"},
		{[]string{"help", "bogus"}, "", `"bogus" is not a command: give run,`},
		{[]string{"help", "plna"}, "", "did you mean plan?"},
		{[]string{"help", "plan", "more"}, "", "more"},
		{[]string{"help", "--bogus"}, "", "unknown flag"},
		{[]string{"completion", "tcsh"}, "", `"tcsh" is not a command of assistant-gate completion`},
		{[]string{"completion", "bash", "more"}, "", "more"},
		{[]string{"completion", "--bogus"}, "", "unknown flag"},
		{[]string{"completion", "--help=maybe"}, "", "maybe"},
		{[]string{"__completed"}, "", "is not a command"},
	} {
		cmd, err := Parse(tt.args, enough().environment(nil))
		if cmd.Name != tt.name || len(problems(t, err)) != 1 {
			t.Errorf("%q: command %q, %v", tt.args, cmd.Name, err)
		}
		wantProblem(t, err, tt.part)
	}
}

// TestProblemsKnowTheKey: what was typed in a wrong place may be the key, whatever the command takes.
func TestProblemsKnowTheKey(t *testing.T) {
	for _, args := range [][]string{{"KEYs3cret"}, {"demo", "KEYs3cret"}, {"version", "KEYs3cret"}, {"simulate", "--port=KEYs3cret"}, {"help", "KEYs3cret"}} {
		cmd, err := Parse(args, vars{"TELNYX_API_KEY": "KEYs3cret"}.environment(nil))
		if err == nil || !slices.Contains(cmd.Inputs.Secrets, "KEYs3cret") {
			t.Errorf("%q: %v, secrets %q", args, err, cmd.Inputs.Secrets)
		}
	}
	const key = "KEY0123456789ABCDEF_0123-x"
	for _, format := range []string{
		"%s", "run %s", "--bogus %s", "run -%s", "run --%s=1", "run -t%s", "-%s", "list -%s", "help --%s", "completion bash --%s", "merge x%s", "demo --name=x%s",
		"run --timeout=1s=%s", "run --test-ids=a,%s", "run --report-dir=a/x%s/b", "simulate --world=%s", "__complete %s x", "__complete run --%s x",
	} {
		args := strings.Fields(fmt.Sprintf(format, key))
		cmd, err := Parse(args, vars{}.environment(nil))
		if said := secret.New(cmd.Inputs.Secrets...).Text(fmt.Sprint(err)); strings.Contains(said, key[:12]) || !slices.ContainsFunc(cmd.Inputs.Secrets, func(s string) bool { return strings.HasPrefix(key, s) || strings.HasPrefix(s, key) }) {
			t.Errorf("%q: what looks like a key is shown: %s; secrets %q", args, said, cmd.Inputs.Secrets)
		}
	}
}

func TestVersionFlag(t *testing.T) {
	if cmd, err := Parse([]string{"--version"}, vars{}.environment(nil)); err != nil || cmd.Name != CommandVersion {
		t.Errorf("command %q, %v", cmd.Name, err)
	}
	for _, args := range [][]string{{"--version", "20260906"}, {"--version=20260906"}, {"--version", "--bad"}} {
		if _, err := Parse(args, enough().environment(nil)); err == nil {
			t.Errorf("%q is accepted, where a version id may have been meant", args)
		}
	}
}

// TestCompletion: scripts for four shells, and the words that they ask for.
func TestCompletion(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"completion", "bash"}, "# bash completion V2 for assistant-gate"},
		{[]string{"completion", "zsh"}, "#compdef assistant-gate"},
		{[]string{"completion", "fish"}, "# fish completion for assistant-gate"},
		{[]string{"completion", "powershell"}, "# powershell completion for assistant-gate"},
		{[]string{"completion"}, "Usage: assistant-gate completion"},
		{[]string{"__complete", ""}, "plan\tShow what run would do"},
		{[]string{"__complete", "plan", "--time"}, "--timeout\tMaximum time for the whole gate"},
		{[]string{"help", "merge"}, "Usage: assistant-gate merge FILE... [flags]"},
		{[]string{"help"}, "Usage: assistant-gate [command]"},
	} {
		cmd, err := Parse(tt.args, vars{}.environment(nil))
		if err != nil || cmd.Name != CommandHelp || !strings.Contains(cmd.Help, tt.want) || strings.Contains(cmd.Help, "api-key\t") {
			t.Errorf("%q: %q, %v\n%s", tt.args, cmd.Name, err, cmd.Help)
		}
	}
}

// TestUsageErrorKeepsThePlaceOfReports: the reports about a bad flag go where they were asked for.
func TestUsageErrorKeepsThePlaceOfReports(t *testing.T) {
	env := enough().with(vars{"ASSISTANT_GATE_NAME": "from-env", "TELNYX_API_KEY": "KEYalias", "ASSISTANT_GATE_API_KEY": ""})
	tests := []struct {
		args      []string
		name, dir string
		problems  int
	}{
		{[]string{"--bad", "--report-dir=out"}, "from-env", "out", 1},
		{[]string{"run", "--report-dir", "out", "--name", "mine", "--bad"}, "mine", "out", 1},
		{[]string{"--bad", "--report-dir", "--name=mine"}, "mine", "test-reports", 2},
		{[]string{"--bad", "--report-dir=../x"}, "from-env", "", 2},
		{[]string{"--bad", "--name=a/b"}, "assistant-gate", "", 2},
		{[]string{"--bad", "--report-dir=a", "--report-dir=b"}, "from-env", "", 2},
		{[]string{"unknown"}, "", "", 1},
	}
	for _, tt := range tests {
		cmd, err := Parse(tt.args, env.environment(nil))
		if len(problems(t, err)) != tt.problems {
			t.Errorf("%q: not %d problems: %v", tt.args, tt.problems, err)
		}
		if cmd.Inputs.Name != tt.name || cmd.Inputs.ReportDir != tt.dir {
			t.Errorf("%q: name %q, report-dir %q; want %q, %q", tt.args, cmd.Inputs.Name, cmd.Inputs.ReportDir, tt.name, tt.dir)
		}
		if tt.name != "" && !slices.Equal(cmd.Inputs.Secrets, []string{"KEYalias"}) {
			t.Errorf("%q: secrets %q", tt.args, cmd.Inputs.Secrets)
		}
	}
}

func TestFlagGivenTwice(t *testing.T) {
	_, err := Parse([]string{"--version-id=a", "--version-id=b"}, enough().environment(nil))
	wantProblem(t, err, `version-id (from --version-id): given 2 times, "a", "b": give it once`)
	_, err = Parse([]string{"--fail-fast", "--fail-fast=false"}, enough().environment(nil))
	wantProblem(t, err, "fail-fast (from --fail-fast): given 2 times")
	cmd, err := Parse([]string{"--timeout=", "--timeout=5m"}, enough().environment(nil))
	if err != nil || cmd.Inputs.Timeout != 5*minute {
		t.Errorf("an empty one counts: %v, %v", cmd.Inputs.Timeout, err)
	}
	for _, args := range [][]string{
		{"promote", "--dry-run", "--dry-run=false"},
		{"promote", "--results=a", "--results", "b"},
		{"promote", "--max-age=1h", "--max-age=2h"},
		{"merge", "--expect=1", "--expect=2", "a"},
		{"demo", "--failing", "--failing"},
		{"list", "--format=json", "--format=table"},
		{"simulate", "--port=1", "--port=2"},
	} {
		_, err := Parse(args, enough().environment(nil))
		wantProblem(t, err, "is given more than once: give it once")
	}
	cmd, err = Parse([]string{"--test-suites=a", "--test-suites=b, c"}, enough().environment(nil))
	if diff := cmp.Diff([]string{"a", "b", "c"}, cmd.Inputs.Suites); diff != "" || err != nil {
		t.Errorf("lists do not add up: %v %s", err, diff)
	}
}

func TestBooleanFlag(t *testing.T) {
	tests := []struct {
		args []string
		want bool
	}{
		{[]string{"--fail-fast"}, true},
		{[]string{"--fail-fast", "--name=x"}, true},
		{[]string{"--fail-fast=true"}, true},
		{[]string{"--fail-fast", "true"}, true},
		{[]string{"--fail-fast", "false"}, false},
		{[]string{"--fail-fast=false"}, false},
		{[]string{"--fail-fast="}, true}, // empty: the variable counts
		{[]string{"--fail-fast", ""}, true},
	}
	for _, tt := range tests {
		cmd, err := Parse(tt.args, enough().with(vars{"ASSISTANT_GATE_FAIL_FAST": "true"}).environment(nil))
		if err != nil || cmd.Inputs.FailFast != tt.want {
			t.Errorf("%q: %v, %v; want %v", tt.args, cmd.Inputs.FailFast, err, tt.want)
		}
	}
}

func TestHelp(t *testing.T) {
	pages := map[string][]string{"main": {"--help"}, "main-h": {"-h"}, "completion": {"completion", "--help"}}
	for _, spec := range newCommandLine().specs {
		pages[string(spec.name)] = []string{string(spec.name), "--help"}
		pages[string(spec.name)+"-h"] = []string{string(spec.name), "-h"}
	}
	for name, args := range pages {
		cmd, err := Parse(args, vars{}.environment(nil))
		if err != nil || cmd.Name != CommandHelp {
			t.Errorf("%q: command %q, %v", args, cmd.Name, err)
		}
		golden.Compare(t, filepath.Join("testdata", "help", name+".txt"), cmd.Help)
		for line := range strings.Lines(cmd.Help) {
			if n := len([]rune(line)) - 1; n > helpWidth && !strings.Contains(line, "\t") {
				t.Errorf("%q: a line of %d columns: %s", args, n, line)
			}
		}
	}
	for _, same := range [][2][]string{{{"help"}, {"-h"}}, {{"help", "plan"}, {"plan", "--help"}}} {
		one, _ := Parse(same[0], vars{}.environment(nil))
		other, _ := Parse(same[1], vars{}.environment(nil))
		if one.Help != other.Help || one.Help == "" {
			t.Errorf("%q and %q differ", same[0], same[1])
		}
	}
}

// TestBareCall: somebody at a terminal who gave nothing at all gets the short help; anything else is a gate.
func TestBareCall(t *testing.T) {
	for _, tt := range []struct {
		args     []string
		env      vars
		terminal bool
		want     CommandName
	}{
		{nil, vars{}, true, CommandHelp},
		{nil, vars{"TELNYX_API_KEY": "KEY", "ASSISTANT_GATE_PORT": "tcp://10.0.0.1:80"}, true, CommandHelp},
		{nil, vars{}, false, CommandRun},
		{nil, vars{"ASSISTANT_GATE_TEST_SUITES": "Booking"}, true, CommandRun},
		{[]string{"run"}, vars{}, true, CommandRun},
		{[]string{"--fail-fast"}, vars{}, true, CommandRun},
	} {
		env := tt.env.environment(nil)
		env.Terminal = tt.terminal
		cmd, _ := Parse(tt.args, env)
		if cmd.Name != tt.want || cmd.Unasked != (tt.want == CommandHelp) {
			t.Errorf("%q with %v at a terminal %v: command %q, unasked %v", tt.args, tt.env, tt.terminal, cmd.Name, cmd.Unasked)
		}
	}
}

// TestHelpWins: whoever asks for help gets it, whatever else is wrong with the inputs.
func TestHelpWins(t *testing.T) {
	for _, args := range [][]string{{"--timeout=x", "--help"}, {"run", "-h", "--timeout=x"}, {"-h"}, {"list", "--help", "--format=json"}} {
		cmd, err := Parse(args, vars{"ASSISTANT_GATE_MAX_RUNS": "x"}.environment(nil))
		if err != nil || cmd.Name != CommandHelp || !strings.HasPrefix(cmd.Help, "Usage: assistant-gate") {
			t.Errorf("%q: %q, %v", args, cmd.Name, err)
		}
	}
}

func TestUnknownVariables(t *testing.T) {
	env := enough().with(vars{
		"ASSISTANT_GATE_TEST_ID":           "s3cret",
		"ASSISTANT_GATE_COLOUR":            "red",
		"ASSISTANT_GATE_TIMEOUTS":          " ",
		"ASSISTANT_GATE_PORT":              "tcp://10.0.0.1:80",
		"ASSISTANT_GATE_PORT_80_TCP":       "tcp://10.0.0.1:80",
		"ASSISTANT_GATE_SERVICE_HOST":      "10.0.0.1",
		"ASSISTANT_GATE_SERVICE_PORT_HTTP": "80",
		"MY_ASSISTANT_GATE_X":              "1",
	})
	want := []string{
		`the environment variable "ASSISTANT_GATE_COLOUR" is not an input`,
		`the environment variable "ASSISTANT_GATE_TEST_ID" is not an input; did you mean ASSISTANT_GATE_TEST_IDS?`,
	}
	for _, args := range [][]string{nil, {"plan"}} {
		cmd, err := Parse(args, env.environment(nil))
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, cmd.Warnings); diff != "" {
			t.Errorf("warnings (-want +got):\n%s", diff)
		}
	}
	if cmd, _ := Parse([]string{"version"}, env.environment(nil)); cmd.Warnings != nil {
		t.Errorf("version warns: %q", cmd.Warnings)
	}
}

// TestCompletionOfWhatIsNotUnderstood is refused: cobra would print it past the printer.
func TestCompletionOfWhatIsNotUnderstood(t *testing.T) {
	for _, args := range [][]string{{"__complete", "bogus", ""}, {"__complete", "run", "--bogus=KEY0123", ""}, {"__completeNoDesc", "plan", "--bogus", ""}} {
		cmd, err := Parse(args, vars{}.environment(nil))
		if len(problems(t, err)) != 1 || cmd.Help != "" {
			t.Errorf("%q: %v, %q", args, err, cmd.Help)
		}
	}
}

// TestNoFileIsNamedByTheKey, whatever the command: nothing redacts the names of files.
func TestNoFileIsNamedByTheKey(t *testing.T) {
	const key = "s3cret-k3y-of-a-test"
	for _, command := range [][]string{{"run"}, {"demo"}, {"merge", "a.json"}} {
		for flag, value := range map[string]string{"--name": "x-" + key, "--report-dir": "out/" + key} {
			args := append(slices.Clone(command), flag, value)
			cmd, err := Parse(args, enough().with(vars{"TELNYX_API_KEY": key}).environment(nil))
			wantProblem(t, err, "contains what looks like an API key")
			if strings.Contains(cmd.Inputs.ReportDir+cmd.Inputs.Name, key) {
				t.Errorf("%q: reports would go to %q as %q", args, cmd.Inputs.ReportDir, cmd.Inputs.Name)
			}
		}
	}
}
