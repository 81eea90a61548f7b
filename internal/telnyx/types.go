package telnyx

import (
	"strings"
	"time"
)

// Status is the status of a run or of one criterion of a run. The known words are those of TestStatus
// (Telnyx OpenAPI 2026-07-16); any other word is kept and is neither terminal nor a pass.
type Status string

// The statuses that the contract names.
const (
	StatusPending  Status = "pending"
	StatusStarting Status = "starting"
	StatusRunning  Status = "running"
	StatusPassed   Status = "passed"
	StatusFailed   Status = "failed"
	StatusError    Status = "error"
)

// Terminal reports whether a run with this status has ended: passed, failed or error.
func (s Status) Terminal() bool {
	return s == StatusPassed || s == StatusFailed || s == StatusError
}

// Known reports whether the contract names this status.
func (s Status) Known() bool {
	switch s {
	case StatusPending, StatusStarting, StatusRunning:
		return true
	}
	return s.Terminal()
}

// Channel is how the simulated caller talks to the assistant (TelnyxConversationChannel).
type Channel string

// The channels that the contract names.
const (
	ChannelPhoneCall Channel = "phone_call"
	ChannelWebCall   Channel = "web_call"
	ChannelSMSChat   Channel = "sms_chat"
	ChannelWebChat   Channel = "web_chat"
)

// Criterion is one item of a test's rubric: its name, and the text that the judge applies.
type Criterion struct {
	Name string
	Text string
}

// Test is a test as Telnyx stores it (AssistantTestResponse).
type Test struct {
	ID           string
	Name         string
	Description  string
	Channel      Channel
	Destination  string        // "assistant-UUID", a phone number or a webhook URL; may be empty
	MaxDuration  time.Duration // limit of the conversation; 0 if the test has none
	Suite        string        // may be empty
	Instructions string
	Rubric       []Criterion // nil if a list leaves it out
	CreatedAt    time.Time
}

// CriterionResult is the judge's answer about one criterion of a run (TestRunDetailResult). Telnyx gives no reason.
type CriterionResult struct {
	Name   string
	Status Status
}

// Run is one run of a test (TestRunResponse). It carries neither the version that it ran against nor a cost.
type Run struct {
	ID             string
	TestID         string
	Status         Status
	CreatedAt      time.Time
	CompletedAt    time.Time // zero if Telnyx gave none
	ConversationID string
	SuiteRunID     string
	Criteria       []CriterionResult
	Logs           string
}

// Version is a version of an assistant (the Assistant object of the versions endpoints).
type Version struct {
	AssistantID   string
	AssistantName string
	ID            string // opaque; UUIDs and time stamps such as 20260906T153456589927 have been seen
	Name          string
	CreatedAt     time.Time
	// Hash covers what the version does: it is equal for two answers of the same endpoint if and only if nothing was edited in
	// between.
	Hash string
}

// TestFilter narrows a list of tests; empty fields do not filter.
type TestFilter struct {
	Suite       string
	Destination string
	// Brief leaves out descriptions, instructions and the texts of criteria, which take most of the memory of a long list.
	Brief bool
}

// TriggerRequest asks for one run of a test.
type TriggerRequest struct {
	TestID string
	// VersionID is sent as destination_version_id; empty sends none, which means the assistant's main version.
	VersionID string
	// IdempotencyKey identifies the decision to run: sends with the same key and request make one run, for up to 24 hours
	// (Telnyx SDKs of 2026-08-21). Letters, digits, hyphens and underscores, at most 255.
	IdempotencyKey string
}

// Triggered is the answer to a TriggerRequest.
type Triggered struct {
	Run Run
	// Replayed is true if Telnyx answered with the run of an earlier send of the same key (response header
	// Idempotent-Replayed).
	Replayed bool
	// Answered is when Telnyx answered by its own clock (response header Date); zero if the header is missing.
	Answered time.Time
}

// maxID is the maximum length of a test's or a run's id.
const maxID = 128

// ValidTestID reports whether id can be a test's or a run's id: it starts with a letter or digit and has at most 128 letters, digits,
// hyphens and underscores. It cannot change a URL's meaning.
func ValidTestID(id string) bool {
	for i, c := range []byte(id) {
		plain := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !plain && (i == 0 || c != '-' && c != '_') {
			return false
		}
	}
	return id != "" && len(id) <= maxID
}

// AssistantDestination returns the assistant's id if a test's destination is an assistant, and false if it is a phone number, a URL or
// empty.
func (t Test) AssistantDestination() (id string, ok bool) {
	if len(t.Destination) > len(assistantPrefix) && strings.HasPrefix(t.Destination, assistantPrefix) {
		return t.Destination, true
	}
	return "", false
}
