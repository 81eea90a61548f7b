package junit

import (
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/sample"
)

func TestLogsKeepTheirRoomBesideAConversation(t *testing.T) {
	r := sample.Talked(sample.JudgedResult(0, 1))
	for range 100 {
		r.Attempts[0].Transcript = append(r.Attempts[0].Transcript, sample.Says("user", strings.Repeat("said ", 100)))
	}
	text := caseOutput(r, 4096)
	sample.WantOrder(t, text, "conversation, the last 4 of 100 turns:", "  user: said", "logs:\ndialled", "hung up by the caller")
}

func TestConversationsInJUnit(t *testing.T) {
	for name, o := range sample.AllSpoken() {
		t.Run(name, func(t *testing.T) {
			document := junitOf(t, o)
			sample.CheckJUnit(t, o, document)
			sample.Golden(t, ""+name+".xml", document)
			for i, r := range o.Results {
				if text := caseOutput(r, 4096); len(text) > 4096 {
					t.Errorf("test %d: %d bytes", i, len(text))
				}
			}
		})
	}
}
