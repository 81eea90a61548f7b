package simulator

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// The ids of smallWorld.
const (
	booking   = "00000000-0000-4000-8000-00000000000a"
	billing   = "00000000-0000-4000-8000-00000000000b"
	lonely    = "00000000-0000-4000-8000-00000000000c"
	desk      = "assistant-00000000-0000-4000-8000-000000000001"
	other     = "assistant-00000000-0000-4000-8000-000000000002"
	mainV     = "20261105T090000000001"
	candidate = "20261120T141500000002"

	testsPath = "/v2/ai/assistants/tests"
	trigger   = testsPath + "/" + booking + "/runs"
)

const smallWorld = `
seed: small
assistants:
  - id: assistant-00000000-0000-4000-8000-000000000001
    name: Desk
    versions:
      - {id: 20261105T090000000001, name: autumn, main: true}
      - {id: 20261120T141500000002, name: 3f9c2ab, instructions: newer}
    canary:
      - serve: {rollout: [{version_id: 20261120T141500000002, weight: 10}]}
  - id: assistant-00000000-0000-4000-8000-000000000002
    name: Other desk
    versions: [{id: only, main: true}]
tests:
  - id: 00000000-0000-4000-8000-00000000000a
    name: Books
    suite: Front / desk
    destination: assistant-00000000-0000-4000-8000-000000000001
    max_duration_seconds: 60
    instructions: Book something.
    rubric:
      - {name: Asks, criteria: It asks.}
      - {name: Confirms, criteria: It confirms.}
    runs:
      - queue: 4s
        duration: 40s
        ends: failed
        criteria: {Confirms: failed}
        transcript:
          - {role: user, text: Hello}
          - {role: assistant, tool_calls: [{name: find, arguments: {day: monday, n: 2}}]}
          - {role: tool, text: '{"slots":[]}'}
          - {role: assistant, text: Nothing free.}
      - {version: 20261120T141500000002, duration: 8s, ends: error}
      - {ends: passed}
  - id: 00000000-0000-4000-8000-00000000000b
    name: Bills
    suite: Front / desk
    channel: phone_call
    destination: "+13125550142"
    rubric: [{name: Explains, criteria: It explains.}]
    runs: [{ends: never}]
  - id: 00000000-0000-4000-8000-00000000000c
    name: Lonely
    rubric: [{name: Calm, criteria: It stays calm.}]
`

// world loads smallWorld with lines put in front of it.
func world(t testing.TB, lines string) World {
	t.Helper()
	w, err := Load([]byte(lines + "\n" + smallWorld))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// client asks a simulator in memory.
type client struct {
	t testing.TB
	*Simulator
}

func newClient(t testing.TB, lines string) client {
	return client{t, New(world(t, lines))}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	text   string
}

// try sends a request with the right key, and headers given as "Name: value".
func (c client) try(method, path, body string, headers ...string) (answer, error) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, "http://simulator"+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+DefaultKey)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		if req.Header.Del(name); value != "" {
			req.Header.Set(name, value)
		}
	}
	resp, err := c.Transport().RoundTrip(req)
	if err != nil {
		return answer{}, err
	}
	text, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(text)}, err
}

func (c client) do(method, path, body string, headers ...string) answer {
	c.t.Helper()
	a, err := c.try(method, path, body, headers...)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

func (c client) get(path string) answer {
	c.t.Helper()
	return c.do(http.MethodGet, path, "")
}

// want fails unless the answer has the status, and decodes its body.
func (a answer) want(t testing.TB, status int) map[string]any {
	t.Helper()
	if a.status != status {
		t.Fatalf("status is %d, want %d: %s", a.status, status, a.text)
	}
	if a.text == "" {
		return nil
	}
	var body map[string]any
	if err := json.Unmarshal([]byte(a.text), &body); err != nil {
		t.Fatalf("%v in %q", err, a.text)
	}
	return body
}

// trigger makes a run and returns its id.
func (c client) trigger(path string, headers ...string) string {
	c.t.Helper()
	return c.do(http.MethodPost, path, "", headers...).want(c.t, http.StatusCreated)["run_id"].(string)
}
