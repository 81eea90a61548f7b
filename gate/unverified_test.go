package gate_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestNotePromotion says before anything is paid what promote will not take.
func TestNotePromotion(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*fakeAPI, *gate.Settings)
		want   string
	}{
		"nothing to say": {func(*fakeAPI, *gate.Settings) {}, ""},
		"a number": {
			func(f *fakeAPI, _ *gate.Settings) { f.tests[1].Destination = "+13125550142" },
			`promote will refuse these results unless you give it --allow-unverified-target: 1 of 3 tests talk to a number or a URL: "test 2 (+13125550142)"`,
		},
		"no assistant": {func(f *fakeAPI, s *gate.Settings) { f.tests[1].Destination, s.AssistantID = "+13125550142", "" }, ""},
		"the live one": {func(f *fakeAPI, s *gate.Settings) { f.tests[1].Destination, s.VersionID = "+13125550142", "main" }, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(3)
			s := settingsFor(f)
			f.versions = map[string][]telnyx.Version{"assistant-a": {{ID: "v1"}}}
			s.AssistantID, s.VersionID = "assistant-a", "v1"
			c.change(f, &s)
			plan, err := gate.NewPlan(t.Context(), f, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(plan.Notes, "\n"); got != c.want {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		})
	}
}
