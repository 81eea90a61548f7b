package acceptance

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// api sends requests to the simulator's server, past the client, and holds each exchange against the documents.
type api struct {
	t        *testing.T
	server   string
	recorder *recorder
}

func newAPI(t *testing.T, sim *simulator.Simulator) api {
	t.Helper()
	server := "http://" + serve(t, sim) + "/v2"
	network := &http.Transport{}
	t.Cleanup(network.CloseIdleConnections)
	return api{t: t, server: server, recorder: newRecorder(t, server, network)}
}

// ask is a request; headers are added to those that every good request has, or take their place. A value of "" leaves
// one out.
type ask struct {
	method, path, body string
	headers            map[string]string
	status             int  // the answer it must have
	bad                bool // the documents must refuse the request as well
}

func get(path string, status int) ask { return ask{method: http.MethodGet, path: path, status: status} }

func post(path, body string, status int) ask {
	return ask{method: http.MethodPost, path: path, body: body, status: status}
}

// refused is the same request where the documents refuse it too.
func (a ask) refused() ask {
	a.bad = true
	return a
}

func (a ask) with(header, value string) ask {
	headers := maps.Clone(a.headers)
	if headers == nil {
		headers = map[string]string{}
	}
	headers[header] = value
	a.headers = headers
	return a
}

// do sends the request and returns the exchange. It reports an answer of another status, an answer that the documents
// do not describe, and a request on which the documents and the table disagree.
func (a api) do(q ask) exchange {
	a.t.Helper()
	x, _, err := exchangeOver(a.recorder.next, a.request(q))
	if err != nil {
		a.t.Fatalf("%s %s: %v", q.method, q.path, err)
	}
	if x.status != q.status {
		a.t.Errorf("%s %s %s: status %d, want %d: %.300s", q.method, q.path, q.body, x.status, q.status, x.answer)
	}
	f := a.recorder.docs.inspect(x)
	switch {
	case q.bad && f.request == nil:
		a.t.Errorf("%s %s %s: the documents describe this request, although it is here as one that they do not", q.method, q.path, q.body)
	case !q.bad && f.request != nil:
		a.t.Errorf("%s %s %s: request: %v", q.method, q.path, q.body, f.request)
	case q.bad && x.status/100 != 4:
		a.t.Errorf("%s %s %s: the documents refuse it, the simulator answers %d: %v", q.method, q.path, q.body, x.status, f.request)
	}
	a.recorder.recordAnswer(x, f)
	return x
}

func (a api) request(q ask) *http.Request {
	a.t.Helper()
	var body io.Reader
	if q.body != "" {
		body = strings.NewReader(q.body)
	}
	req, err := http.NewRequestWithContext(a.t.Context(), q.method, a.server+q.path, body)
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+testKey)
	req.Header.Set("Accept", "application/json")
	if q.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range q.headers {
		req.Header.Set(name, value)
		if value == "" {
			req.Header.Del(name)
		}
	}
	return req
}

// field returns a string of the answer's object.
func (x exchange) field(t *testing.T, name string) string {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal(x.answer, &object); err != nil {
		t.Fatalf("%v: %v: %.300s", x, err, x.answer)
	}
	text, _ := object[name].(string)
	if text == "" {
		t.Fatalf("%v: no %s in the answer: %.300s", x, name, x.answer)
	}
	return text
}
