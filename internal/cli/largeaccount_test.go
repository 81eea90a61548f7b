package cli

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// largeAccount answers like an account with many tests of one assistant, each with long texts. It makes each page when it is asked
// for, and measures how much memory the program holds then.
type largeAccount struct {
	tests int
	mu    sync.Mutex
	asked []url.URL
	held  uint64 // most bytes in use at any request
}

const (
	largeAssistant = "assistant-00000000-0000-4000-8000-00000000000a"
	largeText      = 6000 // bytes of the texts of each test
)

func (l *largeAccount) RoundTrip(req *http.Request) (*http.Response, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	l.held = max(l.held, memory.HeapAlloc)
	l.asked = append(l.asked, *req.URL)
	body := fmt.Sprintf(`{"id": %q, "name": "Shop", "version_id": "v1", "created_at": "2026-01-01T00:00:00Z", "model": "m", "instructions": "i"}`, largeAssistant)
	if strings.HasSuffix(req.URL.Path, "/tests") {
		body = l.page(req.URL.Query())
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
}

func (l *largeAccount) page(query url.Values) string {
	number, _ := strconv.Atoi(query.Get("page[number]"))
	size, _ := strconv.Atoi(query.Get("page[size]"))
	var rows []string
	for i := (number - 1) * size; i < min(number*size, l.tests); i++ {
		rows = append(rows, fmt.Sprintf(`{"test_id": "00000000-0000-4000-8000-%012d", "name": "Test %d", "telnyx_conversation_channel": "web_chat", "destination": %q, "instructions": %q, "rubric": [{"name": "Any", "criteria": "Anything."}]}`,
			i, i, query.Get("destination"), strings.Repeat("x", largeText)))
	}
	return fmt.Sprintf(`{"data": [%s], "meta": {"total_pages": %d, "total_results": %d, "page_number": %d, "page_size": %d}}`,
		strings.Join(rows, ","), (l.tests+size-1)/size, l.tests, number, size)
}

// TestTestNamesInALargeAccount: a selection from 10,000 tests takes one request for each 100 of them, and no more memory than the tests
// that may run and the pages under way. From 20 requests a second on, which is where a Pacer starts, that is less than 5 s.
func TestTestNamesInALargeAccount(t *testing.T) {
	for _, tt := range []struct {
		pattern string
		code    int
		says    string
	}{
		{"Test 77*", 0, "99 tests on version v1"},
		{"*", 2, "9000 tests need 9000 first runs but max-runs is 200"},
	} {
		synctest.Test(t, func(t *testing.T) { checkLargeAccount(t, tt.pattern, tt.code, tt.says) })
	}
}

func checkLargeAccount(t *testing.T, pattern string, code int, says string) {
	const tests, most = 10_000, 24 << 20
	account := &largeAccount{tests: tests}
	env := vars{"TELNYX_API_KEY": "KEY1_secret"}.environment(nil)
	var output bytes.Buffer
	start := time.Now()
	args := []string{"plan", "--version-id", "v1", "--assistant-id", largeAssistant, "--test-names", pattern, "--test-names", "!*7"}
	got := Main(t.Context(), Process{Args: args, Lookup: env.Lookup, Environ: env.Environ, Stdout: &output, Stderr: &output, Transport: account})
	took, lists := time.Since(start), 0
	for _, u := range account.asked {
		if query := u.Query(); strings.HasSuffix(u.Path, "/tests") && query.Get("destination") == largeAssistant && query.Get("page[size]") == "100" {
			lists++
		}
	}
	if got != code || !strings.Contains(output.String(), says) {
		t.Errorf("%s: exit %d: %.2000s", pattern, got, &output)
	}
	if lists != tests/100 || len(account.asked) > lists+2 || took >= 5*time.Second || account.held > most {
		t.Errorf("%s: %d of %d requests for the list, in %s, %d MiB held", pattern, lists, len(account.asked), took, account.held>>20)
	}
	t.Logf("%s: %d requests in %s, %d MiB held at most", pattern, len(account.asked), took, account.held>>20)
}
