package safe

import "net/url"

// maxAddress bounds the address of a link, in bytes.
const maxAddress = 2000

// IsWebAddress reports whether a link may lead to s: the address of a web page, in the form in which browsers write it, that
// gives away no name or password.
func IsWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil &&
		u.String() == s && len(s) <= maxAddress && PlainLine(s, len(s)) == s
}
