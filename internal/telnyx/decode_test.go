package telnyx

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
	"github.com/assistant-gate/assistant-gate/internal/secret"
)

// TestNamesGivenTwice, at any depth and whether known or not, make an answer malformed: which of the two counts is anybody's
// guess. Names in other letters are other names.
func TestNamesGivenTwice(t *testing.T) {
	const least = `"run_id":"r1","test_id":"t1"`
	for body, ok := range map[string]bool{
		`{` + least + `,"status":"passed"}`:                                                               true,
		`{` + least + `,"status":"failed","status":"passed"}`:                                             false,
		`{` + least + `,"status":"passed","status":"passed"}`:                                             false,
		`{` + least + `,"status":"failed","stat\u0075s":"passed"}`:                                        false,
		`{` + least + `,"status":"passed","STATUS":"failed"}`:                                             true,
		`{` + least + `,"status":"passed","x":{"y":1,"y":1}}`:                                             false,
		`{` + least + `,"status":"passed","detail_status":[{"name":"n","status":"failed","status":"x"}]}`: false,
		`{` + least + `,"status":"passed","detail_status":[],"detail_status":null}`:                       false,
		`{"data":{` + least + `,"status":"passed"},"data":null}`:                                          false,
		`{"data":{` + least + `,"status":"passed"},"x":{"y":1,"y":1}}`:                                    false,
		`{"data":{` + least + `,"status":"passed"},"x":1}`:                                                true,
		`{"data":{` + least + `,"status":"passed"}`:                                                       false,
		`{"data":{` + least + `,"status":"passed"}}{}`:                                                    false,
		`{"data":{` + least + `,"status":"passed"},}`:                                                     false,
	} {
		run, err := decodeRun([]byte(body))
		if (err == nil) != ok {
			t.Errorf("%s: %+v %v", body, run, err)
		}
	}
	_, err := decodeRun([]byte(`{` + least + `,"status":"failed","status":"passed"}`))
	if err == nil || err.Error() != "malformed JSON: /status is given twice" {
		t.Errorf("%v", err)
	}
}

// TestMembersThatDecide must be of the type of the contract.
func TestMembersThatDecide(t *testing.T) {
	run := func(body string) error { _, err := decodeRun([]byte(body)); return err }
	test := func(body string) error { _, err := decodeTest([]byte(body)); return err }
	list := func(body string) error { _, err := pageOf(wireTest.test)([]byte(body)); return err }
	version := func(body string) error { _, err := decodeVersion([]byte(body), "a"); return err }
	const r = `{"run_id":"r","test_id":"t","status":"passed","test_suite_run_id":"s","detail_status":[{"name":"n","status":"passed"}]}`
	const x = `{"test_id":"t","name":"n","telnyx_conversation_channel":"web_chat","destination":"d","test_suite":"s","rubric":[{"name":"c","criteria":"x"}]}`
	const v = `{"id":"a","version_id":"v","version_name":"n"}`
	l := `{"data":[` + x + `],"meta":{"page_number":1,"total_pages":1,"total_results":1}}`
	for _, tt := range []struct {
		decode    func(string) error
		body      string
		of, wrong string
	}{
		{run, r, `"r"`, `7`},
		{run, r, `"t"`, `{}`},
		{run, r, `"passed","test`, `true,"test`},
		{run, r, `"s"`, `7`},
		{run, r, `"n"`, `7`},
		{run, r, `"passed"}]`, `1}]`},
		{run, r, `[{`, `[null,{`},
		{run, r, `[{`, `["x",{`},
		{run, r, `[{"name":"n","status":"passed"}]`, `"passed"`},
		{test, x, `"t"`, `7`},
		{test, x, `"n"`, `7`},
		{test, x, `"web_chat"`, `["web_chat"]`},
		{test, x, `"web_chat"`, `null`},
		{test, x, `"d"`, `5550100`},
		{test, x, `"s"`, `7`},
		{test, x, `"c"`, `{}`},
		{test, x, `[{`, `[null,{`},
		{test, x, `[{"name":"c","criteria":"x"}]`, `null`},
		{test, x, `"rubric"`, `"rubrics"`},
		{list, l, `"t"`, `7`},
		{list, l, `"d"`, `7`},
		{list, l, `"c"`, `7`},
		{list, l, `"page_number":1`, `"page_number":"1"`},
		{list, l, `"total_pages":1`, `"total_pages":1.5`},
		{list, l, `"total_results":1`, `"total_results":99999999999999999999`},
		{list, l, `"meta":{`, `"meta":[{`},
		{version, v, `"a"`, `7`},
		{version, v, `"v"`, `7`},
		{version, v, `"v"`, `""`},
		{version, v, `"n"`, `7`},
	} {
		if err := tt.decode(tt.body); err != nil {
			t.Fatalf("%s: %v", tt.body, err)
		}
		if wrong := strings.Replace(tt.body, tt.of, tt.wrong, 1); wrong == tt.body || tt.decode(wrong) == nil {
			t.Errorf("%s for %s: accepted", tt.wrong, tt.of)
		}
	}
}

func TestUnusableAnswers(t *testing.T) {
	for body, want := range map[string]string{
		"":                      "not JSON: it ends too early",
		" ":                     "not JSON: it ends too early",
		"<html>":                "not JSON: invalid character '<' at start of value, at byte 1",
		"{":                     "not JSON: it ends too early",
		`{"a":1,}`:              "not JSON: invalid character",
		`{"a":1}{}`:             "not JSON: invalid character",
		`[]`:                    "a list makes no sense there",
		`"x"`:                   "a string makes no sense there",
		`null`:                  "data is missing",
		`{"data":{}}`:           "/data: no list",
		`{"data":[{},null]}`:    "/data: item 2 of the list is null",
		`{"data":[[]]}`:         "/data/0: a list makes no sense there",
		`{"data":[{"name":1}]}`: "/data/0/name: a number makes no sense there",
		`{"data":[{"name":"n","test_id":"../x"}]}`: `item 1 of the list: test_id "../x" is not an id`,
	} {
		_, err := pageOf(wireTest.test)([]byte(body))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", body, err, want)
		}
	}
}

func TestWhatIsLoose(t *testing.T) {
	for value, want := range map[string]string{`"x"`: "x", `7`: "7", `[1, 2]`: "[1, 2]", `null`: "", `true`: "true", `"\u00e9"`: "\u00e9"} {
		var into struct {
			Text looseText `json:"v"`
		}
		if err := decode([]byte(`{"v":`+value+`}`), &into); err != nil || string(into.Text) != want {
			t.Errorf("%s: %q %v", value, into.Text, err)
		}
	}
}

// TestListsAreBounded before memory is used for what is beyond.
func TestListsAreBounded(t *testing.T) {
	many := func(n int, item string) string { return strings.TrimSuffix(strings.Repeat(item+",", n), ",") }
	run := func(n int) error {
		_, err := decodeRun([]byte(`{"run_id":"r","test_id":"t","status":"passed","detail_status":[` + many(n, `{"name":"n","status":"passed"}`) + `]}`))
		return err
	}
	if err := run(maxCriteria); err != nil {
		t.Error(err)
	}
	if err := run(maxCriteria + 1); err == nil || !strings.Contains(err.Error(), "more than 1000 items") {
		t.Errorf("%v", err)
	}
	body := []byte(`{"data":[` + many(1_000_000, `{}`) + `]}`)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := decodeRuns(body)
	runtime.ReadMemStats(&after)
	if used := (after.TotalAlloc - before.TotalAlloc) >> 20; err == nil || !strings.Contains(err.Error(), "more than 50000 items") || used > 64 {
		t.Errorf("%d MiB, %v", used, err)
	}
}

// hostile are texts whose cost would show if it grew faster than their size.
var hostile = []func(n int) []byte{
	func(n int) []byte { return bytes.Repeat([]byte(`[`), n) },
	func(n int) []byte { return bytes.Repeat([]byte(`{"data":`), n/8) },
	func(n int) []byte { return []byte(`{"data":[` + strings.Repeat(`{},`, n/3) + `{}]}`) },
	func(n int) []byte { return []byte(`{"data":"` + strings.Repeat(`\"`, n/2) + `"}`) },
	func(n int) []byte { return []byte(`{"detail":[` + strings.Repeat(`{"msg":"m"},`, n/12) + `{}]}`) },
	func(n int) []byte {
		var b bytes.Buffer
		b.WriteString(`{"run_id":"r","test_id":"t","status":"passed"`)
		for i := 0; b.Len() < n; i++ {
			fmt.Fprintf(&b, `,"m%d":%d`, i, i)
		}
		return append(b.Bytes(), '}')
	},
	func(n int) []byte {
		item := `{"name":"n","status":"passed"},`
		return []byte(`{"run_id":"r","test_id":"t","status":"passed","detail_status":[` + strings.Repeat(item, n/len(item)) + `{}]}`)
	},
}

// decodeAll decodes a body as everything that an answer can be.
func decodeAll(body []byte) {
	body = secret.New(testKey).JSON(body)
	_, _ = decodeRun(body)
	_, _ = decodeRuns(body)
	_, _ = decodeTest(body)
	_, _ = decodeCanary(body)
	_, _ = decodeVersion(body, "a")
	_, _ = pageOf(wireTest.test)(body)
	_, _ = pageOf(wireMessage.message)(body)
	_, _ = contentHash(body)
	_, _ = parseProblem(body)
}

// withinBounds checks that time and memory are in proportion to the size of a body, generously: a machine may be busy.
func withinBounds(t *testing.T, body []byte) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	decodeAll(body)
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	if bound := 10*time.Second + time.Duration(len(body))*50*time.Microsecond; took > bound {
		t.Errorf("%d bytes took %s: %.80q", len(body), took, body)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20+2000*uint64(len(body)) {
		t.Errorf("%d bytes took %d MiB: %.80q", len(body), used>>20, body)
	}
}

// BenchmarkDecodeHostile shows in MB/s whether time grows with the size of a body alone: the figures of one body are alike then.
func BenchmarkDecodeHostile(b *testing.B) {
	for i, body := range hostile {
		for _, size := range []int{16 << 10, 128 << 10} {
			b.Run(fmt.Sprintf("body=%d/bytes=%d", i, size), func(b *testing.B) {
				text := body(size)
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					decodeAll(bytes.Clone(text))
				}
			})
		}
	}
}

// TestHostileBodies are decoded within bounds of time and memory.
func TestHostileBodies(t *testing.T) {
	for _, body := range hostile {
		withinBounds(t, body(128<<10))
	}
}

// FuzzDecode decodes anything, within bounds of time and memory.
func FuzzDecode(f *testing.F) {
	for _, body := range hostile {
		f.Add(body(200))
	}
	for _, body := range []string{
		runJSON("passed", `,"detail_status":[{"name":"n","status":"failed"}],"x":{}`), testJSON(testA, "x"), `{"data":[` + testJSON(testA, "x") + `]}`,
		`{"rules":[{"serve":{"rollout":[{"version_id":"v"}]}}]}`, `{"errors":[{"code":"1","detail":"` + testKey + `"}]}`,
		`{"data":[{"role":"user","text":null,"tool_calls":[{"function":{"name":"x","arguments":{}}},null]}]}`, "\xff{}", `{"data":null,"meta":{"page_number":1.5}}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		fuzzing.Bound(t)
		withinBounds(t, body)
	})
}
