package gate_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// fakeArchive counts what it is given. It belongs to the gate's one goroutine, which the race detector proves.
type fakeArchive struct {
	kept, held int
	lost       error
}

type fakeKept struct {
	archive *fakeArchive
	record  outcome.Record
	dropped bool
}

func (a *fakeArchive) Keep(r outcome.Record) outcome.Kept {
	a.kept++
	a.held++
	return &fakeKept{archive: a, record: r}
}

func (k *fakeKept) Read() (outcome.Record, error) {
	if k.dropped {
		return outcome.Record{}, errors.New("was dropped")
	}
	if k.archive.lost != nil {
		return outcome.Record{}, k.archive.lost
	}
	return k.record, nil
}

func (k *fakeKept) Drop() {
	k.archive.held--
	k.dropped = true
}

// TestArchiveHoldsWhatIsKept: what the outcome and the events hold of it is opened on demand, and no room is taken by
// runs whose texts nobody wants.
func TestArchiveHoldsWhatIsKept(t *testing.T) {
	for name, tt := range map[string]struct {
		keep gate.Transcripts
		held int    // logs and conversations count for themselves
		kept []bool // by test: t1 passes, t2 fails
	}{
		"none":   {gate.TranscriptsNone, 0, []bool{false, false}},
		"failed": {gate.TranscriptsFailed, 2, []bool{false, true}},
		"all":    {gate.TranscriptsAll, 4, []bool{true, true}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, archive := newFake(2), &fakeArchive{}
				scripted(f, map[string]string{"t2": "f"})
				talkative(f, hello)
				s := settingsFor(f)
				s.Transcripts = tt.keep
				o, events := runArchived(t, t.Context(), f, s, archive)
				if archive.held != tt.held || tt.keep == gate.TranscriptsNone && archive.kept > 0 {
					t.Errorf("%d records are held of %d, want %d", archive.held, archive.kept, tt.held)
				}
				for i, r := range o.Results {
					wantArchived(t, r, tt.kept[i])
				}
				for _, e := range events {
					if e, ok := e.(outcome.TestEnded); ok {
						wantArchived(t, e.Result, tt.kept[map[string]int{"t1": 0, "t2": 1}[e.Result.Test.ID]])
					}
				}
			})
		})
	}
}

func wantArchived(t *testing.T, r outcome.TestResult, kept bool) {
	t.Helper()
	if last := r.Last(); last.Logs != "" || len(last.Transcript) > 0 {
		t.Errorf("%s holds its texts itself: %+v", r.Test.ID, last)
	}
	opened := r.WithTexts().Last()
	if got := len(opened.Transcript) == 2 && opened.Logs == "the logs"; got != kept {
		t.Errorf("%s: kept %v, want %v: %+v", r.Test.ID, got, kept, opened)
	}
	if r.Last().Logs != "" {
		t.Error("opening changed the result")
	}
}

// TestLogsOfARunThatGoesOn: a poll replaces those of the poll before, and the same ones are not kept again.
func TestLogsOfARunThatGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, archive := newFake(1), &fakeArchive{}
		polls := 0
		f.onPoll = func(_ int, _ string, age time.Duration) (telnyx.Run, error, bool) {
			polls++
			return telnyx.Run{Status: telnyx.StatusRunning, Logs: strings.Repeat("line\n", 1+int(age/(10*time.Second)))}, nil, true
		}
		s := settingsFor(f)
		s.Timeout, s.Transcripts = 35*time.Second, gate.TranscriptsFailed
		o, _ := runArchived(t, t.Context(), f, s, archive)
		if archive.held != 1 || archive.kept != 4 || polls < 8 {
			t.Errorf("in %d polls %d logs were kept, and %d are held; want 4 and 1", polls, archive.kept, archive.held)
		}
		if logs := o.Results[0].Last().WithTexts().Logs; logs != "line\nline\nline\nline\n" {
			t.Errorf("logs %q", logs)
		}
	})
}

// TestTextsOfRoundsAreKept as those of other runs.
func TestTextsOfRoundsAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		s := settingsFor(f)
		s.BaselineVersion, s.BaselineRounds, s.Transcripts = "v0", 7, gate.TranscriptsFailed
		scripted(f, map[string]string{"t1@" + s.VersionID: "f", "t1@v0": "p"})
		talkative(f, hello)
		o, _ := runArchived(t, t.Context(), f, s, &fakeArchive{})
		r := o.Results[0].WithTexts()
		for _, a := range r.Runs() {
			if len(a.Transcript) != 2 {
				t.Errorf("run %s has %d turns, want 2", a.RunID, len(a.Transcript))
			}
		}
		if len(r.Compared) != 2 || len(r.Baseline) != 2 {
			t.Errorf("%d and %d runs side by side", len(r.Compared), len(r.Baseline))
		}
	})
}

// TestLostTextsAreReported: and nothing else is different.
func TestLostTextsAreReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		scripted(f, map[string]string{"t1": "f"})
		talkative(f, hello)
		s := settingsFor(f)
		s.Transcripts = gate.TranscriptsAll
		o, _ := runArchived(t, t.Context(), f, s, &fakeArchive{lost: errors.New("could not be kept: no space left on device")})
		last := o.Results[0].WithTexts().Last()
		if last.Logs != "[the logs could not be kept: no space left on device]" || last.TranscriptProblem != "the conversation could not be kept: no space left on device" {
			t.Errorf("logs %q, %q", last.Logs, last.TranscriptProblem)
		}
		if len(last.Transcript) != 0 || states(o) != "failed" {
			t.Errorf("states %s, %+v", states(o), last)
		}
	})
}

// answeredWithLogs is a fake whose triggers are answered with runs that have logs already, as those found for a run key.
type answeredWithLogs struct{ *fakeAPI }

func (f answeredWithLogs) TriggerTest(ctx context.Context, r telnyx.TriggerRequest) (telnyx.Triggered, error) {
	out, err := f.fakeAPI.TriggerTest(ctx, r)
	out.Run.Logs = "the logs"
	return out, err
}

// TestLogsInTheAnswerToATriggerAreArchived: nothing holds them between the trigger and the first poll.
func TestLogsInTheAnswerToATriggerAreArchived(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		s := settingsFor(f)
		s.Transcripts = gate.TranscriptsAll
		triggered := 0
		gate.Run(t.Context(), gate.Config{Settings: s, API: answeredWithLogs{f}, Pacer: freePace{}, Archive: &fakeArchive{}, Observe: func(e outcome.Event) {
			if e, ok := e.(outcome.RunTriggered); ok {
				triggered++
				if e.Attempt.Logs != "" || e.Attempt.WithTexts().Logs != "the logs" {
					t.Errorf("%+v", e.Attempt)
				}
			}
		}})
		if triggered != 1 {
			t.Errorf("%d runs were triggered", triggered)
		}
	})
}
