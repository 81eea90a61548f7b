package gate_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// talkative is a fake whose runs have conversations, and logs.
func talkative(f *fakeAPI, answer func(ctx context.Context, id string) ([]telnyx.Message, error)) *atomic.Int64 {
	var asked atomic.Int64
	failing := f.onEnd
	f.onEnd = func(run *telnyx.Run) {
		run.ConversationID, run.Logs = "c-"+run.TestID, "the logs"
		if failing != nil {
			failing(run)
		}
	}
	f.onMessages = func(ctx context.Context, id string) ([]telnyx.Message, error) {
		asked.Add(1)
		return answer(ctx, id)
	}
	return &asked
}

func hello(context.Context, string) ([]telnyx.Message, error) {
	return []telnyx.Message{{Role: "user", Text: "hello"}, {Role: "assistant", Text: "goodbye"}}, nil
}

// TestTheBaselineOfARegressionIsHeard: what the baseline said is kept to be compared, although it passed.
func TestTheBaselineOfARegressionIsHeard(t *testing.T) {
	for _, keep := range []gate.Transcripts{gate.TranscriptsNone, gate.TranscriptsFailed, gate.TranscriptsAll} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(1)
			s := settingsFor(f)
			s.BaselineVersion, s.Transcripts = "v0", keep
			scripted(f, map[string]string{"t1@" + s.VersionID: "f", "t1@v0": "p"})
			talkative(f, hello)
			o, _ := runGate(t, t.Context(), f, s)
			if r := o.Results[0]; !r.Regression || (len(r.Baseline[0].Transcript) == 2) != (keep != gate.TranscriptsNone) {
				t.Errorf("keep %d: regression %v, on the baseline %+v", keep, r.Regression, r.Baseline)
			}
		})
	}
}

func TestTranscripts(t *testing.T) {
	for name, tt := range map[string]struct {
		keep  gate.Transcripts
		asked int64
		kept  []bool // by test: t1 passes, t2 fails
	}{
		"none":   {gate.TranscriptsNone, 0, []bool{false, false}},
		"failed": {gate.TranscriptsFailed, 1, []bool{false, true}},
		"all":    {gate.TranscriptsAll, 2, []bool{true, true}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(2)
				scripted(f, map[string]string{"t2": "f"})
				asked := talkative(f, hello)
				s := settingsFor(f)
				s.Transcripts = tt.keep
				o, events := runGate(t, t.Context(), f, s)
				if asked.Load() != tt.asked {
					t.Errorf("%d conversations were asked for, want %d", asked.Load(), tt.asked)
				}
				for i, r := range o.Results {
					if got := len(r.Last().Transcript) == 2 && r.Last().Logs != ""; got != tt.kept[i] {
						t.Errorf("test %d: kept %v, want %v: %+v", i+1, got, tt.kept[i], r.Last())
					}
					if !tt.kept[i] && (len(r.Last().Transcript) > 0 || r.Last().Logs != "") {
						t.Errorf("test %d: something was kept", i+1)
					}
				}
				for _, e := range events { // the console shows the last turns at once
					if e, ok := e.(outcome.TestEnded); ok && (len(e.Result.Last().Transcript) > 0) != tt.kept[map[string]int{"t1": 0, "t2": 1}[e.Result.Test.ID]] {
						t.Errorf("the event of %s has %d messages", e.Result.Test.ID, len(e.Result.Last().Transcript))
					}
				}
			})
		})
	}
}

// TestTranscriptsNeverHoldTheVerdictBack: conversations that hang cost 5 s in all, and those that cannot be read nothing.
func TestTranscriptsNeverHoldTheVerdictBack(t *testing.T) {
	for name, tt := range map[string]struct {
		answer func(ctx context.Context, id string) ([]telnyx.Message, error)
		within time.Duration
		says   string
	}{
		"hang": {func(ctx context.Context, _ string) ([]telnyx.Message, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}, 19 * time.Second, "not read in time|could not be read"},
		"not kept": {func(context.Context, string) ([]telnyx.Message, error) {
			return nil, apiError(telnyx.KindNotFound, 404)
		}, 14 * time.Second, "data retention"},
		"refused": {func(context.Context, string) ([]telnyx.Message, error) {
			return nil, apiError(telnyx.KindUnauthorized, 403)
		}, 14 * time.Second, "could not be read"},
		"empty": {func(context.Context, string) ([]telnyx.Message, error) { return nil, nil }, 14 * time.Second, "no messages"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(100)
				talkative(f, tt.answer)
				s := settingsFor(f)
				s.Transcripts = gate.TranscriptsAll
				began := time.Now()
				o, events := runGate(t, t.Context(), f, s)
				if took := time.Since(began); o.ExitCode() != 0 || took > tt.within {
					t.Errorf("exit %d after %s, want 0 within %s", o.ExitCode(), took, tt.within)
				}
				if got := o.Results[0].Last().TranscriptProblem; !says(got, tt.says) {
					t.Errorf("problem %q, want one that says %q", got, tt.says)
				}
				ended := 0
				for _, e := range events {
					if _, ok := e.(outcome.TestEnded); ok {
						ended++
					}
				}
				if ended != 100 {
					t.Errorf("%d tests were announced, want 100", ended)
				}
			})
		})
	}
}

// TestARunThatGoesOnIsNotToldThatItsConversationIsNotKept: it has not ended, which is why there is none yet.
func TestARunThatGoesOnIsNotToldThatItsConversationIsNotKept(t *testing.T) {
	for name, conversation := range map[string]string{"none yet": "", "not there yet": "c-1"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(1)
				f.onPoll = func(int, string, time.Duration) (telnyx.Run, error, bool) {
					return telnyx.Run{Status: telnyx.StatusRunning, ConversationID: conversation}, nil, true
				}
				f.onMessages = func(context.Context, string) ([]telnyx.Message, error) {
					return nil, apiError(telnyx.KindNotFound, 404)
				}
				s := settingsFor(f)
				s.Transcripts, s.RunTimeout = gate.TranscriptsAll, 20*time.Second
				o, _ := runGate(t, t.Context(), f, s)
				if last := o.Results[0].Last(); last.State != outcome.StateTimedOut || !strings.Contains(last.TranscriptProblem, "has not ended") {
					t.Errorf("%s: %q", last.State, last.TranscriptProblem)
				}
			})
		})
	}
}

func TestTranscriptsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		talkative(f, func(context.Context, string) ([]telnyx.Message, error) {
			long := telnyx.Message{Role: "assistant", Text: strings.Repeat("ä", outcome.MaxTranscriptBytes/3)}
			return []telnyx.Message{long, long, long, {Role: "user", Text: "the end"}}, nil
		})
		s := settingsFor(f)
		s.Transcripts = gate.TranscriptsAll
		o, _ := runGate(t, t.Context(), f, s)
		kept := o.Results[0].Last().Transcript
		size := 0
		for _, m := range kept {
			size += len(m.Text)
		}
		if size > outcome.MaxTranscriptBytes+100 || kept[len(kept)-1].Text != "the end" || !strings.HasSuffix(kept[0].Text, "[cut]") {
			t.Errorf("%d messages of %d bytes, beginning with %.20q", len(kept), size, kept[0].Text)
		}
	})
}

// says reports whether a text has one of the phrases that are separated by bars.
func says(text, phrases string) bool {
	for phrase := range strings.SplitSeq(phrases, "|") {
		if strings.Contains(text, phrase) {
			return true
		}
	}
	return false
}

// TestTheEndWhileConversationsAreRead: a signal counts until the very end; the gate's timeout decides nothing any more once
// every test has its result.
func TestTheEndWhileConversationsAreRead(t *testing.T) {
	for signal, exit := range map[string]int{"SIGINT": 130, "": 0} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(1)
			ctx, cancel := context.WithCancelCause(t.Context())
			talkative(f, func(ctx context.Context, _ string) ([]telnyx.Message, error) {
				if signal != "" {
					cancel(outcome.Cancelled{Signal: signal})
				}
				<-ctx.Done()
				return nil, ctx.Err()
			})
			s := settingsFor(f)
			s.Transcripts, s.Timeout = gate.TranscriptsAll, 14*time.Second // the run ends after 10 s to 12.2 s
			o, _ := runGate(t, ctx, f, s)
			if o.ExitCode() != exit || o.Signal != signal || states(o) != "passed" {
				t.Errorf("signal %q: exit %d, states %q: %s", signal, o.ExitCode(), states(o), said(o))
			}
			if o.Results[0].Last().TranscriptProblem == "" {
				t.Error("nothing says why there is no conversation")
			}
		})
	}
}

// TestRunsWithoutAConversation: none is fetched, and the outcome says so, except for tests without a run.
func TestRunsWithoutAConversation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		f.ends["t1"] = telnyx.Run{Status: telnyx.StatusFailed}
		asked := 0
		f.onMessages = func(context.Context, string) ([]telnyx.Message, error) { asked++; return nil, nil }
		s := settingsFor(f)
		s.Transcripts, s.MaxInFlight, s.FailFast = gate.TranscriptsAll, 1, true
		o, _ := runGate(t, t.Context(), f, s)
		if p := o.Results[0].Last().TranscriptProblem; asked != 0 || !strings.Contains(p, "no conversation") || len(o.Results[1].Attempts) != 0 {
			t.Errorf("%d were asked for; %q", asked, p)
		}
	})
}

// TestTriggersComeBeforeConversations: if the rate is scarce, only one conversation at a time is fetched meanwhile.
func TestTriggersComeBeforeConversations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(30)
		f.takes = time.Second
		var transcripts concurrency
		talkative(f, func(ctx context.Context, id string) ([]telnyx.Message, error) {
			transcripts.stay(4 * time.Second)
			return hello(ctx, id)
		})
		meanwhile := 0
		f.onTrigger = func(int, telnyx.TriggerRequest) error {
			transcripts.mu.Lock()
			defer transcripts.mu.Unlock()
			meanwhile = transcripts.top
			return nil
		}
		s := settingsFor(f)
		s.Transcripts, s.MaxInFlight = gate.TranscriptsAll, 5
		o := gate.Run(t.Context(), gate.Config{Settings: s, API: f, Pacer: &slowPace{}})
		if o.ExitCode() != 0 || len(f.triggers) != 30 || meanwhile != 1 || transcripts.top < 2 {
			t.Errorf("exit %d, %d triggers; %d conversations at the same time before the last of them, %d in all", o.ExitCode(), len(f.triggers), meanwhile, transcripts.top)
		}
	})
}
