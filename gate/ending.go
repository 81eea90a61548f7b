package gate

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

var (
	errTimeout = errors.New("the gate's timeout passed")
	errOutage  = errors.New("the API gave no usable answer")
)

// recordEnd records why the gate ended before its time.
func recordEnd(o *outcome.Outcome, cause error, when string) {
	tail := ""
	if short, ok := errors.AsType[*cutShort](cause); ok {
		tail = short.tail()
		cause = short.cause
	}
	if c, ok := errors.AsType[outcome.Cancelled](cause); ok {
		o.Signal = c.Signal
		o.AddProblem(outcome.VerdictCancelled, "cancelled by "+c.Signal+" "+when+tail)
		return
	}
	if errors.Is(cause, errTimeout) {
		o.AddProblem(outcome.VerdictTimedOut, "timeout passed "+when+tail)
		return
	}
	o.AddProblem(outcome.VerdictInconclusive, fmt.Sprintf("%v, %s%s", cause, when, tail))
}

// gateEnd describes how the gate ended before its tests did.
type gateEnd struct {
	why      string // in a few words
	timedOut bool
	at       time.Time
}

// endOf returns what ended the gate before its tests did.
func endOf(o *outcome.Outcome) gateEnd {
	end := gateEnd{why: "the gate ended", at: time.Now()}
	end.timedOut = slices.ContainsFunc(o.Problems, func(p outcome.Problem) bool { return p.Verdict == outcome.VerdictTimedOut })
	switch {
	case o.Signal != "":
		end.why = "the gate was cancelled"
	case end.timedOut:
		end.why = "the gate's timeout passed"
	}
	return end
}
