package outcome

import (
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestVerdictOfResults: green only where something passed and nothing blocks; what weighs more comes first.
func TestVerdictOfResults(t *testing.T) {
	passed, failed, errored := TestResult{State: StatePassed}, TestResult{State: StateFailed}, TestResult{State: StateErrored}
	late, unrun := TestResult{State: StateTimedOut}, TestResult{State: StateNotRun}
	excused := TestResult{State: StateFailed, Excuse: Excuse{Kind: ExcuseQuarantined}}
	invalid, inconclusive := Problem{Verdict: VerdictInvalid}, Problem{Verdict: VerdictInconclusive}
	for name, tt := range map[string]struct {
		o    Outcome
		exit int
	}{
		"nothing at all":              {Outcome{}, 3},
		"only excused":                {Outcome{Results: []TestResult{excused}}, 3},
		"passed":                      {Outcome{Results: []TestResult{passed}}, 0},
		"passed and excused":          {Outcome{Results: []TestResult{excused, passed}}, 0},
		"one not run":                 {Outcome{Results: []TestResult{passed, unrun}}, 3},
		"one errored":                 {Outcome{Results: []TestResult{passed, errored}}, 3},
		"one of no state":             {Outcome{Results: []TestResult{passed, {}}}, 3},
		"a problem beside":            {Outcome{Results: []TestResult{passed}, Problems: []Problem{inconclusive}}, 3},
		"timed out before errored":    {Outcome{Results: []TestResult{errored, late}}, 4},
		"invalid before timed out":    {Outcome{Results: []TestResult{late}, Problems: []Problem{invalid}}, 2},
		"failed before invalid":       {Outcome{Results: []TestResult{failed}, Problems: []Problem{invalid}}, 1},
		"cancelled before failed":     {Outcome{Results: []TestResult{failed}, Signal: "SIGINT"}, 130},
		"cancelled although all pass": {Outcome{Results: []TestResult{passed}, Signal: "SIGTERM"}, 143},
	} {
		if got := tt.o.ExitCode(); got != tt.exit {
			t.Errorf("%s: exit %d, want %d", name, got, tt.exit)
		}
	}
}

func TestDurationOfAnAttempt(t *testing.T) {
	at := func(seconds int) time.Time { return time.Unix(int64(1000+seconds), 0) }
	for name, tt := range map[string]struct {
		a    Attempt
		want time.Duration
	}{
		"by Telnyx's clock":             {Attempt{CreatedAt: at(0), CompletedAt: at(7), TriggeredAt: at(0), SeenAt: at(9)}, 7 * time.Second},
		"without its end":               {Attempt{CreatedAt: at(0), TriggeredAt: at(1), SeenAt: at(9)}, 8 * time.Second},
		"without its beginning":         {Attempt{CompletedAt: at(7), TriggeredAt: at(1), SeenAt: at(9)}, 8 * time.Second},
		"an end before its beginning":   {Attempt{CreatedAt: at(5), CompletedAt: at(3), TriggeredAt: at(1), SeenAt: at(9)}, 8 * time.Second},
		"never accepted":                {Attempt{SeenAt: at(9)}, 0},
		"seen before it was triggered":  {Attempt{TriggeredAt: at(9), SeenAt: at(1)}, 0},
		"an end that was not seen (0s)": {Attempt{TriggeredAt: at(9)}, 0},
	} {
		if got := tt.a.Duration(); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
	two := TestResult{Attempts: []Attempt{{TriggeredAt: at(0), SeenAt: at(2)}, {TriggeredAt: at(3), SeenAt: at(6)}}}
	if two.Duration() != 5*time.Second {
		t.Errorf("two attempts of 2s and 3s took %s", two.Duration())
	}
}

func TestTheLastAttemptSpeaks(t *testing.T) {
	r := TestResult{Attempts: []Attempt{
		{Number: 1, Criteria: criteriaOf("first=failed")},
		{Number: 2, Criteria: criteriaOf("a=passed b=failed c=error d=pending")},
	}}
	if r.Last().Number != 2 || len(r.FailedCriteria()) != 3 || r.FailedCriteria()[0].Name != "b" {
		t.Errorf("attempt %d, criteria %v", r.Last().Number, r.FailedCriteria())
	}
	if (TestResult{}).Last().Running() || !(Attempt{RunID: "r", RemoteStatus: telnyx.StatusRunning}).Running() || (Attempt{RunID: "r", RemoteStatus: telnyx.StatusError}).Running() {
		t.Error("what goes on is a run that was made and has not ended")
	}
}
