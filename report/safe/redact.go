package safe

import "github.com/assistant-gate/assistant-gate/internal/secret"

// Redact takes the secrets out of a text. If taking out control characters, as reports do, would bring a secret to light,
// all of them are taken out.
func Redact(r *secret.Redactor, s string) string {
	if r.Empty() {
		return s
	}
	if plain := PlainText(s, len(s)); plain != s && r.Contains(plain) {
		return r.Text(plain)
	}
	return r.Text(s)
}
