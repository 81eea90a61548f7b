package telnyx

import (
	"strings"

	"github.com/google/uuid"
)

// SameID reports whether two ids name the same thing. UUIDs are the same in upper and lower case; anything else is opaque.
func SameID(a, b string) bool {
	return a == b || isUUID(a) && isUUID(b) && strings.EqualFold(a, b)
}

// isUUID reports whether an id is a UUID as Telnyx writes them. uuid.Parse takes other forms too.
func isUUID(id string) bool {
	return len(id) == len(uuid.UUID{}.String()) && uuid.Validate(id) == nil
}
