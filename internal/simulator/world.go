package simulator

import "time"

// DefaultKey is the API key of the built-in worlds, and of a world that names none.
const DefaultKey = "SIMULATOR"

// World is what a Simulator simulates; see the package documentation for its file
// form. The zero value of a setting means its default.
type World struct {
	APIKey           string        `yaml:"api_key"`           // the only accepted key; default DefaultKey
	Speed            float64       `yaml:"speed"`             // simulated seconds per real second; default 1
	Seed             string        `yaml:"seed"`              // from which run ids are derived; default random
	Nulls            bool          `yaml:"nulls"`             // unset optional fields are null instead of absent
	ValidationErrors string        `yaml:"validation_errors"` // detail (default) or errors
	Idempotency      string        `yaml:"idempotency"`       // honoured (default) or ignored
	Clock            time.Duration `yaml:"clock"`             // how far Telnyx's clock is ahead of this machine's
	RateLimit        *RateLimit    `yaml:"rate_limit"`        // nil: no limit
	Assistants       []Assistant   `yaml:"assistants"`
	Tests            []Test        `yaml:"tests"`
	Faults           []Fault       `yaml:"faults"`
}

// RateLimit is the number of requests accepted in each window of real time.
type RateLimit struct {
	Requests int           `yaml:"requests"`
	Per      time.Duration `yaml:"per"`     // default 1s
	Headers  string        `yaml:"headers"` // telnyx (default), retry-after, epoch or none
}

// Assistant is an AI assistant with its versions, exactly one of them main.
type Assistant struct {
	ID           string       `yaml:"id"` // assistant-<uuid>
	Name         string       `yaml:"name"`
	Description  string       `yaml:"description"`
	Model        string       `yaml:"model"`
	Instructions string       `yaml:"instructions"`
	Greeting     string       `yaml:"greeting"`
	Versions     []Version    `yaml:"versions"`
	Canary       []CanaryRule `yaml:"canary"` // empty: no canary deploy
}

// Version is a version of an assistant. Its id is opaque; one of the form
// 20261105T090000000001 also gives its creation time.
type Version struct {
	ID           string `yaml:"id"`
	Name         string `yaml:"name"` // at most 50 characters
	Main         bool   `yaml:"main"`
	Instructions string `yaml:"instructions"` // default: those of the assistant
}

// CanaryRule is one rule of a canary deploy (Telnyx OpenAPI 2026-07-16, Rule).
type CanaryRule struct {
	Match []CanaryClause `yaml:"match" json:"match,omitempty"`
	Serve CanaryServe    `yaml:"serve" json:"serve"`
}

// CanaryClause narrows a rule to some conversations.
type CanaryClause struct {
	Attribute string   `yaml:"attribute" json:"attribute"`
	Operator  string   `yaml:"operator" json:"operator"` // in, not_in, starts_with
	Values    []string `yaml:"values" json:"values"`
}

// CanaryServe is either one version or a weighted choice.
type CanaryServe struct {
	VersionID string       `yaml:"version_id" json:"version_id,omitempty"`
	Rollout   []CanarySlot `yaml:"rollout" json:"rollout,omitempty"`
}

// CanarySlot sends Weight percent of the conversations to a version.
type CanarySlot struct {
	VersionID string  `yaml:"version_id" json:"version_id"`
	Weight    float64 `yaml:"weight" json:"weight"`
}

// Test is one assistant test of the account.
type Test struct {
	ID                 string      `yaml:"id"` // uuid
	Name               string      `yaml:"name"`
	Description        string      `yaml:"description"`
	Suite              string      `yaml:"suite"`
	Channel            string      `yaml:"channel"` // default web_chat
	Destination        string      `yaml:"destination"`
	MaxDurationSeconds int         `yaml:"max_duration_seconds"`
	Instructions       string      `yaml:"instructions"`
	Rubric             []Criterion `yaml:"rubric"`
	Runs               []Script    `yaml:"runs"`
}

// Criterion is one entry of a test's rubric.
type Criterion struct {
	Name     string `yaml:"name" json:"name"`
	Criteria string `yaml:"criteria" json:"criteria"`
}

// Script describes a run. Queue and Duration are simulated time.
type Script struct {
	Version      string            `yaml:"version"` // empty: all versions without scripts of their own
	Queue        time.Duration     `yaml:"queue"`
	Duration     time.Duration     `yaml:"duration"` // default 40s
	Ends         string            `yaml:"ends"`     // default passed
	Criteria     map[string]string `yaml:"criteria"`
	Logs         string            `yaml:"logs"`
	Transcript   []Turn            `yaml:"transcript"`
	Conversation Conversation      `yaml:"conversation"`
}

// Conversation describes how the conversation of a run departs from that of the version that was asked for.
type Conversation struct {
	Version   string        `yaml:"version"`   // the version that it names; default the run's, or the main one of Assistant
	Assistant string        `yaml:"assistant"` // the assistant that it names; default the run's
	Unnamed   bool          `yaml:"unnamed"`   // it names no version
	Missing   bool          `yaml:"missing"`   // it is not found, as with retention turned off
	Late      time.Duration `yaml:"late"`      // it is found only so long after the run's end; simulated time
}

// Turn is one message of a conversation.
type Turn struct {
	Role      string     `yaml:"role"` // user, assistant, tool
	Text      string     `yaml:"text"`
	ToolCalls []ToolCall `yaml:"tool_calls"`
}

// ToolCall is a call the assistant makes in a turn.
type ToolCall struct {
	Name      string         `yaml:"name"`
	Arguments map[string]any `yaml:"arguments"`
}

// Statuses of the contract that the simulator uses (Telnyx OpenAPI 2026-07-16,
// TestStatus); endsNever exists only in world files.
const (
	statusPending  = "pending"
	statusStarting = "starting"
	statusRunning  = "running"
	statusPassed   = "passed"
	statusFailed   = "failed"
	statusError    = "error"
	endsNever      = "never"

	channelDefault = "web_chat"
)

const defaultDuration = 40 * time.Second

// defaultScript is the script of a test without runs: 40 s in all.
func defaultScript() Script {
	return Script{Queue: 2 * time.Second, Duration: defaultDuration - 2*time.Second}
}
