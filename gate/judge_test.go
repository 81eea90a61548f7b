package gate

import (
	"slices"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/telnyx"
)

// criteriaOf reads "name=status" words.
func criteriaOf(words string) []telnyx.CriterionResult {
	var out []telnyx.CriterionResult
	for _, word := range strings.Fields(words) {
		name, status, _ := strings.Cut(word, "=")
		out = append(out, telnyx.CriterionResult{Name: name, Status: telnyx.Status(status)})
	}
	return out
}

// TestJudge: a run is as good as the worst of its own status and its criteria. The criterion "adv" is advisory.
func TestJudge(t *testing.T) {
	for name, tt := range map[string]struct {
		status   telnyx.Status
		criteria string
		rubric   string
		state    State
		settle   float64
		says     string // in its problem or its notes
		advisory string
	}{
		"everything passed":                       {"passed", "a=passed b=passed", "a b", StatePassed, 0, "", ""},
		"a criterion without a result":            {"passed", "a=passed", "a b", StateErrored, 1, `never finished judging: "b"`, ""},
		"an advisory one without a result":        {"passed", "a=passed", "a adv", StatePassed, 0, "", ""},
		"two of one name, two results":            {"passed", "a=passed a=passed", "a a", StatePassed, 0, "", ""},
		"two of one name, one result":             {"passed", "a=passed", "a a", StateErrored, 1, `"a"`, ""},
		"a result that no rubric asked for":       {"passed", "a=passed x=failed", "a", StateFailed, 0, `its criteria failed: "x"`, ""},
		"no result for any":                       {"passed", "", "a b", StatePassed, settleSilent, "no result for any criterion", ""},
		"no rubric and no result":                 {"passed", "", "", StatePassed, 0, "", ""},
		"a status that the contract has not":      {"passed", "a=completed", "a", StateErrored, 1, `never finished judging: "a"`, ""},
		"an errored criterion":                    {"passed", "a=error b=pending", "a b", StateErrored, 0, `could not judge: "a"`, ""},
		"a failed one outweighs an errored":       {"passed", "a=error b=failed", "a b", StateFailed, 0, `its criteria failed: "b"`, ""},
		"failed without criteria":                 {"failed", "", "a", StateFailed, 0, "", ""},
		"failed by its criterion":                 {"failed", "a=failed adv=failed", "a adv", StateFailed, 0, "", "adv"},
		"failed though all criteria passed":       {"failed", "a=passed", "a", StateFailed, 0, "", ""},
		"failed by an advisory criterion alone":   {"failed", "a=passed adv=failed", "a adv", StatePassed, 0, `not counted: "adv"`, "adv"},
		"failed where an advisory one only erred": {"failed", "a=passed adv=error", "a adv", StateFailed, 0, "", "adv"},
		"failed by advisory, another errored":     {"failed", "a=error adv=failed", "a adv", StateErrored, 0, `could not judge: "a"`, "adv"},
		"failed by advisory, another pending":     {"failed", "a=pending adv=failed", "a adv", StateErrored, 1, `never finished judging: "a"`, "adv"},
		"failed by advisory, another not named":   {"failed", "adv=failed", "a adv", StateErrored, 1, `never finished judging: "a"`, "adv"},
		"passed with an advisory that erred":      {"passed", "a=passed adv=error", "a adv", StatePassed, 0, "", "adv"},
		"passed with an advisory that failed":     {"passed", "a=passed adv=failed", "a adv", StatePassed, 0, `not counted: "adv"`, "adv"},
		"Telnyx's own error":                      {"error", "a=passed", "a", StateErrored, 0, "status error", ""},
		"no end":                                  {"running", "a=passed", "a", StateErrored, 0, "no end of a run", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var rubric []telnyx.Criterion
			for _, c := range strings.Fields(tt.rubric) {
				rubric = append(rubric, telnyx.Criterion{Name: c})
			}
			j := judge(telnyx.Run{Status: tt.status, Criteria: criteriaOf(tt.criteria)}, rubric, []string{"adv"})
			if j.state != tt.state || j.settle != tt.settle {
				t.Errorf("%s, to settle for %v; want %s and %v", j.state, j.settle, tt.state, tt.settle)
			}
			said := strings.Join(append(j.notes, j.problem), "")
			if !strings.Contains(said, tt.says) || (tt.says == "") != (said == "") {
				t.Errorf("it says %q, want %q", said, tt.says)
			}
			if !slices.Equal(j.advisory, strings.Fields(tt.advisory)) {
				t.Errorf("advisory: %q, want %q", j.advisory, tt.advisory)
			}
		})
	}
}
