package telnyx

import "testing"

func TestSameID(t *testing.T) {
	const lower, upper = "5b0c9d34-7a1e-4f6b-8d2c-1e9a4b7c0f11", "5B0C9D34-7A1E-4F6B-8D2C-1E9A4B7C0F11"
	for _, tt := range []struct {
		a, b string
		same bool
	}{
		{"v1", "v1", true},
		{"v1", "V1", false},
		{"", "", true},
		{lower, upper, true},
		{lower, "5b0c9d34-7a1e-4f6b-8d2c-1e9a4b7c0f12", false},
		{lower, "urn:uuid:" + lower, false},
		{lower, "{" + lower + "}", false},
		{lower, "5b0c9d347a1e4f6b8d2c1e9a4b7c0f11", false},
		{"assistant-" + lower, "assistant-" + upper, false},
		{"\u212a5b0c9d34-7a1e-4f6b-8d2c-1e9a4b7c0f", "k5b0c9d34-7a1e-4f6b-8d2c-1e9a4b7c0f11", false},
	} {
		if SameID(tt.a, tt.b) != tt.same || SameID(tt.b, tt.a) != tt.same {
			t.Errorf("SameID(%q, %q) is %v", tt.a, tt.b, !tt.same)
		}
	}
}
