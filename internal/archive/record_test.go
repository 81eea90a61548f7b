package archive

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/view"
)

func TestRecordsComeBackAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, r := range sample.Random(t).Results {
			for _, a := range view.AllRuns(r) {
				in := outcome.Record{Logs: a.Logs}
				for _, m := range a.Transcript {
					m.At = m.At.UTC()
					in.Transcript = append(in.Transcript, m)
				}
				out, err := decodeRecord(appendRecord(nil, in))
				if err != nil || !reflect.DeepEqual(in, out) {
					t.Fatalf("%v:\n%+v\nwant\n%+v", err, out, in)
				}
			}
		}
	})
}

// FuzzDecodeRecord: whatever a file holds, reading it ends in a record or an error.
func FuzzDecodeRecord(f *testing.F) {
	f.Add([]byte{})
	f.Add(appendRecord(nil, outcome.Record{Logs: "logs", Transcript: []telnyx.Message{
		{Role: "user", Text: "hi", At: time.Unix(1, 2)}, {ToolCalls: []telnyx.ToolCall{{Name: "find", Arguments: "{}"}}},
	}}))
	f.Fuzz(func(t *testing.T, text []byte) {
		fuzzing.Bound(t)
		r, err := decodeRecord(text)
		if err != nil && (r.Logs != "" || r.Transcript != nil) {
			t.Errorf("an error with %+v", r)
		}
	})
}
