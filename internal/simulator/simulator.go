package simulator

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// maxRequest bounds the body of a request, in bytes.
const maxRequest = 1 << 20

// Simulator is the API of a World. The state of a run follows from the time since
// its creation, so it needs no goroutine and no timer. It is safe for concurrent
// use.
type Simulator struct {
	world  World
	routes []route
	seed   uuid.UUID

	mu               sync.Mutex // held while a request is executed, never while waiting
	order            []*test
	tests            map[string]*test
	suites           []string
	assistants       map[string]*assistant
	defaultAssistant *assistant // answers for destinations that are not an assistant
	runs             []*run
	suiteRuns        map[string][]*run
	suiteTriggers    map[string]int
	conversations    map[string]*run
	records          map[recordKey]*record
	window           window
	faults           []*activeFault
}

// New returns a Simulator of a world, which must not be changed afterwards. It
// panics on a world that Validate refuses.
func New(w World) *Simulator {
	if err := w.Validate(); err != nil {
		panic(fmt.Sprintf("simulator: %v", err))
	}
	s := &Simulator{
		world: w, routes: routes(), seed: uuid.New(),
		tests: map[string]*test{}, assistants: map[string]*assistant{},
		suiteRuns: map[string][]*run{}, suiteTriggers: map[string]int{},
		conversations: map[string]*run{}, records: map[recordKey]*record{},
	}
	if s.world.APIKey == "" {
		s.world.APIKey = DefaultKey
	}
	if s.world.Speed == 0 {
		s.world.Speed = 1
	}
	if w.Seed != "" {
		s.seed = uuid.NewSHA1(uuid.NameSpaceOID, []byte(w.Seed))
	}
	s.index()
	return s
}

// index fills the maps of the simulator.
func (s *Simulator) index() {
	for i, a := range s.world.Assistants {
		s.assistants[a.ID] = newAssistant(a)
		if i == 0 {
			s.defaultAssistant = s.assistants[a.ID]
		}
	}
	for _, t := range s.world.Tests {
		entry := &test{Test: t, runCount: map[string]int{}}
		s.order = append(s.order, entry)
		s.tests[t.ID] = entry
		if _, known := s.suiteRuns[t.Suite]; t.Suite != "" && !known {
			s.suites = append(s.suites, t.Suite)
			s.suiteRuns[t.Suite] = nil
		}
	}
	for _, f := range s.world.Faults {
		s.faults = append(s.faults, &activeFault{Fault: f})
	}
}

// newID derives an id from the seed and its arguments, whatever the order in which
// different tests are triggered.
func (s *Simulator) newID(format string, args ...any) string {
	return uuid.NewSHA1(s.seed, fmt.Appendf(nil, format, args...)).String()
}

// ServeHTTP answers one request, at paths below /v2 or, behind
// http.StripPrefix, below the root.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := s.newCall(r, read(r))
	do := s.faultFor(c)
	c.list = do.Body
	wait(r.Context(), do.Hang)
	if do.Drop == dropBefore {
		panic(http.ErrAbortHandler)
	}
	answer, executed := s.immediateReply(do)
	if !executed {
		answer = s.answer(c, do)
	}
	wait(r.Context(), do.Delay)
	if do.Drop == dropAfter {
		panic(http.ErrAbortHandler)
	}
	answer = s.corrupt(answer, c.endpoint(), do)
	answer.header.Set("Date", s.now().UTC().Format(http.TimeFormat))
	send(w, answer)
}

// now is the time on the clock of the world.
func (s *Simulator) now() time.Time { return time.Now().Add(s.world.Clock) }

// read reads the whole body, so that the server notices when the client leaves.
func read(r *http.Request) []byte {
	if r.Body == nil {
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRequest+1))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return body
}

// wait waits, or aborts the request if its client leaves.
func wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		panic(http.ErrAbortHandler)
	}
}

// answer executes a request and returns the answer of the API.
func (s *Simulator) answer(c *call, do Action) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.now = s.now()
	limits, err := s.admit(c)
	var r reply
	if err == nil {
		r, err = s.execute(c, do)
	}
	if err != nil {
		r = s.errorReply(asAPIError(err))
	}
	for name, values := range limits {
		r.header[name] = values
	}
	if c.route == nil && len(c.allow) > 0 && r.status == http.StatusMethodNotAllowed {
		r.header.Set("Allow", strings.Join(c.allow, ", "))
	}
	return r
}

// admit checks the API key, the rate and the path, in this order. The headers it
// returns belong to every answer.
func (s *Simulator) admit(c *call) (http.Header, error) {
	scheme, key, _ := strings.Cut(c.header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || subtle.ConstantTimeCompare([]byte(key), []byte(s.world.APIKey)) != 1 {
		return nil, &apiError{
			status: http.StatusUnauthorized, code: codeAuthenticate,
			detail: "Could not find any usable credentials in the request.",
		}
	}
	limits, err := s.limit(c.now)
	if err == nil && c.route == nil {
		err = c.unrouted()
	}
	return limits, err
}

// handle runs the operation and encodes its success.
func (s *Simulator) handle(c *call) (reply, error) {
	value, err := c.route.handle(s, c)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(c.route.success, value), nil
}

func asAPIError(err error) *apiError {
	var r *apiError
	if errors.As(err, &r) {
		return r
	}
	panic(fmt.Sprintf("simulator: %v", err))
}

// send writes an answer, or breaks off in its middle.
func send(w http.ResponseWriter, r reply) {
	for name, values := range r.header {
		w.Header()[name] = values
	}
	if r.status != http.StatusNoContent {
		w.Header().Set("Content-Length", fmt.Sprint(len(r.body)))
	}
	body := r.body
	if r.cut {
		body = body[:len(body)/2]
	}
	w.WriteHeader(r.status)
	_, err := w.Write(body)
	if r.cut && err == nil {
		// Without a flush the server would discard its buffer.
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}
