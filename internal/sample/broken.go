package sample

import "errors"

// ErrBroken is what a BrokenWriter fails with.
var ErrBroken = errors.New("broken pipe")

// BrokenWriter takes nothing.
type BrokenWriter struct{}

// Write fails.
func (BrokenWriter) Write([]byte) (int, error) { return 0, ErrBroken }
