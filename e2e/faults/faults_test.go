package faults

import (
	"strconv"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

func status(code int) play {
	return play{name: strconv.Itoa(code), do: simulator.Action{Status: code}}
}

// withHeader is a 429 with one header.
func withHeader(name, value string) play {
	return play{name: "429 with `" + name + ": " + value + "`", do: simulator.Action{Status: 429, Headers: map[string]string{name: value}}}
}

var (
	droppedBefore = play{name: "connection lost before the request is carried out", do: simulator.Action{Drop: "before"}}
	droppedAfter  = play{name: "connection lost after the request was carried out", do: simulator.Action{Drop: "after"}}
	hung          = play{name: "no answer for 45 s", do: simulator.Action{Hang: 45 * time.Second}}
	hungForHours  = play{name: "no answer at all", do: simulator.Action{Hang: 10 * time.Hour}}
	late          = play{name: "carried out, the answer comes after 40 s", do: simulator.Action{Delay: 40 * time.Second}}
	truncated     = play{name: "answer cut off", do: simulator.Action{Body: "truncated"}}
	htmlPage      = play{name: "HTML page", do: simulator.Action{Body: "html"}}
	empty         = play{name: "empty answer", do: simulator.Action{Body: "empty"}}
	notJSON       = play{name: "answer that is no JSON", do: simulator.Action{Body: "not-json"}}
	huge          = play{name: "answer above 16 MiB", do: simulator.Action{Body: "huge"}}
	otherRun      = play{name: "answer about another run", do: simulator.Action{Body: "other-run"}}
	otherTest     = play{name: "answer about another test", do: simulator.Action{Body: "other-test"}}

	redirects = []play{
		{name: "redirect to https", do: simulator.Action{Redirect: "https://127.0.0.1/v2/elsewhere"}},
		{name: "redirect to http", do: simulator.Action{Redirect: "http://collector.example/?from=gate"}},
	}
	serverErrors = []play{status(500), status(502), status(503), status(504)}
)

// lookupFaults leave a request that changes nothing without a usable answer.
func lookupFaults() []play {
	return append([]play{status(408), status(409), status(429), droppedBefore, droppedAfter, hung, truncated, htmlPage, empty, notJSON}, serverErrors...)
}
