package cli

import (
	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Inputs are the parsed inputs of a command. A field has its default if its input was not given or was refused. Parse
// returns an error that names the refused inputs.
type Inputs struct {
	gate.Settings // RunKey is empty if it was not given

	APIKey          string // from api-key or api-key-file; empty with the simulator
	APIKeyFile      string
	BaseURL         string // "simulator" or an absolute URL
	AutoTranscripts bool   // Transcripts depend on who can read the reports
	LastFailedFile  string // read into LastFailed and Blocked before the report directory is cleared
	QuarantineFile  string // read into Quarantine once the report directory is known
	ReportDir       string // empty: no files, because the user chose none or because report-dir or name was refused
	Name            string

	// Secrets are the secret values of all sources, including unused ones. Mask and redact them all.
	Secrets []string

	declared declaration
	taken    []*input // inputs that the command accepts
}

// newInputs returns Inputs with no input read yet.
func newInputs() *Inputs {
	in := &Inputs{}
	in.declared = declare(in)
	return in
}

// Simulator reports whether the built-in simulator replaces Telnyx.
func (in *Inputs) Simulator() bool { return in.BaseURL == simulatorURL }

// dropRefusedPlace disables report files if report-dir or name was refused, because files in an unexpected place or under an
// unexpected name would mislead whoever collects them.
func (in *Inputs) dropRefusedPlace() {
	if in.declared.name.refused || in.declared.reportDir.refused {
		in.ReportDir = ""
	}
}

// Understood returns the inputs that have a value, as the gate understood them, in the order of the declaration. It leaves
// out secret and refused inputs.
func (in *Inputs) Understood() (settings []outcome.Setting) {
	for _, d := range in.taken {
		if d.understood != "" && !d.secret && !d.refused {
			settings = append(settings, outcome.Setting{Name: d.name, Value: d.understood})
		}
	}
	return settings
}
