package gate

import "github.com/assistant-gate/assistant-gate/internal/outcome"

// role is the part of a version in a gate.
type role int

const (
	candidate role = iota // the version under test
	baseline              // the version to compare failures with
)

// rules are the settings that all tests of a gate share.
type rules struct {
	Settings
	target outcome.Target
	chosen map[string][]outcome.Choice // what selected each test, by telnyx.IDKey
}

// sent returns the destination_version_id: empty for the live version.
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

// contentOf returns the hash of what the role's version does; empty if unknown.
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
