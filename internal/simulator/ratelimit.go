package simulator

import (
	"net/http"
	"strconv"
	"time"
)

// window counts the requests of a period. It starts with the first request after
// the end of the previous window.
type window struct {
	start time.Time
	used  int
}

// limit accepts or refuses a request, and returns the rate limit headers.
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
	return headers, &apiError{
		status: http.StatusTooManyRequests, code: codeTooMany,
		detail: "You have exceeded the maximum number of allowed requests.",
	}
}

// headers returns the rate limit headers: x-ratelimit on every answer, Retry-After
// on refusals only, or none. The reset is in seconds by Telnyx's page on rate
// limiting, and Unix time by its page on responses.
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
