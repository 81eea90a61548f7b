package nearest_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
	"github.com/assistant-gate/assistant-gate/internal/nearest"
)

func TestName(t *testing.T) {
	suites := []string{"Booking", "Billing questions", "Safety and escalation", "booking ", "Bookings 2"}
	commands := []string{"run", "plan", "list", "promote", "version"}
	for _, tt := range []struct {
		given string
		known []string
		want  string
	}{
		{"booking", suites, "Booking"},
		{" BOOKING", suites, "Booking"},
		{"Bookin", suites, "Booking"},
		{"Bokoing", suites, "Booking"},
		{"Billing", suites, "Billing questions"},
		{"Safty and escalation", suites, "Safety and escalation"},
		{"Kitchen", suites, ""},
		{"", suites, ""},
		{" ", []string{""}, ""},
		{"plna", commands, "plan"},
		{"lst", commands, "list"},
		{"pro", commands, "promote"},
		{"x", commands, ""},
		{"ru", commands, "run"},
		{"r", commands, ""},
		{"3f9c2ab81d", []string{"3f9c2ab", "1111111"}, "3f9c2ab"},
		{"3f9c2ab", []string{"3f9c2ab81d0e77", "3f9c2ab81d0e88"}, ""}, // either
		{"予約の変", []string{"予約の変更", "料金"}, "予約の変更"},
		{"kitten", []string{"sitting"}, ""},
		{strings.Repeat("x", 150), []string{strings.Repeat("x", 150) + "y", strings.Repeat("X", 150)}, strings.Repeat("X", 150)},
		{strings.Repeat("x", 101), []string{strings.Repeat("x", 100) + "y"}, ""},
	} {
		if got := nearest.Name(tt.given, tt.known); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.given, got, tt.want)
		}
	}
}

// FuzzName: the answer is a candidate or nothing, and a name is nearest to itself.
func FuzzName(f *testing.F) {
	f.Add("Booking", "Bokoing")
	f.Add("\xff", " ")
	f.Fuzz(func(t *testing.T, given, candidate string) {
		fuzzing.Bound(t)
		if got := nearest.Name(given, []string{candidate}); got != "" && got != candidate {
			t.Errorf("%q is no candidate", got)
		}
		if got := nearest.Name(given, []string{candidate, given}); utf8.ValidString(given) && strings.TrimSpace(given) != "" && !strings.EqualFold(strings.TrimSpace(got), strings.TrimSpace(given)) {
			t.Errorf("%q: %q", given, got)
		}
	})
}
