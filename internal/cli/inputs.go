package cli

import (
	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Inputs are the inputs of a command as they were understood. A field whose input was not given has its default; so has
// one whose value was refused, and the error that Parse returns names it.
type Inputs struct {
	gate.Settings // RunKey is empty if it was not given

	APIKey          string // from api-key or api-key-file; empty with the simulator
	APIKeyFile      string
	BaseURL         string // "simulator" or an absolute URL
	AutoTranscripts bool   // Transcripts depend on who can read the reports
	QuarantineFile  string // what it holds goes into Quarantine once the report directory is known
	ReportDir       string // empty: no files, because that was asked for or because report-dir or name was refused
	Name            string

	// Secrets are the secret values of all sources, the used one and the others: mask and redact them all.
	Secrets []string

	declared declaration
	taken    []*input // the inputs that the command takes
}

// newInputs returns inputs of which none is read yet.
func newInputs() *Inputs {
	in := &Inputs{}
	in.declared = declare(in)
	return in
}

// Simulator reports whether the built-in simulator stands in for Telnyx.
func (in *Inputs) Simulator() bool { return in.BaseURL == simulatorURL }

// dropRefusedPlace asks for no report files if their place or name was refused: files under another name or in another
// place than asked for would mislead whoever collects them.
func (in *Inputs) dropRefusedPlace() {
	if in.declared.name.refused || in.declared.reportDir.refused {
		in.ReportDir = ""
	}
}

// Understood are the inputs that have a value, each as it was understood, in the order of the declaration, without secret
// and refused ones.
func (in *Inputs) Understood() (settings []outcome.Setting) {
	for _, d := range in.taken {
		if d.understood != "" && !d.secret && !d.refused {
			settings = append(settings, outcome.Setting{Name: d.name, Value: d.understood})
		}
	}
	return settings
}
