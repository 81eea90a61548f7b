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

// Simulator plays a World over HTTP. What state a run is in follows from the
// time since its creation, so nothing happens between requests: no goroutine,
// no timer. It is safe for concurrent use.
type Simulator struct {
	world  World
	routes []route
	seed   uuid.UUID

	mu            sync.Mutex // held while an answer is worked out, never while waiting
	order         []*test
	tests         map[string]*test
	suites        []string
	assistants    map[string]*assistant
	reception     *assistant // who answers destinations that are no assistant
	runs          []*run
	suiteRuns     map[string][]*run
	suiteTriggers map[string]int
	conversations map[string]*run
	records       map[recordKey]*record
	window        window
	faults        []*armed
}

// Option changes a Simulator under construction.
type Option func(*Simulator)

// WithSeed makes run, suite-run and conversation ids a function of the seed and
// of what is triggered, whatever the order between tests.
func WithSeed(seed string) Option {
	return func(s *Simulator) { s.seed = uuid.NewSHA1(uuid.NameSpaceOID, []byte(seed)) }
}

// New makes a Simulator of a world, which must not be changed afterwards. It
// panics on a world that Validate refuses.
func New(w World, opts ...Option) *Simulator {
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
		opts = append([]Option{WithSeed(w.Seed)}, opts...)
	}
	for _, opt := range opts {
		opt(s)
	}
	s.settle()
	return s
}

// settle indexes the world.
func (s *Simulator) settle() {
	for i, a := range s.world.Assistants {
		s.assistants[a.ID] = newAssistant(a)
		if i == 0 {
			s.reception = s.assistants[a.ID]
		}
	}
	for _, t := range s.world.Tests {
		entry := &test{Test: t, made: map[string]int{}}
		s.order = append(s.order, entry)
		s.tests[t.ID] = entry
		if _, known := s.suiteRuns[t.Suite]; t.Suite != "" && !known {
			s.suites = append(s.suites, t.Suite)
			s.suiteRuns[t.Suite] = nil
		}
	}
	for _, f := range s.world.Faults {
		s.faults = append(s.faults, &armed{Fault: f})
	}
}

// newID derives an id from the seed.
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
	answer, executed := s.unexecuted(do)
	if !executed {
		answer = s.answer(c, do)
	}
	wait(r.Context(), do.Delay)
	if do.Drop == dropAfter {
		panic(http.ErrAbortHandler)
	}
	answer = s.spoil(answer, c.endpoint(), do)
	answer.header.Set("Date", s.now().UTC().Format(http.TimeFormat))
	send(w, answer)
}

// now is the time by the clock of the world.
func (s *Simulator) now() time.Time { return time.Now().Add(s.world.Clock) }

// read takes the body in whole, so that a server notices when the client leaves.
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

// wait lets time pass, or ends the request when its client has left.
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

// answer executes a request as the API would.
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
		r = s.refuse(asRefusal(err))
	}
	for name, values := range limits {
		r.header[name] = values
	}
	if c.route == nil && len(c.allow) > 0 && r.status == http.StatusMethodNotAllowed {
		r.header.Set("Allow", strings.Join(c.allow, ", "))
	}
	return r
}

// admit checks the key, the rate and the path, in this order. The headers it
// returns belong on every answer.
func (s *Simulator) admit(c *call) (http.Header, error) {
	scheme, key, _ := strings.Cut(c.header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || subtle.ConstantTimeCompare([]byte(key), []byte(s.world.APIKey)) != 1 {
		return nil, &refusal{
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

// handle runs the operation and writes its success.
func (s *Simulator) handle(c *call) (reply, error) {
	value, err := c.route.handle(s, c)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(c.route.success, value), nil
}

func asRefusal(err error) *refusal {
	var r *refusal
	if errors.As(err, &r) {
		return r
	}
	panic(fmt.Sprintf("simulator: %v", err))
}

// send writes an answer in one piece, or breaks off in its middle.
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
		// Without a flush the server would drop what it has buffered.
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}
