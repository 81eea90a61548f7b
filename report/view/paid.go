package view

import "github.com/assistant-gate/assistant-gate/internal/outcome"

// builtInAPI is the base-url of the built-in simulator.
const builtInAPI = "simulator"

// RunsMade is how many runs a gate made, and whether they cost money.
func RunsMade(o *outcome.Outcome) string {
	return Plural(o.Paid, "run", "runs") + textIf(" paid", o.RealTelnyx) + unpaid(o)
}

// unpaid is why the runs of a gate were not paid, as far as that is known.
func unpaid(o *outcome.Outcome) string {
	switch {
	case o.RealTelnyx:
		return ""
	case o.BaseURL == builtInAPI:
		return ", simulated: nothing was paid"
	}
	return ", not on the real Telnyx"
}
