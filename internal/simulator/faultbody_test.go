package simulator

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestBodyFaults(t *testing.T) {
	c := newClient(t, "")
	other := func(id string) string { return c.otherID("trigger", id) }
	whole := newClient(t, "").do(http.MethodPost, trigger, "").text
	run := newClient(t, "").trigger(trigger)
	tests := map[string]struct {
		kind string
		body func(text string) string
	}{
		"html":       {"text/html; charset=utf-8", func(text string) string { return text[:15] }},
		"empty":      {"application/json", func(text string) string { return text + "empty" }},
		"not-json":   {"application/json", func(text string) string { return text[:16] }},
		"other-run":  {"application/json", func(text string) string { return field(text, "run_id") + field(text, "test_id") }},
		"other-test": {"application/json", func(text string) string { return field(text, "run_id") + field(text, "test_id") }},
	}
	want := map[string]string{
		"html": "<!DOCTYPE html>", "empty": "empty", "not-json": "upstream connect",
		"other-run": other(run) + booking, "other-test": run + other(booking),
	}
	for body, tc := range tests {
		t.Run(body, func(t *testing.T) {
			c := newClient(t, "")
			c.Fault(Fault{On: "trigger", Times: 1, Do: Action{Body: body}})
			a := c.do(http.MethodPost, trigger, "", "Idempotency-Key: k")
			if a.status != http.StatusCreated || a.header.Get("Content-Type") != tc.kind || tc.body(a.text) != want[body] {
				t.Errorf("%d %v %q", a.status, a.header, a.text)
			}
			// What was spoiled on the way is replayed whole.
			again := c.do(http.MethodPost, trigger, "", "Idempotency-Key: k")
			if field(again.text, "run_id") != run || again.header.Get("Content-Type") != "application/json" || len(again.text) != len(whole) {
				t.Errorf("replayed: %v %s", again.header, again.text)
			}
		})
	}
}

// member1 is a member of a JSON object, or empty.
func field(text, name string) string {
	var o map[string]any
	_ = json.Unmarshal([]byte(text), &o)
	value, _ := o[name].(string)
	return value
}

func TestTruncatedBodies(t *testing.T) {
	c := newClient(t, "faults: [{on: test, do: {body: truncated}}]")
	whole := newClient(t, "").get(testsPath + "/" + booking).text
	a, err := c.try(http.MethodGet, testsPath+"/"+booking, "")
	if !errors.Is(err, io.ErrUnexpectedEOF) || a.status != http.StatusOK || a.text != whole[:len(whole)/2] {
		t.Errorf("%v: %d %s", err, a.status, a.text)
	}
}

func TestHugeBodies(t *testing.T) {
	c := newClient(t, "faults: [{on: test, do: {body: huge}}]")
	a := c.get(testsPath + "/" + booking)
	if len(a.text) <= 16<<20 || field(a.text[min(hugeBody, len(a.text)):], "test_id") != booking {
		t.Errorf("%d bytes", len(a.text))
	}
}

func TestStatusWordInRunsAndLists(t *testing.T) {
	c := newClient(t, "")
	c.Fault(Fault{On: "any", Do: Action{StatusWord: "frozen"}})
	const suite = testsPath + "/test-suites/Front%20%2F%20desk/runs"
	run := c.trigger(trigger)
	for _, request := range []string{"POST " + trigger, "GET " + trigger + "/" + run, "GET " + trigger, "POST " + suite, "GET " + suite} {
		method, path, _ := strings.Cut(request, " ")
		a := c.do(method, path, "")
		if !strings.Contains(a.text, `"status":"frozen"`) || strings.Contains(a.text, `"status":"pending","test_id"`) {
			t.Errorf("%s: %s", request, a.text)
		}
	}
	// The criteria keep their statuses, and other objects are unchanged.
	if a := c.get(trigger + "/" + run); !strings.Contains(a.text, `{"name":"Asks","status":"pending"}`) {
		t.Error(a.text)
	}
	c.get(testsPath).want(t, http.StatusOK)
}

// TestRunsWithoutDetails: alone, or beside a word.
func TestRunsWithoutDetails(t *testing.T) {
	for _, word := range []string{"", "passed"} {
		c := newClient(t, "")
		c.Fault(Fault{On: "any", Do: Action{StatusWord: word, NoDetails: true}})
		run := c.trigger(trigger)
		for _, path := range []string{trigger, trigger + "/" + run} {
			text := c.get(path).text
			if !strings.Contains(text, `"detail_status":null`) || strings.Contains(text, `"Asks"`) || word != "" && !strings.Contains(text, `"status":"passed"`) {
				t.Errorf("%s: %s", path, text)
			}
		}
		if text := c.get(testsPath + "/" + booking).text; strings.Contains(text, "detail_status") {
			t.Error(text)
		}
	}
}
