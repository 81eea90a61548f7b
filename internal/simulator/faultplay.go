package simulator

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// hugeBody is one MiB more than a client should ever read.
const hugeBody = 17 << 20

// unexecuted is the answer of a fault that keeps the request from being executed.
func (s *Simulator) unexecuted(do Action) (reply, bool) {
	switch {
	case do.Status != 0:
		return s.outage(do.Status, do), true
	case do.Redirect != "":
		return reply{status: http.StatusFound, header: http.Header{"Location": {do.Redirect}}}, true
	}
	return reply{}, false
}

// outage is the error that a fault answers.
func (s *Simulator) outage(status int, do Action) reply {
	r := &refusal{status: status, code: do.Code, detail: do.Detail}
	if r.code == "" {
		r.code = codeFor(status)
	}
	if r.detail == "" {
		r.detail = "simulated fault"
	}
	if status == http.StatusUnprocessableEntity && do.Code == "" {
		r.where, r.kind = []string{"body"}, "value_error"
	}
	answer := s.refuse(r)
	for name, value := range do.Headers {
		answer.header.Set(name, value)
	}
	return answer
}

// spoil turns the answer of an executed request into what the fault says. Other ids differ from endpoint to endpoint: no client
// could tell a lie that all answers share from the truth.
func (s *Simulator) spoil(r reply, endpoint string, do Action) reply {
	if do.StatusAfter != 0 {
		r = s.outage(do.StatusAfter, do)
	}
	if do.StatusWord != "" {
		r.body = rewrite(r.body, func(o map[string]any) { replace(o, "status", func(string) string { return do.StatusWord }) })
	}
	if do.NoDetails {
		r.body = rewrite(r.body, func(o map[string]any) {
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
		r.body = rewrite(r.body, func(o map[string]any) { replace(o, "run_id", other) })
	case bodyOtherTest:
		r.body = rewrite(r.body, func(o map[string]any) { replace(o, "test_id", other) })
	case bodyOtherVers:
		r.body = rewrite(r.body, func(o map[string]any) { replace(o, "version_id", other) })
	case bodyEdited:
		r.body = rewrite(r.body, func(o map[string]any) {
			replace(o, "instructions", func(text string) string { return text + " Offer a discount." })
		})
	case bodyDoubled, bodyLost, bodyShort, bodyWrongPage, bodyWrongTotal:
		r.body = spoilList(r.body, do.Body)
	}
	return r
}

func (s *Simulator) otherID(endpoint, id string) string {
	return s.newID("other/%s/%s", endpoint, id)
}

// replace changes a string member where there is one.
func replace(o map[string]any, name string, change func(string) string) {
	if value, ok := o[name].(string); ok {
		o[name] = change(value)
	}
}

// rewrite applies a change to the object of an answer, or to those of its list.
func rewrite(body []byte, change func(map[string]any)) []byte {
	return remade(body, func(value any) any {
		for _, o := range objects(value) {
			change(o)
		}
		return value
	})
}

// remade is a body with something else in place of its value.
func remade(body []byte, change func(any) any) []byte {
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

// objects finds the runs or tests of an answer: itself, its elements, or those of its data.
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
