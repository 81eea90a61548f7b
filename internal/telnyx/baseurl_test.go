package telnyx

import (
	"net/url"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
)

func TestParseBaseURL(t *testing.T) {
	for given, want := range map[string]string{
		"https://api.telnyx.com/v2":          "https://api.telnyx.com/v2",
		" https://api.telnyx.com/v2// \n":    "https://api.telnyx.com/v2",
		"HTTPS://api.telnyx.com":             "https://api.telnyx.com",
		"https://api.telnyx.com:/v2":         "https://api.telnyx.com/v2",
		"https://proxy.example:8443/a/b/v2/": "https://proxy.example:8443/a/b/v2",
		"https://[2001:db8::1]:8443/v2":      "https://[2001:db8::1]:8443/v2",
		"http://localhost:8080/v2":           "http://localhost:8080/v2",
		"http://LOCALHOST":                   "http://LOCALHOST",
		"http://127.0.0.1:1/":                "http://127.0.0.1:1",
		"http://127.9.9.9/v2":                "http://127.9.9.9/v2",
		"http://[::1]:8080":                  "http://[::1]:8080",
	} {
		u, err := ParseBaseURL(given)
		if err != nil || u.String() != want {
			t.Errorf("%q: %v %v, want %s", given, u, err, want)
		}
	}
}

func TestParseBaseURLRefuses(t *testing.T) {
	for given, want := range map[string]string{
		"":                                  `""`,
		"api.telnyx.com/v2":                 `"api.telnyx.com/v2"`,
		"simulator":                         "missing",
		"https://":                          "missing",
		"https:api.telnyx.com":              "missing",
		"ftp://api.telnyx.com":              "neither",
		"file:///etc/passwd":                "missing",
		"http://api.telnyx.com/v2":          "in clear",
		"http://10.0.0.1/v2":                "in clear",
		"http://0.0.0.0/v2":                 "in clear",
		"http://localhost.evil.example/v2":  "in clear",
		"http://127.0.0.1.evil.example/v2":  "in clear",
		"https://api.telnyx.com/v2?":        "query",
		"https://api.telnyx.com/v2#":        "fragment",
		"https://api.telnyx.com/v2#x":       "fragment",
		"https://api.telnyx.com:0/v2":       "port",
		"https://api.telnyx.com:99999":      "port",
		"https://api.telnyx.com:http":       "not a URL",
		"https://api.telnyx.com/../v2":      "path",
		"https://api.telnyx.com/v2//x":      "path",
		"https://api.telnyx.com/v2%2f..":    "path",
		"https://api.telnyx.com/v2\x00":     "not a URL",
		"https://\x1b[31mapi.telnyx.com/v2": "not a URL",
	} {
		_, err := ParseBaseURL(given)
		if err == nil {
			t.Errorf("%q: accepted", given)
			continue
		}
		wantText(t, err.Error(), want, "use an https URL")
	}
}

func TestParseBaseURLHidesSecrets(t *testing.T) {
	for _, given := range []string{
		"https://hunter2@api.telnyx.com/v2",
		"https://user:hunter2@api.telnyx.com/v2",
		"https://user:hunter2@api.telnyx.com:99999/v2",
		"https://user:hun#hunter2@api.telnyx.com/v2",
		"https://user:hun?hunter2@api.telnyx.com/v2",
		"https://user:hun/hunter2@api.telnyx.com/v2",
		"https://user:a@hunter2@api.telnyx.com/v2",
		"https://user:hunter2 @api.telnyx.com/v2",
		"https://user:%zzhunter2@api.telnyx.com/v2",
		"user:hunter2@api.telnyx.com/v2",
		"https://api.telnyx.com/v2?api_key=hunter2",
		"https://api.telnyx.com/v2#hunter2",
		"KEY0123hunter2",
	} {
		_, err := ParseBaseURL(given)
		if err == nil {
			t.Errorf("%q: accepted", given)
			continue
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: shown in %q", given, err)
		}
	}
}

func FuzzParseBaseURL(f *testing.F) {
	for _, s := range []string{
		"https://api.telnyx.com/v2", "http://localhost:1/", "https://u:p@h", "http://[::1]/v2", "https://h/%2f", "a\x00", "http://[fe80::1%25lo]:1",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fuzzing.Bound(t)
		u, err := ParseBaseURL(s)
		if err != nil {
			if i := strings.LastIndex(err.Error(), " use an https URL "); i < 0 {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
			t.Fatalf("%q: %s", s, u)
		}
		if u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Host == "" || strings.HasSuffix(u.Path, "/") {
			t.Fatalf("%q: %#v", s, u)
		}
		again, err := url.Parse(u.String())
		if err != nil || again.Host != u.Host || again.Path != u.Path {
			t.Fatalf("%q: written as %q, read as %v %v", s, u, again, err)
		}
	})
}
