package telnyx

import "context"

type patienceKey struct{}

// WithPatience returns a context whose look-ups are sent again until one has a usable answer, fails for good or the context
// ends, in place of a few times; with a nil hear a few times again. hear gets the result of every try that ctx did not cut short: the error of one without a usable
// answer, else nil or the refusal. It may be called by several goroutines at once.
func WithPatience(ctx context.Context, hear func(error)) context.Context {
	return context.WithValue(ctx, patienceKey{}, hear)
}

// Patience returns the function of WithPatience; nil if look-ups are sent a few times only.
func Patience(ctx context.Context) func(error) {
	hear, _ := ctx.Value(patienceKey{}).(func(error))
	return hear
}
