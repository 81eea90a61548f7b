// Package secret removes secrets from text, JSON and streams.
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
)

// minSecretBytes is the minimum length of a secret: anything shorter occurs in ordinary text.
const minSecretBytes = 4

// Placeholder replaces a secret.
const Placeholder = "[redacted]"

// Redactor removes secrets from what is written. A nil Redactor, or one without secrets, changes nothing. It is safe for concurrent use.
type Redactor struct {
	forms [][]byte // what to replace, the longest first; none contains a line end
	texts []string // the same
}

// New returns a Redactor of secrets. It finds each as it is, escaped for URLs, JSON, HTML and XML, and in base64: alone, and from 7 bytes on
// also inside a longer text, as in an Authorization header of the Basic scheme. Each line of a secret counts as a secret. Lines of fewer
// than 4 bytes are ignored.
func New(secrets ...string) *Redactor {
	r := &Redactor{}
	seen := map[string]bool{}
	for _, secret := range secrets {
		for _, line := range strings.FieldsFunc(secret, func(c rune) bool { return c == '\n' || c == '\r' }) {
			for _, form := range secretForms(strings.TrimSpace(line)) {
				if !seen[form] {
					seen[form] = true
					r.forms = append(r.forms, []byte(form))
				}
			}
		}
	}
	slices.SortStableFunc(r.forms, func(a, b []byte) int { return cmp.Compare(len(b), len(a)) })
	for _, form := range r.forms {
		r.texts = append(r.texts, string(form))
	}
	return r
}

// secretForms returns the forms that a secret of one line can have in a document.
func secretForms(s string) []string {
	if len(s) < minSecretBytes {
		return nil
	}
	forms := []string{s, html.EscapeString(s), xmlEscaped(s)}
	for _, form := range jsonEscaped(s) {
		forms = append(append(forms, form), jsonEscaped(form)...) // JSON may be inside a JSON string, or quoted by Go
	}
	for _, escaped := range []string{url.QueryEscape(s), url.PathEscape(s), strings.ReplaceAll(url.QueryEscape(s), "+", "%20")} {
		forms = append(forms, escaped, lowerHex(escaped))
	}
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		forms = append(forms, e.EncodeToString([]byte(s)))
	}
	return append(forms, insideBase64(s)...)
}

// insideBase64 returns the base64 of s inside a longer text: only the characters that do not depend on the text around it, for each of the
// three alignments of s with the groups of three bytes.
func insideBase64(s string) []string {
	var forms []string
	for shift := range 3 {
		text := append(make([]byte, shift), s...)
		from, to := (shift*8+5)/6, len(text)*8/6
		if to-from < 2*minSecretBytes {
			continue // too short to distinguish from other text
		}
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			forms = append(forms, e.EncodeToString(text)[from:to])
		}
	}
	return forms
}

func xmlEscaped(s string) string {
	var b strings.Builder
	if xml.EscapeText(&b, []byte(s)) != nil { // a strings.Builder never fails
		return s
	}
	return b.String()
}

// jsonEscaped returns s as in a JSON string, with and without escapes for HTML.
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

// lowerHex returns a URL-escaped text with lower-case hexadecimal digits.
func lowerHex(escaped string) string {
	b := []byte(escaped)
	for i := range b {
		if b[i] == '%' && i+2 < len(b) {
			copy(b[i+1:i+3], bytes.ToLower(b[i+1:i+3]))
		}
	}
	return string(b)
}

// span is a part of a text: start and end offset.
type span struct{ from, to int }

// spans finds all secrets in p and merges those that touch.
func (r *Redactor) spans(p []byte) []span {
	var found []span
	for _, form := range r.forms {
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

// Empty reports whether there are no secrets to remove.
func (r *Redactor) Empty() bool { return r == nil || len(r.forms) == 0 }

// Bytes returns p with "[redacted]" instead of every secret. It does not change p.
func (r *Redactor) Bytes(p []byte) []byte {
	if r.Empty() {
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

// Text is Bytes for a string. It also finds secrets with JSON escapes.
func (r *Redactor) Text(s string) string {
	if r.Empty() {
		return s
	}
	if strings.Contains(s, `\`) {
		if plain := string(unescapeASCII([]byte(s))); r.Contains(plain) {
			s = plain
		}
	}
	if !r.Contains(s) { // like nearly every text: no copy
		return s
	}
	return string(r.Bytes([]byte(s)))
}

// Contains reports whether s contains a secret.
func (r *Redactor) Contains(s string) bool {
	if r == nil {
		return false
	}
	for _, form := range r.texts {
		if strings.Contains(s, form) {
			return true
		}
	}
	return false
}

// Cut removes the beginning of a secret, at least 4 bytes of it, from the end of a text that was cut there.
func (r *Redactor) Cut(p []byte) []byte {
	if r == nil {
		return p
	}
	if n := r.begun(p); n >= minSecretBytes {
		return p[:len(p)-n]
	}
	return p
}

// begun returns how many bytes at the end of p are the beginning of a secret, but not all of it.
func (r *Redactor) begun(p []byte) int {
	longest := 0
	for _, form := range r.forms {
		for n := min(len(form)-1, len(p)); n > longest; n-- {
			if bytes.HasSuffix(p, form[:n]) {
				longest = n
			}
		}
	}
	return longest
}

// Pieces removes the secrets from a text that quotes pieces of network traffic, as net/http's log does: a piece may start or end in the middle
// of a secret.
func (r *Redactor) Pieces(s string) string {
	if r.Empty() {
		return s
	}
	pieces := strings.Split(r.Text(s), `"`)
	for i, piece := range pieces {
		pieces[i] = r.withoutEdges(piece)
	}
	return strings.Join(pieces, `"`)
}

// withoutEdges returns the piece without the end of a secret at its start and the beginning of one at its end.
func (r *Redactor) withoutEdges(piece string) string {
	head, tail := r.ended(piece), r.begun([]byte(piece))
	if head < minSecretBytes {
		head = 0
	}
	if tail < minSecretBytes {
		tail = 0
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

// ended returns how many bytes at the start of s are the end of a secret, but not all of it.
func (r *Redactor) ended(s string) int {
	longest := 0
	for _, form := range r.texts {
		for n := min(len(form)-1, len(s)); n > longest; n-- {
			if strings.HasPrefix(s, form[len(form)-n:]) {
				longest = n
			}
		}
	}
	return longest
}
