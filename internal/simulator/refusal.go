package simulator

import "net/http"

// Error codes of Telnyx's errors[] bodies (Telnyx API error codes page).
const (
	codeNotFound      = "10005"
	codeUnexpected    = "10007"
	codeAuthenticate  = "10009"
	codeForbidden     = "10010"
	codeTooMany       = "10011"
	codeBadRequest    = "10015"
	codeUnprocessable = "10027"
	codeInProgress    = "10036"
)

// refusal is a request that the API does not serve.
type refusal struct {
	status int
	code   string
	detail string
	// A validation error also says where (FastAPI's loc) and of which kind.
	where []string
	kind  string
}

func (r *refusal) Error() string { return r.detail }

func notFound(detail string) *refusal {
	return &refusal{status: http.StatusNotFound, code: codeNotFound, detail: detail}
}

func badRequest(detail string) *refusal {
	return &refusal{status: http.StatusBadRequest, code: codeBadRequest, detail: detail}
}

func unprocessable(kind, detail string, where ...string) *refusal {
	return &refusal{status: http.StatusUnprocessableEntity, code: codeUnprocessable, detail: detail, where: where, kind: kind}
}

// refuse writes a refusal. Telnyx documents two shapes: FastAPI's detail list,
// which the OpenAPI declares for 422, and errors[] for everything else. Callers
// have seen errors[] for 422 too, so the world decides.
func (s *Simulator) refuse(r *refusal) reply {
	if r.where != nil && s.world.ValidationErrors != "errors" {
		return jsonReply(r.status, map[string]any{"detail": []any{
			object{{"loc", r.where}, {"msg", r.detail}, {"type", r.kind}},
		}})
	}
	entry := object{
		{"code", r.code},
		{"title", http.StatusText(r.status)},
		{"detail", r.detail},
	}
	if r.where != nil {
		entry = append(entry, member{"source", map[string]string{"pointer": pointer(r.where)}})
	}
	entry = append(entry, member{"meta", map[string]string{"url": "https://developers.telnyx.com/docs/overview/errors/" + r.code}})
	return jsonReply(r.status, map[string]any{"errors": []any{entry}})
}

// pointer leaves out loc's first word, which says body, query or path.
func pointer(where []string) string {
	p := ""
	for _, part := range where[1:] {
		p += "/" + part
	}
	return p
}

// codeFor is the code that goes with a status where nothing says another.
func codeFor(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return codeAuthenticate
	case http.StatusForbidden:
		return codeForbidden
	case http.StatusNotFound:
		return codeNotFound
	case http.StatusConflict:
		return codeInProgress
	case http.StatusUnprocessableEntity:
		return codeUnprocessable
	case http.StatusTooManyRequests:
		return codeTooMany
	}
	if status >= http.StatusInternalServerError {
		return codeUnexpected
	}
	return codeBadRequest
}
