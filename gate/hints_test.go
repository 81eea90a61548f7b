package gate_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

const noSuchTest = "\nTelnyx: get test %s: HTTP 404 (code 10005): Resource not found"

// TestHints: a refusal names what was probably meant. What Telnyx answered follows on a line of its own.
func TestHints(t *testing.T) {
	const unknownTest = `test %q (test-ids) is not known to Telnyx for this API key`
	unknown := func(id, hint string) string {
		return strings.Replace(unknownTest, "%q", `"`+id+`"`, 1) + hint + strings.Replace(noSuchTest, "%s", id, 1)
	}
	for name, tt := range map[string]struct {
		change func(*gate.Settings)
		want   []string
	}{
		"a name": {
			func(s *gate.Settings) { s.TestIDs = []string{"t1", "books", "a", "Visit"} },
			[]string{`"Books a visit" (test-ids) is the name of test t2: give the id`},
		},
		"the longer of two names": {
			func(s *gate.Settings) { s.TestIDs = []string{"Books", "a", "visit", "again", "Books"} },
			[]string{
				`"Books a visit, again" (test-ids) is the name of test t3: give the id`,
				unknown("Books", ": assistant-gate list shows the ids"),
			},
		},
		"a mistyped name": {
			func(s *gate.Settings) { s.TestIDs = []string{"Cancles"} },
			[]string{unknown("Cancles", `; did you mean t4 ("Cancels")?`)},
		},
		"nothing near": {
			func(s *gate.Settings) { s.TestIDs = []string{"zzz"} },
			[]string{unknown("zzz", ": assistant-gate list shows the ids")},
		},
		"a criterion": {
			func(s *gate.Settings) { s.Advisory = []string{"Polite"} },
			[]string{`no selected test has a criterion "Polite" (advisory-criteria); did you mean "polite"? Their criteria are "polite"`},
		},
		"a suite": {
			func(s *gate.Settings) { s.Suites = []string{"SUITE"} },
			[]string{`suite "SUITE" (test-suites) has no tests; did you mean "suite"? The account's suites are "suite"`},
		},
		"a version's name as its id": {
			func(s *gate.Settings) { s.AssistantID, s.VersionID = "assistant-1", "autumn" },
			[]string{`version "autumn" (version-id) does not exist on assistant "assistant-1" (assistant-id); that is the name of version 20261105T090000000001: give the id` +
				"\nTelnyx: get version autumn: HTTP 404"},
		},
		"a mistyped version": {
			func(s *gate.Settings) { s.AssistantID, s.VersionID = "assistant-1", "20261105T09000000001" },
			[]string{`version "20261105T09000000001" (version-id) does not exist on assistant "assistant-1" (assistant-id); did you mean "20261105T090000000001"? ` +
				`Its newest versions are "20261105T090000000001"` + "\nTelnyx: get version 20261105T09000000001: HTTP 404"},
		},
		"a version's id as its name": {
			func(s *gate.Settings) {
				s.AssistantID, s.VersionID, s.VersionName = "assistant-1", "", "20261105T090000000001"
			},
			[]string{`no version of assistant "assistant-1" (assistant-id) is named "20261105T090000000001" (version-name); that is the id of a version: give it as version-id`},
		},
		"an assistant's name": {
			func(s *gate.Settings) { s.AssistantID, s.VersionID = "front desk", "main" },
			[]string{`assistant "front desk" (assistant-id) is not known to Telnyx for this API key; that is the name of assistant-1: give the id` + "\nTelnyx: get assistant front desk: HTTP 404"},
		},
		"a mistyped assistant": {
			func(s *gate.Settings) { s.AssistantID, s.VersionID = "asistant-1", "main" },
			[]string{`assistant "asistant-1" (assistant-id) is not known to Telnyx for this API key; did you mean assistant-1 ("Front desk")?` + "\nTelnyx: get assistant asistant-1: HTTP 404"},
		},
		"another assistant": {
			func(s *gate.Settings) { s.AssistantID, s.VersionID = "x", "main" },
			[]string{`assistant "x" (assistant-id) is not known to Telnyx for this API key: assistant-gate list --assistants shows the ids` + "\nTelnyx: get assistant x: HTTP 404"},
		},
	} {
		f := newFake(5)
		f.tests[1].Name, f.tests[2].Name, f.tests[3].Name, f.tests[4].Name = "Books a visit", "Books a visit, again", "Cancels", "Books a"
		f.versions = map[string][]telnyx.Version{"assistant-1": {{ID: "20261105T090000000001", Name: "autumn", AssistantName: "Front desk"}}}
		s := settingsFor(f)
		tt.change(&s)
		_, err := gate.NewPlan(t.Context(), f, s, nil)
		refusals, _ := errors.AsType[gate.Refusals](err)
		var got []string
		for _, r := range refusals {
			got = append(got, r.Text)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestHintsThatCannotBeLookedUp cost 5 s at most, and the refusal stays.
func TestHintsThatCannotBeLookedUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.hintError = apiError(telnyx.KindAmbiguous, 500)
		s := settingsFor(f)
		s.AssistantID, s.VersionID = "x", "main"
		start := time.Now()
		_, err := gate.NewPlan(t.Context(), f, s, nil)
		if err == nil || !strings.Contains(err.Error(), `assistant "x" (assistant-id) is not known to Telnyx for this API key`+"\nTelnyx: ") || time.Since(start) > 6*time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
	})
}
