package simulator

import (
	_ "embed"
	"fmt"
)

// BuiltInVersion is the candidate version of the built-in worlds. All its runs
// pass in BuiltIn, some fail in BuiltInFailing.
const BuiltInVersion = "20261120T141500000002"

//go:embed world.yaml
var worldFile []byte

//go:embed failing.yaml
var failingFile []byte

// BuiltIn is the reception of a clinic: one assistant with a main version and a
// candidate, and twelve tests in three suites. All of them pass.
func BuiltIn() World {
	w, err := Load(worldFile)
	if err != nil {
		panic(fmt.Sprintf("simulator: world.yaml: %v", err))
	}
	return w
}

// BuiltInFailing is BuiltIn with a few bad runs of the candidate: two
// regressions, one test that fails on the main version too, one whose first run
// ends in an error, and one whose conversation is not kept.
func BuiltInFailing() World {
	w := BuiltIn()
	if err := w.overlay(failingFile); err != nil {
		panic(fmt.Sprintf("simulator: failing.yaml: %v", err))
	}
	return w
}

// overlay replaces the runs of the tests that the file names.
func (w *World) overlay(data []byte) error {
	var over struct {
		Runs map[string][]Script `yaml:"runs"`
	}
	if _, err := decode(data, &over); err != nil {
		return err
	}
	for i := range w.Tests {
		if runs, ok := over.Runs[w.Tests[i].Name]; ok {
			w.Tests[i].Runs = runs
			delete(over.Runs, w.Tests[i].Name)
		}
	}
	for name := range over.Runs {
		return fmt.Errorf("runs: %q is not a test of the world", name)
	}
	return w.Validate()
}
