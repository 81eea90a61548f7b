package cli

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

func FuzzSplitIDs(f *testing.F) {
	for _, seed := range []string{"a", "a,b c\n# d\ne", "a#b\r\nc", "\u2028a\u00a0b", "#", "a a a", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		fuzzing.Bound(t)
		ids := splitIDs(value)
		for i, id := range ids {
			if id == "" || strings.ContainsFunc(id, unicode.IsSpace) || strings.ContainsAny(id, ",#") {
				t.Errorf("%q gives %q", value, id)
			}
			if slices.Contains(ids[:i], id) {
				t.Errorf("%q gives %q twice", value, id)
			}
		}
		if again := splitIDs(strings.Join(ids, "\n")); !slices.Equal(ids, again) {
			t.Errorf("%q: %q, taken apart again %q", value, ids, again)
		}
		in := Inputs{}
		if _, err := in.parseTestIDs(value); err == nil && slices.ContainsFunc(in.TestIDs, func(id string) bool { return !telnyx.ValidTestID(id) }) {
			t.Errorf("%q: accepted %q", value, in.TestIDs)
		}
	})
}

func FuzzSplitSuites(f *testing.F) {
	for _, seed := range []string{"a", "Booking calls, Billing\r\n Opening ", "a, b", "a, b\n", "#1", ",,\n", "a\u0085b", "\xff, b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		fuzzing.Bound(t)
		suites := splitLines(suiteLines(value))
		onLines := strings.ContainsAny(value, "\n\r")
		for i, suite := range suites {
			if suite == "" || suite != strings.TrimSpace(suite) || strings.ContainsAny(suite, "\n\r") || slices.Contains(suites[:i], suite) ||
				!onLines && strings.Contains(suite, ",") {
				t.Errorf("%q gives %q", value, suites)
			}
		}
		in := Inputs{}
		if _, err := in.parseTestSuites(value); err != nil {
			return
		}
		for _, suite := range in.Suites {
			if !utf8.ValidString(suite) || utf8.RuneCountInString(suite) > maxSuiteName || strings.ContainsFunc(suite, unicode.IsControl) {
				t.Errorf("%q: accepted %q", value, suite)
			}
		}
	})
}

// FuzzValues gives one value to every input that is a number, a duration, a word or a name.
func FuzzValues(f *testing.F) {
	for _, seed := range []string{"", "auto", "30m", "1h30m", "-1s", "0", "5", "+5", "1e9", "9999999999999999999h", "true", "main", "..", "/", "a\nb", "\xff", "##[error]x", "::error::x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		fuzzing.Bound(t)
		env := vars{"TELNYX_API_KEY": "KEY", "ASSISTANT_GATE_TEST_IDS": "a", "ASSISTANT_GATE_VERSION_ID": "v"}
		for _, name := range []string{
			"timeout", "run-timeout", "max-in-flight", "max-runs", "fail-fast", "name", "report-dir", "run-key", "base-url", "version-id", "assistant-id",
		} {
			env[ownVariable(inputNamed(newInputs(), name))] = value
		}
		cmd, err := Parse(nil, env.environment(nil))
		in := cmd.Inputs
		if in.Timeout <= 0 || in.RunTimeout < 0 || in.MaxInFlight < gate.AutoBound || in.MaxRuns < 1 || in.Name == "" || in.BaseURL == "" {
			t.Errorf("%q: %+v", value, in)
		}
		if trimmed := strings.TrimSpace(value); in.Timeout != 30*time.Minute {
			if d, bad := time.ParseDuration(trimmed); bad != nil || d != in.Timeout || d != in.RunTimeout {
				t.Errorf("%q: timeout %v, run-timeout %v", value, in.Timeout, in.RunTimeout)
			}
		}
		if invalid, ok := errors.AsType[*InvalidError](err); ok {
			for _, p := range invalid.Problems {
				if strings.ContainsFunc(p, func(r rune) bool { return unicode.IsControl(r) }) || !utf8.ValidString(p) {
					t.Errorf("%q: a problem that is not one clean line: %q", value, p)
				}
			}
		}
	})
}

// FuzzArguments gives arbitrary arguments, one a line.
func FuzzArguments(f *testing.F) {
	for _, seed := range []string{
		"", "run", "plan\n--timeout=5m", "--fail-fast\ntrue", "--help", "list\n--format\njson", "--\nx", "-", "-x", "--=", "--test-ids=a\n--test-ids=b",
		"--api-key=KEYs3cret", "simulate\n--port=1", "\x00", "--name\n\xff",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, lines string) {
		fuzzing.Bound(t)
		cmd, err := Parse(strings.Split(lines, "\n"), enough().environment(nil))
		if err == nil && cmd.Name == "" {
			t.Error("neither a command nor an error")
		}
		problems(t, err)
	})
}
