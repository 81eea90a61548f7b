package comment

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

const moreFile = "test-reports/assistant-gate.md"

func commentOf(t rapid.TB, o *outcome.Outcome) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, o, moreFile); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestCommentGolden(t *testing.T) {
	for _, name := range []string{"green", "failed", "mixed", "invalid", "cancelled", "hostile", "regression"} {
		t.Run(name, func(t *testing.T) {
			sample.Golden(t, name+".md", []byte(commentOf(t, sample.Outcomes()[name])))
		})
	}
	for _, name := range []string{"compared", "one-cause"} {
		t.Run(name, func(t *testing.T) { sample.Golden(t, name+".md", []byte(commentOf(t, sample.Blocked()[name]))) })
	}
	t.Run("spoken", func(t *testing.T) { sample.Golden(t, "spoken.md", []byte(commentOf(t, sample.Spoken()))) })
}

// TestCommentFits: failures are left out whole, and counted.
func TestCommentFits(t *testing.T) {
	for _, n := range []int{60, 3000} {
		o := sample.Outcome()
		o.Settings = append(o.Settings, outcome.Setting{Name: "version-id", Value: o.Target.VersionID})
		for i := range n {
			o.Results = append(o.Results, sample.JudgedResult(i, 1))
			o.Results[i].Test.Instructions = strings.Repeat("Be brief. ", 100)
		}
		md := commentOf(t, o)
		if len(md) > Limit || len(md) < Limit/3 {
			t.Errorf("%d bytes for %d tests", len(md), n)
		}
		if !strings.Contains(md, "\n### Run the gate again\n") || strings.Contains(md, "--test-ids") {
			t.Errorf("%d tests: only some are run again", n)
		}
		left := regexp.MustCompile(`(\d+) more failures are in ` + "`" + moreFile + "`").FindStringSubmatch(md)
		if left == nil || strings.Count(md, "```")%2 != 0 || strings.Count(md, "<details>") != strings.Count(md, "</details>") {
			t.Errorf("%d tests: %q\n%.3000s", n, left, md)
		}
	}
	huge := sample.Outcome()
	for n := range 60 {
		r := sample.JudgedResult(n, 0, 1, 2)
		r.Test.Name, r.Test.Rubric = strings.Repeat("n", 300), nil
		for i := range 6 {
			r.Attempts[0].Criteria = append(r.Attempts[0].Criteria, telnyx.CriterionResult{Name: fmt.Sprint(i, strings.Repeat("c", 300)), Status: telnyx.StatusFailed})
		}
		r.Attempts[0].Criteria = r.Attempts[0].Criteria[3:]
		huge.Results = append(huge.Results, r)
	}
	huge.RealTelnyx = false
	for range 200 {
		huge.AddProblem(outcome.VerdictInconclusive, strings.Repeat("problem ", 200))
	}
	if md := commentOf(t, huge); len(md) > Limit || !strings.HasPrefix(md, "## ") || !strings.Contains(md, "60 more failures are in") || !strings.Contains(md, "Not the real Telnyx") {
		t.Errorf("%d bytes: %.500s", len(md), md)
	}
	down := sample.Outcome()
	for n := range 30 {
		down.Results = append(down.Results, sample.UnjudgedResult(n, outcome.StateErrored, telnyx.StatusError, "down"))
	}
	if md := commentOf(t, down); !strings.Contains(md, "\n- and 10 more\n") || strings.Count(md, "\n### ") != 1 {
		t.Errorf("one cause for 30 tests: %.3000s", md)
	}
	many := sample.Outcome(sample.JudgedResult(0))
	r := &many.Results[0]
	r.State, r.Attempts[0].State, r.Attempts[0].Criteria = outcome.StateFailed, outcome.StateFailed, nil
	for i := range 8 {
		r.Attempts[0].Criteria = append(r.Attempts[0].Criteria, telnyx.CriterionResult{Name: fmt.Sprint("c", i), Status: telnyx.StatusFailed})
	}
	if md := commentOf(t, many); !strings.Contains(md, "`c4`, 3 more\n") {
		t.Errorf("eight criteria: %.2000s", md)
	}
	troubled := sample.Failed()
	for range 60 {
		troubled.AddProblem(outcome.VerdictInconclusive, strings.Repeat("problem ", 300))
	}
	if md := commentOf(t, troubled); !strings.Contains(md, "And 55 more problems.") || !strings.Contains(md, sample.ClinicTests[2].Name) {
		t.Errorf("problems leave no room for what blocks: %.3000s", md)
	}
}

// TestCommentSaysWhatTheExitCodeSays whatever is excused, flaky or compared with a baseline.
func TestCommentSaysWhatTheExitCodeSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := sample.Random(t)
		md := commentOf(t, o)
		if green := strings.HasPrefix(md, "## \u2705 Passed: "); green != (o.ExitCode() == 0) {
			t.Fatalf("exit code %d: %.200s", o.ExitCode(), md)
		}
		if len(md) > Limit {
			t.Fatalf("%d bytes", len(md))
		}
	})
}

// TestRemoteTextIsCode: without its code, a comment has nothing but words of the gate.
func TestRemoteTextIsCode(t *testing.T) {
	for _, o := range slices.Collect(maps.Values(sample.Outcomes())) {
		outside := outsideOfCode(commentOf(t, o))
		for _, text := range append(sample.HostileTexts, sample.ClinicTests[0].Name) {
			if len(text) > 3 && strings.Contains(outside, text) {
				t.Errorf("%q is outside of code in\n%s", text, outside)
			}
		}
		if strings.ContainsAny(strings.ReplaceAll(outside, "\n## ", ""), "@[]`") {
			t.Errorf("outside of code:\n%s", outside)
		}
	}
}

var fenced = regexp.MustCompile("(?ms)^(`{3,})text\n.*?^`{3,}$")

// outsideOfCode is Markdown without its fenced blocks and code spans.
func outsideOfCode(md string) string {
	md = fenced.ReplaceAllString(md, "")
	var b strings.Builder
	for line := range strings.Lines(md) {
		b.WriteString(withoutSpans(line))
	}
	return b.String()
}

// withoutSpans takes code spans out of a line: a run of ticks up to the next run of the same length.
func withoutSpans(line string) string {
	runs := regexp.MustCompile("`+").FindAllStringIndex(line, -1)
	var b strings.Builder
	from := 0
	for i := 0; i < len(runs); i++ {
		for j := i + 1; j < len(runs); j++ {
			if runs[j][1]-runs[j][0] == runs[i][1]-runs[i][0] {
				b.WriteString(line[from:runs[i][0]])
				from, i = runs[j][1], j
				break
			}
		}
	}
	b.WriteString(line[from:])
	return b.String()
}

func TestCommentOfABrokenWriter(t *testing.T) {
	if err := Write(sample.BrokenWriter{}, sample.Green(), ""); !errors.Is(err, sample.ErrBroken) {
		t.Error(err)
	}
}
