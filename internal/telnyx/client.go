// Package telnyx is a typed client of the part of the Telnyx API that deals with tests of AI assistants: tests, suites,
// runs and versions. It authenticates, paces, retries look-ups, and classifies every failure for the caller. It knows nothing
// of gates and verdicts.
package telnyx

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/secret"
)

// MaxConnections is the maximum number of connections of a Client without its own transport.
const MaxConnections = 64

// maxLookUps limits concurrent look-ups and pages of lists, for all callers together. It leaves enough connections for triggers.
const maxLookUps = 32

// defaultAttemptTimeout limits one HTTP exchange if Config does not.
const defaultAttemptTimeout = 30 * time.Second

// minKeyLength is the minimum length of an API key. Telnyx's keys are several times longer. The key is removed from everything that
// Telnyx answers, and a key as short as a word would garble the answers.
const minKeyLength = 8

// Config configures a Client.
type Config struct {
	// BaseURL is the API's root as the user gave it, such as https://api.telnyx.com/v2; see ParseBaseURL.
	BaseURL string
	// APIKey is a Telnyx API v2 key: at least 8 visible ASCII characters, without quotes and backslashes.
	APIKey string
	// UserAgent is sent with every request, such as "assistant-gate/1.2.3".
	UserAgent string
	// Transport carries the requests; nil means NewTransport. One that does not report httptrace's events makes
	// every failure but a failed dial, name look-up or TLS handshake count as "may have been sent".
	Transport http.RoundTripper
	// Pacer observes every answer and holds look-ups back; nil means a new one.
	Pacer *Pacer
	// AttemptTimeout limits one HTTP exchange, from connecting to the last byte of the answer; 0 means 30 s.
	AttemptTimeout time.Duration
	// Random is the source of jitter between tries of a look-up, so that a simulation can be repeated. Several goroutines
	// use it; nil means math/rand/v2.
	Random rand.Source
}

// Client calls the API. It is safe for concurrent use.
//
// Every failed call returns an *Error. Neither errors nor returned values contain the API key.
type Client struct {
	base         string // without a trailing slash
	host         string
	http         *http.Client
	roundTripper *exchange
	pacer        *Pacer
	key          *secret.Redactor
	random       rand.Source // nil: math/rand/v2
	room         bodyRoom
	bodyLimit    int64 // bytes
	lookUps      chan struct{}
}

// New returns a Client, or an error about the base URL or the key (without showing it). It sends nothing.
func New(cfg Config) (*Client, error) {
	if err := checkAPIKey(cfg.APIKey); err != nil {
		return nil, err
	}
	key := secret.New(cfg.APIKey)
	base, err := ParseBaseURL(cfg.BaseURL)
	if err != nil {
		return nil, errors.New(withoutSecrets(key, err.Error()))
	}
	if cfg.Transport == nil {
		cfg.Transport = NewTransport(MaxConnections)
	}
	if cfg.Pacer == nil {
		cfg.Pacer = NewPacer()
	}
	if cfg.AttemptTimeout <= 0 {
		cfg.AttemptTimeout = defaultAttemptTimeout
	}
	x := &exchange{
		next:      cfg.Transport,
		scheme:    base.Scheme,
		host:      base.Host,
		key:       cfg.APIKey,
		userAgent: cfg.UserAgent,
		timeout:   cfg.AttemptTimeout,
		pacer:     cfg.Pacer,
	}
	return &Client{
		base:         base.String(),
		host:         base.Host,
		http:         &http.Client{Transport: x},
		roundTripper: x,
		pacer:        cfg.Pacer,
		key:          key,
		random:       cfg.Random,
		room:         newBodyRoom(),
		bodyLimit:    maxBody,
		lookUps:      make(chan struct{}, maxLookUps),
	}, nil
}

// Requests returns how many HTTP requests were sent so far, including those that got no connection.
func (c *Client) Requests() int64 { return c.roundTripper.requests.Load() }

// CloseIdleConnections closes unused connections. The owner of the Client calls it at the end.
func (c *Client) CloseIdleConnections() {
	if t, ok := c.roundTripper.next.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// checkAPIKey refuses an impossible key. Its errors never show the key.
func checkAPIKey(key string) error {
	if key == "" {
		return errors.New("the API key is empty")
	}
	for _, c := range []byte(key) {
		if c <= ' ' || c > '~' || c == '"' || c == '\\' {
			return errors.New("the API key contains a character that no key has (blank, line break, quote, backslash or " +
				"not ASCII): check how the secret was stored")
		}
	}
	for _, word := range []string{string(ChannelPhoneCall), string(ChannelWebCall), string(ChannelSMSChat), string(ChannelWebChat), assistantPrefix} {
		if len(key) >= minKeyLength && strings.Contains(word, key) {
			return fmt.Errorf("the API key is part of %q, a word of Telnyx's API: check the secret's value", word)
		}
	}
	if len(key) < minKeyLength {
		return fmt.Errorf("the API key has only %d characters, the minimum is %d: check the secret's value", len(key), minKeyLength)
	}
	return nil
}
