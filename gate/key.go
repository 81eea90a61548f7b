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

// IdempotencyKey identifies one decision to run a test. Every send of it, by any process with the same run key, has the same key, so
// that Telnyx makes one run. version is what is sent to Telnyx. content is a hash of its behaviour, or empty: running an edited version
// is another decision. attempt counts from 1. Upper and lower case in UUIDs do not matter.
func IdempotencyKey(runKey, testID, version, content string, attempt int) string {
	return keyOf(content, runKey, telnyx.IDKey(testID), telnyx.IDKey(version), strconv.Itoa(attempt))
}

// suiteKey is IdempotencyKey for one trigger of a whole suite.
func suiteKey(runKey, suite, version, content string, attempt int) string {
	return keyOf(content, runKey, "suite", suite, telnyx.IDKey(version), strconv.Itoa(attempt))
}

// keyOf derives the key from a list of parts, and from content if known.
func keyOf(content string, parts ...string) string {
	if content != "" {
		parts = append(parts, content)
	}
	var b strings.Builder
	for _, part := range parts {
		fmt.Fprintf(&b, "%d:%s", len(part), part) // the lengths keep different lists apart
	}
	return uuid.NewSHA1(keySpace, []byte(b.String())).String()
}
