package acceptance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// exchange is one request with its answer, both read whole.
type exchange struct {
	method string
	url    *url.URL
	header http.Header
	body   []byte

	status       int
	answerHeader http.Header
	answer       []byte
}

// request is the request as the library wants it.
func (x exchange) request() *http.Request {
	return &http.Request{
		Method: x.method, URL: x.url, Host: x.url.Host, Header: x.header,
		Body: io.NopCloser(bytes.NewReader(x.body)), ContentLength: int64(len(x.body)),
	}
}

func (x exchange) String() string {
	return fmt.Sprintf("%s %s %d", x.method, x.url.RequestURI(), x.status)
}

// Headers that the documents do not declare, and why they are there all the same.
var (
	plainRequestHeaders = map[string]string{
		"Accept":        "HTTP's own",
		"Authorization": "declared as a security scheme",
		"Content-Type":  "declared as a media type",
		"User-Agent":    "HTTP's own",
	}
	plainAnswerHeaders = map[string]string{
		"Content-Length":        "HTTP's own",
		"Content-Type":          "declared as a media type",
		"Date":                  "HTTP's own",
		"Idempotent-Replayed":   "declared by the same API for other operations that take an Idempotency-Key",
		"X-Ratelimit-Limit":     "Telnyx's rate-limiting guide",
		"X-Ratelimit-Remaining": "Telnyx's rate-limiting guide",
		"X-Ratelimit-Reset":     "Telnyx's rate-limiting guide",
	}
)

const keyHeader = "Idempotency-Key"

// undeclaredStatus is an answer that the documents declare for no operation, or not for this one.
type undeclaredStatus struct {
	status int
	prefix string // of the operations that it is accepted of
	reason string
}

var undeclaredStatuses = []undeclaredStatus{
	{http.StatusBadRequest, "POST /ai/assistants/tests/", "said in prose: an unknown destination_version_id, a malformed Idempotency-Key"},
	{http.StatusUnauthorized, "", "no operation declares what a missing or wrong key is answered with"},
	{http.StatusNotFound, "", "declared for conversations only, although every path names something that may not exist"},
	{http.StatusConflict, "POST /ai/assistants/tests/", "said in prose: a request with the same Idempotency-Key is in progress"},
	{http.StatusTooManyRequests, "", "Telnyx's rate-limiting guide"},
}

// findings are what an exchange departs in from the documents.
type findings struct {
	operation string // as the document has it, such as "GET /ai/assistants/tests"
	request   error
	answer    error
}

// inspect holds an exchange against the documents.
func (d documents) inspect(x exchange) findings {
	f := d.main.inspect(x)
	if d.keys != nil && d.keys.describes(x) {
		also := d.keys.inspect(x)
		f.request, f.answer = errors.Join(f.request, also.request), errors.Join(f.answer, also.answer)
	}
	f.request = errors.Join(f.request, d.checkRequestHeaders(x))
	f.answer = errors.Join(f.answer, checkAnswerHeaders(x))
	return f
}

func (d document) describes(x exchange) bool {
	_, _, err := d.router.FindRoute(x.request())
	return err == nil
}

func (d document) inspect(x exchange) findings {
	route, params, err := d.router.FindRoute(x.request())
	if err != nil {
		return findings{request: fmt.Errorf("%s describes no such operation: %w", d.name, err)}
	}
	input := &openapi3filter.RequestValidationInput{
		Request: x.request(), PathParams: decoded(params), QueryParams: x.url.Query(), Route: route, Options: validation(),
	}
	operation := route.Method + " " + route.Path
	return findings{
		operation: operation,
		request:   d.says(errors.Join(openapi3filter.ValidateRequest(context.Background(), input), checkQuery(route, x.url.Query()))),
		answer:    d.says(checkAnswer(operation, input, x)),
	}
}

func (d document) says(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", d.name, err)
}

// decoded undoes the percent-encoding that the router leaves in path parameters.
func decoded(params map[string]string) map[string]string {
	plain := map[string]string{}
	for name, value := range params {
		if text, err := url.PathUnescape(value); err == nil {
			value = text
		}
		plain[name] = value
	}
	return plain
}

func validation() *openapi3filter.Options {
	return &openapi3filter.Options{
		IncludeResponseStatus:             true,
		MultiError:                        true,
		RejectWhenRequestBodyNotSpecified: true,
		SkipSettingDefaults:               true,
		AuthenticationFunc:                checkBearer,
		SchemaValidationOptions: []openapi3.SchemaValidationOption{
			openapi3.EnableFormatValidation(),
			openapi3.WithStringFormatValidator("uuid", openapi3.NewCallbackValidator(checkUUID)),
		},
	}
}

// checkBearer checks that a key is sent as the security scheme says. Which key is right, the documents cannot know.
func checkBearer(_ context.Context, in *openapi3filter.AuthenticationInput) error {
	scheme := in.SecurityScheme
	if scheme.Type != "http" || !strings.EqualFold(scheme.Scheme, "bearer") {
		return fmt.Errorf("unknown security scheme %s", in.SecuritySchemeName)
	}
	key, ok := strings.CutPrefix(in.RequestValidationInput.Request.Header.Get("Authorization"), "Bearer ")
	if !ok || key == "" {
		return errors.New("no bearer key is sent")
	}
	return nil
}

// checkQuery refuses query parameters that the operation does not have, which the library ignores.
func checkQuery(route *routers.Route, query url.Values) error {
	var problems []error
	for name := range query {
		if !slices.ContainsFunc(route.Operation.Parameters, func(p *openapi3.ParameterRef) bool { return takes(p.Value, name) }) {
			problems = append(problems, fmt.Errorf("query parameter %q is not described", name))
		}
	}
	return errors.Join(problems...)
}

// takes reports whether name is the parameter's, in the wire form of its style: page[size] is page of style deepObject.
func takes(p *openapi3.Parameter, name string) bool {
	if p.In != openapi3.ParameterInQuery {
		return false
	}
	if p.Style != openapi3.SerializationDeepObject {
		return p.Name == name
	}
	for property := range p.Schema.Value.Properties {
		if name == p.Name+"["+property+"]" {
			return true
		}
	}
	return false
}

func (d documents) checkRequestHeaders(x exchange) error {
	var problems []error
	for name := range x.header {
		if _, plain := plainRequestHeaders[name]; plain || name == keyHeader && d.takesKey(x) {
			continue
		}
		problems = append(problems, fmt.Errorf("request header %s is not described", name))
	}
	return errors.Join(problems...)
}

// takesKey reports whether the operation declares Idempotency-Key. Where the document that declares it is not at hand,
// the triggers are taken to.
func (d documents) takesKey(x exchange) bool {
	if d.keys == nil {
		return x.method == http.MethodPost && strings.HasSuffix(x.url.Path, "/runs")
	}
	route, _, err := d.keys.router.FindRoute(x.request())
	return err == nil && route.Operation.Parameters.GetByInAndName(openapi3.ParameterInHeader, keyHeader) != nil
}

func checkAnswerHeaders(x exchange) error {
	var problems []error
	for name := range x.answerHeader {
		if _, plain := plainAnswerHeaders[name]; !plain {
			problems = append(problems, fmt.Errorf("answer header %s is not described", name))
		}
	}
	return errors.Join(problems...)
}

func checkAnswer(operation string, request *openapi3filter.RequestValidationInput, x exchange) error {
	declared := request.Route.Operation.Responses.Status(x.status)
	if declared == nil {
		return checkUndeclared(operation, x)
	}
	if len(declared.Value.Content) == 0 {
		return checkNoContent(x)
	}
	if x.status == http.StatusUnprocessableEntity && checkErrors(x) == nil {
		// The contract contradicts itself: it declares FastAPI's shape for 422, its guide to idempotency and code seen
		// against the live API have errors[] there.
		return nil
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: request, Status: x.status, Header: x.answerHeader, Options: validation(),
	}
	return openapi3filter.ValidateResponse(context.Background(), input.SetBodyBytes(x.answer))
}

// checkUndeclared accepts an answer that only the list above explains. Its body must be Telnyx's error all the same.
func checkUndeclared(operation string, x exchange) error {
	for _, known := range undeclaredStatuses {
		if known.status == x.status && strings.HasPrefix(operation, known.prefix) {
			return checkErrors(x)
		}
	}
	return fmt.Errorf("status %d is not described", x.status)
}

// checkNoContent checks an answer that is declared without content. Only an error may have a body then.
func checkNoContent(x exchange) error {
	if x.status/100 != 2 {
		return checkErrors(x)
	}
	if len(x.answer) > 0 {
		return fmt.Errorf("status %d is described without a body, but one came: %.200s", x.status, x.answer)
	}
	return nil
}

// checkErrors checks the error body that Telnyx documents for its whole API (request and response handling guide).
func checkErrors(x exchange) error {
	if media := x.answerHeader.Get("Content-Type"); media != "application/json" {
		return fmt.Errorf("the error is of type %q", media)
	}
	var body struct {
		Errors []struct {
			Code   string            `json:"code"`
			Title  string            `json:"title"`
			Detail string            `json:"detail"`
			Source map[string]string `json:"source"`
			Meta   map[string]string `json:"meta"`
		} `json:"errors"`
	}
	decoder := json.NewDecoder(bytes.NewReader(x.answer))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil {
		return fmt.Errorf("the error is no errors[] body: %w: %.200s", err, x.answer)
	}
	if len(body.Errors) == 0 {
		return fmt.Errorf("errors[] is empty: %.200s", x.answer)
	}
	for _, e := range body.Errors {
		if len(e.Code) != 5 || strings.Trim(e.Code, "0123456789") != "" || e.Title == "" || e.Detail == "" {
			return fmt.Errorf("code, title or detail is missing or malformed: %.200s", x.answer)
		}
	}
	return nil
}
