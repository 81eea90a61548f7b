package cli

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

const minute = time.Minute

var exportedOnly = cmp.Options{cmpopts.IgnoreUnexported(Inputs{}), cmpopts.EquateComparable(outcome.Policy{})}

// TestBadValues gives each bad value by two sources; the message names the input, the source and the value.
func TestBadValues(t *testing.T) {
	long := strings.Repeat("x", 300)
	tests := []struct{ input, value, shown, accepted string }{
		{"api-key-file", "KEY0123456789abcdef0123", "not shown", "the path of a file"},
		{"api-key-file", "a\x00b", `"a\x00b"`, "one line without control characters"},
		{"base-url", "http://api.telnyx.com/v2", `"http://api.telnyx.com/v2"`, "the word simulator"},
		{"base-url", "Simulator", `"Simulator"`, "the word simulator"},
		{"base-url", "api.telnyx.com/v2", `"api.telnyx.com/v2"`, "https"},
		{"test-ids", "ok a/b ok2", `"a/b"`, "letters, digits, hyphens and underscores"},
		{"test-ids", "-a", `"-a"`, "at most 128"},
		{"test-ids", "../x", `"../x"`, "separated by newlines, commas or blanks"},
		{"test-ids", "tést", `"tést"`, "letters"},
		{"test-ids", strings.Repeat("a", 129), `"` + strings.Repeat("a", 80) + `"...`, "at most 128"},
		{"test-ids", "a;b c;d e;f g;h i;j", `"a;b", "c;d", "e;f" and 2 more`, "letters"},
		{"test-names", "Books*\n!", `"!"`, "with * for any text, ? for one character, and ! in front to take tests out"},
		{"test-names", "! !", `"! !"`, "one per line"},
		{"test-names", "a\tb", `"a\tb"`, "without control characters"},
		{"test-names", long, `"` + strings.Repeat("x", 80) + `"...`, "at most 255 characters"},
		{"min-tests", "0", `"0"`, "from 1"},
		{"min-tests", "all", `"all"`, "whole number"},
		{"last-failed", "~/r.json", `"~/r.json"`, "did not expand ~"},
		{"last-failed", "a\x00b", `"a\x00b"`, "one line"},
		{"test-suites", "ok," + strings.Repeat("é", 101), `"` + strings.Repeat("é", 80) + `"...`, "at most 100 characters"},
		{"test-suites", "a\tb", `"a\tb"`, "separated by newlines, or by commas"},
		{"test-suites", "a\xffb", `"a\xffb"`, "suite name"},
		{"outage-timeout", "0s", `"0s"`, "positive"},
		{"transcripts", "some", `"some"`, "auto, none, failed and all"},
		{"attempts", "2", `"2"`, "give 1, K-of-N such as 2-of-3, confirm:N"},
		{"attempts", "confirm:4", `"confirm:4"`, "odd"},
		{"attempts", "3-of-2", `"3-of-2"`, "from 1 to N"},
		{"attempts", "1-of-26", `"1-of-26"`, "25 at most"},
		{"error-reruns", "-1", `"-1"`, "from 0"},
		{"advisory-criteria", "a\tb", `"a\tb"`, "one per line"},
		{"baseline-version", "a\nb", `"a\nb"`, "as Telnyx shows it"},
		{"baseline-rounds", "1", `"1"`, "from 2 to 9"},
		{"baseline-rounds", "10", `"10"`, "from 2 to 9"},
		{"baseline-rounds", "seven", `"seven"`, "from 2 to 9"},
		{"quarantine-file", "a\x00b", `"a\x00b"`, "one line"},
		{"quarantine-file", "~/q.yml", `"~/q.yml"`, "did not expand ~"},
		{"quarantine-file", "$HOME/q.yml", `"$HOME/q.yml"`, "give the path itself"},
		{"quarantine-file", "q/${BRANCH}.yml", `"q/${BRANCH}.yml"`, "give the path itself"},
		{"api-key-file", `"/run/key"`, `"\"/run/key\""`, "leave them out"},
		{"api-key-file", "%APPDATA%/key", `"%APPDATA%/key"`, "give the path itself"},
		{"report-dir", "~", `"~"`, "did not expand ~"},
		{"report-dir", "'out'", `"'out'"`, "leave them out"},
		{"report-dir", "None", `"None"`, "none in lower case"},
		{"report-dir", "NONE", `"NONE"`, "none in lower case"},
		{"report-dir", `C:\out`, `"C:\\out"`, "a Windows path"},
		{"report-dir", `out\here`, `"out\\here"`, "a Windows path"},
		{"report-dir", "out/KEY0123456789abcdef0123", "not shown", "replace it at Telnyx"},
		{"name", "KEY0123456789abcdef0123", "not shown", "replace it at Telnyx"},
		{"name", "a.ctrf", `"a.ctrf"`, "another gate's"},
		{"name", "A.CTRF", `"A.CTRF"`, "another gate's"},
		{"name", "a.comment", `"a.comment"`, "another gate's"},
		{"version-id", "v\uFEFF1", `"v\ufeff1"`, "one line"},
		{"version-id", "\xff\xfev", "UTF-16", "Out-File -Encoding utf8"},
		{"test-ids", "a\n\uFEFFb", `"\ufeffb"`, "letters"},
		{"fail-fast", "TRUE", `"TRUE"`, "lower case"},
		{"fail-fast", "null", `"null"`, "true nor false"},
		{"max-runs", "1e3", `"1e3"`, "whole number"},
		{"max-runs", "\uFF15", `"５"`, "whole number"},
		{"timeout", "+Inf", `"+Inf"`, "positive"},
		{"version-id", "a\nb", `"a\nb"`, "one line"},
		{"version-id", "a\xffb", `"a\xffb"`, "one line"},
		{"version-id", "a\u0085b", `"a\u0085b"`, "one line"},
		{"version-id", "..", `".."`, "as Telnyx shows it"},
		{"version-id", long, `"` + strings.Repeat("x", 80) + `"...`, "at most 255 characters"},
		{"version-name", "a\nb", `"a\nb"`, "as Telnyx shows it"},
		{"version-name", long, `"` + strings.Repeat("x", 80) + `"...`, "at most 255 characters"},
		{"assistant-id", ".", `"."`, "as Telnyx shows it"},
		{"assistant-id", "a\x1bb", `"a\x1bb"`, "one line"},
		{"timeout", "30", `"30"`, "90s, 30m or 1h30m"},
		{"timeout", "0s", `"0s"`, "positive"},
		{"timeout", "-5m", `"-5m"`, "positive"},
		{"timeout", "auto", `"auto"`, "30m"},
		{"timeout", "5 minutes", `"5 minutes"`, "30m"},
		{"timeout", "9999999999h", `"9999999999h"`, "30m"},
		{"run-timeout", "Auto", `"Auto"`, "or the word auto"},
		{"run-timeout", "0", `"0"`, "positive"},
		{"max-in-flight", "-1", `"-1"`, "from 0 to 1000000000, or the word auto"},
		{"max-in-flight", "+1", `"+1"`, "whole number"},
		{"max-in-flight", "1.5", `"1.5"`, "whole number"},
		{"max-in-flight", "none", `"none"`, "or the word auto"},
		{"max-runs", "0", `"0"`, "from 1 to"},
		{"max-runs", "auto", `"auto"`, "from 1 to"},
		{"max-runs", "0x10", `"0x10"`, "whole number"},
		{"max-runs", "1_000", `"1_000"`, "whole number"},
		{"max-runs", "1000000001", `"1000000001"`, "1000000000"},
		{"max-runs", "99999999999999999999", `"99999999999999999999"`, "1000000000"},
		{"fail-fast", "yes", `"yes"`, "true nor false"},
		{"require-version-proof", "yes", `"yes"`, "true nor false"},
		{"fail-fast", "1", `"1"`, "true nor false"},
		{"fail-fast", "True", `"True"`, "lower case"},
		{"report-dir", "../out", `"../out"`, "leads out of the working directory"},
		{"report-dir", "a/../../out", `"a/../../out"`, "an absolute path, or none"},
		{"report-dir", "a\x07b", `"a\ab"`, "control characters"},
		{"name", "a b", `"a b"`, "letters, digits, dots, underscores and hyphens"},
		{"name", "a/b", `"a/b"`, "at most 64"},
		{"name", "..", `".."`, "not dots alone"},
		{"name", ".", `"."`, "not dots alone"},
		{"name", strings.Repeat("n", 65), `"` + strings.Repeat("n", 65) + `"`, "at most 64"},
		{"name", "a\u202eb", `"a\u202eb"`, "letters"},
		{"run-key", "a b", `"a b"`, "letters, digits and . _ : / -"},
		{"run-key", strings.Repeat("k", 129), `"` + strings.Repeat("k", 80) + `"...`, "at most 128"},
	}
	seen := map[string]bool{}
	for _, tt := range tests {
		seen[tt.input] = true
		t.Run(tt.input+" "+tt.shown, func(t *testing.T) {
			d := inputNamed(newInputs(), tt.input)
			cmd, err := Parse([]string{flagOf(d) + "=" + tt.value}, enough().environment(nil))
			wantProblem(t, err, tt.input+" (from --"+tt.input+"): ", tt.shown, tt.accepted)
			if len(problems(t, err)) != 1 {
				t.Errorf("more than one problem: %v", err)
			}
			if !inputNamed(cmd.Inputs, tt.input).refused {
				t.Error("the value counts as understood")
			}
			if slices.ContainsFunc(cmd.Inputs.Understood(), func(s outcome.Setting) bool { return s.Name == tt.input }) {
				t.Error("the refused value is among the settings")
			}
			own := ownVariable(d)
			_, err = Parse([]string{"plan"}, enough().with(vars{own: tt.value}).environment(nil))
			wantProblem(t, err, tt.input+" (from "+own+"): ", tt.shown, tt.accepted)
		})
	}
	for _, d := range newInputs().declared.all() {
		if !seen[d.name] && !d.secret {
			t.Errorf("no bad value of %s is tried", d.name)
		}
	}
}

func TestBaseURLShowsNoPassword(t *testing.T) {
	for _, value := range []string{
		"https://user:hunter2@api.telnyx.com/v2", "https://api.telnyx.com/v2?token=hunter2",
		"https://api.telnyx.com/v2#hunter2", "://user:hunter2@x", "https://u:hunter2@a b/",
	} {
		_, err := Parse([]string{"--base-url", value}, enough().environment(nil))
		wantProblem(t, err, "base-url (from --base-url): ")
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: the message shows it: %v", value, err)
		}
	}
}

func TestSplitIDs(t *testing.T) {
	tests := []struct {
		value string
		want  []string
	}{
		{"a", []string{"a"}},
		{"a,b c\td\ne\r\nf", []string{"a", "b", "c", "d", "e", "f"}},
		{" ,, a ,\n\n, b,", []string{"a", "b"}},
		{"b a b a c", []string{"b", "a", "c"}},
		{"a # first, b\nc#d e\n# f\n", []string{"a", "c"}},
		{"5b0c9d34-7a1e-4f6b-8d2c-1e9a4b7c0f11 5B0C9D34-7A1E-4F6B-8D2C-1E9A4B7C0F11", []string{"5b0c9d34-7a1e-4f6b-8d2c-1e9a4b7c0f11"}},
		{"t1 T1", []string{"t1", "T1"}},
		{"a # old\rb", []string{"a", "b"}},
		{"a\u00a0b", []string{"a", "b"}},
		{"# nothing", nil},
		{"", nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, splitIDs(tt.value)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.value, diff)
		}
	}
}

func TestSplitSuites(t *testing.T) {
	tests := []struct {
		value string
		want  []string
	}{
		{"Booking", []string{"Booking"}},
		{"Booking calls, Billing, Booking calls", []string{"Booking calls", "Billing"}},
		{"Booking calls, Billing\nBooking calls\r\n Opening  hours ", []string{"Booking calls, Billing", "Booking calls", "Opening  hours"}},
		{"Refunds, returns\n", []string{"Refunds, returns"}},
		{"Refunds, returns\r\n", []string{"Refunds, returns"}},
		{"#1 priority", []string{"#1 priority"}},
		{" , , ", nil},
		{" \n ", nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, splitLines(suiteLines(tt.value))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.value, diff)
		}
	}
}

func TestAcceptedEdges(t *testing.T) {
	tests := []struct{ input, value string }{
		{"test-ids", strings.Repeat("a", 128)},
		{"test-suites", strings.Repeat("é", 100)},
		{"version-id", strings.Repeat("é", 255)},
		{"version-id", "Version 1 / of the day"},
		{"max-runs", "1000000000"},
		{"max-in-flight", "auto"},
		{"timeout", "1ns"},
		{"run-timeout", "auto"},
		{"fail-fast", "false"},
		{"name", strings.Repeat("n", 64)},
		{"name", "...a"},
		{"run-key", strings.Repeat("k", 128)},
		{"report-dir", "."},
		{"report-dir", "a/../b"},
	}
	for _, tt := range tests {
		if _, err := Parse([]string{"--" + tt.input, tt.value}, enough().environment(nil)); err != nil {
			t.Errorf("%s %q: %v", tt.input, tt.value, err)
		}
	}
}

func TestEverythingWrongIsSaidAtOnce(t *testing.T) {
	cmd, err := Parse([]string{
		"--test-ids=a/b", "--timeout=1", "--max-runs=x", "--report-dir=out", "--name=mine", "--run-key=a b",
	}, vars{"ASSISTANT_GATE_FAIL_FAST": "maybe"}.environment(nil))
	found := problems(t, err)
	starts := []string{"test-ids (", "timeout (", "max-runs (", "fail-fast (", "run-key (", "api-key is missing", "version-id is missing"}
	if len(found) != len(starts) {
		t.Fatalf("%d problems, want %d:\n%v", len(found), len(starts), err)
	}
	for i, start := range starts {
		if !strings.HasPrefix(found[i], start) {
			t.Errorf("problem %d is %q, want it to start with %q", i, found[i], start)
		}
	}
	if cmd.Name != CommandRun || cmd.Inputs.Name != "mine" || cmd.Inputs.ReportDir != "out" {
		t.Errorf("name %q and report-dir %q are lost", cmd.Inputs.Name, cmd.Inputs.ReportDir)
	}
}

// TestReportsNeedTheirPlace: files go nowhere else than was asked for.
func TestReportsNeedTheirPlace(t *testing.T) {
	tests := []struct {
		args         []string
		dir, gateway string
	}{
		{nil, "test-reports", "assistant-gate"},
		{[]string{"--report-dir=none"}, "", "assistant-gate"},
		{[]string{"--report-dir=../x"}, "", "assistant-gate"},
		{[]string{"--name=a/b", "--report-dir=out"}, "", "assistant-gate"},
		{[]string{"--name=a", "--name=b", "--report-dir=out"}, "", "assistant-gate"},
		{[]string{"--max-runs=no", "--name=a", "--report-dir=out"}, "out", "a"},
	}
	for _, tt := range tests {
		cmd, _ := Parse(tt.args, enough().environment(nil))
		if cmd.Inputs.ReportDir != tt.dir || cmd.Inputs.Name != tt.gateway {
			t.Errorf("%q: report-dir %q, name %q; want %q, %q", tt.args, cmd.Inputs.ReportDir, cmd.Inputs.Name, tt.dir, tt.gateway)
		}
	}
}

func TestSelection(t *testing.T) {
	base := vars{"TELNYX_API_KEY": "KEY", "ASSISTANT_GATE_VERSION_ID": "v"}
	tests := []struct {
		args  []string
		env   vars
		parts []string // of the one problem; none: accepted
	}{
		{nil, nil, []string{"no test is selected: give test-ids (--test-ids or ASSISTANT_GATE_TEST_IDS), test-suites, or test-names with assistant-id"}},
		{[]string{"--test-ids=# all off"}, nil, []string{"no test is selected (--test-ids contains only separators and comments)"}},
		{[]string{"--test-ids="}, vars{"ASSISTANT_GATE_TEST_SUITES": " "}, []string{"(--test-ids is empty, ASSISTANT_GATE_TEST_SUITES is empty)"}},
		{nil, vars{"GITHUB_ACTIONS": "true"}, []string{"test-ids under with: or --test-ids"}},
		{[]string{"--test-ids=a/b"}, nil, []string{"test-ids (from --test-ids)"}},
		{[]string{"--test-suites=a"}, nil, nil},
		{[]string{"--test-ids=a", "--test-suites=,"}, nil, nil},
		{[]string{"--test-names=*", "--assistant-id=b"}, nil, nil},
		{[]string{"--test-names=*"}, nil, []string{"test-names (from --test-names) needs assistant-id", "--assistant-id or ASSISTANT_GATE_ASSISTANT_ID"}},
		{[]string{"--test-names=!Slow*", "--test-ids=a"}, nil, []string{"test-names (from --test-names) needs assistant-id"}},
		{[]string{"--test-names=!Slow*", "--test-ids=a", "--assistant-id=b"}, nil, nil},
		{[]string{"--test-names=!Slow*", "--assistant-id=b"}, nil, []string{"no test is selected (--test-names only takes tests out; the line * selects all of an assistant)"}},
		{[]string{"--last-failed=r.json"}, nil, nil},
		{[]string{"--last-failed=r.json", "--test-ids=# none", "--test-suites="}, nil, nil},
		{[]string{"--last-failed=r.json", "--test-ids=a"}, nil, []string{"last-failed (from --last-failed) selects tests in place of test-ids (from --test-ids): give one of them"}},
		{[]string{"--last-failed=r.json"}, vars{"ASSISTANT_GATE_TEST_SUITES": "a"}, []string{"in place of test-suites (from ASSISTANT_GATE_TEST_SUITES)"}},
		{[]string{"--last-failed=r.json", "--test-names=*", "--assistant-id=b"}, nil, []string{"in place of test-names (from --test-names)"}},
	}
	for _, tt := range tests {
		for _, command := range []string{"run", "plan"} {
			_, err := Parse(append([]string{command}, tt.args...), base.with(tt.env).environment(nil))
			if tt.parts == nil {
				if err != nil {
					t.Errorf("%s %q: %v", command, tt.args, err)
				}
				continue
			}
			if len(problems(t, err)) != 1 {
				t.Errorf("%s %q: not one problem: %v", command, tt.args, err)
			}
			wantProblem(t, err, tt.parts...)
		}
	}
}

func TestVersion(t *testing.T) {
	base := vars{"TELNYX_API_KEY": "KEY", "ASSISTANT_GATE_TEST_IDS": "a"}
	tests := []struct {
		args  []string
		parts []string
	}{
		{nil, []string{"version-id is missing: give it as --version-id or ASSISTANT_GATE_VERSION_ID, the id of the version to test or the word main"}},
		{[]string{"--version-id", "  "}, []string{"version-id (from --version-id): the value is empty"}},
		{[]string{"--version-id=v", "--run-key=k", "--baseline-version=main"}, []string{"run-key (from --run-key) needs a concrete baseline-version", "main (from --baseline-version)"}},
		{[]string{"--version-id=v", "--run-key=k", "--baseline-version=w"}, nil},
		{[]string{"--version-id=v", "--baseline-rounds=7"}, []string{"baseline-rounds (from --baseline-rounds) needs baseline-version"}},
		{[]string{"--version-id=main", "--run-key=k"}, []string{"run-key (from --run-key) needs a concrete version-id", "main (from --version-id)"}},
		{[]string{"--version-id=v", "--run-key=k"}, nil},
		{[]string{"--version-id=main"}, nil},
	}
	for _, tt := range tests {
		_, err := Parse(tt.args, base.environment(nil))
		if tt.parts == nil {
			if err != nil {
				t.Errorf("%q: %v", tt.args, err)
			}
			continue
		}
		if len(problems(t, err)) != 1 {
			t.Errorf("%q: not one problem: %v", tt.args, err)
		}
		wantProblem(t, err, tt.parts...)
	}
}
