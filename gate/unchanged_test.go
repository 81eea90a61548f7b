package gate_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// laterVersion answers the second and later lookUps of a version otherwise.
type laterVersion struct {
	*fakeAPI
	lookUps int
	later   func(ctx context.Context) (telnyx.Version, error)
}

func (l *laterVersion) answer(ctx context.Context, first telnyx.Version, err error) (telnyx.Version, error) {
	l.lookUps++
	if l.lookUps == 1 || l.later == nil {
		return first, err
	}
	return l.later(ctx)
}

func (l *laterVersion) GetVersion(ctx context.Context, assistantID, versionID string) (telnyx.Version, error) {
	v, err := l.fakeAPI.GetVersion(ctx, assistantID, versionID)
	return l.answer(ctx, v, err)
}

func (l *laterVersion) GetAssistant(ctx context.Context, assistantID string) (telnyx.Version, error) {
	v, err := l.fakeAPI.GetAssistant(ctx, assistantID)
	return l.answer(ctx, v, err)
}

func is(v telnyx.Version) func(context.Context) (telnyx.Version, error) {
	return func(context.Context) (telnyx.Version, error) { return v, nil }
}

func fails(kind telnyx.Kind, status int) func(context.Context) (telnyx.Version, error) {
	return func(context.Context) (telnyx.Version, error) { return telnyx.Version{}, apiError(kind, status) }
}

// TestVersionIsCheckedAtTheEnd when all runs have ended.
func TestVersionIsCheckedAtTheEnd(t *testing.T) {
	for name, tt := range map[string]struct {
		version, assistant string
		later              func(context.Context) (telnyx.Version, error)
		exit, lookUps      int
		end                string
		says               string
	}{
		"unchanged":         {"v1", "assistant-a", nil, 0, 2, "h1", ""},
		"edited":            {"v1", "assistant-a", is(telnyx.Version{ID: "v1", Hash: "h9"}), 3, 2, "h9", "the version was edited while it was tested"},
		"deleted":           {"v1", "assistant-a", fails(telnyx.KindNotFound, 404), 3, 2, "", "the version was deleted while it was tested"},
		"not to be seen":    {"v1", "assistant-a", fails(telnyx.KindAmbiguous, 503), 0, 2, "", "promote will refuse these results"},
		"no longer allowed": {"v1", "assistant-a", fails(telnyx.KindUnauthorized, 403), 0, 2, "", "promote will refuse these results"},
		"live, unchanged":   {"main", "assistant-a", nil, 0, 2, "h0", ""},
		"live, edited":      {"main", "assistant-a", is(telnyx.Version{ID: "v0", Hash: "h9"}), 3, 2, "h9", "edited"},
		"live, another one": {"main", "assistant-a", is(telnyx.Version{ID: "v1", Hash: "h1"}), 3, 2, "", `another version was made live while the live one was tested ("v0", now "v1")`},
		"no assistant":      {"v1", "", nil, 0, 0, "", ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(2)
			f.versions = map[string][]telnyx.Version{"assistant-a": {{ID: "v0", Hash: "h0"}, {ID: "v1", Hash: "h1"}}}
			api := &laterVersion{fakeAPI: f, later: tt.later}
			s := settingsFor(f)
			s.VersionID, s.AssistantID = tt.version, tt.assistant
			o := gate.Run(t.Context(), gate.Config{Settings: s, API: api, Pacer: freePace{}})
			told := said(o) + strings.Join(o.Notes, "\n")
			if o.ExitCode() != tt.exit || api.lookUps != tt.lookUps || o.Target.EndHash != tt.end || !strings.Contains(told, tt.says) {
				t.Errorf("%s: exit %d after %d look-ups, %+v: %s", name, o.ExitCode(), api.lookUps, o.Target, told)
			}
		})
	}
}

// replaying answers every trigger with the run of an earlier send.
type replaying struct{ *laterVersion }

func (r replaying) TriggerTest(ctx context.Context, request telnyx.TriggerRequest) (telnyx.Triggered, error) {
	made, err := r.laterVersion.TriggerTest(ctx, request)
	made.Replayed = true
	return made, err
}

// TestRunsOfAnEarlierStart may have met another version than the one that this start has seen.
func TestRunsOfAnEarlierStart(t *testing.T) {
	for given, end := range map[bool]string{true: "", false: "h1"} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(1)
			f.versions = map[string][]telnyx.Version{"assistant-a": {{ID: "v1", Hash: "h1"}}}
			s := settingsFor(f)
			s.VersionID, s.AssistantID, s.RunKeyGiven = "v1", "assistant-a", given
			o := gate.Run(t.Context(), gate.Config{Settings: s, API: replaying{&laterVersion{fakeAPI: f}}, Pacer: freePace{}})
			told := strings.Contains(strings.Join(o.Notes, "\n"), "earlier start")
			if o.ExitCode() != 0 || o.Replayed != 1 || o.Target.EndHash != end || told != given {
				t.Errorf("run key given %t: exit %d, %d replayed, end hash %q, notes %q", given, o.ExitCode(), o.Replayed, o.Target.EndHash, o.Notes)
			}
		})
	}
}

// TestVersionCheckIsShort: an API that does not answer costs ten seconds and no verdict; a signal meanwhile counts.
func TestVersionCheckIsShort(t *testing.T) {
	hangs := func(ctx context.Context) (telnyx.Version, error) {
		<-ctx.Done()
		return telnyx.Version{}, apiError(telnyx.KindAmbiguous, 0)
	}
	for signal, exit := range map[time.Duration]int{0: 0, 15 * time.Second: 143} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(1)
			f.versions = map[string][]telnyx.Version{"assistant-a": {{ID: "v1", Hash: "h1"}}}
			s := settingsFor(f)
			s.VersionID, s.AssistantID = "v1", "assistant-a"
			ctx, cancel := context.WithCancelCause(t.Context())
			if signal > 0 {
				time.AfterFunc(signal, func() { cancel(outcome.Cancelled{Signal: "SIGTERM"}) })
			}
			o := gate.Run(ctx, gate.Config{Settings: s, API: &laterVersion{fakeAPI: f, later: hangs}, Pacer: freePace{}})
			if o.ExitCode() != exit || o.Ended.Sub(o.Started) > 25*time.Second {
				t.Errorf("exit %d after %s: %s", o.ExitCode(), o.Ended.Sub(o.Started), said(o))
			}
			cancel(nil)
		})
	}
}

// TestNoVersionCheckWithoutNeed: if the verdict cannot be passed any more, or nothing was run, the version is not checked.
func TestNoVersionCheckWithoutNeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.never["t1"] = true
		f.versions = map[string][]telnyx.Version{"assistant-a": {{ID: "v1", Hash: "h1"}}}
		s := settingsFor(f)
		s.VersionID, s.AssistantID, s.Timeout = "v1", "assistant-a", time.Minute
		api := &laterVersion{fakeAPI: f}
		o := gate.Run(t.Context(), gate.Config{Settings: s, API: api, Pacer: freePace{}})
		if o.ExitCode() != 4 || api.lookUps != 1 {
			t.Errorf("exit %d after %d look-ups", o.ExitCode(), api.lookUps)
		}
	})
}

// TestAnEditedVersionIsAnotherDecision: a second start with the same run-key finds the runs of the first only if the version, or the
// baseline, is what it was.
func TestAnEditedVersionIsAnotherDecision(t *testing.T) {
	keys := func(version, baseline string) (out []string) {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(1)
			f.versions = map[string][]telnyx.Version{"assistant-a": {{ID: "v0", Hash: baseline}, {ID: "v1", Hash: version}}}
			scripted(f, map[string]string{"t1": "f"})
			s := settingsFor(f)
			s.VersionID, s.BaselineVersion, s.AssistantID, s.RunKeyGiven = "v1", "v0", "assistant-a", true
			gate.Run(t.Context(), gate.Config{Settings: s, API: f, Pacer: freePace{}})
			for _, r := range f.triggers {
				out = append(out, r.IdempotencyKey)
			}
		})
		return out
	}
	first := keys("h1", "h0")
	if len(first) != 3 || !slices.Equal(first, keys("h1", "h0")) {
		t.Fatalf("keys %q, then %q", first, keys("h1", "h0"))
	}
	if edited := keys("h9", "h0"); edited[0] == first[0] || edited[1] != first[1] {
		t.Errorf("the version was edited: keys %q, then %q", first, edited)
	}
	if edited := keys("h1", "h9"); edited[0] != first[0] || edited[1] == first[1] {
		t.Errorf("the baseline was edited: keys %q, then %q", first, edited)
	}
}

// TestABaselineThatChanges excuses nothing.
func TestABaselineThatChanges(t *testing.T) {
	for name, tt := range map[string]struct {
		baseline string
		rounds   int
		later    telnyx.Version
		err      error
		exit     int
		says     string
	}{
		"side by side":   {baseline: "v0", rounds: 4, later: telnyx.Version{ID: "v0", Hash: "h9"}, exit: 3, says: "the baseline was changed"},
		"unchanged":      {baseline: "v0", later: telnyx.Version{ID: "v0", Hash: "h0"}, exit: 0},
		"edited":         {baseline: "v0", later: telnyx.Version{ID: "v0", Hash: "h9"}, exit: 3, says: "the baseline was changed"},
		"deleted":        {baseline: "v0", err: apiError(telnyx.KindNotFound, 404), exit: 3, says: "the baseline was deleted"},
		"not to be seen": {baseline: "v0", err: apiError(telnyx.KindAmbiguous, 503), exit: 0},
		"live, another":  {baseline: "main", later: telnyx.Version{ID: "v7", Hash: "h0"}, exit: 3, says: "the baseline was changed"},
		"live, the same": {baseline: "main", later: telnyx.Version{ID: "v0", Hash: "h0"}, exit: 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(2)
			f.versions = map[string][]telnyx.Version{"assistant-a": {{ID: "v0", Hash: "h0"}, {ID: "v1", Hash: "h1"}}}
			scripted(f, map[string]string{"t1": "f"})
			if tt.rounds > 0 { // not worse, in place of a known failure
				scripted(f, map[string]string{"t1@v1": "fp", "t1@v0": "p"})
			}
			s := settingsFor(f)
			s.VersionID, s.BaselineVersion, s.AssistantID, s.BaselineRounds = "v1", tt.baseline, "assistant-a", tt.rounds
			o := gate.Run(t.Context(), gate.Config{Settings: s, API: &changingBaseline{fakeAPI: f, later: tt.later, err: tt.err}, Pacer: freePace{}})
			if o.ExitCode() != tt.exit || !strings.Contains(said(o), tt.says) {
				t.Errorf("%s: exit %d: %s", name, o.ExitCode(), said(o))
			}
		})
	}
}

// changingBaseline answers look-ups of the baseline otherwise once runs were made.
type changingBaseline struct {
	*fakeAPI
	later telnyx.Version
	err   error
}

func (c *changingBaseline) GetVersion(ctx context.Context, assistantID, versionID string) (telnyx.Version, error) {
	if len(c.runs) > 0 && versionID == "v0" {
		return c.later, c.err
	}
	return c.fakeAPI.GetVersion(ctx, assistantID, versionID)
}

func (c *changingBaseline) GetAssistant(ctx context.Context, assistantID string) (telnyx.Version, error) {
	if len(c.runs) > 0 {
		return c.later, c.err
	}
	return c.fakeAPI.GetAssistant(ctx, assistantID)
}
