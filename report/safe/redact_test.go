package safe

import (
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/secret"
)

func TestRedact(t *testing.T) {
	r := secret.New("KEY0192A1B2")
	for in, want := range map[string]string{
		"a\x1b[1mb":                      "a\x1b[1mb", // nothing to take out: as it is
		"x KEY0192A1B2":                  "x [redacted]",
		"\x1b[1mKEY0192A1B2":             "[redacted]",
		"a KEY0\x1b[1m192A1B2 \x1b[0mb":  "a [redacted] b", // whole without the colours
		"KEY0\u202e192A1B2":              "[redacted]",
		`{"key":"\u004bEY0192A1B2"}`:     `{"key":"[redacted]"}`,
		"KEY0192A1B2 KEY0\x00192A1B2 \r": "[redacted] [redacted] \n",
	} {
		if got := Redact(r, in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	if got := Redact(nil, "a\x1b[1mb"); got != "a\x1b[1mb" {
		t.Errorf("without secrets: %q", got)
	}
}
