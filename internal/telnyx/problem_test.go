package telnyx

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
	"github.com/assistant-gate/assistant-gate/internal/secret"
)

func TestParseProblem(t *testing.T) {
	for body, want := range map[string][2]string{
		`{"errors":[{"code":"10015","title":"Bad Request","detail":"no such version"}]}`:                     {"10015", "Bad Request: no such version"},
		`{"errors":[{"code":10015,"detail":"x"}]}`:                                                           {"10015", "x"},
		`{"errors":[{"code":"404","detail":{"reason":"gone"}}]}`:                                             {"404", `{"reason":"gone"}`},
		`{"errors":[{"title":"Same","detail":"Same"}]}`:                                                      {"", "Same"},
		`{"errors":[{"code":"1","detail":"a"},{"code":"2","detail":"b"}]}`:                                   {"1", "a; b"},
		`{"errors":{"detail":"Not Found"}}`:                                                                  {"", "Not Found"},
		`{"data":{"errors":[{"code":"10000","title":"Bad Request"}]}}`:                                       {"10000", "Bad Request"},
		`{"errors":[],"detail":"plain"}`:                                                                     {"", "plain"},
		`{"errors":null,"detail":null}`:                                                                      {"", ""},
		`{"detail":[{"loc":["body","destination_version_id"],"msg":"field required","type":"missing"}]}`:     {"", "body.destination_version_id: field required"},
		`{"detail":[{"loc":["query","page",0],"msg":"too big"},{"loc":"body","msg":"bad"},{"msg":"alone"}]}`: {"", "query.page.0: too big; body: bad; alone"},
		`{"detail":["one",{"two":2}]}`:                                                                       {"", `one; {"two":2}`},
		`{"detail":{"code":"x"}}`:                                                                            {"", `{"code":"x"}`},
		`{"errors":[7,null],"detail":"d"}`:                                                                   {"", "d"},
		`{"message":"no Route matched"}`:                                                                     {"", ""},
		`  <html>Bad Gateway</html>`:                                                                         {"", ""},
		``:                                                                                                   {"", ""},
		`[]`:                                                                                                 {"", ""},
		`{"errors":[{"code":"` + strings.Repeat("9", 100) + `"}]}`:                                           {strings.Repeat("9", maxCode), ""},
	} {
		code, words := parseProblem([]byte(body))
		if code != want[0] || words != want[1] {
			t.Errorf("%s:\n got %q %q\nwant %q", body, code, words, want)
		}
	}
}

func FuzzParseProblem(f *testing.F) {
	for _, s := range []string{
		`{"errors":[{"code":"10015","title":"Bad","detail":"x"}]}`, `{"errors":{"detail":{}}}`, `{"detail":[{"loc":["a",1],"msg":"m"}]}`,
		`{"detail":"d"}`, "<html>", "\xff", `{"data":{"errors":[1]}}`, `{"errors":[{"detail":"\u004b"}]}`,
	} {
		f.Add([]byte(s))
	}
	r := secret.New(testKey)
	f.Fuzz(func(t *testing.T, body []byte) {
		fuzzing.Bound(t)
		code, words := parseProblem(r.JSON(append([]byte(nil), body...)))
		if len(code) > maxCode || !utf8.ValidString(code) || !utf8.ValidString(words) {
			t.Fatalf("%q %q", code, words)
		}
		if len(words) > 2*maxWords*(maxDetail+2) {
			t.Fatalf("%d bytes of words", len(words))
		}
	})
}
