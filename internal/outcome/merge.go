package outcome

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// SeveralVersions is the value of Target.VersionID if merged legs tested different versions.
const SeveralVersions = "several"

// Leg is one of the gates whose results were merged.
type Leg struct {
	Label       string // unique among the legs: the name, with a suffix if several legs share it
	Name        string
	GateVersion string
	Verdict     Verdict
	ExitCode    int
	Target      Target
	Policy      Policy // zero if unknown
	BaseURL     string
	RealTelnyx  bool
	RunKey      string
	LastFailed  LastFailed
	Started     time.Time
	Ended       time.Time
}

// LegFile is a results file for Merge.
type LegFile struct {
	Path    string
	Outcome *Outcome // of one gate, or already merged from several; nil if the file could not be read
	Err     error    // why the file could not be read
}

// AllLegs returns the legs of merged gates. A single gate is its own only leg.
func (o *Outcome) AllLegs() []Leg {
	if len(o.Legs) > 0 {
		return o.Legs
	}
	return []Leg{{
		Label: o.Name, Name: o.Name, GateVersion: o.GateVersion, Verdict: o.Verdict(), ExitCode: o.ExitCode(), Target: o.Target, Policy: o.Policy,
		BaseURL: o.BaseURL, RealTelnyx: o.RealTelnyx, RunKey: o.RunKey, LastFailed: o.LastFailed, Started: o.Started, Ended: o.Ended,
	}}
}

// legTests returns the results of a leg from AllLegs.
func (o *Outcome) legTests(l Leg) []TestResult {
	if len(o.Legs) == 0 {
		return o.Results
	}
	var own []TestResult
	for _, r := range o.Results {
		if r.Leg == l.Label {
			own = append(own, r)
		}
	}
	return own
}

// MergeSettings are the rules for merging legs.
type MergeSettings struct {
	Expect        int           // required number of files; 0 accepts any number above 0
	AllowVersions bool          // accept legs of different versions
	MaxAge        time.Duration // maximum age of a leg's oldest run
}

// Merge merges the files into o. It never makes a leg look better: every problem and every result counts as in its own
// gate. A leg makes o inconclusive if it was cancelled, is missing, is unreadable, appears twice, shares runs with
// another leg or does not match the others.
func Merge(o *Outcome, files []LegFile, s MergeSettings) {
	m := merger{outcome: o, files: files, settings: s}
	m.count()
	m.label()
	for i := range files {
		m.take(i)
	}
	m.findDuplicates()
	m.findSharedRuns()
	m.findMismatches()
	m.partialLegs()
	m.settleTarget()
}

type merger struct {
	outcome  *Outcome
	files    []LegFile
	settings MergeSettings
	labels   [][]string // labels of the legs, per file
	keys     []string   // legKey of each leg in the outcome
	from     []string   // file of each leg in the outcome
}

func (m *merger) count() {
	expect := m.settings.Expect
	switch {
	case len(m.files) == 0:
		m.outcome.AddProblem(VerdictInvalid, "no results to merge: name at least one results file (NAME.json)")
	case expect > 0 && len(m.files) != expect:
		m.outcome.AddProblem(VerdictInconclusive, fmt.Sprintf("the number of results files is %d, but --expect says %d: see which matrix job has no results, or is there twice", len(m.files), expect))
	}
}

// label gives each leg a unique label: its name, followed by the file if several legs share the name.
func (m *merger) label() {
	times := map[string]int{}
	for _, f := range m.files {
		for _, l := range legsOf(f) {
			times[l.Label]++
		}
	}
	taken := map[string]bool{}
	for _, f := range m.files {
		var labels []string
		for _, l := range legsOf(f) {
			label := l.Label
			if times[label] > 1 {
				label += " (" + f.Path + ")"
			}
			for n, base := 2, label; taken[label] || label != l.Label && times[label] > 0; n++ {
				label = fmt.Sprintf("%s #%d", base, n)
			}
			taken[label] = true
			labels = append(labels, label)
		}
		m.labels = append(m.labels, labels)
	}
}

func legsOf(f LegFile) []Leg {
	if f.Outcome == nil {
		return nil
	}
	return f.Outcome.AllLegs()
}

// take adds the legs, results and problems of a file.
func (m *merger) take(i int) {
	f, o := m.files[i], m.outcome
	if f.Outcome == nil {
		o.AddProblem(VerdictInconclusive, fmt.Sprintf("matrix job %s %v", f.Path, f.Err))
		return
	}
	prefix := "matrix job " + m.labels[i][0] + ": "
	if len(f.Outcome.Legs) > 0 {
		prefix = "merged matrix jobs of " + f.Outcome.Name + ": "
	}
	m.takeLegs(i)
	m.takeProblems(f.Outcome, prefix)
	for _, text := range f.Outcome.Warnings {
		o.Warnings = append(o.Warnings, prefix+text)
	}
	for _, text := range f.Outcome.Notes {
		o.Notes = append(o.Notes, prefix+text)
	}
	o.Unplanned = append(o.Unplanned, f.Outcome.Unplanned...)
	o.Paid += f.Outcome.Paid
	o.Replayed += f.Outcome.Replayed
	o.Requests += f.Outcome.Requests
}

func (m *merger) takeLegs(i int) {
	f, o := m.files[i], m.outcome
	for n, l := range f.Outcome.AllLegs() {
		tests := slices.Clone(f.Outcome.legTests(l))
		m.keys = append(m.keys, legKey(l, tests))
		m.from = append(m.from, f.Path)
		l.Label = m.labels[i][n]
		for t := range tests {
			tests[t].Leg = l.Label
		}
		o.Legs = append(o.Legs, l)
		o.Results = append(o.Results, tests...)
		o.Started, o.Ended = EarliestKnown(o.Started, l.Started), latest(o.Ended, l.Ended)
	}
}

// takeProblems adds everything except tests that decided a file's verdict. A cancelled leg makes the merge inconclusive
// rather than cancelled, because the signal ended that gate and not this one.
func (m *merger) takeProblems(from *Outcome, prefix string) {
	red := false
	for _, r := range from.Results {
		red = red || r.Blocks()
	}
	for _, p := range from.Problems {
		verdict := p.Verdict
		if verdict == VerdictCancelled {
			verdict = VerdictInconclusive
		}
		m.outcome.AddProblem(verdict, prefix+p.Text)
		red = true
	}
	if from.Signal != "" && !slices.ContainsFunc(from.Problems, func(p Problem) bool { return p.Verdict == VerdictCancelled }) {
		m.outcome.AddProblem(VerdictInconclusive, prefix+"cancelled by "+from.Signal)
		red = true
	}
	if verdict := from.Verdict(); verdict != VerdictPassed && !red {
		m.outcome.AddProblem(verdict, prefix+"none of its tests passed")
	}
}

// legKey returns a key that is equal for legs with the same name, version and tests.
func legKey(l Leg, tests []TestResult) string {
	ids := make([]string, len(tests))
	for i, r := range tests {
		ids[i] = telnyx.IDKey(r.Test.ID)
	}
	slices.Sort(ids)
	return fmt.Sprintf("%q", append([]string{l.Name, telnyx.IDKey(l.Target.VersionID)}, ids...))
}

// findDuplicates adds a problem for each duplicate leg, because it may hide a missing one.
func (m *merger) findDuplicates() {
	first := map[string]int{}
	for i, key := range m.keys {
		j, again := first[key]
		if !again {
			first[key] = i
			continue
		}
		l := m.outcome.Legs[i]
		m.outcome.AddProblem(VerdictInconclusive, fmt.Sprintf(
			"matrix job %s is there twice: %s and %s have the same name, version and tests; give each matrix job once, and matrix jobs that differ names of their own",
			l.Name, m.from[j], m.from[i]))
	}
}

// findSharedRuns adds a problem for runs that appear in two legs, because a run must count only once. The causes are a
// file copied under another name and gates with the same run-key.
func (m *merger) findSharedRuns() {
	legs, told := map[string]string{}, map[[2]string]bool{}
	for _, r := range m.outcome.Results {
		for _, a := range r.Runs() {
			if a.RunID == "" {
				continue
			}
			run := telnyx.IDKey(a.RunID)
			first, seen := legs[run]
			if !seen {
				legs[run] = r.Leg
				continue
			}
			pair := [2]string{first, r.Leg}
			if first == r.Leg || told[pair] {
				continue
			}
			told[pair] = true
			m.outcome.AddProblem(VerdictInconclusive, fmt.Sprintf(
				"matrix jobs %s and %s have the same run %q of test %q: give each matrix job once, and each gate a run-key of its own or none", first, r.Leg, a.RunID, r.Test.ID))
		}
	}
}

// settleTarget sets the target fields on which all legs agree.
func (m *merger) settleTarget() {
	o := m.outcome
	if len(o.Legs) == 0 {
		return
	}
	o.RealTelnyx = !slices.ContainsFunc(o.Legs, func(l Leg) bool { return !l.RealTelnyx })
	of := func(value func(Leg) string) []string {
		var values []string
		for _, l := range o.Legs {
			same := func(other string) bool { return telnyx.SameID(other, value(l)) }
			if v := value(l); v != "" && !slices.ContainsFunc(values, same) {
				values = append(values, v)
			}
		}
		return values
	}
	common := func(value func(Leg) string) string {
		if values := of(value); len(values) == 1 {
			return values[0]
		}
		return ""
	}
	o.BaseURL = strings.Join(of(func(l Leg) string { return l.BaseURL }), ", ")
	o.Target = Target{
		VersionID:     common(func(l Leg) string { return l.Target.VersionID }),
		VersionName:   common(func(l Leg) string { return l.Target.VersionName }),
		Baseline:      common(func(l Leg) string { return l.Target.Baseline }),
		LiveID:        common(func(l Leg) string { return l.Target.LiveID }),
		AssistantID:   common(func(l Leg) string { return l.Target.AssistantID }),
		AssistantName: common(func(l Leg) string { return l.Target.AssistantName }),
	}
	legs := m.evidence()
	if len(of(func(l Leg) string { return l.Target.VersionID })) > 1 || len(grouped(legs, sameVersion(legs))) > 1 {
		o.Target.VersionID, o.Target.VersionName = SeveralVersions, ""
	}
}

// EarliestKnown returns the earlier of two times. A zero time is unknown and never wins over a known one.
func EarliestKnown(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
