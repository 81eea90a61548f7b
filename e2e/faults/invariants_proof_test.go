package faults

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
	"github.com/assistant-gate/assistant-gate/report/results"
)

// falseProofs are differences between what the reports and the simulator say of the version that answered, where the conversation
// could be read; and exit code 0 although another version answered a run that decides, or nothing shows it and it must.
func (x *execution) falseProofs(s *fixture) []string {
	ledger := map[string]simulator.PaidRun{}
	for _, run := range s.sim.Ledger() {
		ledger[run.RunID] = run
	}
	var found []string
	confirmed, looks := 0, x.looks(s)
	for _, t := range x.results.Tests {
		for _, a := range slices.Concat(t.Attempts, t.Compared, t.Baseline) {
			if a.Answered != nil && a.Answered.Proof == "confirmed" {
				confirmed++
			}
			if run, known := ledger[a.RunID]; known {
				found = append(found, x.falseProof(a, run, looks[run.Conversation])...)
			}
		}
	}
	for name, got := range map[string]string{"GATE_VERSION_CONFIRMED": x.dotenv["GATE_VERSION_CONFIRMED"], "output": x.outputs["version-confirmed"]} {
		if want := fmt.Sprint(confirmed); got != want && (name != "output" || x.outputs != nil) {
			found = append(found, fmt.Sprintf("%s of confirmed versions is %q, the attempts give %s", name, got, want))
		}
	}
	return found
}

// falseProof is what is wrong with what is said of the version that answered one run.
func (x *execution) falseProof(a results.Attempt, run simulator.PaidRun, looks conversationLooks) []string {
	voted := a.State == "passed" || a.State == "failed"
	said, named := "", ""
	if a.Answered != nil {
		said, named = a.Answered.Proof, a.Answered.Version
	}
	truth, read := x.proof(run), looks.inTime
	var found []string
	wrong := func(text string) { found = append(found, fmt.Sprintf("%s: %+v is said of %+v", text, a.Answered, run)) }
	if looks.whole > 1 || said == "" && looks.sent > 0 {
		wrong(fmt.Sprintf("%d looks at a conversation, of which %d brought it whole", looks.sent, looks.whole))
	}
	if voted && said == "" {
		wrong("a run has a vote, and nothing is said of who answered it")
	}
	if (said == "confirmed" || said == "other") && (said != truth || named != run.Answered) {
		wrong("a proof is wrong, the truth is " + truth)
	}
	if read && said == "unknown" && truth != "unknown" {
		wrong("the conversation was read, the truth is " + truth)
	}
	if truth == "other" && read && (voted || said != "" && x.code == 0) {
		wrong("another version answered")
	}
	if voted && said == "unknown" && slices.Contains(x.args, "--require-version-proof") {
		wrong("a run without a proof has a vote")
	}
	return found
}

// proof is what a run's conversation shows.
func (x *execution) proof(run simulator.PaidRun) string {
	asked := run.Version
	if x.askedForUnknown(run.Version) {
		asked = run.Answered
	}
	switch {
	case run.Answered == "" || run.Assistant != simtest.Assistant:
		return "unknown"
	case run.Answered != asked:
		return "other"
	}
	return "confirmed"
}

// askedForUnknown reports whether a run was asked for on the live version, and the gate cannot know which that is.
func (x *execution) askedForUnknown(version string) bool {
	return version == simtest.Live && slices.Contains(x.args, "main") && !slices.Contains(x.args, "--assistant-id")
}

// conversationLooks are the requests of an execution for one conversation.
type conversationLooks struct {
	sent, whole int
	inTime      bool // a whole conversation came, and not at the last moment
}

// looks are the execution's looks by conversation.
func (x *execution) looks(s *fixture) map[string]conversationLooks {
	last := x.started.Add(x.took - 100*time.Millisecond)
	all := map[string]conversationLooks{}
	for _, r := range s.recorder.requests() {
		_, id, ok := strings.Cut(r.url, "/conversations/")
		if !ok || r.execution != x.number {
			continue
		}
		l := all[id]
		l.sent++
		if r.conversation {
			l.whole++
			l.inTime = l.inTime || r.answered.Before(last)
		}
		all[id] = l
	}
	return all
}
