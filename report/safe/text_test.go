package safe

import (
	"encoding/json"
	"encoding/xml"
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/internal/sample"
)

func TestSafeText(t *testing.T) {
	html := func(escape func(string, int) Markup) func(string, int) string {
		return func(s string, maxBytes int) string { return escape(s, maxBytes).String() }
	}
	const most = 1000
	tests := map[string]struct {
		make func(string, int) string
		in   string
		want string
	}{
		"plain: colours":                       {PlainText, "\x1b[31mred\x1b[0m and \x1b]8;;http://example.com\x1b\\link\x1b]8;;\x1b\\", "red and link"},
		"plain: an open sequence hides a line": {PlainText, "a\x1b]hidden\nshown", "a\nshown"},
		"plain: line ends":                     {PlainText, "a\r\nb\rc\vd\u2028e\u0085f", "a\nb\nc\nd\ne\nf"},
		"plain: controls":                      {PlainText, "a\x00\x07\x7f\u0090b\tc", "ab\tc"},
		"plain: direction":                     {PlainText, "\u202Eabc\u202C\u2066d\u2069\u200f", "abcd"},
		"plain: invalid UTF-8":                 {PlainText, "a\xff\xc3(", "a\uFFFD("},
		"plain: other scripts":                 {PlainText, "\u00e9\u4e2d\u0639\U0001F469\u200D\U0001F4BB", "\u00e9\u4e2d\u0639\U0001F469\u200D\U0001F4BB"},
		"line: white space":                    {PlainLine, "  a\n\n b\t\u00a0c ", "a b c"},
		"html: markup":                         {html(HTMLText), `<a href="x">&'</a>`, "&lt;a href=&#34;x&#34;&gt;&amp;&#39;&lt;/a&gt;"},
		"html: blank line":                     {html(HTMLText), "\n\na\n\nb\n", "a<br><br>b"},
		"html line: newlines":                  {html(HTMLLine), "a\n<b>", "a &lt;b&gt;"},
		"pre: newlines stay":                   {html(PreText), "\na\n\n</pre>\n", "a\n\n&lt;/pre&gt;"},
		"xml: what XML 1.0 does not know":      {XMLText, "a\x00\x1f\ufffe\uffff\U0001F4A9", "a\U0001F4A9"},
		"xml: attachments":                     {XMLText, "[[ATTACHMENT|/etc/passwd]] [[attachment|x]] [[[ATTACHMENT|y]]", "[ [ATTACHMENT|/etc/passwd]] [ [attachment|x]] [[ [ATTACHMENT|y]]"},
		"xml: hidden attachment":               {XMLText, "[\x00[ATTACH\x1b[0mMENT|x]]", "[ [ATTACHMENT|x]]"},
		"json: invalid UTF-8":                  {JSONText, "a\xff\x1b[31m", "a\uFFFD\x1b[31m"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.make(tt.in, most); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCutText(t *testing.T) {
	long := strings.Repeat("word ", 40)
	tests := map[string]struct {
		in   string
		most int
		want string
	}{
		"fits":              {"abc", 3, "abc"},
		"between words":     {long, 62, "word word word word [... 181 bytes left out]"},
		"one word":          {strings.Repeat("x", 100), 50, "xxxxxxxxxx [... 90 bytes left out]"},
		"between runes":     {strings.Repeat("\u4e2d", 40), 51, "\u4e2d\u4e2d\u4e2d [... 111 bytes left out]"},
		"only the marker":   {strings.Repeat("x", 100), 30, " [... 100 bytes left out]"},
		"not even that":     {strings.Repeat("x", 100), 10, ""},
		"nothing":           {"abc", 0, ""},
		"less than nothing": {"abc", -5, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := CutText(tt.in, tt.most); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDotenvValue(t *testing.T) {
	for in, want := range map[string]bool{
		"passed": true, "0": true, "test-reports/TEST-a.xml": true, "/tmp/x/y.md": true, "20261005T140211118273": true, "v1.2+3@main": true,
		"": false, "a b": false, "a\nGATE_VERDICT=passed": false, "$HOME": false, "`x`": false, "'x'": false, `"x"`: false, "#x": false,
		"\u00e9": false, "a;b": false, "~/x": false, `a\b`: false, strings.Repeat("x", 513): false,
	} {
		if _, ok := DotenvValue(in); ok != want {
			t.Errorf("%q: %v, want %v", in, ok, want)
		}
	}
}

var unseen = regexp.MustCompile(`[\x00-\x08\x0b-\x1f\x7f-\x{9f}\x{202a}-\x{202e}\x{2066}-\x{2069}\x{2028}\x{2029}]`)

// harmless reports whether s has nothing in it that plain text may not have.
func harmless(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && printable(r) < 0 }) && lineEnds.Replace(s) == s
}

func FuzzHTMLText(f *testing.F) {
	sample.FuzzText(f, func(t *testing.T, s string, most int) {
		plain := PlainText(s, most)
		if len(plain) > most || !utf8.ValidString(plain) || unseen.MatchString(plain) {
			t.Fatalf("plain text is not plain: %q", plain)
		}
		if harmless(s) && PlainText(s, len(s)) != s {
			t.Fatalf("harmless text changed: %q became %q", s, PlainText(s, len(s)))
		}
		got := HTMLText(s, most).String()
		for _, tag := range sample.AnyTag.FindAllString(got, -1) {
			if tag != "<br>" {
				t.Fatalf("tag %q in %q", tag, got)
			}
		}
		back := html.UnescapeString(strings.ReplaceAll(got, "<br>", "\n"))
		if strings.ContainsAny(got, "\n\"'") || strings.Count(got, "<") != strings.Count(got, "<br>") || back != strings.TrimSpace(plain) {
			t.Fatalf("%q shows as %q, want %q", got, back, plain)
		}
		if line := HTMLLine(s, most).String(); strings.ContainsAny(line, "<>\n\t\"'") {
			t.Fatalf("line %q", line)
		}
		if words := Words(s).String(); strings.ContainsAny(words, "<>\n\"'") {
			t.Fatalf("words %q", words)
		}
		if pre := PreText(s, most).String(); strings.ContainsAny(pre, "<>\"'") || html.UnescapeString(pre) != strings.Trim(plain, "\n") {
			t.Fatalf("pre %q, want %q", pre, plain)
		}
	})
}

func FuzzXMLText(f *testing.F) {
	command := regexp.MustCompile(`(?i)\[\[ATTACHMENT`)
	sample.FuzzText(f, func(t *testing.T, s string, most int) {
		text, line := XMLText(s, most), XMLLine(s, most)
		if len(text) > most || len(line) > most || strings.ContainsAny(line, "\n\t") {
			t.Fatalf("text %q, line %q of at most %d bytes", text, line, most)
		}
		if command.MatchString(text) || command.MatchString(line) {
			t.Fatalf("attaches a file: %q, %q", text, line)
		}
		problem := struct {
			XMLName xml.Name `xml:"failure"`
			Message string   `xml:"message,attr"`
			Text    string   `xml:",chardata"`
		}{Message: XMLLine("x"+s, 500), Text: XMLText("x"+s, 500)}
		document, err := xml.Marshal(problem)
		if err != nil {
			t.Fatal(err)
		}
		var back struct {
			Message string `xml:"message,attr"`
			Text    string `xml:",chardata"`
		}
		if err := xml.Unmarshal(document, &back); err != nil {
			t.Fatalf("%v in %q", err, document)
		}
		if back.Message != problem.Message || back.Text != problem.Text || back.Message == "" || back.Text == "" {
			t.Fatalf("%q came back as %q and %q", s, back.Message, back.Text)
		}
		if strings.Contains(string(document), "<![CDATA[") || strings.ContainsRune(back.Text, 0xFFFE) {
			t.Fatalf("document %q", document)
		}
	})
}

func FuzzJSONText(f *testing.F) {
	sample.FuzzText(f, func(t *testing.T, s string, most int) {
		text := JSONText(s, most)
		if len(text) > most || !utf8.ValidString(text) {
			t.Fatalf("%q of at most %d bytes", text, most)
		}
		document, err := json.Marshal(text)
		var back string
		if err != nil || json.Unmarshal(document, &back) != nil || back != text {
			t.Fatalf("%q came back as %q: %v", text, back, err)
		}
	})
}

func TestLink(t *testing.T) {
	for address, want := range map[string]string{
		"https://ci.example/j/1?a=1&b=2": `<a href="https://ci.example/j/1?a=1&amp;b=2">x</a>`,
		"https://portal.example/#/a%2Fb": `<a href="https://portal.example/#/a%2Fb">x</a>`,
		"":                               "x", "javascript:alert(1)": "x", "https://ci.example/\n": "x", "ci.example/j": "x", "https:///x": "x",
		"https://ci.example/\">x": "x", "https://user:pass@ci.example/": "x", "https://ci.example/\u202e": "x",
		"https://ci.example/" + strings.Repeat("x", maxAddress): "x",
	} {
		if got := Link(address, Literal("x")).String(); got != want {
			t.Errorf("%q: %s, want %s", address, got, want)
		}
	}
}

func TestMarkupIsPutTogether(t *testing.T) {
	name := HTMLLine("<a> & 100%", 100)
	got := Format("<p>%s, %s</p>", Join([]Markup{name, Number(2)}, " &middot; "), Concat(Literal("<b>"), name, Literal("</b>")))
	if want := "<p>&lt;a&gt; &amp; 100% &middot; 2, <b>&lt;a&gt; &amp; 100%</b></p>"; got.String() != want || got.Len() != len(want) || got.IsEmpty() {
		t.Errorf("got %s, want %s", got, want)
	}
	if !Join(nil, ", ").IsEmpty() {
		t.Error("nothing is something")
	}
}
