package simulator

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"time"
)

// Time limits of the server. Answers have none, because a fault may hang for long.
const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	stopTimeout   = time.Second
)

// Serve answers requests on the listener, at paths below /v2, until ctx ends. Then
// it closes the listener, gives running answers one second, aborts the rest and
// returns nil. Requests that a fault delays end with ctx. The error is that of a
// listener that failed.
func (s *Simulator) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler:           s.belowV2(),
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          log.New(io.Discard, "", 0),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if server.Shutdown(grace) != nil {
		_ = server.Close()
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// belowV2 answers only below /v2, so that a base URL without it is noticed.
func (s *Simulator) belowV2() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/v2/") {
			send(w, s.errorReply(notFound("there is no resource at "+r.URL.EscapedPath()+"; the API is below /v2")))
			return
		}
		s.ServeHTTP(w, r)
	})
}
