package gate_test

import (
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/gate"
)

func TestIdempotencyKeyNamesTheDecision(t *testing.T) {
	base := gate.IdempotencyKey("run", "test", "version", "", 1)
	if again := gate.IdempotencyKey("run", "test", "version", "", 1); again != base {
		t.Errorf("the same decision has the keys %s and %s", base, again)
	}
	for _, other := range []string{
		gate.IdempotencyKey("run2", "test", "version", "", 1),
		gate.IdempotencyKey("run", "test2", "version", "", 1),
		gate.IdempotencyKey("run", "test", "version2", "", 1),
		gate.IdempotencyKey("run", "test", "version", "", 2),
		gate.IdempotencyKey("runt", "est", "version", "", 1),
		gate.IdempotencyKey("run", "test", "version", "sha256:edited", 1),
	} {
		if other == base {
			t.Errorf("two decisions share key %s", base)
		}
	}
	const test, version = "0c9d6c7e-3f0b-4c55-8a3f-2f6c1f0f9a11", "5b0c1f8e-9f51-4d25-9f6e-0d5a7c6f1e22"
	lower := gate.IdempotencyKey("run", test, version, "", 1)
	if upper := gate.IdempotencyKey("run", strings.ToUpper(test), strings.ToUpper(version), "", 1); upper != lower {
		t.Errorf("one decision in other letters has the keys %s and %s", lower, upper)
	}
}
