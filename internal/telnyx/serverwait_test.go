package telnyx

import (
	"net/http"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
)

var answeredAt = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestRetryAfter(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"":                                0,
		"0":                               0,
		"7":                               7 * time.Second,
		" 7 ":                             7 * time.Second,
		"1.5":                             1500 * time.Millisecond,
		"60":                              60 * time.Second,
		"61":                              60 * time.Second,
		"3600":                            60 * time.Second,
		"9223372037":                      60 * time.Second,
		"99999999999999999999999999":      60 * time.Second,
		"1e400":                           60 * time.Second,
		"Inf":                             60 * time.Second,
		"-1":                              0,
		"-Inf":                            0,
		"-1e400":                          0,
		"NaN":                             0,
		"soon":                            0,
		"7s":                              0,
		"7, 8":                            0,
		"Sun, 22 Nov 2026 12:00:30 GMT":   30 * time.Second,
		"Sunday, 22-Nov-26 12:00:30 GMT":  30 * time.Second,
		"Sun Nov 22 12:00:30 2026":        30 * time.Second,
		"Sun, 22 Nov 2026 11:00:00 GMT":   0,
		"Sun, 22 Nov 2026 13:00:00 GMT":   60 * time.Second,
		"Fri, 31 Dec 9999 23:59:59 GMT":   60 * time.Second,
		"Mon, 01 Jan 0001 00:00:00 GMT":   0,
		"Sun, 22 Nov 2026 12:00:30 +0200": 0,
	} {
		if got := retryAfter(value, answeredAt); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
}

func TestServerWait(t *testing.T) {
	date := answeredAt.Format(http.TimeFormat)
	for name, tc := range map[string]struct {
		status int
		header http.Header
		want   time.Duration
	}{
		"date by the answer's own clock":  {503, http.Header{"Date": {date}, "Retry-After": {"Sun, 22 Nov 2026 12:00:05 GMT"}}, 5 * time.Second},
		"epoch by the answer's own clock": {429, http.Header{"Date": {date}, "X-Ratelimit-Reset": {"1795348809"}}, 9 * time.Second},
		"epoch in the past":               {429, http.Header{"Date": {date}, "X-Ratelimit-Reset": {"1640995200"}}, 0},
		"seconds":                         {429, http.Header{"X-Ratelimit-Reset": {"30"}}, 30 * time.Second},
		"many seconds":                    {429, http.Header{"X-Ratelimit-Reset": {"900000"}}, 60 * time.Second},
		"garbage":                         {429, http.Header{"X-Ratelimit-Reset": {"x"}, "Retry-After": {"y"}}, 0},
		"reset without 429":               {200, http.Header{"X-Ratelimit-Reset": {"30"}}, 0},
		"nothing":                         {429, nil, 0},
	} {
		if got := serverWait(tc.status, tc.header); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

func FuzzServerWait(f *testing.F) {
	f.Add("7", "30", "")
	f.Add("9223372037", "1640995200", "Sun, 22 Nov 2026 12:00:30 GMT")
	f.Add("Sun, 22 Nov 2026 12:00:30 GMT", "-1", "Mon, 01 Jan 0001 00:00:00 GMT")
	f.Add("NaN", "Inf", "1e400")
	f.Fuzz(func(t *testing.T, after, reset, date string) {
		fuzzing.Bound(t)
		h := http.Header{"Retry-After": {after}, "X-Ratelimit-Reset": {reset}, "Date": {date}, "X-Ratelimit-Limit": {reset}, "X-Ratelimit-Remaining": {"0"}}
		p := NewPacer()
		p.Observe(time.Now(), 429, h)
		p.Observe(time.Now(), 200, h)
		if wait := serverWait(429, h); wait < 0 || wait > longestPause || p.Paused() > longestPause || p.Paused() < 0 {
			t.Fatalf("%q %q %q: wait %s, pause %s", after, reset, date, wait, p.Paused())
		}
		if !(p.ceiling >= minRate && p.ceiling <= maxRate) {
			t.Fatalf("ceiling %f", p.ceiling)
		}
	})
}
