package flakes

import (
	"cmp"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// vote is a run that passed or failed.
type vote struct {
	failed   bool
	criteria []string // that count and failed; sorted, each once
	version  string   // that answered, or was to answer; empty if nobody knows the id behind "main"
	live     bool     // it was the live version
	at       time.Time
}

// runKey tells runs apart. The simulator may give the runs of another start the ids of an earlier one.
type runKey struct {
	test, run string
	simulated int64 // when the simulator made the run
}

// testInfo is what a test is called.
type testInfo struct {
	id, name, suite string
	at              time.Time // of the gate that says so
}

// Collector takes the votes of results files. The order of the files does not matter.
type Collector struct{ real, simulated pool }

// pool is the votes of one kind of API.
type pool struct {
	votes    map[runKey]vote
	repeated int // sightings of a run beyond the first
	tests    map[string]testInfo
	policies []usedPolicy
}

// usedPolicy is the policy of a gate.
type usedPolicy struct {
	policy outcome.Policy
	at     time.Time
}

// Add takes the votes of a results file, which may be merged from several gates.
func (c *Collector) Add(o *outcome.Outcome) {
	for _, leg := range o.AllLegs() {
		p := &c.simulated
		if leg.RealTelnyx {
			p = &c.real
		}
		for _, r := range o.Results {
			if len(o.Legs) == 0 || r.Leg == leg.Label {
				p.addTest(leg, r)
			}
		}
		if leg.Policy.Resolved() {
			p.policies = append(p.policies, usedPolicy{leg.Policy, leg.Started})
		}
	}
}

func (p *pool) addTest(leg outcome.Leg, r outcome.TestResult) {
	key := telnyx.IDKey(r.Test.ID)
	voted := false
	for _, a := range r.OwnRuns() {
		voted = p.addRun(leg, leg.Target.VersionID, r, a) || voted
	}
	for _, a := range r.Baseline {
		voted = p.addRun(leg, leg.Target.Baseline, r, a) || voted
	}
	if !voted {
		return
	}
	info := testInfo{id: r.Test.ID, name: r.Test.Name, suite: r.Test.Suite, at: leg.Started}
	if known, ok := p.tests[key]; ok && !info.after(known) {
		return
	}
	if p.tests == nil {
		p.tests = map[string]testInfo{}
	}
	p.tests[key] = info
}

// after reports whether the name is newer. Of two of the same time, any rule will do that does not depend on their order.
func (i testInfo) after(known testInfo) bool {
	return cmp.Or(i.at.Compare(known.at), cmp.Compare(i.name, known.name), cmp.Compare(i.suite, known.suite), cmp.Compare(i.id, known.id)) > 0
}

// addRun takes a run on a version if it is a vote, and reports whether it is.
func (p *pool) addRun(leg outcome.Leg, version string, r outcome.TestResult, a outcome.Attempt) bool {
	if a.RunID == "" || a.State != outcome.StatePassed && a.State != outcome.StateFailed {
		return false
	}
	key := runKey{test: telnyx.IDKey(r.Test.ID), run: telnyx.IDKey(a.RunID)}
	if !leg.RealTelnyx && !a.CreatedAt.IsZero() {
		key.simulated = a.CreatedAt.UnixNano()
	}
	v := vote{failed: a.State == outcome.StateFailed, version: version, at: cmp.Or(a.CreatedAt, a.TriggeredAt, leg.Started)}
	v.live = version == outcome.MainVersion || leg.Target.LiveID != "" && telnyx.SameID(version, leg.Target.LiveID)
	if v.live {
		v.version = leg.Target.LiveID
	}
	if a.Answered.Proof == outcome.ProofConfirmed && a.Answered.Version != "" {
		v.version = a.Answered.Version
	}
	v.version = telnyx.IDKey(v.version)
	if v.failed {
		v.criteria, _ = outcome.FailedCriteria(a.Criteria, r.Test.Rubric, a.Advisory)
		slices.Sort(v.criteria)
		v.criteria = slices.Compact(v.criteria)
	}
	p.put(key, v)
	return true
}

// put takes a vote. If files say different things of one run, the cautious reading wins: it failed, and not on the live version.
func (p *pool) put(key runKey, v vote) {
	if p.votes == nil {
		p.votes = map[runKey]vote{}
	}
	known, again := p.votes[key]
	if again {
		p.repeated++
		v.failed = v.failed || known.failed
		v.live = v.live && known.live
		v.criteria = slices.Concat(v.criteria, known.criteria)
		slices.Sort(v.criteria)
		v.criteria = slices.Compact(v.criteria)
		v.at = outcome.EarliestKnown(v.at, known.at)
		v.version = max(v.version, known.version)
	}
	p.votes[key] = v
}

// inUse returns the policy of the latest gate; false if no file tells.
func (p *pool) inUse() (outcome.Policy, bool) {
	if len(p.policies) == 0 {
		return outcome.Policy{}, false
	}
	latest := slices.MaxFunc(p.policies, func(a, b usedPolicy) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.policy.String(), b.policy.String()))
	})
	return latest.policy, true
}
