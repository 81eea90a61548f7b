package cli

import (
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Inputs are the inputs of a command as they were understood. A field whose input was not given has its default; one
// whose value was refused has it too, and the error that Parse returns names it.
type Inputs struct {
	APIKey      string // from api-key or api-key-file; empty with the simulator
	APIKeyFile  string
	BaseURL     string // "simulator" or an absolute URL
	TestIDs     []string
	TestSuites  []string
	VersionID   string // gate.MainVersion for the live one; empty where VersionName is given
	VersionName string
	AssistantID string
	Timeout     time.Duration
	RunTimeout  time.Duration // 0: auto
	// OutageTimeout bounds the time without any usable answer.
	OutageTimeout time.Duration
	MaxInFlight   int // gate.AutoBound, gate.Unbounded
	MaxRuns       int
	Transcripts   string // "none", "failed", "all", or "auto"
	Attempts      outcome.Policy
	ErrorReruns   int
	// AdvisoryCriteria are names of criteria that are reported but do not fail a test.
	AdvisoryCriteria []string
	BaselineVersion  string // gate.MainVersion, a version id, or empty
	QuarantineFile   string
	Quarantine       outcome.Quarantine // what QuarantineFile holds, once the report directory is known
	FailFast         bool
	ReportDir        string // empty: no files, because that was asked for or because report-dir or name was refused
	Name             string
	RunKey           string // empty: not given, choose one at random

	// Secrets are the secret values that any route offered, the used one and the others: mask and redact them all.
	Secrets []string

	settings []outcome.Setting
	routes   map[string]string // by input name, where a value was given: "--timeout", "INPUT_TIMEOUT", "TELNYX_API_KEY" and so on
	refused  map[string]bool   // names of inputs whose value was refused
}

// Simulator reports whether the built-in simulator stands in for Telnyx.
func (in *Inputs) Simulator() bool { return in.BaseURL == simulatorURL }

// dropRefusedPlace asks for no report files if their place or name was refused: files under another name or in another
// place than asked for would mislead whoever collects them.
func (in *Inputs) dropRefusedPlace() {
	if in.refused["name"] || in.refused["report-dir"] {
		in.ReportDir = ""
	}
}

// Settings are the inputs that have a value, each as it was understood, in the order of the declaration. Secret ones
// and refused ones are left out.
func (in *Inputs) Settings() []outcome.Setting { return in.settings }
