package cli

import (
	"time"

	"github.com/assistant-gate/assistant-gate/internal/flakes"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// listedFlakes is what flakes --format json shows. Rates and chances are from 0 to 1.
type listedFlakes struct {
	Headline      string             `json:"headline"`
	Notes         []string           `json:"notes"`
	Advice        string             `json:"advice"`
	RealTelnyx    bool               `json:"real_telnyx"`
	AllVersions   bool               `json:"all_versions"`
	Files         int                `json:"files"`
	Votes         int                `json:"votes"`
	Failed        int                `json:"failed"`
	LeftOut       listedLeftOut      `json:"left_out"`
	FirstAt       string             `json:"first_at,omitempty"`
	LastAt        string             `json:"last_at,omitempty"`
	RedAtMost     float64            `json:"red_at_most"`
	TestsOfGate   int                `json:"tests_of_a_gate"`
	Attempts      string             `json:"attempts"`
	AttemptsKnown bool               `json:"attempts_known"`
	Recommended   string             `json:"recommended"`
	Tests         []listedRate       `json:"tests"`
	Criteria      []listedTally      `json:"criteria"`
	Policies      []listedFigures    `json:"policies"`
	Months        []listedPeriod     `json:"months"`
	Versions      []listedPeriod     `json:"versions"`
	Quarantine    []listedQuarantine `json:"quarantine"`
}

type listedLeftOut struct {
	OtherVersions int `json:"other_versions"`
	Simulated     int `json:"simulated"`
	Repeated      int `json:"repeated"`
}

type listedRate struct {
	ID         string        `json:"id"`
	Name       string        `json:"name"`
	Suite      string        `json:"suite"`
	Votes      int           `json:"votes"`
	Failed     int           `json:"failed"`
	PassRate   float64       `json:"pass_rate"`
	Low        float64       `json:"pass_rate_low"`
	High       float64       `json:"pass_rate_high"`
	Flaky      bool          `json:"flaky"`
	FewRuns    bool          `json:"few_runs"`
	FailChance float64       `json:"fail_chance"`
	ShareOfRed float64       `json:"share_of_red"`
	Pattern    string        `json:"pattern"`
	Criteria   []listedTally `json:"criteria"`
}

type listedTally struct {
	Name   string `json:"name"`
	Failed int    `json:"failed"`
	Tests  int    `json:"tests,omitempty"`
}

type listedFigures struct {
	Attempts  string       `json:"attempts"`
	Ladder    []int        `json:"ladder"`
	InUse     bool         `json:"in_use"`
	Runs      float64      `json:"runs"`
	Red       float64      `json:"red"`
	SteadyRed float64      `json:"red_without_flaky"`
	Slips     []listedSlip `json:"gets_through"`
}

type listedSlip struct {
	PassRate float64 `json:"pass_rate"`
	Chance   float64 `json:"chance"`
}

type listedPeriod struct {
	Name     string  `json:"name"`
	Votes    int     `json:"votes"`
	Failed   int     `json:"failed"`
	PassRate float64 `json:"pass_rate"`
	Low      float64 `json:"pass_rate_low"`
	High     float64 `json:"pass_rate_high"`
}

type listedQuarantine struct {
	ID      string `json:"id"`
	Reason  string `json:"reason"`
	Expires string `json:"expires"`
}

func (f found) listed() listedFlakes {
	a := &f.Analysis
	l := listedFlakes{
		Headline: view.FlakesHeadline(a), Notes: view.FlakesNotes(a), Advice: view.FlakesAdvice(a), RealTelnyx: a.Real, AllVersions: a.AllVersions,
		Files: f.files, Votes: a.Votes, Failed: a.Failed,
		LeftOut: listedLeftOut{OtherVersions: a.OtherVersions, Simulated: a.Simulated, Repeated: a.Repeated},
		FirstAt: listedTime(a.First), LastAt: listedTime(a.Last), RedAtMost: a.Red, TestsOfGate: a.GateTests,
		Attempts: a.Policy.String(), AttemptsKnown: a.PolicyKnown,
		Tests: []listedRate{}, Criteria: listTallies(a.Criteria, true), Policies: []listedFigures{},
		Months: listPeriods(a.Months), Versions: listPeriods(a.Versions), Quarantine: []listedQuarantine{},
	}
	if decline := view.FlakesDecline(a); decline != "" {
		l.Notes = append(l.Notes, decline)
	}
	if l.Notes == nil {
		l.Notes = []string{}
	}
	if a.Best >= 0 {
		l.Recommended = a.Policies[a.Best].Policy.String()
	}
	for _, t := range a.Tests {
		l.Tests = append(l.Tests, listRate(t))
	}
	for _, p := range a.Policies {
		l.Policies = append(l.Policies, listFigures(p))
	}
	for _, e := range view.QuarantineEntries(a, f.now) {
		l.Quarantine = append(l.Quarantine, listedQuarantine{ID: e.ID, Reason: e.Reason, Expires: e.Expires})
	}
	return l
}

func listRate(t flakes.Test) listedRate {
	return listedRate{
		ID: t.ID, Name: t.Name, Suite: t.Suite, Votes: t.Votes, Failed: t.Failed, PassRate: t.Rate(), Low: t.PassRate.Low, High: t.PassRate.High,
		Flaky: t.Flaky, FewRuns: t.Thin, FailChance: t.Fails, ShareOfRed: t.Share, Pattern: string(t.Pattern), Criteria: listTallies(t.Criteria, false),
	}
}

func listTallies(tallies []flakes.Tally, ofAll bool) []listedTally {
	listed := []listedTally{}
	for _, c := range tallies {
		item := listedTally{Name: c.Name, Failed: c.Failed}
		if ofAll {
			item.Tests = c.Tests
		}
		listed = append(listed, item)
	}
	return listed
}

func listFigures(p flakes.Figures) listedFigures {
	listed := listedFigures{
		Attempts: p.Policy.String(), Ladder: p.Policy.Rungs(), InUse: p.InUse, Runs: p.Runs, Red: p.Red, SteadyRed: p.SteadyRed, Slips: []listedSlip{},
	}
	for i, rate := range flakes.SlipRates() {
		listed.Slips = append(listed.Slips, listedSlip{rate, p.Slips[i]})
	}
	return listed
}

func listPeriods(periods []flakes.Period) []listedPeriod {
	listed := []listedPeriod{}
	for _, p := range periods {
		listed = append(listed, listedPeriod{p.Name, p.Votes, p.Failed, p.Rate(), p.PassRate.Low, p.PassRate.High})
	}
	return listed
}

func listedTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
