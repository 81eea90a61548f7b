package gate_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// answerer says what the conversation of a run of a test on a version shows.
type answerer func(test, version string) (telnyx.Conversation, error)

// conversing is a fake whose runs have conversations that name who answered.
func conversing(f *fakeAPI, answer answerer) {
	talkative(f, hello)
	versions := map[string]string{} // by run
	made := f.onMade
	f.onMade = func(run telnyx.Run, version string) {
		versions[run.ID] = version
		if made != nil {
			made(run, version)
		}
	}
	ends := f.onEnd
	f.onEnd = func(run *telnyx.Run) {
		ends(run)
		run.ConversationID = run.TestID + "/" + run.ID
	}
	f.onConversation = func(ctx context.Context, id string) (telnyx.Conversation, error) {
		test, run, _ := strings.Cut(id, "/")
		f.mu.Lock()
		version := versions[run]
		f.mu.Unlock()
		return answer(test, version)
	}
}

// honest names the version that was asked for.
func honest(_, version string) (telnyx.Conversation, error) {
	return telnyx.Conversation{AssistantID: "assistant-a", VersionID: version, Channel: telnyx.ChannelWebChat}, nil
}

func always(c telnyx.Conversation, err error) answerer {
	return func(string, string) (telnyx.Conversation, error) { return c, err }
}

// TestWhoAnswered runs whole gates: what conversations show decides which runs have a vote.
func TestWhoAnswered(t *testing.T) {
	canary := always(telnyx.Conversation{AssistantID: "assistant-a", VersionID: "canary"}, nil)
	gone := always(telnyx.Conversation{}, apiError(telnyx.KindNotFound, 404))
	for name, tt := range map[string]struct {
		scripts  map[string]string
		answer   answerer
		settings func(*gate.Settings)
		exit     int
		states   string
		proofs   outcome.Proofs
		runs     int
		says     []string
	}{
		"confirmed":              {answer: honest, states: "passed passed", proofs: outcome.Proofs{Confirmed: 2}, runs: 2},
		"a failure is looked at": {scripts: map[string]string{"t1": "f"}, answer: honest, exit: 1, states: "failed passed", proofs: outcome.Proofs{Confirmed: 2}, runs: 2},
		"without a vote nothing is looked at": {
			scripts: map[string]string{"t1": "e"}, answer: honest, exit: 3, states: "errored passed",
			settings: func(s *gate.Settings) { s.ErrorReruns = 0 }, proofs: outcome.Proofs{Confirmed: 1}, runs: 2,
		},
		"not kept": {answer: gone, states: "passed passed", proofs: outcome.Proofs{Unknown: 2}, runs: 2},
		"not kept, but required": {
			answer: gone, settings: func(s *gate.Settings) { s.RequireVersionProof = true }, exit: 3,
			states: "errored errored", proofs: outcome.Proofs{Unknown: 2}, runs: 2, says: []string{"require-version-proof is true", "data retention"},
		},
		"required and confirmed": {answer: honest, settings: func(s *gate.Settings) { s.RequireVersionProof = true }, states: "passed passed", proofs: outcome.Proofs{Confirmed: 2}, runs: 2},
		"another version": {
			answer: canary, exit: 3, states: "errored errored", proofs: outcome.Proofs{Other: 2}, runs: 2,
			says: []string{`another version, "canary", answered 2 of 2 runs on version-id "v1"`, "canary sends some", "made live", `not "v1"`},
		},
		"a failure of another version is none": {scripts: map[string]string{"t1": "f"}, answer: canary, exit: 3, states: "errored errored", proofs: outcome.Proofs{Other: 2}, runs: 2},
		"it is not run again": {
			answer: canary, settings: func(s *gate.Settings) { s.ErrorReruns = 3; s.Policy = policyOf("2-of-3") }, exit: 3,
			states: "errored errored", proofs: outcome.Proofs{Other: 4}, runs: 4,
		},
		"enough other runs do not make it green": {
			scripts: nil, settings: func(s *gate.Settings) { s.Policy = policyOf("1-of-2") }, exit: 3, states: "errored passed",
			answer: func(test, version string) (telnyx.Conversation, error) {
				if test == "t1" {
					return telnyx.Conversation{VersionID: "canary"}, nil
				}
				return honest(test, version)
			}, proofs: outcome.Proofs{Confirmed: 1, Other: 1}, runs: 2, says: []string{"1 of 2 runs"},
		},
		"another version on the baseline excuses nothing": {
			scripts: map[string]string{"t1": "f"}, settings: func(s *gate.Settings) { s.BaselineVersion = "v0" }, exit: 1,
			answer: func(test, version string) (telnyx.Conversation, error) {
				if version == "v0" {
					version = "v1"
				}
				return honest(test, version)
			}, states: "failed passed", proofs: outcome.Proofs{Confirmed: 2, Other: 2}, runs: 4, says: []string{"baseline-version"},
		},
		"the known failure of a version that did not answer": {
			scripts: map[string]string{"t1": "f"}, settings: func(s *gate.Settings) { s.BaselineVersion = "v0" }, exit: 3,
			answer: func(test, version string) (telnyx.Conversation, error) {
				time.Sleep(time.Second) // the baseline is triggered meanwhile
				if test == "t1" && version == "v1" {
					version = "v0"
				}
				return honest(test, version)
			}, states: "errored passed", proofs: outcome.Proofs{Confirmed: 2, Other: 1}, runs: 3,
		},
		"a baseline that was the version under test excuses nothing": {
			scripts: map[string]string{"t1": "f"}, settings: func(s *gate.Settings) { s.BaselineVersion = "main" }, exit: 1,
			answer: func(test, _ string) (telnyx.Conversation, error) { return honest(test, "v1") },
			states: "failed passed", proofs: outcome.Proofs{Confirmed: 2, Other: 2}, runs: 4, says: []string{"nothing would be compared"},
		},
		"the live version under test was its baseline": {
			scripts: map[string]string{"t1": "f"}, settings: func(s *gate.Settings) { s.VersionID, s.BaselineVersion, s.MaxInFlight = "main", "v1", 1 }, exit: 3,
			answer: func(test, _ string) (telnyx.Conversation, error) { return honest(test, "v1") },
			states: "errored not-run", proofs: outcome.Proofs{Confirmed: 1, Other: 1}, runs: 2, says: []string{"nothing would be compared"},
		},
		"a conversation that names no assistant is that of the one asked for": {
			settings: func(s *gate.Settings) { s.VersionID = "main" }, exit: 3, states: "passed passed",
			answer: func(test, _ string) (telnyx.Conversation, error) {
				if test == "t1" {
					return telnyx.Conversation{VersionID: "v1"}, nil
				}
				return honest(test, "v2")
			}, proofs: outcome.Proofs{Confirmed: 2}, runs: 2, says: []string{"different versions"},
		},
		"a hand-over": {
			answer: always(telnyx.Conversation{AssistantID: "assistant-b", VersionID: "b7"}, nil), settings: func(s *gate.Settings) { s.RequireVersionProof = true },
			exit: 3, states: "errored errored", proofs: outcome.Proofs{Unknown: 2}, runs: 2, says: []string{`handed over to assistant "assistant-b"`},
		},
		"live versions that differ": {
			settings: func(s *gate.Settings) { s.VersionID = "main" }, exit: 3, states: "passed passed",
			answer: func(test, _ string) (telnyx.Conversation, error) {
				return honest(test, strings.Replace(test, "t", "v", 1))
			},
			proofs: outcome.Proofs{Confirmed: 2}, runs: 2, says: []string{`different versions, "v1", "v2", answered the runs on version-id "main"`},
		},
		"live versions that agree": {
			settings: func(s *gate.Settings) { s.VersionID = "main" }, states: "passed passed",
			answer: func(test, _ string) (telnyx.Conversation, error) { return honest(test, "v1") },
			proofs: outcome.Proofs{Confirmed: 2}, runs: 2,
		},
		"not the version that was live": {
			settings: func(s *gate.Settings) { s.VersionID, s.AssistantID = "main", "assistant-a" }, exit: 3, states: "errored errored",
			answer: func(test, _ string) (telnyx.Conversation, error) { return honest(test, "v2") },
			proofs: outcome.Proofs{Other: 2}, runs: 2, says: []string{`"v2" answered, not "v1"`},
		},
		"the version that was live": {
			settings: func(s *gate.Settings) { s.VersionID, s.AssistantID = "main", "assistant-a" }, states: "passed passed",
			answer: func(test, _ string) (telnyx.Conversation, error) { return honest(test, "v1") },
			proofs: outcome.Proofs{Confirmed: 2}, runs: 2,
		},
		"fail-fast": {
			scripts: map[string]string{"t1": "f"}, settings: func(s *gate.Settings) { s.FailFast, s.MaxInFlight = true, 1 }, answer: canary, exit: 3,
			states: "errored not-run", proofs: outcome.Proofs{Other: 1}, runs: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(2)
				f.versions = map[string][]telnyx.Version{"assistant-a": {{ID: "v1", AssistantID: "assistant-a"}, {ID: "v2", AssistantID: "assistant-a"}}}
				scripted(f, tt.scripts)
				conversing(f, tt.answer)
				s := settingsFor(f)
				if tt.settings != nil {
					tt.settings(&s)
				}
				o, _ := runGate(t, t.Context(), f, s)
				if o.ExitCode() != tt.exit || states(o) != tt.states || o.Proofs() != tt.proofs || len(f.triggers) != tt.runs {
					t.Errorf("exit %d, states %q, %+v, %d runs; want exit %d, %q, %+v, %d runs\n%s",
						o.ExitCode(), states(o), o.Proofs(), len(f.triggers), tt.exit, tt.states, tt.proofs, tt.runs, said(o))
				}
				for _, part := range tt.says {
					if !strings.Contains(said(o), part) {
						t.Errorf("%q is not said:\n%s", part, said(o))
					}
				}
			})
		})
	}
}

// TestWhatIsNotProvedStopsAGate that fails fast, or whose runs on the live version disagree.
func TestWhatIsNotProvedStopsAGate(t *testing.T) {
	versions := map[string]string{"t1": "v1", "t2": "v2", "t3": "v3"}
	for name, tt := range map[string]struct {
		answer   answerer
		settings func(*gate.Settings)
	}{
		"fail-fast": {always(telnyx.Conversation{}, nil), func(s *gate.Settings) { s.RequireVersionProof, s.FailFast = true, true }},
		"live versions that differ": {
			func(test, _ string) (telnyx.Conversation, error) { return honest(test, versions[test]) },
			func(s *gate.Settings) { s.VersionID = outcome.MainVersion },
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(20)
			conversing(f, tt.answer)
			s := settingsFor(f)
			s.MaxInFlight = 1
			tt.settings(&s)
			if o, _ := runGate(t, t.Context(), f, s); o.ExitCode() != 3 || len(f.triggers) > 3 {
				t.Errorf("%s: exit %d, %d runs: %s", name, o.ExitCode(), len(f.triggers), said(o))
			}
		})
	}
}

// TestAProofThatComesLate is waited for if it is required.
func TestAProofThatComesLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		looks := 0
		conversing(f, func(test, version string) (telnyx.Conversation, error) {
			if looks++; looks < 4 {
				return telnyx.Conversation{}, apiError(telnyx.KindNotFound, 404)
			}
			return honest(test, version)
		})
		s := settingsFor(f)
		s.RequireVersionProof = true
		if o, _ := runGate(t, t.Context(), f, s); o.ExitCode() != 0 || o.Proofs().Confirmed != 1 {
			t.Errorf("exit %d, %+v: %s", o.ExitCode(), o.Proofs(), said(o))
		}
	})
}

// TestAVoteThatIsTakenBackDoesNotMakeAPass: by confirm a first pass is enough, and a failure that is not proved may have come before.
func TestAVoteThatIsTakenBackDoesNotMakeAPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		scripted(f, map[string]string{"t1": "fpf"})
		looks := 0
		conversing(f, func(test, version string) (telnyx.Conversation, error) {
			if looks++; looks == 1 {
				return telnyx.Conversation{}, nil
			}
			return honest(test, version)
		})
		s := settingsFor(f)
		s.RequireVersionProof, s.Policy = true, policyOf("confirm:3")
		if o, _ := runGate(t, t.Context(), f, s); o.ExitCode() == 0 || states(o) == "passed" {
			t.Errorf("exit %d, %s: %s", o.ExitCode(), states(o), said(o))
		}
	})
}

// TestLooksUnderWayAreBounded: no more than 16 at the same time, and every run is looked at.
func TestLooksUnderWayAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(100)
		var looking concurrency
		conversing(f, func(test, version string) (telnyx.Conversation, error) {
			looking.stay(200 * time.Millisecond)
			return honest(test, version)
		})
		o, _ := runGate(t, t.Context(), f, settingsFor(f))
		if o.ExitCode() != 0 || o.Proofs().Confirmed != 100 || looking.top != 16 {
			t.Errorf("exit %d, %+v, %d looks at the same time", o.ExitCode(), o.Proofs(), looking.top)
		}
	})
}

// tenthPace lets ten requests through a second.
type tenthPace struct{ slowPace }

func (p *tenthPace) Take() time.Duration {
	if wait := p.slowPace.Take(); wait > 0 {
		return wait
	}
	p.next = time.Now().Add(time.Second / 10)
	return 0
}

// TestLooksFollowThePace: all runs of a suite end together, and each look goes out as soon as the pace allows.
func TestLooksFollowThePace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(40)
		f.takes = 10 * time.Second
		conversing(f, honest)
		o := gate.Run(t.Context(), gate.Config{Settings: wholeSettings(f), API: f, Pacer: &tenthPace{}})
		if o.ExitCode() != 0 || o.Proofs().Confirmed != 40 {
			t.Errorf("exit %d, %+v: %s", o.ExitCode(), o.Proofs(), said(o))
		}
	})
}

// TestALookIsRepeated if it has no usable answer, but not without end.
func TestALookIsRepeated(t *testing.T) {
	for failures, want := range map[int]outcome.Proofs{1: {Confirmed: 1}, 4: {Confirmed: 1}, 5: {Unknown: 1}} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(2)
			f.never["t2"] = true // the gate goes on for long enough
			looks := 0
			conversing(f, func(test, version string) (telnyx.Conversation, error) {
				if looks++; looks <= failures {
					return telnyx.Conversation{}, apiError(telnyx.KindAmbiguous, 503)
				}
				return honest(test, version)
			})
			if o, _ := runGate(t, t.Context(), f, settingsFor(f)); o.Proofs() != want || looks != min(failures+1, 5) {
				t.Errorf("%d failures: %+v after %d looks, want %+v", failures, o.Proofs(), looks, want)
			}
		})
	}
}

// TestNothingIsComparedWithARevokedFailure: further runs on the baseline would be paid for nothing.
func TestNothingIsComparedWithARevokedFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		scripted(f, map[string]string{"t1": "f"})
		conversing(f, func(test, version string) (telnyx.Conversation, error) {
			if version == "v1" {
				time.Sleep(time.Second) // the first run on the baseline is triggered meanwhile
				return telnyx.Conversation{}, nil
			}
			return honest(test, version)
		})
		s := settingsFor(f)
		s.BaselineVersion, s.RequireVersionProof = "v0", true
		if o, _ := runGate(t, t.Context(), f, s); o.ExitCode() != 3 || len(f.triggers) != 2 || len(o.Results[0].Baseline) != 1 {
			t.Errorf("exit %d, %d triggers, %d runs on the baseline: %s", o.ExitCode(), len(f.triggers), len(o.Results[0].Baseline), said(o))
		}
	})
}

// TestLiveVersionsOfTwoAssistants need not agree.
func TestLiveVersionsOfTwoAssistants(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		f.tests[1].Destination = "assistant-b"
		conversing(f, func(test, _ string) (telnyx.Conversation, error) {
			return telnyx.Conversation{AssistantID: map[string]string{"t1": "assistant-a", "t2": "assistant-b"}[test], VersionID: "live-" + test}, nil
		})
		s := settingsFor(f)
		s.VersionID = outcome.MainVersion
		if o, _ := runGate(t, t.Context(), f, s); o.ExitCode() != 0 || o.Proofs().Confirmed != 2 {
			t.Errorf("exit %d, %+v: %s", o.ExitCode(), o.Proofs(), said(o))
		}
	})
}

// TestProofIsWaitedForOnlyIfRequired: otherwise looks take no more time than conversations.
func TestProofIsWaitedForOnlyIfRequired(t *testing.T) {
	for name, tt := range map[string]struct {
		takes    time.Duration
		required bool
		exit     int
		within   time.Duration
		proofs   outcome.Proofs
	}{
		"late":              {20 * time.Second, false, 0, 6 * time.Second, outcome.Proofs{Unknown: 1}},
		"late but required": {20 * time.Second, true, 0, 21 * time.Second, outcome.Proofs{Confirmed: 1}},
		"never":             {time.Hour, true, 3, 36 * time.Second, outcome.Proofs{Unknown: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(1)
				conversing(f, honest)
				at := f.onConversation
				f.onConversation = func(ctx context.Context, id string) (telnyx.Conversation, error) {
					select {
					case <-time.After(tt.takes):
						return at(ctx, id)
					case <-ctx.Done():
						return telnyx.Conversation{}, context.Cause(ctx)
					}
				}
				s := settingsFor(f)
				s.RequireVersionProof = tt.required
				s.Transcripts = gate.TranscriptsNone
				o, _ := runGate(t, t.Context(), f, s)
				ended := o.Results[0].Attempts[0].SeenAt
				if took := o.Ended.Sub(ended); o.ExitCode() != tt.exit || took > tt.within || o.Proofs() != tt.proofs {
					t.Errorf("exit %d, %s after the run had ended, %+v; want %d within %s, %+v", o.ExitCode(), took, o.Proofs(), tt.exit, tt.within, tt.proofs)
				}
			})
		})
	}
}
