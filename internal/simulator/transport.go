package simulator

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
)

// Transport answers requests in memory, whatever their host, without network or
// goroutines. A dropped connection is an error that wraps io.ErrUnexpectedEOF; one
// that breaks off midway is a body that ends in it. A request whose context ends
// while it waits fails with the context's cause. Trace hooks for written headers
// and requests are called, so that callers can tell what was sent.
func (s *Simulator) Transport() http.RoundTripper {
	return transport{s}
}

type transport struct{ handler http.Handler }

func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	inner, err := serverRequest(req)
	if err != nil {
		return nil, err
	}
	ctx := req.Context()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	trace := httptrace.ContextClientTrace(ctx)
	if trace != nil && trace.WroteHeaders != nil {
		trace.WroteHeaders()
	}
	if trace != nil && trace.WroteRequest != nil {
		trace.WroteRequest(httptrace.WroteRequestInfo{})
	}
	rec := &recorder{header: http.Header{}}
	aborted := rec.record(t.handler, inner)
	if aborted && !rec.flushed {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, fmt.Errorf("the simulator dropped the connection: %w", io.ErrUnexpectedEOF)
	}
	if trace != nil && trace.GotFirstResponseByte != nil {
		trace.GotFirstResponseByte()
	}
	return rec.response(req, aborted), nil
}

// serverRequest is the request as a server receives it. It reads and closes the
// body.
func serverRequest(req *http.Request) (*http.Request, error) {
	var body []byte
	if req.Body != nil {
		var err error
		body, err = io.ReadAll(req.Body)
		if closing := req.Body.Close(); err == nil {
			err = closing
		}
		if err != nil {
			return nil, err
		}
	}
	inner := req.Clone(req.Context())
	if inner.Method == "" {
		inner.Method = http.MethodGet
	}
	inner.Body = io.NopCloser(bytes.NewReader(body))
	inner.ContentLength = int64(len(body))
	inner.RequestURI = req.URL.RequestURI()
	return inner, nil
}

// recorder records what the handler writes.
type recorder struct {
	header  http.Header
	status  int
	sent    http.Header // as they were when the status was written
	body    bytes.Buffer
	flushed bool
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status, r.sent = status, r.header.Clone()
	}
}

func (r *recorder) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(p)
}

func (r *recorder) Flush() { r.flushed = true }

// record runs the handler and reports whether it aborted the connection.
func (r *recorder) record(h http.Handler, req *http.Request) (aborted bool) {
	defer func() {
		switch reason := recover(); reason {
		case nil:
		case http.ErrAbortHandler:
			aborted = true
		default:
			panic(reason)
		}
	}()
	h.ServeHTTP(r, req)
	return false
}

func (r *recorder) response(req *http.Request, cut bool) *http.Response {
	var body io.Reader = &r.body
	length := int64(r.body.Len())
	if cut {
		body = io.MultiReader(body, brokenBody{})
		length = -1
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", r.status, http.StatusText(r.status)), StatusCode: r.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: r.sent, Body: io.NopCloser(body), ContentLength: length, Request: req,
	}
}

// brokenBody is the end of a body whose connection broke.
type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
