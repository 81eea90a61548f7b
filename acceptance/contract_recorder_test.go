package acceptance

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// recorder is a RoundTripper that holds every exchange against the documents.
type recorder struct {
	docs   documents
	server string // root of the API that every request must go to
	next   http.RoundTripper

	mu         sync.Mutex
	validated  map[string]int // exchanges without a departure, by operation and status
	successful map[string]int // of these, those of status 2xx, by operation
	departures []string
}

// newRecorder returns a recorder, or skips the test where there is no document.
func newRecorder(t *testing.T, server string, next http.RoundTripper) *recorder {
	t.Helper()
	return &recorder{
		docs: loadDocuments(t), server: server, next: next,
		validated: map[string]int{}, successful: map[string]int{},
	}
}

// RoundTrip sends the request on and checks it with its answer.
func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	if !strings.HasPrefix(req.URL.String(), r.server+"/") {
		r.depart(fmt.Sprintf("%s %s is for another server than %s", req.Method, req.URL, r.server))
	}
	x, resp, err := exchangeOver(r.next, req)
	if err != nil {
		r.depart(fmt.Sprintf("%s %s had no answer: %v", req.Method, req.URL, err))
		return nil, err
	}
	r.record(x)
	return resp, nil
}

// exchangeOver sends a request and reads both sides whole.
func exchangeOver(next http.RoundTripper, req *http.Request) (exchange, *http.Response, error) {
	x := exchange{method: req.Method, url: req.URL, header: req.Header}
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		_ = req.Body.Close() // it is read, nothing can be lost
		if err != nil {
			return x, nil, err
		}
		x.body = body
		req = req.Clone(req.Context())
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	resp, err := next.RoundTrip(req)
	if err != nil {
		return x, nil, err
	}
	answer, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close() // likewise
	if err != nil {
		return x, nil, err
	}
	x.status, x.answerHeader, x.answer = resp.StatusCode, resp.Header.Clone(), answer
	resp.Body = io.NopCloser(bytes.NewReader(answer))
	return x, resp, nil
}

// record checks an exchange both sides of which must be as described.
func (r *recorder) record(x exchange) {
	f := r.docs.inspect(x)
	if f.request != nil {
		r.depart(fmt.Sprintf("%v: request: %v", x, f.request))
	}
	r.recordAnswer(x, f)
}

func (r *recorder) recordAnswer(x exchange, f findings) {
	if f.answer != nil {
		r.depart(fmt.Sprintf("%v: answer: %v", x, f.answer))
	}
	if f.request == nil && f.answer == nil {
		r.count(x, f.operation)
	}
}

func (r *recorder) count(x exchange, operation string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.validated[fmt.Sprintf("%s %d", operation, x.status)]++
	if x.status/100 == 2 {
		r.successful[operation]++
	}
}

func (r *recorder) depart(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.departures = append(r.departures, text)
}

// verify fails the test where an exchange departed from the documents, or where one of the operations was never
// answered with a success.
func (r *recorder) verify(t *testing.T, operations ...string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, text := range r.departures {
		t.Error(text)
	}
	for _, operation := range operations {
		if r.successful[operation] == 0 {
			t.Errorf("no success of %s was validated", operation)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.validated)) {
		t.Logf("%4d x %s", r.validated[name], name)
	}
}

// verifyAnswered fails the test where no exchange of this operation and status was validated.
func (r *recorder) verifyAnswered(t *testing.T, operation string, status int) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.validated[fmt.Sprintf("%s %d", operation, status)] == 0 {
		t.Errorf("no answer of status %d to %s was validated", status, operation)
	}
}
