package golden

import "testing"

func TestReplaceBetween(t *testing.T) {
	got, err := replaceBetween("a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb\n", "x", "new\n")
	if err != nil || got != "a\n<!-- x:begin -->\nnew\n<!-- x:end -->\nb\n" {
		t.Errorf("%q, %v", got, err)
	}
	for _, text := range []string{"", "<!-- x:begin -->\n", "<!-- x:end -->\n<!-- x:begin -->\n"} {
		if _, err := replaceBetween(text, "x", ""); err == nil {
			t.Errorf("%q: missing marks are not noticed", text)
		}
	}
}
