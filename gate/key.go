package gate

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// keySpace separates this program's idempotency keys from every other use of UUIDv5.
var keySpace = uuid.MustParse("6a0c1d52-6d0e-4f3c-9f0b-6f9a3c1a7b11")

// IdempotencyKey names one decision to run a test: the same key is sent for it however often, and by whichever process
// of the same run key, so that Telnyx makes one run of it. Version is what is sent to Telnyx; content is a hash of what it does, or
// empty: to run a version that was edited is another decision; attempt counts from 1. In which letters a UUID is spelled changes
// nothing.
func IdempotencyKey(runKey, testID, version, content string, attempt int) string {
	return keyOf(content, runKey, telnyx.IDKey(testID), telnyx.IDKey(version), strconv.Itoa(attempt))
}

// suiteKey is IdempotencyKey for the runs of all tests of a suite at once.
func suiteKey(runKey, suite, version, content string, attempt int) string {
	return keyOf(content, runKey, "suite", suite, telnyx.IDKey(version), strconv.Itoa(attempt))
}

// keyOf is the key of a list of parts, and of content if that is known.
func keyOf(content string, parts ...string) string {
	if content != "" {
		parts = append(parts, content)
	}
	var b strings.Builder
	for _, part := range parts {
		fmt.Fprintf(&b, "%d:%s", len(part), part) // with lengths, no two lists of parts read the same
	}
	return uuid.NewSHA1(keySpace, []byte(b.String())).String()
}
