package simulator

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// hugeBody is 1 MiB more than a client should ever read.
const hugeBody = 17 << 20

// immediateReply is the answer of a fault that prevents the execution.
func (s *Simulator) immediateReply(do Action) (reply, bool) {
	switch {
	case do.Status != 0:
		return s.faultReply(do.Status, do), true
	case do.Redirect != "":
		return reply{status: http.StatusFound, header: http.Header{"Location": {do.Redirect}}}, true
	}
	return reply{}, false
}

// faultReply is the error answer of a fault.
func (s *Simulator) faultReply(status int, do Action) reply {
	r := &apiError{status: status, code: do.Code, detail: do.Detail}
	if r.code == "" {
		r.code = codeFor(status)
	}
	if r.detail == "" {
		r.detail = "simulated fault"
	}
	if status == http.StatusUnprocessableEntity && do.Code == "" {
		r.location, r.kind = []string{"body"}, "value_error"
	}
	answer := s.errorReply(r)
	for name, value := range do.Headers {
		answer.header.Set(name, value)
	}
	return answer
}

// corrupt applies a fault to the answer of an executed request. Replaced ids differ
// from endpoint to endpoint: no client could detect an error that all answers share.
func (s *Simulator) corrupt(r reply, endpoint string, do Action) reply {
	if do.StatusAfter != 0 {
		r = s.faultReply(do.StatusAfter, do)
	}
	if do.StatusWord != "" {
		r.body = rewriteObjects(r.body, func(o map[string]any) { replace(o, "status", func(string) string { return do.StatusWord }) })
	}
	if do.NoDetails {
		r.body = rewriteObjects(r.body, func(o map[string]any) {
			if _, ok := o["detail_status"]; ok {
				o["detail_status"] = nil
			}
		})
	}
	other := func(id string) string { return s.otherID(endpoint, id) }
	switch do.Body {
	case bodyTruncated:
		r.cut = true
	case bodyEmpty:
		r.body = nil
	case bodyHTML:
		r.header.Set("Content-Type", "text/html; charset=utf-8")
		r.body = []byte("<!DOCTYPE html>\n<html><head><title>Gateway</title></head><body><h1>One moment, please</h1></body></html>\n")
	case bodyNotJSON:
		r.body = []byte("upstream connect error or disconnect/reset before headers")
	case bodyHuge:
		r.body = append(bytes.Repeat([]byte{' '}, hugeBody), r.body...)
	case bodyOtherRun:
		r.body = rewriteObjects(r.body, func(o map[string]any) { replace(o, "run_id", other) })
	case bodyOtherTest:
		r.body = rewriteObjects(r.body, func(o map[string]any) { replace(o, "test_id", other) })
	case bodyOtherVersion:
		r.body = rewriteObjects(r.body, func(o map[string]any) { replace(o, "version_id", other) })
	case bodyEdited:
		r.body = rewriteObjects(r.body, func(o map[string]any) {
			replace(o, "instructions", func(text string) string { return text + " Offer a discount." })
		})
	case bodyDoubled, bodyLost, bodyShort, bodyWrongPage, bodyWrongTotal, bodyEndless:
		r.body = corruptList(r.body, do.Body)
	}
	return r
}

func (s *Simulator) otherID(endpoint, id string) string {
	return s.newID("other/%s/%s", endpoint, id)
}

// replace changes a string member if it is present.
func replace(o map[string]any, name string, change func(string) string) {
	if value, ok := o[name].(string); ok {
		o[name] = change(value)
	}
}

// rewriteObjects applies a change to the object of an answer, or to each of its list.
func rewriteObjects(body []byte, change func(map[string]any)) []byte {
	return rewriteJSON(body, func(value any) any {
		for _, o := range objects(value) {
			change(o)
		}
		return value
	})
}

// rewriteJSON decodes a body, changes its value and encodes it again.
func rewriteJSON(body []byte, change func(any) any) []byte {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return body
	}
	changed, err := json.Marshal(change(value))
	if err != nil {
		return body
	}
	return changed
}

// objects returns the objects of an answer: itself, its elements, or those of its data.
func objects(value any) []map[string]any {
	switch v := value.(type) {
	case []any:
		var found []map[string]any
		for _, element := range v {
			if o, ok := element.(map[string]any); ok {
				found = append(found, o)
			}
		}
		return found
	case map[string]any:
		if list, ok := v["data"].([]any); ok {
			return objects(list)
		}
		return []map[string]any{v}
	}
	return nil
}
