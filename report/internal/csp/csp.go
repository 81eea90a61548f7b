// Package csp names inline styles and scripts for a Content-Security-Policy.
package csp

import (
	"crypto/sha256"
	"encoding/base64"
)

// Hash is the hash of an inline style or script, as a policy names it.
func Hash(text string) string {
	hash := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(hash[:])
}
