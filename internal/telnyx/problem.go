package telnyx

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxCode limits the length of an error's code, in bytes. Telnyx's codes have five digits.
const maxCode = 64

// parseProblem finds Telnyx's code and message in the body of an error. In order: errors[] (Telnyx's API documentation;
// also below data, as third-party code has seen it), detail (HTTPValidationError of Telnyx OpenAPI 2026-07-16, or a
// plain string). Both are empty if the body has neither: then it may not be Telnyx's.
func parseProblem(body []byte) (code, words string) {
	var p struct {
		Errors jsontext.Value `json:"errors"`
		Data   jsontext.Value `json:"data"`
		Detail jsontext.Value `json:"detail"`
	}
	if decode(body, &p) != nil {
		return "", ""
	}
	code, words = telnyxErrors(p.Errors)
	if code == "" && words == "" {
		var data struct {
			Errors jsontext.Value `json:"errors"`
		}
		if p.Data.Kind() == jsontext.KindBeginObject && decode(p.Data, &data) == nil {
			code, words = telnyxErrors(data.Errors)
		}
	}
	if code == "" && words == "" {
		words = validationErrors(p.Detail)
	}
	return clip(code, maxCode), words
}

// telnyxErrors reads the list of errors, or a single one. It uses the first code and all messages.
func telnyxErrors(raw jsontext.Value) (code, words string) {
	var all []string
	for _, item := range firstOf(raw) {
		var e struct {
			Code   looseText `json:"code"`
			Title  looseText `json:"title"`
			Detail looseText `json:"detail"`
		}
		if item.Kind() != jsontext.KindBeginObject || decode(item, &e) != nil {
			continue
		}
		if code == "" {
			code = string(e.Code)
		}
		all = appendWords(all, joinWords(": ", string(e.Title), string(e.Detail)))
	}
	return code, joinWords("; ", all...)
}

// validationErrors reads detail: a string, or FastAPI's list of places and messages.
func validationErrors(raw jsontext.Value) string {
	var all []string
	for _, item := range firstOf(raw) {
		var e struct {
			Place   jsontext.Value `json:"loc"`
			Message looseText      `json:"msg"`
		}
		if item.Kind() != jsontext.KindBeginObject || decode(item, &e) != nil || e.Message == "" {
			all = appendWords(all, textOf(item))
			continue
		}
		all = appendWords(all, joinWords(": ", fieldPath(e.Place), string(e.Message)))
	}
	return joinWords("; ", all...)
}

// fieldPath writes FastAPI's loc, a list of strings and integers, with dots: body.destination_version_id.
func fieldPath(raw jsontext.Value) string {
	var all []string
	for _, part := range firstOf(raw) {
		all = appendWords(all, textOf(part))
	}
	return strings.Join(all, ".")
}

// firstOf returns the first maxWords elements of an array, or a single value as a list of one.
func firstOf(raw jsontext.Value) []jsontext.Value {
	if len(raw) == 0 {
		return nil
	}
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowInvalidUTF8(true))
	if dec.PeekKind() != jsontext.KindBeginArray {
		return []jsontext.Value{raw}
	}
	_, _ = dec.ReadToken()
	var list []jsontext.Value
	for len(list) < maxWords && dec.PeekKind() != jsontext.KindEndArray {
		item, err := dec.ReadValue()
		if err != nil {
			break
		}
		list = append(list, item.Clone())
	}
	return list
}

// textOf returns a JSON value in the form of a looseText.
func textOf(raw jsontext.Value) string {
	var text looseText
	_ = decode(raw, &text)
	return string(text)
}

// maxWords limits how many messages of an error are joined; there is only room to show the first few.
const maxWords = 20

func appendWords(all []string, words string) []string {
	words = clip(words, maxDetail)
	if words == "" || len(all) == maxWords {
		return all
	}
	return append(all, words)
}

// joinWords joins messages without empty and repeated ones.
func joinWords(between string, words ...string) string {
	var kept []string
	for _, w := range words {
		if w != "" && (len(kept) == 0 || kept[len(kept)-1] != w) {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, between)
}
