package sample

import (
	"fmt"
	"maps"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// All are all samples, those with conversations and those that block among them.
func All() map[string]*outcome.Outcome {
	all := Outcomes()
	maps.Copy(all, AllSpoken())
	maps.Copy(all, Blocked())
	all["talk"] = Talk()
	all["side-by-side"] = SideBySide()
	return all
}

// Wordy is an outcome of n results with 4 KiB of text each, which are put away at once.
func Wordy(n int, to outcome.Archive) *outcome.Outcome {
	o := Large(n)
	for i := range o.Results {
		for j := range o.Results[i].Attempts {
			a := &o.Results[i].Attempts[j]
			a.Logs = strings.Repeat("a line of the log\n", 2<<10/18)
			for k := range 8 {
				a.Transcript = append(a.Transcript, telnyx.Message{Role: []string{"user", "assistant"}[k%2], Text: fmt.Sprint(k, strings.Repeat(" words & more", 256/13))})
			}
			a.MoveTo(to)
		}
	}
	return o
}
