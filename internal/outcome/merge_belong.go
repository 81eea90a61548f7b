package outcome

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// findMismatches adds a problem for legs that differ in API, assistant or version, or that are too old, because such
// results are not evidence for the same version.
func (m *merger) findMismatches() {
	legs := m.evidence()
	m.differing(legs, "of different APIs", "run all of them with the same base-url", sameAPI, func(l Leg) string { return quoteID(l.BaseURL) })
	m.differing(legs, "of different assistants", "give all of them the same assistant-id", sameAssistant, assistantOf)
	if !m.settings.AllowVersions {
		m.differing(legs, "of different versions", "run all of them on one version that nobody changes, or give --allow-versions", sameVersion(legs), versionOf)
		m.findLiveVersions(legs)
	}
	for _, l := range legs {
		for _, reason := range AgeProblems("matrix job "+l.Label, m.outcome.legTests(l), m.settings.MaxAge, time.Now()) {
			m.outcome.AddProblem(VerdictInconclusive, reason)
		}
		if unproved(l, m.outcome.legTests(l)) {
			m.outcome.AddProblem(VerdictInconclusive, fmt.Sprintf(
				"matrix job %s has runs of an earlier start, and does not prove that the version is still what it was then: run it again with another run-key", l.Label))
		}
	}
}

// findLiveVersions makes it a problem if different live versions answered in different legs, as the version under test or the baseline.
func (m *merger) findLiveVersions(legs []Leg) {
	var candidates, baselines []Answered
	for _, l := range legs {
		for _, r := range m.outcome.legTests(l) {
			if l.Target.VersionID == MainVersion {
				candidates = append(candidates, answersOf(r.OwnRuns())...)
			}
			if l.Target.Baseline == MainVersion {
				baselines = append(baselines, answersOf(r.Baseline)...)
			}
		}
	}
	m.differingAnswers("version-id", candidates)
	m.differingAnswers("baseline-version", baselines)
}

func (m *merger) differingAnswers(input string, answers []Answered) {
	if versions := DifferingVersions(answers); len(versions) > 0 {
		m.outcome.AddProblem(VerdictInconclusive, fmt.Sprintf("different versions, %s, answered the runs of the matrix jobs on %s %q, so they do not add up to one verdict: run all of them on one version that nobody changes",
			Quoted(versions, 3), input, MainVersion))
	}
}

func answersOf(attempts []Attempt) (answers []Answered) {
	for _, a := range attempts {
		answers = append(answers, a.Answered)
	}
	return answers
}

// evidence returns the legs that ran tests or passed. The others stopped before their first run and cannot be green anyway.
func (m *merger) evidence() []Leg {
	var legs []Leg
	for _, l := range m.outcome.Legs {
		ran := func(r TestResult) bool { return len(r.Attempts) > 0 }
		if l.Verdict == VerdictPassed || slices.ContainsFunc(m.outcome.legTests(l), ran) {
			legs = append(legs, l)
		}
	}
	return legs
}

// differing adds a problem if the legs are not all the same by one criterion.
func (m *merger) differing(legs []Leg, what, advice string, same func(a, b Leg) bool, show func(Leg) string) {
	groups := grouped(legs, same)
	if len(groups) < 2 {
		return
	}
	texts := make([]string, len(groups))
	for i, group := range groups {
		var labels []string
		for _, l := range group {
			labels = append(labels, l.Label)
		}
		texts[i] = fmt.Sprintf("%s (%s)", show(group[0]), Quoted(labels, 5))
	}
	m.outcome.AddProblem(VerdictInconclusive, fmt.Sprintf("the matrix jobs are %s, so they do not add up to one verdict: %s; %s", what, strings.Join(texts, ", "), advice))
}

// grouped groups equal legs and keeps their order.
func grouped(legs []Leg, same func(a, b Leg) bool) [][]Leg {
	var groups [][]Leg
	for _, l := range legs {
		i := slices.IndexFunc(groups, func(group []Leg) bool { return same(group[0], l) })
		if i < 0 {
			groups = append(groups, []Leg{l})
			continue
		}
		groups[i] = append(groups[i], l)
	}
	return groups
}

func sameAPI(a, b Leg) bool { return a.BaseURL == b.BaseURL }

// sameAssistant treats a leg without an assistant id as a different assistant, because nobody checked whose version it tested.
func sameAssistant(a, b Leg) bool { return telnyx.SameID(a.Target.AssistantID, b.Target.AssistantID) }

// sameVersion returns a comparison of the legs' versions. If all legs have the same assistant, it also compares the content,
// because "main" may move to another version and a version can be edited. Otherwise the content hashes are not comparable.
func sameVersion(legs []Leg) func(a, b Leg) bool {
	sameID := func(a, b Leg) bool { return telnyx.SameID(a.Target.VersionID, b.Target.VersionID) }
	if len(grouped(legs, sameAssistant)) > 1 {
		return sameID
	}
	return func(a, b Leg) bool {
		return sameID(a, b) && telnyx.SameID(a.Target.LiveID, b.Target.LiveID) && a.Target.VersionHash == b.Target.VersionHash
	}
}

func assistantOf(l Leg) string { return quoteID(l.Target.AssistantID) }

func versionOf(l Leg) string {
	text := quoteID(l.Target.VersionID)
	if l.Target.LiveID != "" {
		text += fmt.Sprintf(", which was %q", l.Target.LiveID)
	}
	if hash := strings.TrimPrefix(l.Target.VersionHash, "sha256:"); hash != "" {
		text += fmt.Sprintf(" with content %.8s", hash)
	}
	return text
}

func quoteID(id string) string {
	if id == "" {
		return "none named"
	}
	return fmt.Sprintf("%q", id)
}

// unproved reports whether a leg has runs from an earlier start whose version may have been edited since. A leg without an
// assistant id never looks at the version, so there is nothing to prove.
func unproved(l Leg, tests []TestResult) bool {
	if l.Target.AssistantID == "" || l.Target.EndHash != "" {
		return false
	}
	replayed := func(a Attempt) bool { return a.Replayed }
	return slices.ContainsFunc(tests, func(r TestResult) bool { return slices.ContainsFunc(r.Attempts, replayed) })
}
