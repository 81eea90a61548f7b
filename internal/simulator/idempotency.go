package simulator

import (
	"crypto/sha256"
	"net/http"
	"regexp"
	"time"
)

// replayFor is how long a successful answer is replayed (Idempotency-Key
// parameter of the Telnyx SDKs, 2026-08-21).
const replayFor = 24 * time.Hour

// keyForm is the form of a key by the API reference. The general page on
// idempotency also allows colons; the stricter of the two is enforced.
var keyForm = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

const maxKey = 255

// recordKey identifies an operation. Only one account is simulated, so the
// organization is not part of it.
type recordKey struct {
	key, method, path string
}

// record is a keyed request that was executed.
type record struct {
	request [sha256.Size]byte // hash of query and body, which a retry must repeat exactly
	readyAt time.Time         // until then the request counts as in progress
	expires time.Time
	answer  reply
	runs    []*run
}

// execute runs an operation once per key.
func (s *Simulator) execute(c *call, do Action) (reply, error) {
	if !c.route.keyed || s.world.Idempotency == "ignored" {
		return s.handle(c)
	}
	key, given, err := keyOf(c.header)
	if err != nil {
		return reply{}, err
	}
	if !given {
		return s.handle(c)
	}
	id := recordKey{key, c.method, c.path}
	if known, ok := s.records[id]; ok && c.now.Before(known.expires) {
		return known.replay(c)
	}
	before := len(s.runs)
	answer, err := s.handle(c)
	if err != nil {
		return reply{}, err
	}
	made := &record{request: c.fingerprint(), readyAt: c.now.Add(do.Delay), answer: answer.clone(), runs: s.runs[before:len(s.runs):len(s.runs)]}
	made.expires = made.readyAt.Add(replayFor)
	if do.StatusAfter != 0 {
		// Only successes are replayed: after an error the key is free again.
		made.expires = made.readyAt
	}
	s.records[id] = made
	return answer, nil
}

// keyOf reads the header. It may be absent, but not empty, repeated or malformed.
func keyOf(h http.Header) (key string, given bool, err error) {
	values := h.Values("Idempotency-Key")
	if len(values) == 0 {
		return "", false, nil
	}
	if len(values) > 1 || len(values[0]) > maxKey || !keyForm.MatchString(values[0]) {
		return "", false, badRequest("The Idempotency-Key header must be given once and match ^[A-Za-z0-9_-]{1,255}$.")
	}
	return values[0], true, nil
}

func (c *call) fingerprint() [sha256.Size]byte {
	return sha256.Sum256([]byte(c.raw + "\n" + string(c.body)))
}

// replay answers a request whose key is known.
func (r *record) replay(c *call) (reply, error) {
	if c.fingerprint() != r.request {
		return reply{}, &apiError{
			status: http.StatusUnprocessableEntity, code: codeUnprocessable,
			detail: "The Idempotency-Key was already used with a different request.",
		}
	}
	if c.now.Before(r.readyAt) {
		return reply{}, &apiError{
			status: http.StatusConflict, code: codeInProgress,
			detail: "A request with the same Idempotency-Key is still being processed.",
		}
	}
	for _, run := range r.runs {
		run.replays++
	}
	answer := r.answer.clone()
	answer.header.Set("Idempotent-Replayed", "true")
	return answer, nil
}

func (r reply) clone() reply {
	r.header = r.header.Clone()
	return r
}
