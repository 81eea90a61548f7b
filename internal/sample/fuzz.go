package sample

import (
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
)

// FuzzText starts a fuzz target that takes a text and a bound.
func FuzzText(f *testing.F, check func(t *testing.T, s string, most int)) {
	for _, s := range HostileTexts {
		f.Add(s, 1000)
		f.Add(strings.Repeat(s, 30), 200)
	}
	f.Add("", 0)
	f.Fuzz(func(t *testing.T, s string, most int) {
		fuzzing.Bound(t)
		if most < 0 || most > 1<<16 {
			most = 100
		}
		check(t, s, most)
	})
}
