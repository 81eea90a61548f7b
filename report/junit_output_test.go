package report

import (
	"strings"
	"testing"
)

func TestLogsKeepTheirRoomBesideAConversation(t *testing.T) {
	r := talked(judgedResult(0, 1))
	for range 100 {
		r.Attempts[0].Transcript = append(r.Attempts[0].Transcript, says("user", strings.Repeat("said ", 100)))
	}
	text := caseOutput(r, 4096)
	wantOrder(t, text, "conversation, the last 4 of 100 turns:", "  user: said", "logs:\ndialled", "hung up by the caller")
}

func TestConversationsInJUnit(t *testing.T) {
	for name, o := range spokenOutcomes() {
		t.Run(name, func(t *testing.T) {
			document := junitOf(t, o)
			checkJUnit(t, o, document)
			golden(t, ""+name+".xml", document)
			for i, r := range o.Results {
				if text := caseOutput(r, 4096); len(text) > 4096 {
					t.Errorf("test %d: %d bytes", i, len(text))
				}
			}
		})
	}
}
