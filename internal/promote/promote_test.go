package promote_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/promote"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// fakeLive is an assistant of which one version is live.
type fakeLive struct {
	live     string
	versions map[string]telnyx.Version
	canary   telnyx.Canary
	keep     bool          // the canary deploy outlives a promotion
	settles  time.Duration // how long after a promotion the old version is still shown
	answer   error         // of a promotion that was executed
	refuse   error         // of one that was not
	onLook   func(n int) error
	edited   string        // hash of the version once it is promoted; empty: as before
	unseen   error         // of the version once it is promoted
	split    telnyx.Canary // configured while it is promoted
	hidden   error         // of the canary deploy once it is promoted
	posts    int
	looks    int
	from     time.Time
	next     string
}

func newLive() *fakeLive {
	return &fakeLive{live: "v0", versions: map[string]telnyx.Version{
		"v0": {AssistantID: "assistant-a", AssistantName: "Ann", ID: "v0", Name: "zero", Hash: "h0"},
		"v1": {AssistantID: "assistant-a", AssistantName: "Ann", ID: "v1", Name: "one", Hash: "h1"},
	}}
}

func (f *fakeLive) GetAssistant(ctx context.Context, id string) (telnyx.Version, error) {
	f.looks++
	if f.onLook != nil {
		if err := f.onLook(f.looks); err != nil {
			return telnyx.Version{}, err
		}
	}
	if ctx.Err() != nil {
		return telnyx.Version{}, telnyxError(telnyx.KindNotSent, 0)
	}
	if id != "assistant-a" {
		return telnyx.Version{}, telnyxError(telnyx.KindNotFound, 404)
	}
	if f.next != "" && time.Since(f.from) >= f.settles {
		f.live, f.next = f.next, ""
		if !f.keep {
			f.canary = f.split
		}
	}
	return f.versions[f.live], nil
}

func (f *fakeLive) GetVersion(_ context.Context, _, id string) (telnyx.Version, error) {
	v, ok := f.versions[id]
	if !ok {
		return telnyx.Version{}, telnyxError(telnyx.KindNotFound, 404)
	}
	if f.posts == 0 {
		return v, nil
	}
	if f.edited != "" {
		v.Hash = f.edited
	}
	return v, f.unseen
}

func (f *fakeLive) GetCanary(context.Context, string) (telnyx.Canary, error) {
	if f.posts == 0 {
		return f.canary, nil
	}
	return f.canary, f.hidden
}

func (f *fakeLive) PromoteVersion(_ context.Context, _, id string) (telnyx.Version, error) {
	f.posts++
	if f.refuse != nil {
		return telnyx.Version{}, f.refuse
	}
	f.next, f.from = id, time.Now()
	return f.versions[id], f.answer
}

// evidenceOf is a passed gate of v1 whose run was made a while ago.
func evidenceOf(age time.Duration) *outcome.Outcome {
	made := time.Now().Add(-age)
	return &outcome.Outcome{
		Name: "gate", BaseURL: "https://api.telnyx.com/v2", RealTelnyx: true,
		Target: outcome.Target{VersionID: "v1", AssistantID: "assistant-a", VersionHash: "h1", EndHash: "h1"},
		Results: []outcome.TestResult{{
			Test: telnyx.Test{ID: "t1", Name: "greets", Destination: "assistant-a"}, State: outcome.StatePassed,
			Attempts: []outcome.Attempt{{Number: 1, RunID: "r1", State: outcome.StatePassed, TriggeredAt: made, CreatedAt: made}},
		}},
	}
}

func promotionSettings() promote.Settings {
	return promote.Settings{
		AssistantID: "assistant-a", VersionID: "v1", BaseURL: "https://api.telnyx.com/v2", MaxAge: time.Hour,
		Timeout: 5 * time.Minute, Gap: 2 * time.Second, Grace: 2 * time.Second,
	}
}

type promotionCase struct {
	age    time.Duration
	change func(*fakeLive, *outcome.Outcome, *promote.Settings)
	status promote.Status
	posts  int
	says   string
}

func (c promotionCase) run(t *testing.T, name string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f, s, age := newLive(), promotionSettings(), c.age
		if age == 0 {
			age = time.Minute
		}
		o := evidenceOf(age)
		if c.change != nil {
			c.change(f, o, &s)
		}
		p := promote.Run(t.Context(), f, o, s)
		told := strings.Join(append(p.Reasons, p.Notes...), "\n")
		if p.Status != c.status || f.posts != c.posts || !strings.Contains(told, c.says) {
			t.Errorf("%s: %s (%d) after %d requests to promote, want %s after %d, %q in\n%s", name, p.Status, p.ExitCode(), f.posts, c.status, c.posts, c.says, told)
		}
		if p.Status == promote.Promoted && f.live != s.VersionID {
			t.Errorf("%s: says promoted, but %s is live", name, f.live)
		}
	})
}

type (
	live     = fakeLive
	evidence = outcome.Outcome
	rules    = promote.Settings
)

// TestPromotionRefuses whatever does not prove that exactly this version was tested.
func TestPromotionRefuses(t *testing.T) {
	refused := func(says string, change func(*live, *evidence, *rules)) promotionCase {
		return promotionCase{change: change, status: promote.Refused, says: says}
	}
	for name, c := range map[string]promotionCase{
		"failed": refused("are failed, not passed", func(_ *live, o *evidence, _ *rules) { o.Results[0].State = outcome.StateFailed }),
		"inconclusive": refused("not passed: the disk is full", func(_ *live, o *evidence, _ *rules) {
			o.AddProblem(outcome.VerdictInconclusive, "the disk is full")
		}),
		"another version":    refused(`are of version "v0", not of "v1"`, func(_ *live, o *evidence, _ *rules) { o.Target.VersionID = "v0" }),
		"the live version":   refused(`are of version "main", not of "v1"`, func(_ *live, o *evidence, _ *rules) { o.Target.VersionID = "main" }),
		"another assistant":  refused(`are of assistant "assistant-b"`, func(_ *live, o *evidence, _ *rules) { o.Target.AssistantID = "assistant-b" }),
		"only a part":        refused("in the results, last-failed selected only the tests that blocked in red.json", func(_ *live, o *evidence, _ *rules) { o.LastFailed = outcome.LastFailed{File: "red.json", Tests: 1} }),
		"no assistant":       refused("do not name an assistant", func(_ *live, o *evidence, _ *rules) { o.Target.AssistantID = "" }),
		"another API":        refused("were made against simulator", func(_ *live, o *evidence, _ *rules) { o.BaseURL, o.RealTelnyx = "simulator", false }),
		"no hash":            refused("do not prove that the version stayed", func(_ *live, o *evidence, _ *rules) { o.Target.VersionHash, o.Target.EndHash = "", "" }),
		"no hash at the end": refused("do not prove that the version stayed", func(_ *live, o *evidence, _ *rules) { o.Target.EndHash = "" }),
		"changed meanwhile":  refused("was changed while", func(_ *live, o *evidence, _ *rules) { o.Target.EndHash = "h2" }),
		"changed since":      refused("was changed since the gate tested it", func(f *live, _ *evidence, _ *rules) { f.versions["v1"] = telnyx.Version{ID: "v1", Hash: "h2"} }),
		"answered by another": refused("another version answered 1 of the runs of the results", func(_ *live, o *evidence, _ *rules) {
			o.Results[0].Attempts[0].Answered = outcome.Answered{Proof: outcome.ProofOther, Version: "v9"}
		}),
		"proof required, and none": refused("1 of 1 runs of the results do not show which version answered (--require-version-proof)", func(_ *live, o *evidence, s *rules) {
			o.Results[0].Attempts[0].Answered = outcome.Answered{Proof: outcome.ProofUnknown, Why: "x"}
			s.RequireProof = true
		}),
		"proof required, results of before": refused("1 of 1 runs of the results do not show", func(_ *live, _ *evidence, s *rules) { s.RequireProof = true }),
		"deleted since":                     refused("no longer exists on assistant", func(f *live, _ *evidence, _ *rules) { delete(f.versions, "v1") }),
		"test of another":                   refused("1 of 1 tests talk to another assistant", func(_ *live, o *evidence, _ *rules) { o.Results[0].Test.Destination = "assistant-b" }),
		"test of another, allowed": refused("talk to another assistant", func(_ *live, o *evidence, s *rules) {
			o.Results[0].Test.Destination, s.AllowUnverified = "assistant-b", true
		}),
		"test of a number": refused("add --allow-unverified-target", func(_ *live, o *evidence, _ *rules) { o.Results[0].Test.Destination = "+13125550142" }),
		"test of nothing":  refused("add --allow-unverified-target", func(_ *live, o *evidence, _ *rules) { o.Results[0].Test.Destination = "" }),
		"no time":          refused(`the results: nothing says when run "r1" was made`, func(_ *live, o *evidence, _ *rules) { o.Results[0].Attempts[0] = outcome.Attempt{RunID: "r1"} }),
		"no run":           refused("there is no run", func(_ *live, o *evidence, _ *rules) { o.Results[0].Attempts = nil }),
		"canary": refused(`canary deploy is configured (of version "v9")`, func(f *live, _ *evidence, _ *rules) {
			f.canary = telnyx.Canary{Configured: true, Versions: []string{"v9"}}
		}),
		"unknown assistant": refused("is not known to Telnyx", func(_ *live, o *evidence, s *rules) { forAssistantX(o, s) }),
		"refused by Telnyx": {change: func(f *live, _ *evidence, _ *rules) { f.refuse = telnyxError(telnyx.KindRejected, 422) }, status: promote.Refused, posts: 1, says: "Telnyx refused"},
		"not allowed":       {change: func(f *live, _ *evidence, _ *rules) { f.refuse = telnyxError(telnyx.KindUnauthorized, 403) }, status: promote.Refused, posts: 1, says: "check that api-key"},
		"too old":           {age: 61 * time.Minute, status: promote.Refused, says: "the results: the oldest run is 1 h 1 min old, more than --max-age 1 h"},
		"to come":           {age: -10 * time.Minute, status: promote.Refused, says: "still to come"},
		"found again, older": refused("2 h old", func(_ *live, o *evidence, _ *rules) {
			o.Results[0].Attempts[0].CreatedAt = time.Now().Add(-2 * time.Hour)
		}),
		"one leg of another version": refused("of matrix job b are of version", func(_ *live, o *evidence, _ *rules) {
			first, second := *o, *o
			first.Name, second.Name, second.Target.VersionID = "a", "b", "v0"
			*o = outcome.Outcome{}
			outcome.Merge(o, []outcome.LegFile{{Path: "a", Outcome: &first}, {Path: "b", Outcome: &second}}, outcome.MergeSettings{MaxAge: time.Hour, AllowVersions: true})
		}),
	} {
		c.run(t, name)
	}
}

func forAssistantX(o *evidence, s *rules) {
	o.Target.AssistantID, s.AssistantID, o.Results[0].Test.Destination = "assistant-x", "assistant-x", "assistant-x"
}

// quarantineAnother adds a test that failed and is excused.
func quarantineAnother(_ *live, o *evidence, _ *rules) {
	failed := o.Results[0]
	failed.Test.ID, failed.Test.Name, failed.State = "t2", "t2", outcome.StateFailed
	failed.Excuse = outcome.Excuse{Kind: outcome.ExcuseQuarantined, Reason: "being rewritten"}
	o.Results = append(o.Results, failed)
}

func TestPromotionGoesThrough(t *testing.T) {
	lost, later := telnyxError(telnyx.KindAmbiguous, 502), telnyxError(telnyx.KindNotSent, 0)
	canaried := telnyx.Canary{Configured: true}
	for name, c := range map[string]promotionCase{
		"at once":                   {status: promote.Promoted, posts: 1},
		"with an excused test":      {change: quarantineAnother, status: promote.Promoted, posts: 1, says: `1 of 2 tests of the results did not pass and are excused: "t2 (quarantined)"`},
		"a clock a little ahead":    {age: -4 * time.Minute, status: promote.Promoted, posts: 1},
		"just young enough":         {age: 59 * time.Minute, status: promote.Promoted, posts: 1},
		"after a while":             {change: func(f *live, _ *evidence, _ *rules) { f.settles = 11 * time.Second }, status: promote.Promoted, posts: 1},
		"the answer is lost":        {change: func(f *live, _ *evidence, _ *rules) { f.answer = lost }, status: promote.Promoted, posts: 1, says: "no usable answer"},
		"never shown":               {change: func(f *live, _ *evidence, _ *rules) { f.settles = time.Hour }, status: promote.Inconclusive, posts: 1, says: `accepted the request, but version "v0" is still live`},
		"lost and never executed":   {change: func(f *live, _ *evidence, _ *rules) { f.refuse = lost }, status: promote.Inconclusive, posts: 1, says: `version "v0" is still live: check the assistant`},
		"not sent":                  {change: func(f *live, _ *evidence, _ *rules) { f.refuse = later }, status: promote.Inconclusive, posts: 1, says: "did not reach Telnyx"},
		"a dry run":                 {change: func(_ *live, _ *evidence, s *rules) { s.DryRun = true }, status: promote.WouldPromote},
		"already live":              {change: func(f *live, _ *evidence, _ *rules) { f.live = "v1" }, status: promote.AlreadyLive},
		"already live, old results": {age: 30 * time.Hour, change: func(f *live, _ *evidence, _ *rules) { f.live = "v1" }, status: promote.AlreadyLive},
		"already live, a canary":    {change: func(f *live, _ *evidence, _ *rules) { f.live, f.canary = "v1", canaried }, status: promote.AlreadyLive, says: "was left alone"},
		"already live, edited since": {
			change: func(f *live, _ *evidence, _ *rules) {
				f.live, f.versions["v1"] = "v1", telnyx.Version{ID: "v1", Hash: "h2"}
			},
			status: promote.Refused, says: "changed since",
		},
		"the canary ends":       {change: func(f *live, _ *evidence, s *rules) { f.canary, s.EndCanary = canaried, true }, status: promote.Promoted, posts: 1},
		"live, the canary ends": {change: func(f *live, _ *evidence, s *rules) { f.live, f.canary, s.EndCanary = "v1", canaried, true }, status: promote.Promoted, posts: 1},
		"the canary stays":      {change: func(f *live, _ *evidence, s *rules) { f.canary, s.EndCanary, f.keep = canaried, true, true }, status: promote.Inconclusive, posts: 1, says: "a canary deploy still takes traffic from it"},
		"edited meanwhile": {
			change: func(f *live, _ *evidence, _ *rules) { f.edited = "h2" }, status: promote.Inconclusive, posts: 1,
			says: `live, but not what was tested: the version was edited since the gate tested it; make version "v0" live again`,
		},
		"edited meanwhile, a lost answer": {change: func(f *live, _ *evidence, _ *rules) { f.edited, f.answer = "h2", lost }, status: promote.Inconclusive, posts: 1, says: "not what was tested"},
		"content not seen":                {change: func(f *live, _ *evidence, _ *rules) { f.unseen = lost }, status: promote.Inconclusive, posts: 1, says: "the version is live, and the check that it is still what was tested failed"},
		"deleted meanwhile":               {change: func(f *live, _ *evidence, _ *rules) { f.unseen = telnyxError(telnyx.KindNotFound, 404) }, status: promote.Inconclusive, posts: 1, says: "the check that it is still what was tested failed"},
		"a canary meanwhile":              {change: func(f *live, _ *evidence, _ *rules) { f.split = canaried }, status: promote.Inconclusive, posts: 1, says: "a canary deploy still takes traffic from it"},
		"a canary not seen":               {change: func(f *live, _ *evidence, _ *rules) { f.hidden = lost }, status: promote.Inconclusive, posts: 1, says: "the check whether a canary deploy takes traffic from it failed"},

		"a number, said so": {change: func(_ *live, o *evidence, s *rules) {
			o.Results[0].Test.Destination, s.AllowUnverified = "+13125550142", true
		}, status: promote.Promoted, posts: 1},
		"no look":                {change: func(f *live, _ *evidence, _ *rules) { f.onLook = func(int) error { return lost } }, status: promote.Inconclusive, says: "nothing was changed"},
		"live is not said":       {change: func(f *live, _ *evidence, _ *rules) { f.versions["v0"] = telnyx.Version{Hash: "h0"} }, status: promote.Inconclusive, says: "does not show which version"},
		"looks fail for a while": {change: func(f *live, _ *evidence, _ *rules) { f.onLook = failing(2, 6, lost) }, status: promote.Promoted, posts: 1},
		"looks fail for good":    {change: func(f *live, _ *evidence, _ *rules) { f.onLook = failing(2, 999, lost) }, status: promote.Inconclusive, posts: 1, says: "could not be read"},
	} {
		c.run(t, name)
	}
}

const (
	upperVersion = "4AB66A0D-13F2-4F43-A5C8-27A1A3A6B001"
	lowerVersion = "4ab66a0d-13f2-4f43-a5c8-27a1a3a6b001"
)

// TestPromotionComparesIDsInEitherCase: UUIDs are the same in upper and lower case, whoever writes them.
func TestPromotionComparesIDsInEitherCase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, s, o := newLive(), promotionSettings(), evidenceOf(time.Minute)
		f.versions[upperVersion] = telnyx.Version{ID: lowerVersion, Hash: "h1"}
		f.versions[lowerVersion] = f.versions[upperVersion]
		s.VersionID, o.Target.VersionID = upperVersion, lowerVersion
		if p := promote.Run(t.Context(), f, o, s); p.Status != promote.Promoted {
			t.Errorf("%s: %v", p.Status, p.Reasons)
		}
		if p := promote.Run(t.Context(), f, o, s); p.Status != promote.AlreadyLive || f.posts != 1 {
			t.Errorf("again: %s after %d requests: %v", p.Status, f.posts, p.Reasons)
		}
	})
}

// failing is an error from one look to another.
func failing(from, to int, err error) func(int) error {
	return func(n int) error {
		if n >= from && n <= to {
			return err
		}
		return nil
	}
}

// TestPromotionIsCancelled: a signal before the request changes nothing; after it, one look more says what is live.
func TestPromotionIsCancelled(t *testing.T) {
	for name, tt := range map[string]struct {
		at     time.Duration
		live   string // in the end
		status promote.Status
		posts  int
	}{
		"before the request": {0, "v0", promote.Cancelled, 0},
		"while it settles":   {5 * time.Second, "v0", promote.Cancelled, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newLive()
			f.settles = time.Hour
			ctx, cancel := context.WithCancelCause(t.Context())
			stop := func() { cancel(outcome.Cancelled{Signal: "SIGTERM"}) }
			if tt.at == 0 {
				f.onLook = func(int) error { stop(); return nil }
			} else {
				time.AfterFunc(tt.at, stop)
			}
			began := time.Now()
			p := promote.Run(ctx, f, evidenceOf(time.Minute), promotionSettings())
			if p.Status != tt.status || p.ExitCode() != 143 || f.posts != tt.posts || p.Sent != (tt.posts > 0) || time.Since(began) > tt.at+4*time.Second {
				t.Errorf("%s: %s (%d) after %s and %d requests: %v", name, p.Status, p.ExitCode(), time.Since(began), f.posts, p.Reasons)
			}
		})
	}
}

func telnyxError(kind telnyx.Kind, status int) error {
	return &telnyx.Error{Op: "call", Kind: kind, Status: status, Detail: "the API's words"}
}
