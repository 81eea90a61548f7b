package view

import (
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

func TestPaidIsSaidOfMoneyAlone(t *testing.T) {
	for want, o := range map[string]outcome.Outcome{
		"1 run paid":                           {RealTelnyx: true, Paid: 1, BaseURL: "https://api.telnyx.com/v2"},
		"12 runs, simulated: nothing was paid": {Paid: 12, BaseURL: "simulator"},
		"3 runs":                               {Paid: 3, BaseURL: "http://127.0.0.1:4010/v2"},
	} {
		if got := RunsMade(&o); got != want {
			t.Errorf("against %s: %q, want %q", o.BaseURL, got, want)
		}
	}
}
