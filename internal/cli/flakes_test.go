package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/assistant-gate/assistant-gate/internal/flakes"
	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
	"github.com/assistant-gate/assistant-gate/internal/golden"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/report/rates"
	"github.com/assistant-gate/assistant-gate/report/results"
)

func foundIn(s flakes.Settings, gates ...*outcome.Outcome) found {
	var votes flakes.Collector
	for _, o := range gates {
		votes.Add(o)
	}
	return found{Analysis: votes.Analyse(s), files: len(gates), now: time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)}
}

// hostileHistory has texts in the names that no terminal, HTML or YAML may meet.
func hostileHistory() []*outcome.Outcome {
	gates := sample.History(20)
	for _, o := range gates {
		for i := range o.Results {
			r := &o.Results[i]
			text := sample.HostileTexts[i%len(sample.HostileTexts)]
			r.Test.Name, r.Test.Suite = text, text
			for j := range r.Attempts {
				for k := range r.Attempts[j].Criteria {
					r.Attempts[j].Criteria[k].Name = text
				}
			}
		}
	}
	gates[0].Results[2].Test.ID = "x\n- id: y"
	return gates
}

func TestFlakesGolden(t *testing.T) {
	usual := flakes.Settings{Red: 0.05}
	for name, tt := range map[string]struct {
		found  found
		format string
		width  int
	}{
		"history-80.txt":  {foundIn(usual, sample.History(80)...), formatTable, 80},
		"history-120.txt": {foundIn(usual, sample.History(80)...), formatTable, 120},
		"history.json":    {foundIn(usual, sample.History(80)...), formatJSON, 0},
		"few-80.txt":      {foundIn(usual, sample.History(6)...), formatTable, 80},
		"mixed-80.txt":    {foundIn(flakes.Settings{Red: 0.001, Tests: 200, AllVersions: true}, sample.History(80)...), formatTable, 80},
		"hostile-80.txt":  {foundIn(usual, hostileHistory()...), formatTable, 80},
		"hostile-log.txt": {foundIn(usual, hostileHistory()...), formatTable, 0},
	} {
		text, err := tt.found.text(tt.format, tt.width)
		if err != nil {
			t.Fatal(err)
		}
		golden.Compare(t, filepath.Join("testdata", "flakes", name), text)
		for line := range strings.Lines(text) {
			if width := ansi.StringWidth(strings.TrimRight(line, "\n")); tt.width > 0 && width > tt.width {
				t.Errorf("%s: %d columns: %s", name, width, line)
			}
		}
		if commands := sample.LogCommands(text); tt.width == 0 && commands != nil { // no CI has a terminal
			t.Errorf("%s holds the commands %q", name, commands)
		}
	}
}

// TestPastedEntries: what is printed for the quarantine file is read once it has owners, and not before.
func TestPastedEntries(t *testing.T) {
	for _, gates := range [][]*outcome.Outcome{sample.History(80), hostileHistory()} {
		var b strings.Builder
		foundIn(flakes.Settings{Red: 0.05}, gates...).writeQuarantine(&b, 80)
		_, entries, _ := strings.Cut(b.String(), "owner:\n\n")
		if _, err := parseQuarantine([]byte(entries)); err == nil || !strings.Contains(err.Error(), "owner") {
			t.Errorf("%v: %s", err, entries)
		}
		q, err := parseQuarantine([]byte(strings.ReplaceAll(entries, "owner:\n", "owner: me\n")))
		if err != nil || len(q) == 0 || q[0].LastDay() != "2026-12-02" {
			t.Errorf("%v %v: %s", q, err, entries)
		}
	}
}

// TestFlakesJSON: the documented fields are there and agree with the table.
func TestFlakesJSON(t *testing.T) {
	text, err := foundIn(flakes.Settings{Red: 0.05}, sample.History(80)...).text(formatJSON, 0)
	if err != nil {
		t.Fatal(err)
	}
	var l listedFlakes
	if err := json.Unmarshal([]byte(text), &l); err != nil {
		t.Fatal(err)
	}
	votes, share := 0, 0.0
	for _, x := range l.Tests {
		votes, share = votes+x.Votes, share+x.ShareOfRed
		if x.Low > x.PassRate || x.High < x.PassRate {
			t.Errorf("%+v", x)
		}
	}
	if votes != l.Votes || share < 0.999 || share > 1.001 || l.Recommended != "confirm:3" || len(l.Quarantine) != 1 || !l.AttemptsKnown {
		t.Errorf("%d votes, share %g, recommends %s", votes, share, l.Recommended)
	}
}

func writeResults(t *testing.T, path string, o *outcome.Outcome) {
	t.Helper()
	var b bytes.Buffer
	if err := results.Write(&b, o); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestHistoryIsEvidence: the files of the history are what a gate writes.
func TestHistoryIsEvidence(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.json")
	for _, o := range sample.History(40) {
		writeResults(t, path, o)
		read, err := readResults(path, nil)
		if err == nil {
			err = contradiction(read)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestContradictionOfALeg(t *testing.T) {
	o := sample.Green()
	o.AddProblem(outcome.VerdictInconclusive, "matrix job a: the results contradict themselves: x")
	if err := contradiction(o); err == nil {
		t.Error("a merged contradiction counts")
	}
}

func TestCheckPage(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	for name, content := range map[string]string{
		"own.html": rates.Head + "and more", "other.html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n", "empty.html": "",
	} {
		if err := os.WriteFile(path(name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(path("own.html"), path("link.html")); err != nil {
		t.Skip(err)
	}
	for name, ok := range map[string]bool{"own.html": true, "new.html": true, "other.html": false, "empty.html": false, "link.html": false, ".": false} {
		if err := checkPage(path(name)); (err == nil) != ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := checkPage(""); err != nil {
		t.Error(err)
	}
}

func FuzzPercentage(f *testing.F) {
	for _, s := range []string{"5%", "5 %", "0.5", "100%", "0", "-1", "1e1", "NaN", "inf", "0x5", "5%%", " 5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fuzzing.Bound(t)
		const before = 0.25
		share := before
		err := percentage(&share)(s)
		if err != nil && share != before || err == nil && (share <= 0 || share >= 1) || share != share {
			t.Errorf("%q: %g (%v)", s, share, err)
		}
	})
}

// FuzzFlakes: whatever a results file holds, it is either refused or shown without a command to a CI system.
func FuzzFlakes(f *testing.F) {
	for _, o := range append(sample.History(2), sample.Hostile(), sample.Regression()) {
		o.Results = o.Results[2:3] // small ones are mutated more often
		var b bytes.Buffer
		if err := results.Write(&b, o); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		fuzzing.Bound(t)
		o, err := results.Read(bytes.NewReader(document), nil)
		if err != nil {
			return
		}
		found := foundIn(flakes.Settings{Red: 0.05, AllVersions: true}, o)
		if found.Votes == 0 {
			return
		}
		text, err := found.text(formatTable, 0)
		if err != nil || sample.LogCommands(text) != nil {
			t.Errorf("%v: %s", err, text)
		}
		if text, err = found.text(formatJSON, 0); err != nil || !json.Valid([]byte(text)) {
			t.Errorf("%v: %s", err, text)
		}
		if err := rates.Write(&bytes.Buffer{}, &found.Analysis, 1, found.now); err != nil {
			t.Error(err)
		}
	})
}
