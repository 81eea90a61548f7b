package gate_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

func TestMainVersionSendsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		s := settingsFor(f)
		s.VersionID = outcome.MainVersion
		runGate(t, t.Context(), f, s)
		if got := f.triggers[0].VersionID; got != "" {
			t.Errorf("version %q was sent for main", got)
		}
	})
}

func TestEveryTestEndsInOneEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(5)
		f.ends["t3"] = telnyx.Run{Status: telnyx.StatusFailed}
		s := settingsFor(f)
		s.MaxInFlight, s.FailFast = 1, true
		_, events := runGate(t, t.Context(), f, s)
		ended := map[string]int{}
		for _, e := range events {
			if e, ok := e.(gate.TestEnded); ok {
				ended[e.Result.Test.ID]++
			}
		}
		for _, test := range f.tests {
			if ended[test.ID] != 1 {
				t.Errorf("test %s ended %d times", test.ID, ended[test.ID])
			}
		}
	})
}

func TestIdempotencyKeyNamesTheDecision(t *testing.T) {
	base := gate.IdempotencyKey("run", "test", "version", "", 1)
	if again := gate.IdempotencyKey("run", "test", "version", "", 1); again != base {
		t.Errorf("the same decision has the keys %s and %s", base, again)
	}
	for _, other := range []string{
		gate.IdempotencyKey("run2", "test", "version", "", 1),
		gate.IdempotencyKey("run", "test2", "version", "", 1),
		gate.IdempotencyKey("run", "test", "version2", "", 1),
		gate.IdempotencyKey("run", "test", "version", "", 2),
		gate.IdempotencyKey("runt", "est", "version", "", 1),
		gate.IdempotencyKey("run", "test", "version", "sha256:edited", 1),
	} {
		if other == base {
			t.Errorf("two decisions share key %s", base)
		}
	}
	const test, version = "0c9d6c7e-3f0b-4c55-8a3f-2f6c1f0f9a11", "5b0c1f8e-9f51-4d25-9f6e-0d5a7c6f1e22"
	lower := gate.IdempotencyKey("run", test, version, "", 1)
	if upper := gate.IdempotencyKey("run", strings.ToUpper(test), strings.ToUpper(version), "", 1); upper != lower {
		t.Errorf("one decision in other letters has the keys %s and %s", lower, upper)
	}
}

func TestPlanErrorsAreFoundTogether(t *testing.T) {
	f := newFake(1)
	s := settingsFor(f)
	s.TestIDs = []string{"nope1", "t1", "nope2"}
	s.Suites = []string{"none"}
	_, err := gate.NewPlan(t.Context(), f, s, nil)
	refusals, ok := errors.AsType[gate.Refusals](err)
	if !ok || len(refusals) != 3 {
		t.Fatalf("want three refusals, got %v", err)
	}
}

func TestTimeAtMost(t *testing.T) {
	f := newFake(12)
	s := settingsFor(f)
	s.MaxInFlight = 5
	s.Timeout = 10 * time.Minute
	plan, err := gate.NewPlan(t.Context(), f, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if plan.TimeAtMost != 18*time.Minute {
		t.Errorf("12 runs of 6m, 5 at a time, need %s, want 18m", plan.TimeAtMost)
	}
	if len(plan.Warnings) != 1 || !strings.Contains(plan.Warnings[0], "raise timeout") {
		t.Errorf("warnings: %q", plan.Warnings)
	}
}

func BenchmarkGate(b *testing.B) {
	for _, n := range []int{10, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			f := newFake(n)
			f.takes = 0
			s := settingsFor(f)
			s.MaxRuns = n
			s.Timings.PollInterval, s.Timings.PollIntervalBusy = time.Microsecond, time.Microsecond
			for b.Loop() {
				f.runs, f.triggers = nil, nil
				gate.Run(b.Context(), gate.Config{Settings: s, API: f, Pacer: freePace{}})
			}
		})
	}
}
