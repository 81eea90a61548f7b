package outcome

import (
	"slices"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
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
		"an advisory one without a result":        {"passed", "a=passed", "a adv", StatePassed, 1, "", ""},
		"passed, the advisory one unfinished":     {"passed", "a=passed adv=pending", "a adv", StatePassed, 1, "", "adv"},
		"failed, the advisory one without result": {"failed", "a=passed", "a adv", StateFailed, 1, "", ""},
		"failed by advisory, another unfinished":  {"failed", "a=passed adv=failed adv=pending", "a adv adv", StatePassed, 1, `not counted: "adv"`, "adv adv"},
		"two of one name, two results":            {"passed", "a=passed a=passed", "a a", StatePassed, 0, "", ""},
		"two of one name, one result":             {"passed", "a=passed", "a a", StateErrored, 1, `"a"`, ""},
		"a result that no rubric asked for":       {"passed", "a=passed x=failed", "a", StateFailed, 0, `its criteria failed: "x"`, ""},
		"no result for any":                       {"passed", "", "a b", StatePassed, settleSilent, "no result for any criterion", ""},
		"no rubric and no result":                 {"passed", "", "", StatePassed, settleSilent, "", ""},
		"nothing that counts":                     {"passed", "adv=passed", "", StateErrored, 1, "no result for a criterion that counts", ""},
		"blanks and other letters":                {"passed", "a=Passed", "a", StateErrored, 1, `never finished judging: "a"`, ""},
		"two results of one name that disagree":   {"passed", "a=passed a=failed", "a", StateFailed, 0, `its criteria failed: "a"`, ""},
		"a status that the contract has not":      {"passed", "a=completed", "a", StateErrored, 1, `never finished judging: "a"`, ""},
		"an errored criterion":                    {"passed", "a=error b=pending", "a b", StateErrored, 0, `could not judge: "a"`, ""},
		"a failed one outweighs an errored":       {"passed", "a=error b=failed", "a b", StateFailed, 0, `its criteria failed: "b"`, ""},
		"failed without criteria":                 {"failed", "", "a", StateFailed, 0, "", ""},
		"failed by its criterion":                 {"failed", "a=failed adv=failed", "a adv", StateFailed, 0, "", "adv"},
		"failed though all criteria passed":       {"failed", "a=passed", "a", StateFailed, 0, "", ""},
		"failed by an advisory criterion alone":   {"failed", "a=passed adv=failed", "a adv", StatePassed, 0, `not counted: "adv"`, "adv"},
		"failed where an advisory one only erred": {"failed", "a=passed adv=error", "a adv", StateFailed, 0, "", "adv"},
		"failed, and nothing finished":            {"failed", "a=pending adv=pending", "a adv", StateFailed, 1, "", "adv"},
		"failed, the advisory one unfinished":     {"failed", "a=passed adv=pending", "a adv", StateFailed, 1, "", "adv"},
		"failed, the other one unfinished":        {"failed", "a=pending adv=passed", "a adv", StateFailed, 1, "", ""},
		"failed by another, advisory unfinished":  {"failed", "a=failed adv=pending", "a adv", StateFailed, 0, "", "adv"},
		"failed by advisory, and nothing else":    {"failed", "adv=failed", "", StateFailed, 0, "", "adv"},
		"failed, all are advisory":                {"failed", "adv=failed", "adv", StateFailed, 0, "", "adv"},
		"failed without criteria, one advisory":   {"failed", "", "a adv", StateFailed, settleSilent, "", ""},
		"failed by advisory, another errored":     {"failed", "a=error adv=failed", "a adv", StateErrored, 0, `could not judge: "a"`, "adv"},
		"failed by advisory, another pending":     {"failed", "a=pending adv=failed", "a adv", StateErrored, 1, `never finished judging: "a"`, "adv"},
		"failed by advisory, another not named":   {"failed", "adv=failed", "a adv", StateErrored, 1, `never finished judging: "a"`, "adv"},
		"passed with an advisory that erred":      {"passed", "a=passed adv=error", "a adv", StatePassed, 0, "", "adv"},
		"passed with an advisory that failed":     {"passed", "a=passed adv=failed", "a adv", StatePassed, 0, `not counted: "adv"`, "adv"},
		"Telnyx's own error":                      {"error", "a=passed", "a", StateErrored, 0, "reported an error", ""},
		"Telnyx's own error after a failure":      {"error", "a=failed adv=failed", "a adv", StateFailed, 0, `its criteria had failed: "a"`, "adv"},
		"Telnyx's own error, advisory failure":    {"error", "a=passed adv=failed", "a adv", StateErrored, 0, "reported an error", ""},
		"no end":                                  {"running", "a=passed", "a", StateErrored, 0, "not the end of a run", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var rubric []telnyx.Criterion
			for _, c := range strings.Fields(tt.rubric) {
				rubric = append(rubric, telnyx.Criterion{Name: c})
			}
			j := Judge(telnyx.Run{Status: tt.status, Criteria: criteriaOf(tt.criteria)}, tt.criteria == "", rubric, []string{"adv"})
			if j.State != tt.state || j.SettleShare != tt.settle {
				t.Errorf("%s, to settle for %v; want %s and %v", j.State, j.SettleShare, tt.state, tt.settle)
			}
			said := strings.Join(append(j.Notes, j.Problem), "")
			if !strings.Contains(said, tt.says) || (tt.says == "") != (said == "") {
				t.Errorf("it says %q, want %q", said, tt.says)
			}
			if !slices.Equal(j.Advisory, strings.Fields(tt.advisory)) {
				t.Errorf("advisory: %q, want %q", j.Advisory, tt.advisory)
			}
		})
	}
}

// TestJudgeErrorWithoutConversation: the words of a run that never began, on either version.
func TestJudgeErrorWithoutConversation(t *testing.T) {
	const plain = "Telnyx reported an error"
	const begins = plain + ": it has no conversation, so the assistant did not start"
	for name, tt := range map[string]struct {
		run  telnyx.Run
		says string
	}{
		"with a conversation":     {telnyx.Run{ID: "r", ConversationID: "c", Logs: "400"}, plain},
		"only the end is known":   {telnyx.Run{Logs: "400"}, plain},
		"without logs":            {telnyx.Run{ID: "r"}, begins},
		"with blank logs":         {telnyx.Run{ID: "r", Logs: " \r\n\n"}, begins},
		"the last line of many":   {telnyx.Run{ID: "r", Logs: "starting\r\n400 on /conversation \r\n\n"}, begins + `; its logs end with "400 on /conversation"`},
		"a long line is cut":      {telnyx.Run{ID: "r", Logs: strings.Repeat("x", 5000)}, begins + `; its logs end with "` + strings.Repeat("x", 200) + `"`},
		"a line that is not text": {telnyx.Run{ID: "r", Logs: "\x1b[31m\xff"}, begins + `; its logs end with "\x1b[31m\xff"`},
	} {
		t.Run(name, func(t *testing.T) {
			tt.run.Status = telnyx.StatusError
			for _, j := range []RunResult{Judge(tt.run, true, nil, nil), JudgeBaseline(tt.run, true, nil, nil, "")} {
				if j.State != StateErrored || j.Problem != tt.says || j.NoRerun {
					t.Errorf("%+v, want errored, to be repeated: %s", j, tt.says)
				}
			}
		})
	}
}

// TestJudgeBaseline: whatever contradicts a failure counts. The criterion "adv" is advisory.
func TestJudgeBaseline(t *testing.T) {
	for name, tt := range map[string]struct {
		status, foretold telnyx.Status
		criteria, rubric string
		state            State
		settle           float64
		says             string
	}{
		"passed":                                 {"passed", "", "a=passed", "a", StatePassed, 0, ""},
		"passed, nothing said":                   {"passed", "", "", "a", StatePassed, 0, ""},
		"passed, its criteria failed":            {"passed", "", "a=failed", "a", StatePassed, 0, "counts as passed"},
		"error after a failed criterion":         {"error", "", "a=failed", "a", StateErrored, 0, "reported an error"},
		"passed, unfinished":                     {"passed", "", "a=pending", "a", StatePassed, 0, ""},
		"failed by its criterion":                {"failed", "", "a=failed b=passed", "a b", StateFailed, 0, ""},
		"failed, nothing said":                   {"failed", "", "", "a", StateFailed, settleSilent, ""},
		"failed, another unfinished":             {"failed", "", "a=failed b=pending", "a b", StateFailed, 1, ""},
		"failed, an advisory one unfinished":     {"failed", "", "a=failed adv=pending", "a adv", StateFailed, 1, ""},
		"failed, and nothing finished":           {"failed", "", "a=pending", "a", StateErrored, 1, `never finished judging: "a"`},
		"failed, another not named":              {"failed", "", "a=failed", "a b", StateFailed, 1, ""},
		"failed, though all passed":              {"failed", "", "a=passed", "a", StatePassed, 0, "counts as passed"},
		"failed by an advisory one alone":        {"failed", "", "a=passed adv=failed", "a adv", StatePassed, 0, "counts as passed"},
		"failed by an advisory one, all it has":  {"failed", "", "adv=failed", "", StatePassed, 0, "counts as passed"},
		"failed, but not judged":                 {"failed", "", "a=error", "a", StateErrored, 0, "could not judge"},
		"failed, the trigger's answer: passed":   {"failed", "passed", "a=failed", "a", StatePassed, 0, "counts as passed"},
		"failed, as the trigger's answer has it": {"failed", "failed", "a=failed", "a", StateFailed, 0, ""},
		"Telnyx's own error":                     {"error", "", "", "a", StateErrored, 0, "reported an error"},
	} {
		t.Run(name, func(t *testing.T) {
			var rubric []telnyx.Criterion
			for _, c := range strings.Fields(tt.rubric) {
				rubric = append(rubric, telnyx.Criterion{Name: c})
			}
			j := JudgeBaseline(telnyx.Run{Status: tt.status, Criteria: criteriaOf(tt.criteria)}, tt.criteria == "", rubric, []string{"adv"}, tt.foretold)
			said := strings.Join(append(j.Notes, j.Problem), "")
			if j.State != tt.state || j.SettleShare != tt.settle || !strings.Contains(said, tt.says) || (tt.says == "") != (said == "") {
				t.Errorf("%s, to settle for %v, it says %q; want %s and %v, %q", j.State, j.SettleShare, said, tt.state, tt.settle, tt.says)
			}
		})
	}
}
