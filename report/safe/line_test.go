package safe

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
	"github.com/assistant-gate/assistant-gate/internal/sample"
)

func TestLine(t *testing.T) {
	tests := map[string]struct {
		in   string
		most int
		want string
	}{
		"plain":                      {"Books an appointment", 80, "Books an appointment"},
		"empty":                      {"", 80, ""},
		"white space":                {" \ta \u00a0 b\u3000c\t", 80, "a b c"},
		"line ends":                  {"a\nb\r\nc\rd\ve\ff\u0085g\u2028h\u2029i", 80, "a / b / c / d / e / f / g / h / i"},
		"blank lines":                {"\n\na \r\n\r\n \t\n b\n", 80, "a / b"},
		"only controls":              {"\n\x00\u200b\r\x1b[2J", 80, ""},
		"colours":                    {"a \x1b[31mred\x1b[0m b\x1b]8;;http://x\x07link\x1b]8;;\x07", 80, "a red blink"},
		"a sequence that never ends": {"a\x1b]0;hides the rest\nof the line", 80, "a / of the line"},
		"C1 and DEL":                 {"a\u009b31mb\x7fc", 80, "a31mbc"},
		"direction":                  {"a\u202eb\u2066c\u200fd", 80, "abcd"},
		"zero width":                 {"a\u200bb\u2060c\ufeffd\u00ade\u034ff\u3164g\U000e0041h", 80, "abcdefgh"},
		"picture selector":           {"\u2714\ufe0f done", 80, "\u2714\ufe0f done"},
		"no characters":              {"a\ufffeb\U0010ffffc", 80, "abc"},
		"invalid UTF-8":              {"a\xffb\x9bc", 80, "a\ufffdb\ufffdc"},
		"colons at the start":        {"::error::x", 80, ": :error::x"},
		"colons behind blanks":       {" \u2003\u200b::error::x", 80, ": :error::x"},
		"colons behind a mark":       {"\ufe0f:\ufe0f:error::x", 80, "\ufe0f:\ufe0f :error::x"},
		"colons behind both":         {"\ufe0f ::error::x", 80, "\ufe0f : :error::x"},
		"colons inside":              {"a::b", 80, "a::b"},
		"older form":                 {"a ##[error]b", 80, "a # #[error]b"},
		"three hashes":               {"###[error]b", 80, "# # #[error]b"},
		"hashes around a control":    {"#\u200d#[error] #\x1b[0m#[x] #\r##[y]", 80, "# #[error] # #[x] # / # #[y]"},
		"hashes around a mark":       {"#\ufe0f#[error]", 80, "#\ufe0f #[error]"},
		"Azure":                      {"##vso[task.setvariable variable=a]b", 80, "# #vso[task.setvariable variable=a]b"},
		"TeamCity":                   {"##teamcity[buildStop]", 80, "# #teamcity[buildStop]"},
		"fits":                       {"abcde", 5, "abcde"},
		"cut":                        {"abcdef", 5, "abcd\u2026"},
		"cut behind a word":          {"abc def", 5, "abc\u2026"},
		"cut of wide characters":     {"\u6f22\u5b57\u6f22\u5b57", 6, "\u6f22\u5b57\u2026"},
		"a letter and its mark":      {"xe\u0301e\u0301e\u0301", 3, "xe\u0301\u2026"},
		"a flag":                     {"\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7", 3, "\U0001f1e9\U0001f1ea\u2026"},
		"marks without end":          {"a" + strings.Repeat("\u0301", 4000), 20, "\u2026"},
		"one column":                 {"abc", 1, "\u2026"},
		"no bound":                   {"abc ##[x]", 0, "abc # #[x]"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := Line(test.in, test.most); got != test.want {
				t.Errorf("Line(%q, %d) = %q, want %q", test.in, test.most, got, test.want)
			}
		})
	}
}

func FuzzLine(f *testing.F) {
	for _, s := range []string{
		"Books an appointment", "::error::x", "###[error]", "#\u200d#[x]", "a\r::set-output name=a::b", "\x1b[31m##vso[x]",
		"\xff\xfe##[", "\u202e::add-mask::a", "\U0001f468\u200d\U0001f469\u200d\U0001f467 a\u0301", "#\ufe0f#\u20e3[group]", "\u0600\u0d4e\u1100",
	} {
		f.Add(s, 20)
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, s string, most int) {
		fuzzing.Bound(t)
		most %= 300
		got := Line(s, most)
		if again := Line(got, most); again != got {
			t.Errorf("Line(%q) = %q, and again %q", s, got, again)
		}
		if !utf8.ValidString(got) {
			t.Errorf("Line(%q) = %q is not valid UTF-8", s, got)
		}
		if w := ansi.StringWidth(got); most > 0 && (w > most || len(got) > most*bytesPerColumn) {
			t.Errorf("Line(%q, %d) = %q has %d columns and %d bytes", s, most, got, w, len(got))
		}
		if strings.ContainsFunc(got, func(r rune) bool { return IsLineEnd(r) || unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) }) {
			t.Errorf("Line(%q) = %q holds a control", s, got)
		}
		for _, log := range []string{got, "  | " + got, "\t" + got, got + "\n" + got} {
			if commands := sample.LogCommands(log); commands != nil {
				t.Errorf("Line(%q): %q holds the commands %q", s, log, commands)
			}
		}
	})
}
