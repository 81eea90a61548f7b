package acceptance

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// sample is a good exchange, to be spoilt.
func sample(t *testing.T, method, path, body string) exchange {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, realServer+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+testKey)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	x, _, err := exchangeOver(simulator.New(clinic(simulator.BuiltIn())).Transport(), req)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// conversed is a good look at a conversation.
func conversed(t *testing.T) exchange {
	t.Helper()
	world := canaried()
	sim := simulator.New(world)
	a := newAPI(t, sim)
	a.do(post(testsPath+"/"+world.Tests[0].ID+"/runs", "{}", 201))
	return a.do(get("/ai/conversations/"+sim.Ledger()[0].Conversation, 200))
}

// rewritten is the exchange with an answer that was changed.
func (x exchange) rewritten(t *testing.T, change func(object map[string]any)) exchange {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal(x.answer, &object); err != nil {
		t.Fatal(err)
	}
	change(object)
	answer, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	x.answer = answer
	return x
}

// at is the exchange as if it had gone to another path.
func (x exchange) at(t *testing.T, path string) exchange {
	t.Helper()
	address, err := url.Parse(realServer + path)
	if err != nil {
		t.Fatal(err)
	}
	x.url = address
	return x
}

func (x exchange) answered(status int) exchange {
	x.status = status
	return x
}

func (x exchange) answeredWith(name, value string) exchange {
	x.answerHeader = x.answerHeader.Clone()
	x.answerHeader.Set(name, value)
	return x
}

func (x exchange) sentWith(name, value string) exchange {
	x.header = x.header.Clone()
	x.header.Set(name, value)
	if value == "" {
		x.header.Del(name)
	}
	return x
}

func (x exchange) sending(body string) exchange {
	x.body = []byte(body)
	return x
}

// first returns the first entry of a list in an answer.
func first(list any) map[string]any { return list.([]any)[0].(map[string]any) }

// TestDeparturesAreSeen breaks answers and requests one by one: each must be refused, and nothing else of it.
func TestDeparturesAreSeen(t *testing.T) {
	t.Parallel()
	docs := loadDocuments(t)
	test := testsPath + "/" + simulator.BuiltIn().Tests[0].ID
	triggered := sample(t, http.MethodPost, test+"/runs", "{}").sentWith(keyHeader, "a-key")
	listed := sample(t, http.MethodGet, testsPath+"?page[size]=3", "")
	unknown := sample(t, http.MethodGet, testsPath+"/"+unknownID, "")
	conversation := conversed(t)
	about := func(change func(data map[string]any)) exchange {
		return conversation.rewritten(t, func(o map[string]any) { change(o["data"].(map[string]any)) })
	}
	set := func(name string, value any) exchange {
		return triggered.rewritten(t, func(o map[string]any) { o[name] = value })
	}
	without := func(name string) exchange {
		return triggered.rewritten(t, func(o map[string]any) { delete(o, name) })
	}
	inList := func(change func(o map[string]any)) exchange { return listed.rewritten(t, change) }

	for name, x := range map[string]exchange{"trigger": triggered, "list": listed, "unknown": unknown, "conversation": conversation} {
		if f := docs.inspect(x); f.request != nil || f.answer != nil {
			t.Fatalf("the %s that all others are made of is refused: %v %v", name, f.request, f.answer)
		}
	}
	for name, x := range map[string]exchange{
		"a conversation without metadata": about(func(data map[string]any) { delete(data, "metadata") }),
		"a version that is a number": about(func(data map[string]any) {
			data["metadata"].(map[string]any)["assistant_version_id"] = 20261120
		}),
		"a version beside the metadata": about(func(data map[string]any) { data["assistant_version_id"] = "main" }),

		"no run_id":                set("run_id", nil),
		"run_id left out":          without("run_id"),
		"created_at left out":      without("created_at"),
		"run_id of another form":   set("run_id", "run-17"),
		"unknown status":           set("status", "completed"),
		"created_at without zone":  set("created_at", "2026-11-22T10:00:00"),
		"created_at as a number":   set("created_at", 1795341600),
		"a field more":             set("version_id", "main"),
		"logs null":                set("logs", nil),
		"a list of criteria words": set("detail_status", []any{"passed"}),
		"a criterion of no status": set("detail_status", []any{map[string]any{"name": "Polite"}}),
		"a criterion's reason":     set("detail_status", []any{map[string]any{"name": "Polite", "status": "passed", "reason": "yes"}}),
		"200 for a trigger":        triggered.answered(200),
		"500":                      unknown.answered(500),
		"403":                      unknown.answered(403),
		"409 for a look-up":        unknown.answered(409),
		"400 for a look-up":        unknown.answered(400),
		"a list for a trigger":     triggered.at(t, testsPath+"/test-suites/Booking/runs"),
		"HTML":                     triggered.answeredWith("Content-Type", "text/html"),
		"an unknown header":        triggered.answeredWith("X-Run-Cost", "1"),
		"an error of no form": unknown.rewritten(t, func(o map[string]any) {
			first(o["errors"])["code"] = 404
		}),
		"an error that is none":    unknown.rewritten(t, func(o map[string]any) { o["errors"] = []any{} }),
		"a list without meta":      inList(func(o map[string]any) { delete(o, "meta") }),
		"meta without total_pages": inList(func(o map[string]any) { delete(o["meta"].(map[string]any), "total_pages") }),
		"total_pages as text":      inList(func(o map[string]any) { o["meta"].(map[string]any)["total_pages"] = "1" }),
		"a test without rubric":    inList(func(o map[string]any) { delete(first(o["data"]), "rubric") }),
		"an unknown channel":       inList(func(o map[string]any) { first(o["data"])["telnyx_conversation_channel"] = "sms" }),
		"a criterion's id":         inList(func(o map[string]any) { first(first(o["data"])["rubric"])["rubric_id"] = "r1" }),
	} {
		if f := docs.inspect(x); f.answer == nil || f.request != nil {
			t.Errorf("answer with %s: request %v, answer %v; want a departure of the answer alone", name, f.request, f.answer)
		}
	}
	for name, x := range map[string]exchange{
		"no key":                      triggered.sentWith("Authorization", ""),
		"basic authentication":        triggered.sentWith("Authorization", "Basic a2V5Og=="),
		"an unknown header":           triggered.sentWith("X-Test", "1"),
		"a key for a look-up":         listed.sentWith(keyHeader, "a-key"),
		"a misspelt field":            triggered.sending(`{"version_id":"main"}`),
		"a version that is null":      triggered.sending(`{"destination_version_id":null}`),
		"no JSON":                     triggered.sending(`{`),
		"a body of a form":            triggered.sentWith("Content-Type", "application/x-www-form-urlencoded").sending("a=b"),
		"a body for a look-up":        listed.sending("{}"),
		"a page too large":            listed.at(t, testsPath+"?page[size]=101"),
		"a page that is not a number": listed.at(t, testsPath+"?page[number]=last"),
		"an unknown filter":           listed.at(t, testsPath+"?suite=Booking"),
		"an unknown page field":       listed.at(t, testsPath+"?page[cursor]=2"),
		"an unknown path":             listed.at(t, "/ai/tests"),
		"a path without /v2":          listed.at(t, "/../ai/assistants/tests"),
	} {
		if f := docs.inspect(x); f.request == nil {
			t.Errorf("request with %s is not refused", name)
		}
	}
	if docs.keys != nil {
		for _, key := range []string{"no blanks", strings.Repeat("K", 256), "a:colon"} {
			if f := docs.inspect(triggered.sentWith(keyHeader, key)); f.request == nil {
				t.Errorf("key %q is not refused", key)
			}
		}
	}
}

// TestDeparturesOfARunAreSeen runs the program against worlds that depart on purpose: the check of whole runs is not
// blind either.
func TestDeparturesOfARunAreSeen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		spoil   func(w *simulator.World)
		departs string
	}{
		{"nulls", func(w *simulator.World) { w.Nulls = true }, "not nullable"},
		{"an unknown word", func(w *simulator.World) { w.Tests[0].Runs = []simulator.Script{{Ends: "frozen"}} }, "status"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			world := clinic(simulator.BuiltIn())
			c.spoil(&world)
			r := newRecorder(t, realServer, simulator.New(world).Transport())
			p := program{
				args:      []string{"--test-ids", world.Tests[0].ID, "--version-id", simulator.BuiltInVersion, "--run-timeout", "400ms"},
				transport: r, timings: simtest.Timings(),
			}
			p.run(t.Context(), t)
			if !slices.ContainsFunc(r.departures, func(text string) bool { return strings.Contains(text, c.departs) }) {
				t.Errorf("none of %d departures says %q", len(r.departures), c.departs)
			}
		})
	}
}
