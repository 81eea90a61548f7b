package view

import "github.com/assistant-gate/assistant-gate/internal/outcome"

// builtInAPI is the base-url of the built-in simulator.
const builtInAPI = "simulator"

// RunsMade is how many runs a gate made, and whether they cost money. Of another API than Telnyx's nobody knows.
func RunsMade(o *outcome.Outcome) string {
	return Plural(o.Paid, "run", "runs") + textIf(" paid", o.RealTelnyx) + unpaid(o)
}

// unpaid says that the runs of a gate were not paid if they were simulated.
func unpaid(o *outcome.Outcome) string {
	return textIf(", simulated: nothing was paid", !o.RealTelnyx && o.BaseURL == builtInAPI)
}
