package simulator

import (
	"net/http"
	"strings"
	"testing"
)

func TestRefusals(t *testing.T) {
	const unknown = "00000000-0000-4000-8000-0000000000ff"
	tests := map[string]struct {
		request string // method, path, body, headers by line
		status  int
		want    string
	}{
		"no key":             {"GET " + testsPath + "\n\nAuthorization: ", 401, `{"errors":[{"code":"10009","title":"Unauthorized","detail":"Could not find any usable credentials in the request.","meta":{"url":"https://developers.telnyx.com/docs/overview/errors/10009"}}]}`},
		"wrong key":          {"GET " + testsPath + "\n\nAuthorization: Bearer KEY", 401, `"code":"10009"`},
		"empty key":          {"GET " + testsPath + "\n\nAuthorization: Bearer ", 401, `"code":"10009"`},
		"key, no scheme":     {"GET " + testsPath + "\n\nAuthorization: SIMULATOR", 401, `"code":"10009"`},
		"other scheme":       {"GET " + testsPath + "\n\nAuthorization: Basic SIMULATOR", 401, `"code":"10009"`},
		"key before path":    {"GET /v2/nothing\n\nAuthorization: Bearer KEY", 401, `"code":"10009"`},
		"scheme in capitals": {"GET " + testsPath + "\n\nAuthorization: BEARER SIMULATOR", 200, `"data"`},

		"unknown path":    {"GET /v2/ai/assistants/tests/runs/x/y", 404, `"code":"10005"`},
		"root":            {"GET /v2/", 404, `"code":"10005"`},
		"trailing slash":  {"GET " + testsPath + "/", 404, `"code":"10005"`},
		"doubled slash":   {"GET /v2/ai//assistants/tests", 404, `"code":"10005"`},
		"dots":            {"GET /v2/ai/assistants/tests/../tests", 404, `"code":"10005"`},
		"encoded slash":   {"GET /v2/ai/assistants%2Ftests", 404, `"code":"10005"`},
		"create":          {"POST " + testsPath + "\n{}", 405, "POST is not offered here, only GET"},
		"delete a test":   {"DELETE " + testsPath + "/" + booking, 405, "only GET"},
		"put a run":       {"PUT " + trigger, 405, "only GET, POST"},
		"get a promotion": {"GET /v2/ai/assistants/" + desk + "/versions/only/promote", 405, "only POST"},

		"unknown test":      {"GET " + testsPath + "/" + unknown, 404, "Assistant test " + unknown + " was not found."},
		"unknown run":       {"GET " + trigger + "/" + unknown, 404, "Test run " + unknown},
		"unknown suite":     {"POST " + testsPath + "/test-suites/Back/runs", 404, `Test suite \"Back\" was not found.`},
		"runs of no suite":  {"GET " + testsPath + "/test-suites/Back/runs", 404, `"code":"10005"`},
		"unknown assistant": {"GET /v2/ai/assistants/assistant-" + unknown, 404, `"code":"10005"`},
		"versions of none":  {"GET /v2/ai/assistants/assistant-" + unknown + "/versions", 404, `"code":"10005"`},
		"unknown version":   {"GET /v2/ai/assistants/" + desk + "/versions/only", 404, "Assistant version only was not found."},
		"promote unknown":   {"POST /v2/ai/assistants/" + desk + "/versions/only/promote", 404, `"code":"10005"`},
		"canary of unknown": {"GET /v2/ai/assistants/assistant-" + unknown + "/canary-deploys", 404, `"code":"10005"`},
		"no canary":         {"GET /v2/ai/assistants/" + other + "/canary-deploys", 404, "No canary deploy"},
		"no conversation":   {"GET /v2/ai/conversations/" + unknown, 404, "Conversation Not Found"},
		"trigger unknown":   {"POST " + testsPath + "/" + unknown + "/runs", 404, `"code":"10005"`},

		"test id no uuid": {"GET " + testsPath + "/books", 422, `{"detail":[{"loc":["path","test_id"],"msg":"Input should be a valid UUID","type":"uuid_parsing"}]}`},
		"run id no uuid":  {"GET " + trigger + "/first", 422, `"loc":["path","run_id"]`},
		"page 0":          {"GET " + testsPath + "?page[number]=0", 422, `{"detail":[{"loc":["query","page[number]"],"msg":"Input should be greater than or equal to 1","type":"greater_than_equal"}]}`},
		"page minus 1":    {"GET " + trigger + "?page[number]=-1", 422, `"greater_than_equal"`},
		"page text":       {"GET " + trigger + "?page[number]=one", 422, `"int_parsing"`},
		"page empty":      {"GET " + trigger + "?page[size]=", 422, `"int_parsing"`},
		"size 0":          {"GET " + testsPath + "?page[size]=0", 422, `["query","page[size]"]`},
		"size 101":        {"GET " + testsPath + "/test-suites/Front%20%2F%20desk/runs?page[size]=101", 422, "Input should be less than or equal to 100"},
		"size huge":       {"GET " + testsPath + "?page[size]=99999999999999999999", 422, `"int_parsing"`},

		"body no JSON":  {"POST " + trigger + "\n{", 422, `{"detail":[{"loc":["body"],"msg":"JSON decode error","type":"json_invalid"}]}`},
		"body and more": {"POST " + trigger + "\n{} {}", 422, `"json_invalid"`},
		"body a list":   {"POST " + trigger + "\n[]", 422, "Input should be a valid dictionary"},
		"body unknown field": {"POST " + trigger + `
{"version_id":"x"}`, 422, `{"detail":[{"loc":["body","version_id"],"msg":"Extra inputs are not permitted","type":"extra_forbidden"}]}`},
		"version no text": {"POST " + trigger + `
{"destination_version_id":7}`, 422, `["body","destination_version_id"],"msg":"Input should be a valid string"`},
		"body of no type":     {"POST " + trigger + "\n{}\nContent-Type: ", 422, "Content-Type is not application/json"},
		"body of other type":  {"POST " + trigger + "\n{}\nContent-Type: text/plain", 422, "Content-Type is not application/json"},
		"body with a charset": {"POST " + trigger + "\n{}\nContent-Type: application/json; charset=utf-8", 201, `"status":"pending"`},
		"body too large":      {"POST " + trigger + "\n{\"x\":\"" + strings.Repeat("x", maxRequest) + "\"}", 422, "The body is too large"},
		"suite body":          {"POST " + testsPath + "/test-suites/Front%20%2F%20desk/runs\n{\"x\":1}", 422, `"extra_forbidden"`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, "")
			line, rest, _ := strings.Cut(tc.request, "\n")
			method, path, _ := strings.Cut(line, " ")
			body, headers, _ := strings.Cut(rest, "\n")
			a := c.do(method, path, body, headers)
			if a.status != tc.status || !strings.Contains(a.text, tc.want) {
				t.Errorf("%d %s\nwant %d %s", a.status, a.text, tc.status, tc.want)
			}
			if a.status >= 400 && a.header.Get("Content-Type") != "application/json" {
				t.Errorf("content type %q", a.header.Get("Content-Type"))
			}
			if paid := len(c.Ledger()); a.status >= 400 && paid != 0 {
				t.Errorf("%d runs were made", paid)
			}
		})
	}
}

func TestValidationErrorsInTheOtherShape(t *testing.T) {
	c := newClient(t, "validation_errors: errors")
	const want = `{"errors":[{"code":"10027","title":"Unprocessable Entity","detail":"Input should be less than or equal to 100","source":{"pointer":"/page[size]"},"meta":{"url":"https://developers.telnyx.com/docs/overview/errors/10027"}}]}`
	if a := c.get(testsPath + "?page[size]=101"); a.status != http.StatusUnprocessableEntity || a.text != want {
		t.Errorf("%d %s", a.status, a.text)
	}
}

func TestWrongMethodSaysWhichAreRight(t *testing.T) {
	if got := newClient(t, "").do(http.MethodPatch, trigger, "").header.Get("Allow"); got != "GET, POST" {
		t.Errorf("Allow: %q", got)
	}
}
