package telnyx

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/secret"
)

// acceptedBaseURL ends every error about a base URL.
const acceptedBaseURL = "use an https URL without user, query and fragment, such as https://api.telnyx.com/v2; " +
	"http only for localhost, 127.0.0.0/8 and ::1"

// ParseBaseURL parses the root of the API: https, or http for a loopback host (127.0.0.0/8, ::1, localhost); no user
// info, no query, no fragment. It drops slashes at the end. The error shows what was given, without user info or query, and
// what to use.
func ParseBaseURL(s string) (*url.URL, error) {
	s = strings.TrimSpace(s)
	problem := func(what string) error {
		return fmt.Errorf("base URL %s: %s: %s", showURL(s), what, acceptedBaseURL)
	}
	u, err := url.Parse(s)
	if err != nil {
		return nil, problem("not a URL") // url's own error would quote it whole
	}
	if err := checkBaseURL(u, s); err != nil {
		return nil, problem(err.Error())
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = ""
	u.Scheme = strings.ToLower(u.Scheme)
	u.Host = strings.TrimSuffix(u.Host, ":")
	return u, nil
}

func checkBaseURL(u *url.URL, given string) error {
	host := u.Hostname()
	switch {
	case u.Scheme == "" || u.Opaque != "" || host == "":
		return errors.New("scheme or host is missing")
	case u.Scheme != "https" && u.Scheme != "http":
		return errors.New("the scheme is neither https nor http")
	case u.User != nil:
		return errors.New("it contains a user or password")
	case u.RawQuery != "" || strings.Contains(given, "?"):
		return errors.New("it has a query")
	case u.Fragment != "" || strings.Contains(given, "#"):
		return errors.New("it has a fragment")
	case u.Scheme == "http" && !loopback(host):
		return errors.New("http would send the API key in clear")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return errors.New("the port is not one of 1 to 65535")
		}
	}
	trimmed := strings.TrimRight(u.Path, "/")
	if u.RawPath != "" || trimmed != "" && path.Clean(trimmed) != trimmed {
		return errors.New("its path contains dot segments, double slashes or encoded slashes")
	}
	return nil
}

// loopback reports whether requests to host cannot leave this machine.
func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// beforeAt matches everything up to the last @ except a scheme: the possible user info of a text that may not even be a URL.
var beforeAt = regexp.MustCompile(`(?s)^([A-Za-z][A-Za-z0-9+.-]*://)?.*@`)

// showURL quotes what was given as a URL, shortened and without possible secrets.
func showURL(s string) string {
	if strings.HasPrefix(s, "KEY") { // Telnyx's API keys start like this: the two inputs were mixed up
		return `"KEY` + secret.Placeholder + `"`
	}
	s = beforeAt.ReplaceAllString(s, "${1}"+secret.Placeholder+"@")
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		s = s[:i+1] + secret.Placeholder
	}
	return strconv.Quote(clip(s, 200))
}

// IsReal reports whether a base URL is Telnyx's own, rather than that of a simulator, a mock or a proxy.
func IsReal(base string) bool {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "https" {
		return false
	}
	host := strings.ToLower(u.Hostname())
	return host == "telnyx.com" || strings.HasSuffix(host, ".telnyx.com")
}
