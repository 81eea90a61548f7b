package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"html"
	"io"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
)

const sampleSecret = `KEY019A"<&'>/+ é_b7c1`

func TestRedactorFindsEveryForm(t *testing.T) {
	quoted, err := json.Marshal(sampleSecret)
	if err != nil {
		t.Fatal(err)
	}
	basic := func(before, after string) string {
		return base64.StdEncoding.EncodeToString([]byte(before + sampleSecret + after))
	}
	for name, in := range map[string]string{
		"as it is":              "Bearer " + sampleSecret + "!",
		"in a query":            "?key=" + url.QueryEscape(sampleSecret) + "&x",
		"in a path":             "/v2/" + url.PathEscape(sampleSecret) + "/x",
		"lower case hex":        lowerHex(url.QueryEscape(sampleSecret)),
		"in JSON":               `{"key":` + string(quoted) + `}`,
		"in HTML":               "<b>" + html.EscapeString(sampleSecret) + "</b>",
		"in XML":                `<a b="` + xmlEscaped(sampleSecret) + `"/>`,
		"base64":                base64.StdEncoding.EncodeToString([]byte(sampleSecret)),
		"base64 for URLs":       base64.RawURLEncoding.EncodeToString([]byte(sampleSecret)),
		"Basic, as password":    "Authorization: Basic " + basic("user:", ""),
		"Basic, as user":        "Authorization: Basic " + basic("", ":"),
		"Basic, in the middle":  "Authorization: Basic " + basic("ab", "cd"),
		"Basic, another middle": "Authorization: Basic " + basic("a", "c"),
		"twice":                 sampleSecret + sampleSecret + " " + sampleSecret,
	} {
		t.Run(name, func(t *testing.T) {
			got := string(New(sampleSecret).Bytes([]byte(in)))
			if !strings.Contains(got, Placeholder) || leaks(got, sampleSecret) {
				t.Errorf("%s became %s", in, got)
			}
		})
	}
}

// leaks reports whether eight bytes in a row of the secret can be read in s, base64 undone.
func leaks(s, secret string) bool {
	texts := []string{s, html.UnescapeString(s)}
	if u, err := url.QueryUnescape(s); err == nil {
		texts = append(texts, u)
	}
	for _, word := range strings.Fields(s) {
		for _, e := range []*base64.Encoding{base64.StdEncoding, base64.RawURLEncoding} {
			if raw, err := e.DecodeString(word); err == nil {
				texts = append(texts, string(raw))
			}
		}
	}
	for _, text := range texts {
		for i := 0; i+8 <= len(secret); i++ {
			if strings.Contains(text, secret[i:i+8]) {
				return true
			}
		}
	}
	return false
}

func TestRedactorBytes(t *testing.T) {
	tests := map[string]struct {
		secrets  []string
		in, want string
	}{
		"no secrets":            {nil, "abcd", "abcd"},
		"too short":             {[]string{"abc", "", " \n "}, "abc abcd", "abc abcd"},
		"shortest":              {[]string{"abcd"}, "xabcdx", "x[redacted]x"},
		"trimmed":               {[]string{" abcd\n"}, "abcd", "[redacted]"},
		"overlapping secrets":   {[]string{"abcd", "bcdefg"}, "abcdefg", "[redacted]"},
		"one inside another":    {[]string{"abcd", "xabcdx"}, "xabcdx abcd", "[redacted] [redacted]"},
		"overlapping itself":    {[]string{"abab"}, "ababab", "[redacted]"},
		"lines of one secret":   {[]string{"first\nsecond"}, "x first y second", "x [redacted] y [redacted]"},
		"nothing of it is here": {[]string{"abcd"}, "abc dab", "abc dab"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			in := []byte(tt.in)
			if got := string(New(tt.secrets...).Bytes(in)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if string(in) != tt.in {
				t.Errorf("the input was changed to %q", in)
			}
		})
	}
	var none *Redactor
	if got := none.Bytes([]byte("abcd")); string(got) != "abcd" {
		t.Errorf("nil redactor: %q", got)
	}
}

func TestWriterHoldsNoMoreThanItMust(t *testing.T) {
	var b bytes.Buffer
	w := New("secret-key").Writer(&b)
	steps := []struct{ write, want string }{
		{"status 1\r", "status 1\r"},
		{"status sec", "status 1\rstatus "},
		{"onds:", "status 1\rstatus seconds:"},
		{" secret-ke", "status 1\rstatus seconds: "},
		{"y", "status 1\rstatus seconds: [redacted]"},
		{"\n", "status 1\rstatus seconds: [redacted]\n"},
		{"secret", "status 1\rstatus seconds: [redacted]\n"},
	}
	for _, s := range steps {
		if n, err := w.Write([]byte(s.write)); n != len(s.write) || err != nil {
			t.Fatalf("%q: %d, %v", s.write, n, err)
		}
		if b.String() != s.want {
			t.Errorf("after %q: %q, want %q", s.write, b.String(), s.want)
		}
	}
	if err := w.Close(); err != nil || !strings.HasSuffix(b.String(), "\nsecret") {
		t.Errorf("after Close: %v, %q", err, b.String())
	}
}

func TestWriterIsAsGoodAsBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secrets := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom([]rune("abc&")), 4, 8, -1), 1, 3).Draw(t, "secrets")
		parts := rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(secrets), rapid.StringOfN(rapid.SampledFrom([]rune("abc&\n")), 0, 9, -1))).Draw(t, "parts")
		text := strings.Join(parts, "")
		r := New(secrets...)
		var b bytes.Buffer
		w := r.Writer(&b)
		for rest := []byte(text); len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "n")
			if _, err := w.Write(rest[:n]); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		// Secrets that touch may be one mark or two.
		join := func(s string) string {
			for strings.Contains(s, Placeholder+Placeholder) {
				s = strings.ReplaceAll(s, Placeholder+Placeholder, Placeholder)
			}
			return s
		}
		if got, want := join(b.String()), join(string(r.Bytes([]byte(text)))); got != want {
			t.Fatalf("%q\nin pieces %q\nat once   %q", text, got, want)
		}
		for _, s := range secrets {
			if strings.Contains(b.String(), s) && !strings.Contains(Placeholder, s) {
				t.Fatalf("%q in %q", s, b.String())
			}
		}
	})
}

func TestWriterReturnsErrors(t *testing.T) {
	reader, closed := io.Pipe()
	_ = reader.Close()
	if _, err := New("secret").Writer(closed).Write([]byte("text")); !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
	var none *Redactor
	var b bytes.Buffer
	if _, err := none.Writer(&b).Write([]byte("text")); err != nil || b.String() != "text" {
		t.Errorf("nil redactor: %v, %q", err, b.String())
	}
}

func FuzzRedactor(f *testing.F) {
	f.Add("KEY0123456789", "Bearer KEY0123456789", 9)
	f.Add(sampleSecret, url.QueryEscape(sampleSecret), 3)
	f.Add("aaaa", "aaaaaaaaaa", 5)
	f.Fuzz(func(t *testing.T, secret, text string, at int) {
		fuzzing.Bound(t)
		if len(secret) > 200 || len(text) > 2000 {
			return
		}
		r := New(secret)
		text += secret + text
		var b bytes.Buffer
		w := r.Writer(&b)
		cut := max(0, min(at, len(text)))
		for _, part := range []string{text[:cut], text[cut:]} {
			if _, err := w.Write([]byte(part)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		for _, between := range bytes.Split(b.Bytes(), []byte(Placeholder)) {
			for _, form := range r.forms {
				if bytes.Contains(between, form) {
					t.Fatalf("%q in %q", form, b.Bytes())
				}
			}
		}
	})
}

func TestCut(t *testing.T) {
	r := New("KEY0192A1B2")
	for in, want := range map[string]string{"bad key KEY0192A1": "bad key ", "text KEY0": "text ", "KEY0192A1B2": "KEY0192A1B2", "text": "text", "": ""} {
		if got := string(r.Cut([]byte(in))); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}
