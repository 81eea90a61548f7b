package telnyx

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// heard collects the events of patient look-ups.
type heard struct {
	mu   sync.Mutex
	errs []error
}

func (h *heard) hear(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.errs = append(h.errs, err)
}

// TestPatientLookup is sent until it has a usable answer, whatever came before, and each try is heard.
func TestPatientLookup(t *testing.T) {
	for name, bad := range map[string]func() (*http.Response, error){
		"503":                func() (*http.Response, error) { return reply(503, ""), nil },
		"silent name server": func() (*http.Response, error) { return nil, &net.DNSError{IsTimeout: true} },
	} {
		synctest.Test(t, func(t *testing.T) {
			const failures = 4 * maxTries
			next := &stubTransport{answer: func(n int, _ *http.Request) (*http.Response, error) {
				if n <= failures {
					return bad()
				}
				return reply(200, testJSON(testA, "greets")), nil
			}}
			var h heard
			if _, err := newClient(t, next).GetTest(WithPatience(t.Context(), h.hear), testA); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if len(h.errs) != failures+1 || h.errs[0] == nil || h.errs[failures] != nil {
				t.Errorf("%s: heard %d times: %v", name, len(h.errs), h.errs)
			}
		})
	}
}

// TestPatientLookupOfUnknownHost: a mistyped base-url is said at once. One more try, because name servers err for a moment.
func TestPatientLookupOfUnknownHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next := &stubTransport{answer: func(int, *http.Request) (*http.Response, error) { return nil, &net.DNSError{IsNotFound: true} }}
		var h heard
		_, err := newClient(t, next).GetTest(WithPatience(t.Context(), h.hear), testA)
		if !Hopeless(err) || len(h.errs) != 2 {
			t.Errorf("%v after %d tries", err, len(h.errs))
		}
	})
}

// TestPatientLookupRefused hears of the refusal and is not sent again.
func TestPatientLookupRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next := &stubTransport{answer: func(int, *http.Request) (*http.Response, error) { return reply(401, ""), nil }}
		var h heard
		_, err := newClient(t, next).GetTest(WithPatience(t.Context(), h.hear), testA)
		if KindOf(err) != KindUnauthorized || next.n.Load() != 1 || len(h.errs) != 1 || KindOf(h.errs[0]) != KindUnauthorized {
			t.Errorf("%v after %d tries, heard %v", err, next.n.Load(), h.errs)
		}
	})
}

// TestPatienceEndsWithItsContext, and what the context cuts short is not heard.
func TestPatienceEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next := &stubTransport{answer: func(n int, r *http.Request) (*http.Response, error) {
			if n == 1 {
				return reply(503, ""), nil
			}
			<-r.Context().Done()
			return nil, r.Context().Err()
		}}
		ended := errors.New("ended")
		ctx, cancel := context.WithTimeoutCause(t.Context(), 10*time.Second, ended)
		defer cancel()
		var h heard
		_, err := newClient(t, next).GetTest(WithPatience(ctx, h.hear), testA)
		if !errors.Is(err, ended) || len(h.errs) != 1 {
			t.Errorf("%v, heard %v", err, h.errs)
		}
	})
}

// TestPatientListThatContradictsItself is read until the context ends; none of its pages counts as a usable answer.
func TestPatientListThatContradictsItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		body := `{"data":[` + testJSON(testA, "x") + `],"meta":{"page_number":1,"page_size":100,"total_pages":1,"total_results":2}}`
		next := &stubTransport{answer: func(int, *http.Request) (*http.Response, error) { return reply(200, body), nil }}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var h heard
		_, err := newClient(t, next).ListTests(WithPatience(ctx, h.hear), TestFilter{})
		if err == nil || next.n.Load() < 2*maxListings || len(h.errs) < 5 {
			t.Fatalf("%v after %d tries, heard %d times", err, next.n.Load(), len(h.errs))
		}
		for _, err := range h.errs {
			if err == nil || !strings.Contains(err.Error(), "contradicted itself") {
				t.Errorf("heard %v", err)
			}
		}
	})
}
