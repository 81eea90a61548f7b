package faults

import (
	"strconv"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

func status(code int) fault {
	return fault{name: strconv.Itoa(code), do: simulator.Action{Status: code}}
}

// withHeader is a 429 with one header.
func withHeader(name, value string) fault {
	return fault{name: "429 with `" + name + ": " + value + "`", do: simulator.Action{Status: 429, Headers: map[string]string{name: value}}}
}

var (
	droppedBefore = fault{name: "connection lost before the request is executed", do: simulator.Action{Drop: "before"}}
	droppedAfter  = fault{name: "connection lost after the request was executed", do: simulator.Action{Drop: "after"}}
	hung          = fault{name: "no answer for 45 s", do: simulator.Action{Hang: 45 * time.Second}}
	hungForHours  = fault{name: "no answer at all", do: simulator.Action{Hang: 10 * time.Hour}}
	late          = fault{name: "executed, the answer comes after 40 s", do: simulator.Action{Delay: 40 * time.Second}}
	truncated     = fault{name: "answer cut off", do: simulator.Action{Body: "truncated"}}
	htmlPage      = fault{name: "HTML page", do: simulator.Action{Body: "html"}}
	empty         = fault{name: "empty answer", do: simulator.Action{Body: "empty"}}
	notJSON       = fault{name: "answer that is not JSON", do: simulator.Action{Body: "not-json"}}
	huge          = fault{name: "answer above 16 MiB", do: simulator.Action{Body: "huge"}}
	otherRun      = fault{name: "answer about another run", do: simulator.Action{Body: "other-run"}}
	otherTest     = fault{name: "answer about another test", do: simulator.Action{Body: "other-test"}}
	unprotected   = fault{
		name: "503 with code 10016 (idempotency protection unavailable)",
		do:   simulator.Action{Status: 503, Code: "10016", Detail: "Idempotency protection is unavailable."},
	}

	redirects = []fault{
		{name: "redirect to https", do: simulator.Action{Redirect: "https://127.0.0.1/v2/elsewhere"}},
		{name: "redirect to http", do: simulator.Action{Redirect: "http://collector.example/?from=gate"}},
	}
	serverErrors = []fault{status(500), status(502), status(503), status(504)}
)

// lookupFaults leave a look-up without a usable answer.
func lookupFaults() []fault {
	return append([]fault{status(408), status(409), status(429), droppedBefore, droppedAfter, hung, truncated, htmlPage, empty, notJSON}, serverErrors...)
}
