package sample

import (
	"fmt"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Blocked are gates that block, each in a way that a reader must understand at a glance, by name.
func Blocked() map[string]*outcome.Outcome {
	return map[string]*outcome.Outcome{
		"seven-of-100": SevenOf100(),
		"14-of-500":    FourteenOf500(),
		"one-cause":    OneCause(),
		"compared":     Compared(),
		"expired":      ExpiredQuarantine(),
		"long-names":   LongNames(),
	}
}

// clinicSuites are suites whose tests share criteria.
var clinicSuites = []string{"Bookings", "Languages", "Tool errors", "Small talk", "Billing"}

var clinicTasks = []string{
	"Moves a follow-up visit", "Refuses a wrong number", "Declines a test result", "Refuses a bill line by line", "Explains a second opinion",
	"Asks for an insurance number", "Looks up a follow-up visit",
}

var clinicCriteria = []telnyx.Criterion{
	{Name: "Stays friendly", Text: "The assistant stays friendly, however often the caller asks the same thing."},
	{Name: "Makes up nothing", Text: "The assistant names no slot, price or doctor that a tool did not return."},
	{Name: "Names who decides", Text: "If the assistant may not decide, it says who does and how to reach that person."},
	{Name: "Keeps the caller's language", Text: "The assistant answers in the language of the caller's last turn."},
	{Name: "Offers real slots", Text: "The assistant offers slots that find_slots returned, in the same call and without being asked twice."},
}

// SevenOf100 has 100 tests in five suites, of which seven failed.
func SevenOf100() *outcome.Outcome { return many(100, 4, 17, 23, 41, 58, 77, 93) }

// FourteenOf500 has 500 tests in five suites, of which fourteen failed.
func FourteenOf500() *outcome.Outcome {
	return many(500, 4, 17, 23, 41, 58, 77, 93, 130, 201, 222, 304, 377, 411, 499)
}

// many has n tests of a second or so; those at the indexes failed.
func many(n int, failed ...int) *outcome.Outcome {
	o := Outcome()
	for i := range n {
		o.Results = append(o.Results, manyResult(i, slices.Contains(failed, i)))
	}
	o.Ended, o.Paid = Start.Add(8300*time.Millisecond), n
	return rerunnable(o)
}

func manyResult(n int, isFailed bool) outcome.TestResult {
	r := JudgedResult(n)
	r.Test.Name, r.Test.Suite = fmt.Sprintf("%s, case %d", clinicTasks[n%len(clinicTasks)], n), clinicSuites[n%len(clinicSuites)]
	first, others := clinicCriteria[n%len(clinicCriteria)], clinicCriteria[(n+2)%len(clinicCriteria)]
	r.Test.Rubric = []telnyx.Criterion{clinicCriteria[0], others, first}
	if n%3 > 0 || first.Name == clinicCriteria[0].Name || others.Name == clinicCriteria[0].Name {
		r.Test.Rubric = []telnyx.Criterion{others, first}
	}
	a := &r.Attempts[0]
	a.CompletedAt, a.Criteria = a.CreatedAt.Add(time.Duration(1200+n*37%3000)*time.Millisecond), nil
	for i, c := range r.Test.Rubric {
		status := telnyx.StatusPassed
		if isFailed && (i == 0 || n%2 > 0) {
			status = telnyx.StatusFailed
		}
		a.Criteria = append(a.Criteria, telnyx.CriterionResult{Name: c.Name, Status: status})
	}
	if isFailed {
		a.State, a.RemoteStatus, r.State = outcome.StateFailed, telnyx.StatusFailed, outcome.StateFailed
		a.Transcript = slotTalk()
		a.Figures = outcome.FiguresOf(a.Transcript)
	}
	return r
}

// slotTalk is a conversation with a tool, which ends before the caller is helped.
func slotTalk() []telnyx.Message {
	return []telnyx.Message{
		Says("assistant", "Riverside Clinic, good morning. How can I help?"),
		Says("user", "Hello, I would like to come in this week."),
		Says("assistant", "Of course. May I have your name and date of birth?"),
		Says("user", "It is about my knee, it has been swollen since Monday."),
		Says("assistant", "", telnyx.ToolCall{Name: "find_slots", Arguments: `{"day":"2026-10-08","kind":"visit"}`}),
		Says("tool", `{"slots":["2026-10-08T09:20","2026-10-09T16:00"]}`),
		Says("assistant", "I have Thursday at 9:20 with Dr. Lindqvist."),
		Says("user", "Is there nothing earlier?"),
	}
}

// rerunnable gives an outcome the inputs that the command for another run needs.
func rerunnable(o *outcome.Outcome) *outcome.Outcome {
	o.Settings = append([]outcome.Setting{
		{Name: "base-url", Value: o.BaseURL}, {Name: "version-id", Value: o.Target.VersionID}, {Name: "assistant-id", Value: Assistant},
	}, o.Settings...)
	return o
}

// OneCause has eight tests that have no verdict for one reason, and a ninth for another.
func OneCause() *outcome.Outcome {
	var results []outcome.TestResult
	for n := range 8 {
		results = append(results, UnjudgedResult(n, outcome.StateErrored, telnyx.StatusError, notStarted))
		results[n].Attempts[0].ConversationID, results[n].Attempts[0].Logs = "", "starting\n400 on assistant/conversation\n"
	}
	o := Outcome(append(results, UnjudgedResult(8, outcome.StateTimedOut, telnyx.StatusRunning, runTimedOut), JudgedResult(9))...)
	return rerunnable(o)
}

// Compared has two regressions: one whose conversations part at the third turn, and one of several runs that part at the first.
func Compared() *outcome.Outcome {
	slots := RegressedResult(2, "f", "p")
	slots.Attempts[0].Transcript = slotTalk()
	slots.Baseline[0].Transcript = append(slotTalk()[:3],
		Says("user", "Maria Osei, the 4th of May 1971. It is about my knee."),
		Says("assistant", "", telnyx.ToolCall{Name: "find_patient", Arguments: `{"name":"Maria Osei","born":"1971-05-04"}`}),
		Says("tool", `{"patient":"P-2207"}`),
		Says("assistant", "", telnyx.ToolCall{Name: "find_slots", Arguments: `{"patient":"P-2207","day":"2026-10-08"}`}),
		Says("tool", `{"slots":["2026-10-08T09:20"]}`),
		Says("assistant", "I have Thursday the 8th at 9:20 with Dr. Lindqvist. You can cancel it without a fee until 24 hours before. Shall I book it?"),
		Says("user", "Yes, please."),
	)
	fee := RegressedResult(6, "pff", "fp")
	fee.Attempts[2].Transcript, fee.Baseline[1].Transcript = Cancelling(), Cancelling()[1:]
	for _, a := range []*outcome.Attempt{&slots.Attempts[0], &slots.Baseline[0], &fee.Attempts[2], &fee.Baseline[1]} {
		a.Figures = outcome.FiguresOf(a.Transcript)
	}
	return rerunnable(Policy(JudgedResult(0), slots, JudgedResult(3), fee))
}

// ExpiredQuarantine has a test that blocks again, because its quarantine has expired, and one whose quarantine holds.
func ExpiredQuarantine() *outcome.Outcome {
	again := WithEntry(Talked(JudgedResult(7, 0), slotTalk()...), 3)
	again.Quarantine.Owner, again.Quarantine.Expires = "@team-safety", time.Date(2026, 10, 3, 0, 0, 0, 0, time.UTC)
	o := Policy(JudgedResult(0), again, Quarantined(Talked(JudgedResult(5, 1), slotTalk()...), 8), JudgedResult(9))
	o.QuarantineFile = "ci/quarantine.yml"
	o.Settings = append(o.Settings, outcome.Setting{Name: "quarantine-file", Value: o.QuarantineFile})
	o.Warnings, o.Notes = outcome.Quarantine{again.Quarantine, o.Results[2].Quarantine}.Review(o.Ended, o.Results)
	return rerunnable(o)
}

// longNames are names that break a layout that does not expect them.
var longNames = []string{
	"\u05de\u05d1\u05d8\u05dc\u05ea \u05ea\u05d5\u05e8 \u05d5\u05de\u05e6\u05d9\u05d9\u05e0\u05ea \u05d0\u05ea \u05d4\u05e2\u05de\u05dc\u05d4", // Hebrew: cancels an appointment and names the fee
	"\u064a\u0644\u063a\u064a \u0627\u0644\u0645\u0648\u0639\u062f (24 h) \u0648\u064a\u0630\u0643\u0631 \u0627\u0644\u0631\u0633\u0648\u0645", // Arabic: the same
	"Greets a caller who has been waiting for more than ten minutes by the name of the clinic, says sorry for the wait exactly once, asks what the matter is, and never puts the caller on hold a second time",
	"Donaudampfschifffahrtselektrizit\u00e4tenhauptbetriebswerkbauunterbeamtengesellschaftsversammlungsprotokollf\u00fchrerinnenstellvertretungsregelungsausnahmegenehmigungsantragsformularf\u00fcllhilfetelefonansagebands",
	"\u4e88\u7d04\u3092\u53d6\u308a\u6d88\u3057\u3001\u6599\u91d1\u3092\u4f1d\u3048\u3001\u96fb\u8a71\u3092\u5207\u308b\u524d\u306b\u3082\u3046\u4e00\u5ea6\u65e5\u6642\u3092\u78ba\u8a8d\u3059\u308b",
}

// LongNames has failed tests with names of 200 characters and in scripts that run from right to left.
func LongNames() *outcome.Outcome {
	o := Outcome()
	for n, name := range longNames {
		r := Talked(JudgedResult(n, n%3), Says("assistant", longNames[(n+1)%len(longNames)]), Says("user", name))
		r.Test.Name, r.Test.Suite = name, longNames[(n+4)%len(longNames)]
		r.Test.Rubric = slices.Clone(r.Test.Rubric)
		r.Test.Rubric[n%3] = telnyx.Criterion{Name: longNames[(n+3)%len(longNames)], Text: longNames[(n+2)%len(longNames)]}
		r.Attempts[0].Criteria[n%3].Name = r.Test.Rubric[n%3].Name
		o.Results = append(o.Results, r)
	}
	o.Results = append(o.Results, JudgedResult(9))
	return rerunnable(o)
}
