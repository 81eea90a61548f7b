package results

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestResultsFitWithinAnyBound holds that what is written is never larger than it may be, and that what had to be left out
// changes no verdict, no state and no run.
func TestResultsFitWithinAnyBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := sample.Random(t)
		whole := resultsOf(t, o)
		most := rapid.IntRange(len(whole)/2, 2*len(whole)).Draw(t, "most")
		var b bytes.Buffer
		if err := resultsWithin(&b, o, most); err != nil {
			if b.Len() > 0 {
				t.Fatalf("%v, after %d bytes", err, b.Len())
			}
			return
		}
		if cut := bytes.Contains(b.Bytes(), []byte("this file leaves out")); b.Len() > most || cut == bytes.Equal(b.Bytes(), whole) {
			t.Fatalf("%d bytes of %d; may be %d", b.Len(), len(whole), most)
		}
		full, errFull := Read(bytes.NewReader(whole), nil)
		back, err := Read(&b, nil)
		if (err == nil) != (errFull == nil) {
			t.Fatalf("whole: %v; cut: %v", errFull, err)
		}
		if err == nil && (back.Verdict() != full.Verdict() || back.Counts() != full.Counts()) {
			t.Fatalf("%s became %s", full.Verdict(), back.Verdict())
		}
	})
}

// longOutcome has so many failed tests, all of them with as much text as the gate keeps, and in the form that takes the most
// room: six bytes for one.
func longOutcome(n int) *outcome.Outcome {
	o := sample.Failed()
	o.Results = nil
	logs := strings.Repeat("\x01", outcome.MaxLogBytes)
	transcript := []telnyx.Message{{Role: "user", Text: strings.Repeat("\x02", outcome.MaxTranscriptBytes)}}
	for i := range n {
		r := sample.JudgedResult(i, 0)
		r.Test.ID, r.Attempts[0].RunID = fmt.Sprintf("test-%d", i), fmt.Sprintf("run-%d", i)
		r.Attempts[0].Logs, r.Attempts[0].Transcript = logs, transcript
		o.Results = append(o.Results, r)
	}
	return o
}

// TestTextsOfRoundsAreLeftOut as those of other runs.
func TestTextsOfRoundsAreLeftOut(t *testing.T) {
	o := sample.SideBySide()
	side := &o.Results[1].Compared[0]
	side.Logs, side.Transcript = strings.Repeat("x", 100_000), []telnyx.Message{{Role: "user", Text: strings.Repeat("y", 60_000)}}
	var b bytes.Buffer
	if err := resultsWithin(&b, o, 60_000); err != nil {
		t.Fatal(err)
	}
	back, err := Read(&b, nil)
	if err != nil || back.Results[1].Compared[0].Logs != "" || len(back.Results[1].Compared[0].Transcript) > 0 {
		t.Errorf("%v: the texts are still there", err)
	}
}

// TestResultsLeaveOutTheLeastFirst names each omission, and makes no more of them than it has to.
func TestResultsLeaveOutTheLeastFirst(t *testing.T) {
	o := longOutcome(4)
	o.Results[0].State, o.Results[0].Attempts[0].State = outcome.StatePassed, outcome.StatePassed
	o.Results[0].Attempts[0].RemoteStatus = telnyx.StatusPassed
	for i := range o.Results[0].Attempts[0].Criteria {
		o.Results[0].Attempts[0].Criteria[i].Status = telnyx.StatusPassed
	}
	for i := range o.Results {
		o.Results[i].Test.Instructions = strings.Repeat("x", 5000)
	}
	const text = 6 * 64 << 10 // one log, or one conversation
	for _, c := range []struct {
		most                int
		logs, conversations int // that are left
		instructions        int
	}{
		{8*text + 100_000, 4, 4, 5000},
		{8 * text, 3, 4, 5000},
		{7 * text, 2, 4, 5000},
		{6 * text, 1, 4, 5000},
		{5 * text, 0, 4, 5000},
		{4 * text, 0, 3, 5000},
		{3 * text, 0, 2, 5000},
		{40_000, 0, 0, 5000},
		{28_000, 0, 0, 1000},
		{15_000, 0, 0, 200},
	} {
		var b bytes.Buffer
		if err := resultsWithin(&b, o, c.most); err != nil {
			t.Errorf("%d bytes: %v", c.most, err)
			continue
		}
		back, err := Read(&b, nil)
		if err != nil {
			t.Fatal(err)
		}
		logs, conversations := 0, 0
		for _, r := range back.Results {
			if a := r.Attempts[0]; a.Logs != "" {
				logs++
			}
			switch a := r.Attempts[0]; {
			case len(a.Transcript) > 0:
				conversations++
			case !strings.Contains(a.TranscriptProblem, "left out"):
				t.Errorf("%d bytes: a conversation is gone without a word", c.most)
			}
		}
		whole := logs == 4 && conversations == 4
		if said := strings.Contains(strings.Join(back.Notes, ""), "this file leaves out"); said == whole {
			t.Errorf("%d bytes: the notes are %q", c.most, back.Notes)
		}
		instructions := len(back.Results[1].Test.Instructions)
		if logs != c.logs || conversations != c.conversations || instructions < c.instructions-20 || instructions > c.instructions {
			t.Errorf("%d bytes: %d logs and %d conversations are left, and %d bytes of instructions; want %+v", c.most, logs, conversations, instructions, c)
		}
	}
	if err := resultsWithin(io.Discard, o, 1000); err == nil || !strings.Contains(err.Error(), "select fewer tests") {
		t.Errorf("nothing fits, but the error is %v", err)
	}
}
