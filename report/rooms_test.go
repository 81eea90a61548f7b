package report

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestFormatsStandAlone: a format is changed without reading another, and none knows how a gate runs.
func TestFormatsStandAlone(t *testing.T) {
	const module = "github.com/assistant-gate/assistant-gate/"
	formats := []string{"console", "summary", "page", "junit", "ctrf", "results", "comment", "rates"}
	for _, format := range formats {
		out, err := exec.Command("go", "list", "-deps", "./"+format).Output()
		if err != nil {
			t.Fatal(err)
		}
		packages := strings.Fields(string(out))
		for _, other := range formats {
			if other != format && slices.Contains(packages, module+"report/"+other) {
				t.Errorf("%s imports %s", format, other)
			}
		}
		if slices.Contains(packages, module+"gate") {
			t.Errorf("%s imports the gate", format)
		}
	}
}
