// Package telnyx is a typed client of the part of the Telnyx API that deals with tests of AI assistants: tests, suites,
// runs and versions. It authenticates, paces, retries look-ups, and says of every failure what it means for the caller.
// Of gates and verdicts it knows nothing.
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

// MaxConnections is how many connections a Client without a transport of its own opens at most.
const MaxConnections = 64

// maxLookUps is how many look-ups and pages of lists are under way at the same time, whoever asks for them. Of the connections
// enough are left for triggers.
const maxLookUps = 32

// defaultAttemptTimeout bounds one HTTP exchange where Config gives no bound.
const defaultAttemptTimeout = 30 * time.Second

// minKeyLength is the shortest API key that is accepted. Telnyx's keys are several times longer; the bound is there
// because the key is cut out of everything that Telnyx answers, and a key as short as a word would garble the answers.
const minKeyLength = 8

// Config says how to reach the API.
type Config struct {
	// BaseURL is the API's root as the user gave it, such as https://api.telnyx.com/v2; ParseBaseURL says what is accepted.
	BaseURL string
	// APIKey is a Telnyx API v2 key: visible ASCII characters without quotes and backslashes, 8 at least.
	APIKey string
	// UserAgent is sent with every request, such as "assistant-gate/1.2.3".
	UserAgent string
	// Transport carries the requests; nil means NewTransport. One that does not report httptrace's events makes
	// every failure but a failed dial, name look-up or TLS handshake count as "may have been sent".
	Transport http.RoundTripper
	// Pacer is told of every answer and holds look-ups back; nil means a new one.
	Pacer *Pacer
	// AttemptTimeout bounds one HTTP exchange, from connecting to the last byte of the answer; 0 means 30 s.
	AttemptTimeout time.Duration
	// Random is where the jitter between tries of a look-up comes from, so that a simulation can be repeated. It is used
	// by several goroutines at once; nil means math/rand/v2.
	Random rand.Source
}

// Client calls the API. It may be used by many goroutines at once.
//
// A failed call returns an *Error, whatever the reason. The API key is in none of them, nor in any returned value.
type Client struct {
	base         string // without a slash at its end
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

// New returns a Client, or an error that names the base URL or says what is wrong with the key (without showing it).
// Nothing is sent.
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

// Requests returns how many HTTP requests were sent so far, those included that no connection could be made for.
func (c *Client) Requests() int64 { return c.roundTripper.requests.Load() }

// CloseIdleConnections closes the connections that are not in use. It is for the owner of the Client, at the end.
func (c *Client) CloseIdleConnections() {
	if t, ok := c.roundTripper.next.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// checkAPIKey refuses what cannot be a key. Its errors never show the key.
func checkAPIKey(key string) error {
	if key == "" {
		return errors.New("the API key is empty")
	}
	for _, c := range []byte(key) {
		if c <= ' ' || c > '~' || c == '"' || c == '\\' {
			return errors.New("the API key holds a character that no key has (blank, line break, quote, backslash or " +
				"not ASCII): check how the secret was stored")
		}
	}
	for _, word := range []string{string(ChannelPhoneCall), string(ChannelWebCall), string(ChannelSMSChat), string(ChannelWebChat), assistantPrefix} {
		if len(key) >= minKeyLength && strings.Contains(word, key) {
			return fmt.Errorf("the API key is a part of %q, a word of Telnyx's API: check the secret's value", word)
		}
	}
	if len(key) < minKeyLength {
		return fmt.Errorf("the API key has only %d characters, %d is the least: check the secret's value", len(key), minKeyLength)
	}
	return nil
}
