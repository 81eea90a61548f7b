package simulator

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// headerName is the form of a header name (RFC 9110, 5.6.2).
var headerName = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

func (c *check) fault(path string, f Fault, w World) {
	known := append(endpoints(), onAny)
	if !slices.Contains(known, f.On) {
		c.add(path+".on", "%q is none of %s", f.On, strings.Join(known, ", "))
	}
	if f.Match != "" && !w.has(f.Match) {
		c.add(path+".match", "%q names no test, suite, assistant or version of this world", f.Match)
	}
	if f.Times < 0 {
		c.add(path+".times", "%d is negative", f.Times)
	}
	if f.After < 0 {
		c.add(path+".after", "%d is negative", f.After)
	}
	c.action(path+".do", f.Do)
	if lists := listFaults()[f.Do.Body]; lists != nil && f.On != onAny && !slices.Contains(lists, f.On) {
		c.add(path+".do.body", "%s is for %s (or %s), not for %q", f.Do.Body, strings.Join(lists, ", "), onAny, f.On)
	}
}

// has reports whether a test, suite, assistant or version has that id or name.
func (w World) has(name string) bool {
	for _, t := range w.Tests {
		if name == t.ID || name == t.Name || name == t.Suite {
			return true
		}
	}
	for _, a := range w.Assistants {
		if name == a.ID || slices.ContainsFunc(a.Versions, func(v Version) bool { return v.ID == name }) {
			return true
		}
	}
	return false
}

func (c *check) action(path string, a Action) {
	c.errorStatus(path+".status", a.Status)
	c.errorStatus(path+".status_after", a.StatusAfter)
	c.oneOf(path+".drop", a.Drop, dropBefore, dropAfter)
	c.oneOf(path+".body", a.Body, bodyTruncated, bodyHTML, bodyEmpty, bodyNotJSON, bodyHuge, bodyOtherRun, bodyOtherTest,
		bodyOtherVersion, bodyEdited, bodyDoubled, bodyLost, bodyShort, bodyMoved, bodyFirstPage, bodyWrongPage, bodyWrongTotal,
		bodyEndless, bodyUnfiltered)
	c.duration(path+".hang", a.Hang)
	c.duration(path+".delay", a.Delay)
	if a.StatusWord != "" && !isStatus(a.StatusWord) {
		c.add(path+".status_word", "%q is not a status word: letters, digits, hyphens and underscores, at most 64", a.StatusWord)
	}
	if _, err := url.Parse(a.Redirect); err != nil {
		c.add(path+".redirect", "is not a URL: %v", err)
	}
	c.oneAction(path, a)
}

func (c *check) errorStatus(path string, status int) {
	if status != 0 && (status < 400 || status > 599) {
		c.add(path, "%d is not between 400 and 599", status)
	}
}

func (c *check) oneAction(path string, a Action) {
	answers := a.Status != 0 || a.StatusAfter != 0
	count := 0
	for _, given := range []bool{
		a.Status != 0, a.StatusAfter != 0, a.Drop != "", a.Hang != 0,
		a.Body != "" && !answers, a.StatusWord != "" || a.NoDetails, a.Redirect != "",
	} {
		if given {
			count++
		}
	}
	if count > 1 {
		c.add(path, "has %d actions, which exclude each other", count)
	}
	if count == 0 && a.Delay == 0 {
		c.add(path, "does nothing; give status, status_after, drop, hang, delay, body, status_word, no_details or redirect")
	}
	if !answers && (a.Code != "" || a.Detail != "" || len(a.Headers) > 0) {
		c.add(path, "code, detail and headers are allowed only with status or status_after")
	}
	for _, name := range slices.Sorted(maps.Keys(a.Headers)) {
		if !headerName.MatchString(name) || strings.ContainsAny(a.Headers[name], "\r\n\x00") {
			c.add(path+".headers", "%q cannot be sent as a header", name)
		}
	}
}
