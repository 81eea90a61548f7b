package gate

import (
	"slices"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestCriteriaAreWeighed: what was said of a criterion before, and what a later answer makes of it.
func TestCriteriaAreWeighed(t *testing.T) {
	for name, tt := range map[string]struct{ before, now, candidate, baseline string }{
		"nothing before":             {"", "a=pending", "a=pending", "a=pending"},
		"nothing now":                {"a=passed", "", "a=passed", "a=passed"},
		"it comes to its end":        {"a=pending b=running", "a=passed b=failed", "a=passed b=failed", "a=passed b=failed"},
		"a failure is taken back":    {"a=failed", "a=passed", "a=failed", "a=passed"},
		"an error is taken back":     {"a=error", "a=passed", "a=error", "a=passed"},
		"an error becomes a failure": {"a=error", "a=failed", "a=failed", "a=failed"},
		"a pass is taken back":       {"a=passed", "a=failed", "a=failed", "a=passed"},
		"a pass is open again":       {"a=passed", "a=pending", "a=pending", "a=passed"},
		"one that passed vanishes":   {"a=passed b=passed", "b=passed", "b=passed a=", "b=passed a=passed"},
		"one that failed vanishes":   {"a=failed b=passed", "b=passed", "b=passed a=failed", "b=passed a="},
		"one that is open vanishes":  {"a=pending b=passed", "b=passed", "b=passed a=", "b=passed a="},
		"two of one name":            {"a=failed a=pending", "a=passed a=passed", "a=failed a=passed", "a=passed a=passed"},
		"two of one name become one": {"a=passed a=failed", "a=passed", "a=passed a=failed", "a=passed a="},
		"one of a name becomes two":  {"a=failed", "a=passed a=passed", "a=failed a=passed", "a=passed a=passed"},
		"another one appears":        {"a=passed", "a=passed b=failed", "a=passed b=failed", "a=passed b=failed"},
		"the same in another order":  {"a=passed b=failed", "b=failed a=passed", "b=failed a=passed", "b=failed a=passed"},
		"a word that nobody knows":   {"a=Passed", "a=passed ", "a=passed", "a=passed"},
		"a failure in other letters": {"a=FAILED", "a=passed", "a=passed", "a=passed"},
	} {
		for _, side := range []struct {
			role role
			want string
		}{{candidate, tt.candidate}, {baseline, tt.baseline}} {
			a := &attempt{role: side.role}
			a.seeCriteria(criteriaFrom(tt.before))
			a.seeCriteria(criteriaFrom(tt.now))
			if !slices.Equal(a.Criteria, criteriaFrom(side.want)) {
				t.Errorf("%s, role %v: %v, want %q", name, side.role, a.Criteria, side.want)
			}
		}
	}
}

func TestRunInFull(t *testing.T) {
	for name, tt := range map[string]struct {
		status           telnyx.Status
		criteria, rubric string
		full             bool
	}{
		"every criterion":             {"passed", "a=passed b=pending", "a b", true},
		"one is missing":              {"passed", "a=passed", "a b", false},
		"one of two of one name":      {"passed", "a=passed", "a a", false},
		"none":                        {"failed", "", "a", false},
		"none, and no rubric":         {"passed", "", "", false},
		"more than the rubric's":      {"failed", "a=passed x=failed", "a", true},
		"an error has no use of them": {"error", "", "a", true},
		"a run that goes on":          {"running", "", "a", true},
		"a word that nobody knows":    {"Passed", "", "a", true},
	} {
		var rubric []telnyx.Criterion
		for _, c := range strings.Fields(tt.rubric) {
			rubric = append(rubric, telnyx.Criterion{Name: c})
		}
		if got := runInFull(telnyx.Run{Status: tt.status, Criteria: criteriaFrom(tt.criteria)}, rubric); got != tt.full {
			t.Errorf("%s: in full %v", name, got)
		}
	}
}

// criteriaFrom reads "name=status" words.
func criteriaFrom(words string) []telnyx.CriterionResult {
	var out []telnyx.CriterionResult
	for word := range strings.FieldsSeq(words) {
		name, status, _ := strings.Cut(word, "=")
		out = append(out, telnyx.CriterionResult{Name: name, Status: telnyx.Status(status)})
	}
	return out
}

// TestAnswerWithoutLogsKeepsThem: like one without criteria.
func TestAnswerWithoutLogsKeepsThem(t *testing.T) {
	a := &attempt{}
	a.see(telnyx.Run{Status: telnyx.StatusRunning, Logs: "why", Criteria: criteriaFrom("a=failed")})
	a.see(telnyx.Run{Status: telnyx.StatusFailed})
	if a.Logs != "why" || len(a.Criteria) != 1 {
		t.Errorf("kept: logs %q, criteria %v", a.Logs, a.Criteria)
	}
}
