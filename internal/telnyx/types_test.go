package telnyx

import (
	"errors"
	"fmt"
	"testing"
)

func TestStatusWords(t *testing.T) {
	for status, want := range map[Status][2]bool{ // known, terminal
		StatusPending: {true, false}, StatusStarting: {true, false}, StatusRunning: {true, false},
		StatusPassed: {true, true}, StatusFailed: {true, true}, StatusError: {true, true},
		"": {false, false}, "completed": {false, false}, "PASSED": {false, false}, "passed ": {false, false},
	} {
		if got := [2]bool{status.Known(), status.Terminal()}; got != want {
			t.Errorf("%q: %v, want %v", status, got, want)
		}
	}
}

func TestAssistantDestination(t *testing.T) {
	for destination, want := range map[string]string{
		"assistant-1": "assistant-1", "assistant-": "", "+15550100": "", "https://x/assistant-1": "", "": "",
	} {
		if id, ok := (Test{Destination: destination}).AssistantDestination(); id != want || ok != (want != "") {
			t.Errorf("%q: %q %v", destination, id, ok)
		}
	}
}

func TestKinds(t *testing.T) {
	for kind, want := range map[Kind]bool{ // transient
		KindNotSent: true, KindRateLimited: true, KindInProgress: true, KindAmbiguous: true, KindMalformed: true,
		KindUnauthorized: false, KindNotFound: false, KindRejected: false, KindRedirect: false, 0: false,
	} {
		err := fmt.Errorf("plan: %w", &Error{Op: "x", Kind: kind})
		if got := Transient(err); got != want || KindOf(err) != kind {
			t.Errorf("kind %d: %v, want %v", kind, got, want)
		}
	}
	for _, err := range []error{nil, errors.New("x")} {
		if KindOf(err) != 0 || Transient(err) {
			t.Errorf("%v has a kind", err)
		}
	}
}

func TestErrorText(t *testing.T) {
	for want, e := range map[string]*Error{
		"get test x: HTTP 404 (code 10005): not found": {Op: "get test x", Status: 404, Code: "10005", Detail: "not found"},
		"get test x: HTTP 500":                         {Op: "get test x", Status: 500},
		"get test x: refused":                          {Op: "get test x", Err: errors.New("refused")},
		"get test x: HTTP 200: <html>: no JSON":        {Op: "get test x", Status: 200, Detail: "<html>", Err: errors.New("no JSON")},
	} {
		if e.Error() != want {
			t.Errorf("%q, want %q", e.Error(), want)
		}
	}
}
