package simulator

import (
	"net/http"
	"strconv"
	"time"
)

// window counts the requests of one span of time. It begins with the first
// request after the one before has ended.
type window struct {
	start time.Time
	used  int
}

// limit lets a request through or refuses it, and gives the headers that say so.
func (s *Simulator) limit(now time.Time) (http.Header, error) {
	rate := s.world.RateLimit
	if rate == nil {
		return nil, nil
	}
	per := rate.Per
	if per == 0 {
		per = time.Second
	}
	if now.Sub(s.window.start) >= per {
		s.window = window{start: now}
	}
	s.window.used++
	end := s.window.start.Add(per)
	refused := s.window.used > rate.Requests
	headers := rate.headers(now, end, max(rate.Requests-s.window.used, 0), refused)
	if !refused {
		return headers, nil
	}
	return headers, &refusal{
		status: http.StatusTooManyRequests, code: codeTooMany,
		detail: "You have exceeded the maximum number of allowed requests.",
	}
}

// headers are x-ratelimit ones on every answer, whose reset Telnyx's rate
// limiting page gives in seconds and its page on responses as Unix time; or a
// Retry-After on refusals alone; or none.
func (l *RateLimit) headers(now, end time.Time, remaining int, refused bool) http.Header {
	seconds := strconv.FormatInt(int64((end.Sub(now)+time.Second-1)/time.Second), 10)
	h := http.Header{}
	switch l.Headers {
	case "none":
		return h
	case "retry-after":
		if refused {
			h.Set("Retry-After", seconds)
		}
		return h
	case "epoch":
		seconds = strconv.FormatInt(end.Add(time.Second-1).Unix(), 10)
	}
	h.Set("X-Ratelimit-Limit", strconv.Itoa(l.Requests))
	h.Set("X-Ratelimit-Remaining", strconv.Itoa(remaining))
	h.Set("X-Ratelimit-Reset", seconds)
	return h
}
