package simulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// route is one operation of the API.
type route struct {
	name    string // by which faults refer to it
	method  string
	pattern string
	success int
	keyed   bool // takes an Idempotency-Key
	handle  func(*Simulator, *call) (any, error)
}

// routes lists the operations (Telnyx OpenAPI 2026-07-16), literal paths before
// parameters that would match them too.
func routes() []route {
	const (
		tests      = "/ai/assistants/tests"
		suite      = tests + "/test-suites/{suite_name}/runs"
		runs       = tests + "/{test_id}/runs"
		assistant  = "/ai/assistants/{assistant_id}"
		version    = assistant + "/versions/{version_id}"
		canary     = assistant + "/canary-deploys"
		transcript = "/ai/conversations/{conversation_id}"
		ok         = http.StatusOK
	)
	return []route{
		{"tests", http.MethodGet, tests, ok, false, (*Simulator).listTests},
		{"suites", http.MethodGet, tests + "/test-suites", ok, false, (*Simulator).listSuites},
		{"suite-runs", http.MethodGet, suite, ok, false, (*Simulator).listSuiteRuns},
		{"suite-trigger", http.MethodPost, suite, http.StatusCreated, true, (*Simulator).triggerSuite},
		{"test", http.MethodGet, tests + "/{test_id}", ok, false, (*Simulator).getTest},
		{"runs", http.MethodGet, runs, ok, false, (*Simulator).listRuns},
		{"trigger", http.MethodPost, runs, http.StatusCreated, true, (*Simulator).triggerTest},
		{"run", http.MethodGet, runs + "/{run_id}", ok, false, (*Simulator).getRun},
		{"assistants", http.MethodGet, "/ai/assistants", ok, false, (*Simulator).listAssistants},
		{"assistant", http.MethodGet, assistant, ok, false, (*Simulator).getAssistant},
		{"update", http.MethodPost, assistant, ok, false, (*Simulator).updateAssistant},
		{"versions", http.MethodGet, assistant + "/versions", ok, false, (*Simulator).listVersions},
		{"version", http.MethodGet, version, ok, false, (*Simulator).getVersion},
		{"promote", http.MethodPost, version + "/promote", ok, false, (*Simulator).promote},
		{"canary", http.MethodGet, canary, ok, false, (*Simulator).getCanary},
		{"canary-delete", http.MethodDelete, canary, http.StatusNoContent, false, (*Simulator).deleteCanary},
		{"conversation", http.MethodGet, transcript, ok, false, (*Simulator).getConversation},
		{"messages", http.MethodGet, transcript + "/messages", ok, false, (*Simulator).listMessages},
	}
}

// endpoints are the names that a fault may use.
func endpoints() []string {
	var names []string
	for _, r := range routes() {
		names = append(names, r.name)
	}
	return names
}

// call is a request with its route.
type call struct {
	now    time.Time
	method string
	path   string // below /v2, still percent-encoded
	route  *route // nil: no such operation
	allow  []string
	params map[string]string
	query  url.Values
	raw    string // the query as sent
	header http.Header
	body   []byte
	list   string // the fault that applies to its list
}

func (c *call) endpoint() string {
	if c.route == nil {
		return ""
	}
	return c.route.name
}

// newCall routes a request. It removes the prefix /v2, so that the handler also
// works behind http.StripPrefix.
func (s *Simulator) newCall(r *http.Request, body []byte) *call {
	path := r.URL.EscapedPath()
	if rest, ok := strings.CutPrefix(path, "/v2/"); ok {
		path = "/" + rest
	}
	c := &call{method: r.Method, path: path, raw: r.URL.RawQuery, query: r.URL.Query(), header: r.Header, body: body}
	pattern := ""
	for i := range s.routes {
		candidate := &s.routes[i]
		if pattern != "" && candidate.pattern != pattern {
			continue
		}
		params, ok := match(candidate.pattern, path)
		if !ok {
			continue
		}
		pattern = candidate.pattern
		c.params = params
		c.allow = append(c.allow, candidate.method)
		if candidate.method == r.Method {
			c.route = candidate
		}
	}
	return c
}

// match extracts the parameters of a path. Each is decoded separately, so that %2F
// stays part of a suite name.
func match(pattern, path string) (map[string]string, bool) {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return nil, false
	}
	params := map[string]string{}
	for i, part := range want {
		value, err := url.PathUnescape(have[i])
		if err != nil {
			return nil, false
		}
		if name, ok := strings.CutPrefix(part, "{"); ok && value != "" {
			params[strings.TrimSuffix(name, "}")] = value
		} else if part != value {
			return nil, false
		}
	}
	return params, true
}

// unrouted explains why a request has no route.
func (c *call) unrouted() *apiError {
	if len(c.allow) == 0 {
		return notFound("there is no resource at " + c.path)
	}
	slices.Sort(c.allow)
	return &apiError{
		status: http.StatusMethodNotAllowed, code: codeBadRequest,
		detail: c.method + " is not offered here, only " + strings.Join(c.allow, ", "),
	}
}
