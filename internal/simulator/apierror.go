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

// apiError is an error answer of the API.
type apiError struct {
	status int
	code   string
	detail string
	// Of validation errors, as FastAPI's loc and type.
	location []string
	kind     string
}

func (r *apiError) Error() string { return r.detail }

func notFound(detail string) *apiError {
	return &apiError{status: http.StatusNotFound, code: codeNotFound, detail: detail}
}

func badRequest(detail string) *apiError {
	return &apiError{status: http.StatusBadRequest, code: codeBadRequest, detail: detail}
}

func unprocessable(kind, detail string, location ...string) *apiError {
	return &apiError{status: http.StatusUnprocessableEntity, code: codeUnprocessable, detail: detail, location: location, kind: kind}
}

// errorReply encodes an error. Telnyx documents two shapes: FastAPI's detail list,
// which the OpenAPI declares for 422, and errors[] for everything else. Clients
// have seen errors[] for 422 too, so the world decides.
func (s *Simulator) errorReply(r *apiError) reply {
	if r.location != nil && s.world.ValidationErrors != "errors" {
		return jsonReply(r.status, map[string]any{"detail": []any{
			object{{"loc", r.location}, {"msg", r.detail}, {"type", r.kind}},
		}})
	}
	entry := object{
		{"code", r.code},
		{"title", http.StatusText(r.status)},
		{"detail", r.detail},
	}
	if r.location != nil {
		entry = append(entry, member{"source", map[string]string{"pointer": pointer(r.location)}})
	}
	entry = append(entry, member{"meta", map[string]string{"url": "https://developers.telnyx.com/docs/overview/errors/" + r.code}})
	return jsonReply(r.status, map[string]any{"errors": []any{entry}})
}

// pointer leaves out the first element, which is body, query or path.
func pointer(location []string) string {
	p := ""
	for _, part := range location[1:] {
		p += "/" + part
	}
	return p
}

// codeFor is the default code of a status.
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
