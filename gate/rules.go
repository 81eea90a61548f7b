package gate

import "github.com/assistant-gate/assistant-gate/internal/outcome"

// role is what a version is run for.
type role int

const (
	candidate role = iota // the version under test
	baseline              // the version that failures are compared with
)

// rules are what all tests of a gate go by.
type rules struct {
	Settings
	target outcome.Target
}

// sent is what is sent as destination_version_id: nothing for the live version.
func (r *rules) sent(of role) string {
	version := r.VersionID
	if of == baseline {
		version = r.BaselineVersion
	}
	if version == outcome.MainVersion {
		return ""
	}
	return version
}

// contentOf is what the role's version does, as a hash; empty if it is not known.
func (r *rules) contentOf(of role) string {
	if of == baseline {
		return r.target.BaselineSeen.Hash
	}
	return r.target.VersionHash
}

func (r *rules) policyOf(of role) outcome.Policy {
	if of == baseline {
		return outcome.BaselinePolicy()
	}
	return r.Policy
}
