package report

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/ci"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
)

func TestAnnotationPointsAtTheQuarantineEntry(t *testing.T) {
	for file, want := range map[string]ci.Annotation{
		"ci/quarantine.yml": {File: "ci/quarantine.yml", Line: 7}, "": {}, "/etc/quarantine.yml": {}, "../q.yml": {},
	} {
		for _, r := range []outcome.TestResult{sample.WithEntry(sample.JudgedResult(0, 1), 7), sample.Quarantined(sample.JudgedResult(0, 1), 7), sample.WithEntry(sample.JudgedResult(0), 7)} {
			o := sample.Outcome(r, sample.JudgedResult(1))
			o.QuarantineFile = file
			a := Annotations(o)[0]
			if got := (ci.Annotation{File: a.File, Line: a.Line}); got != want {
				t.Errorf("%q, %s: points at %v", file, a.Level, got)
			}
		}
	}
}

func TestAnnotationsOfBlockedGates(t *testing.T) {
	all := sample.AllSpoken()
	maps.Copy(all, sample.Blocked())
	for name, o := range all {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			for _, a := range Annotations(o) {
				if strings.Contains(a.Message, "run-0000") {
					t.Errorf("a run's id: %s", a.Message)
				}
				fmt.Fprintf(&b, "%s: %s (%s:%d)\n  %s\n", a.Level, a.Title, a.File, a.Line, a.Message)
			}
			sample.Golden(t, "annotations-"+name+".txt", []byte(b.String()))
		})
	}
}
