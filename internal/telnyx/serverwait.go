package telnyx

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// longestPause limits how long one answer can make the client wait.
const longestPause = 60 * time.Second

// epochFrom: below it, x-ratelimit-reset is "seconds until" (Telnyx's rate-limiting guide), from it on a Unix time (the example in its
// request-and-response guide). A million seconds are eleven days.
const epochFrom = 1e6

// serverWait returns how long an answer asks to wait, 0 to 60 s: by Retry-After and, if it is a 429, by
// x-ratelimit-reset, whichever is longer.
func serverWait(status int, h http.Header) time.Duration {
	now := answerTime(h)
	wait := retryAfter(h.Get("Retry-After"), now)
	if status == http.StatusTooManyRequests {
		wait = max(wait, clampPause(untilReset(h, now)))
	}
	return wait
}

// answerTime returns when the answer was made, by its own Date, so that a wrong local clock does not matter; without a Date, now.
func answerTime(h http.Header) time.Time {
	if date := dateOf(h); !date.IsZero() {
		return date
	}
	return time.Now()
}

// dateOf returns an answer's Date; zero if it is missing or unreadable.
func dateOf(h http.Header) time.Time {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return date
}

// retryAfter reads the header Retry-After: seconds, or a date. The result is 0 to 60 s; 0 if it makes no sense.
func retryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if date, err := http.ParseTime(value); err == nil {
		return clampPause(date.Sub(now).Seconds())
	}
	return clampPause(parseSeconds(value))
}

// untilReset reads x-ratelimit-reset: the seconds until the limit resets; 0 if it makes no sense.
func untilReset(h http.Header, now time.Time) float64 {
	seconds := parseSeconds(strings.TrimSpace(h.Get("X-Ratelimit-Reset")))
	if seconds > epochFrom {
		seconds -= float64(now.Unix())
	}
	return max(seconds, 0)
}

// parseSeconds returns a number that is not negative; one out of range is infinite.
func parseSeconds(value string) float64 {
	seconds, err := strconv.ParseFloat(value, 64)
	if math.IsNaN(seconds) || seconds < 0 || err != nil && !math.IsInf(seconds, 1) {
		return 0
	}
	return seconds
}

func clampPause(seconds float64) time.Duration {
	bounded := min(max(seconds, 0), longestPause.Seconds())
	return time.Duration(bounded * float64(time.Second))
}
