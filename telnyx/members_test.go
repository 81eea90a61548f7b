package telnyx

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
)

func TestFields(t *testing.T) {
	f, err := parseFields([]byte(" {\"a\" : 1 , \"b\":\"x\\\"}\\\\\",\"A\":2,\"\\u0061\":[{\"a\":[]} , 3],\n\"n\":null, \"\":{} } "))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"a": `[{"a":[]} , 3]`, "b": `"x\"}\\"`, "A": "2", "n": "null", "": "{}", "B": ""} {
		if got := f.raw(name); string(got) != want || got == nil != (want == "") {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if f.has("n") || f.has("B") || !f.has("a") {
		t.Error("null and absent are alike, and nothing else is like them")
	}
	if text := f.text("b"); text != `x"}\` {
		t.Errorf("text %q", text)
	}
	if list, err := f.list("a"); err != nil || len(list) != 2 || string(list[1]) != "3" {
		t.Errorf("list %q, %v", list, err)
	}
}

func TestFieldsOfNoObject(t *testing.T) {
	for _, text := range []string{"", " ", "null", "[]", `"{}"`, "1", "{", `{"a":1,}`, `{"a":1}{}`, `{"a"}`} {
		if f, err := parseFields([]byte(text)); err == nil {
			t.Errorf("%q: %v", text, f)
		}
	}
}

// FuzzMembers holds what is found in a JSON object or array against what encoding/json finds.
func FuzzMembers(f *testing.F) {
	for _, seed := range []string{
		`{"a":1,"b":[1,{"c":"}"}],"a":null}`, ` [ 1 ,"]\\",{ }, [ [ ] ] , -1e5,true ] `, `{"\u0061":"\"","":""}`, "{\"a\"\n:\t{}\r}", `[]`, `{}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		fuzzing.Bound(t)
		if checkJSON(text) != nil || !utf8.Valid(text) { // which every body is
			return
		}
		var object map[string]json.RawMessage
		if got, err := members(text); err == nil {
			if json.Unmarshal(text, &object) != nil || object == nil {
				t.Fatalf("%q is no object", text)
			}
			names := map[string]bool{}
			for _, m := range got {
				names[string(m.name)] = true
				same(t, got.raw(string(m.name)), object[string(m.name)])
			}
			if len(names) != len(object) {
				t.Fatalf("%d names, want %d", len(names), len(object))
			}
		} else if json.Unmarshal(text, &object) == nil && object != nil {
			t.Fatalf("%q: %v", text, err)
		}
		var array []json.RawMessage
		got, err := items(text)
		if fine := json.Unmarshal(text, &array) == nil && array != nil; fine != (err == nil) || len(got) != len(array) {
			t.Fatalf("%q: %q, %v", text, got, err)
		}
		for i := range got {
			same(t, got[i], array[i])
		}
	})
}

func same(t *testing.T, got, want json.RawMessage) {
	t.Helper()
	if !bytes.Equal(got, bytes.Trim(want, " \t\r\n")) {
		t.Fatalf("%q, want %q", got, want)
	}
}
