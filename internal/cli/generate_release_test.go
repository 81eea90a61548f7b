package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// buildsImage is the action's image on main: it is built where the action is used. The commit of a release names one by
// digest in its place (scripts/release/commit.sh).
const buildsImage = "Dockerfile"

var releasedImage = regexp.MustCompile(`(?m)^  image: (docker://[a-z0-9._:/-]+:v[0-9A-Za-z.-]+@sha256:[0-9a-f]{64})$`)

// image is what action.yml has to name: in the commit of a release, the image of that.
func image(t *testing.T) string {
	t.Helper()
	action, err := os.ReadFile("../../action.yml")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if released := releasedImage.FindSubmatch(action); released != nil {
		return string(released[1])
	}
	return buildsImage
}

// binaryYAML is the action for runners without Docker. GitHub gives a composite action no INPUT_ variables, and a shell
// may drop names with hyphens in them: each input goes into a variable of its own, which binary/gate.sh hands on. No
// expression stands in a script.
func binaryYAML() string {
	var b strings.Builder
	b.WriteString(generatedComment)
	b.WriteString("name: assistant-gate (binary)\n")
	fmt.Fprintf(&b, "description: %s\n", actionDescription)
	writeInputs(&b)
	b.WriteString("outputs:\n")
	for _, o := range outputs() {
		writeEntry(&b, o.name, o.help)
		fmt.Fprintf(&b, "    value: ${{ steps.gate.outputs.%s }}\n", o.name)
	}
	b.WriteString("runs:\n  using: composite\n  steps:\n    - id: gate\n      shell: bash\n      env:\n")
	for _, d := range newInputs().declared.all() {
		fmt.Fprintf(&b, "        %s: ${{ inputs.%s }}\n", binaryVariable(d), d.name)
	}
	b.WriteString("      run: exec bash \"$GITHUB_ACTION_PATH/gate.sh\"\n")
	return b.String()
}

// binaryVariable is the variable in which an input reaches binary/gate.sh.
func binaryVariable(d *input) string {
	return "GATE_INPUT_" + strings.TrimPrefix(ownVariable(d), ownPrefix)
}

// TestBinaryActionIsWhatGitHubReads reads binary/action.yml as GitHub does, and compares it with action.yml.
func TestBinaryActionIsWhatGitHubReads(t *testing.T) {
	type described struct {
		Description string `yaml:"description"`
	}
	type output struct {
		Description string `yaml:"description"`
		Value       string `yaml:"value"`
	}
	type step struct {
		ID    string            `yaml:"id"`
		Shell string            `yaml:"shell"`
		Env   map[string]string `yaml:"env"`
		Run   string            `yaml:"run"`
	}
	var action struct {
		Name        string               `yaml:"name"`
		Description string               `yaml:"description"`
		Inputs      map[string]described `yaml:"inputs"`
		Outputs     map[string]output    `yaml:"outputs"`
		Runs        struct {
			Using string `yaml:"using"`
			Steps []step `yaml:"steps"`
		} `yaml:"runs"`
	}
	decodeStrictly(t, binaryYAML(), &action)
	if action.Runs.Using != "composite" || len(action.Runs.Steps) != 1 {
		t.Fatalf("it is %q with %d steps", action.Runs.Using, len(action.Runs.Steps))
	}
	env := action.Runs.Steps[0].Env
	if n := len(newInputs().declared.all()); len(action.Inputs) != n || len(env) != n || len(action.Outputs) != len(outputs()) {
		t.Errorf("%d inputs, %d variables, %d outputs", len(action.Inputs), len(env), len(action.Outputs))
	}
	variable := regexp.MustCompile(`^GATE_INPUT_[A-Z_]+$`)
	for _, d := range newInputs().declared.all() {
		if got := action.Inputs[d.name].Description; got != d.describe() {
			t.Errorf("%s: %q, want %q", d.name, got, d.describe())
		}
		name := binaryVariable(d)
		if want := "${{ inputs." + d.name + " }}"; env[name] != want || !variable.MatchString(name) {
			t.Errorf("%s: %q, want %q", name, env[name], want)
		}
	}
	for _, o := range outputs() {
		want := output{Description: o.help, Value: "${{ steps.gate.outputs." + o.name + " }}"}
		if diff := cmp.Diff(want, action.Outputs[o.name]); diff != "" {
			t.Errorf("output %s: %s", o.name, diff)
		}
	}
	if run := action.Runs.Steps[0].Run; strings.Contains(run, "${{") || action.Runs.Steps[0].Shell != "bash" {
		t.Errorf("an expression in a script, or no bash: %q", run)
	}
}

// TestReleasedActionIsGenerated holds that the commit of a release passes TestGenerated too.
func TestReleasedActionIsGenerated(t *testing.T) {
	const name = "docker://ghcr.io/owner/assistant-gate:v1.2.3-rc.1@sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
	if found := releasedImage.FindStringSubmatch(actionYAML(name)); found == nil || found[1] != name {
		t.Errorf("found %q, want %q", found, name)
	}
	for _, other := range []string{"", buildsImage, "docker://ghcr.io/owner/assistant-gate:v1.2.3", name + "0"} {
		if found := releasedImage.FindStringSubmatch(actionYAML(other)); found != nil {
			t.Errorf("%q is taken for an image named by digest", other)
		}
	}
}
