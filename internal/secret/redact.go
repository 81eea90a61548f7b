// Package secret takes keys out of text, bytes and streams.
package secret

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"html"
	"net/url"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/report/safe"
)

// shortestSecret is how many bytes a secret has at least: what is shorter occurs in ordinary text.
const shortestSecret = 4

// Placeholder stands where a secret was.
const Placeholder = "[redacted]"

// Redactor takes secrets out of what is written. A nil Redactor, and one without secrets, changes nothing. It may be used
// from several goroutines at the same time.
type Redactor struct {
	Forms   [][]byte // what is replaced, the longest first; none holds a line end
	texts   []string // the same
	longest int
}

// New takes the secrets that must never be written. Each is found as it is, escaped for URLs, JSON, HTML and XML,
// and in base64: alone, and from 7 bytes on also inside a longer text, as in an Authorization header of the Basic scheme.
// Each line of a secret is a secret; those of fewer than 4 bytes are ignored.
func New(secrets ...string) *Redactor {
	r := &Redactor{}
	seen := map[string]bool{}
	for _, secret := range secrets {
		for _, line := range strings.FieldsFunc(secret, func(c rune) bool { return c == '\n' || c == '\r' }) {
			for _, form := range secretForms(strings.TrimSpace(line)) {
				if !seen[form] {
					seen[form] = true
					r.Forms = append(r.Forms, []byte(form))
				}
			}
		}
	}
	slices.SortStableFunc(r.Forms, func(a, b []byte) int { return cmp.Compare(len(b), len(a)) })
	for _, form := range r.Forms {
		r.texts = append(r.texts, string(form))
	}
	if len(r.Forms) > 0 {
		r.longest = len(r.Forms[0])
	}
	return r
}

// secretForms are the ways in which a secret of one line can stand in a document.
func secretForms(s string) []string {
	if len(s) < shortestSecret {
		return nil
	}
	forms := []string{s, html.EscapeString(s), xmlEscaped(s)}
	for _, form := range jsonEscaped(s) {
		forms = append(append(forms, form), jsonEscaped(form)...) // JSON may stand in a string of JSON, or be quoted by Go
	}
	for _, escaped := range []string{url.QueryEscape(s), url.PathEscape(s), strings.ReplaceAll(url.QueryEscape(s), "+", "%20")} {
		forms = append(forms, escaped, lowerHex(escaped))
	}
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		forms = append(forms, e.EncodeToString([]byte(s)))
	}
	return append(forms, insideBase64(s)...)
}

// insideBase64 is what base64 makes of s inside a longer text, whatever stands before and after it: the characters that
// s alone decides, for each of the three ways in which s can lie on the groups of three bytes.
func insideBase64(s string) []string {
	var forms []string
	for shift := range 3 {
		text := append(make([]byte, shift), s...)
		from, to := (shift*8+5)/6, len(text)*8/6
		if to-from < 2*shortestSecret {
			continue // too little to be told from other text
		}
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			forms = append(forms, e.EncodeToString(text)[from:to])
		}
	}
	return forms
}

func xmlEscaped(s string) string {
	var b strings.Builder
	if xml.EscapeText(&b, []byte(s)) != nil { // a strings.Builder takes everything
		return s
	}
	return b.String()
}

// jsonEscaped is s inside a JSON string, with and without the escapes for HTML.
func jsonEscaped(s string) []string {
	var forms []string
	for _, forHTML := range []bool{true, false} {
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(forHTML)
		if e.Encode(s) == nil {
			text := strings.TrimSuffix(b.String(), "\n")
			text = text[1 : len(text)-1]
			forms = append(forms, text, strings.ReplaceAll(text, "/", `\/`))
		}
	}
	return forms
}

// lowerHex is a URL-escaped text with its hexadecimal digits in lower case.
func lowerHex(escaped string) string {
	b := []byte(escaped)
	for i := range b {
		if b[i] == '%' && i+2 < len(b) {
			copy(b[i+1:i+3], bytes.ToLower(b[i+1:i+3]))
		}
	}
	return string(b)
}

// span is a part of a text, from the first byte to the one behind the last.
type span struct{ from, to int }

// spans finds all secrets in p; those that touch are one.
func (r *Redactor) spans(p []byte) []span {
	var found []span
	for _, form := range r.Forms {
		for at := 0; ; {
			i := bytes.Index(p[at:], form)
			if i < 0 {
				break
			}
			found = append(found, span{at + i, at + i + len(form)})
			at += i + 1
		}
	}
	slices.SortFunc(found, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var joined []span
	for _, s := range found {
		if n := len(joined); n > 0 && s.from <= joined[n-1].to {
			joined[n-1].to = max(joined[n-1].to, s.to)
			continue
		}
		joined = append(joined, s)
	}
	return joined
}

// Bytes returns p with "[redacted]" in place of every secret. p itself is not changed.
func (r *Redactor) Bytes(p []byte) []byte {
	if r == nil || len(r.Forms) == 0 {
		return p
	}
	found := r.spans(p)
	if len(found) == 0 {
		return p
	}
	out, at := make([]byte, 0, len(p)), 0
	for _, s := range found {
		out = append(append(out, p[at:s.from]...), Placeholder...)
		at = s.to
	}
	return append(out, p[at:]...)
}

// Pieces takes the secrets out of a text that quotes pieces of what went over the wire, as net/http's log does: a piece may
// begin or end in the middle of a secret.
func (r *Redactor) Pieces(s string) string {
	if r == nil {
		return s
	}
	pieces := strings.Split(r.Text(s), `"`)
	for i, piece := range pieces {
		pieces[i] = r.withoutEdges(piece)
	}
	return strings.Join(pieces, `"`)
}

// withoutEdges is the piece without the end of a secret at its beginning and the beginning of one at its end.
func (r *Redactor) withoutEdges(piece string) string {
	head, tail := 0, 0
	for _, form := range r.texts {
		for n := min(len(form)-1, len(piece)); n >= shortestSecret; n-- {
			if n > head && strings.HasPrefix(piece, form[len(form)-n:]) {
				head = n
			}
			if n > tail && strings.HasSuffix(piece, form[:n]) {
				tail = n
			}
		}
	}
	if head+tail > len(piece) {
		return Placeholder
	}
	if head > 0 {
		piece = Placeholder + piece[head:]
	}
	if tail > 0 {
		piece = piece[:len(piece)-tail] + Placeholder
	}
	return piece
}

// Text is Bytes for a string. Where taking out control characters, as reports do, would bring a secret to light, all of
// them are taken out.
func (r *Redactor) Text(s string) string {
	if r == nil {
		return s
	}
	if plain := safe.PlainText(s, len(s)); plain != s && r.in(plain) {
		return string(r.Bytes([]byte(plain)))
	}
	if !r.in(s) {
		return s
	}
	return string(r.Bytes([]byte(s)))
}

// in reports whether there is a secret in s. Most texts have none, and then none is copied.
func (r *Redactor) in(s string) bool {
	for _, form := range r.texts {
		if strings.Contains(s, form) {
			return true
		}
	}
	return false
}
