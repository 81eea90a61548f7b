package acceptance

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestNotRun: a check that cannot run ends with CHECKS=required, and is on the list without.
func TestNotRun(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ checks, want, list string }{
		{"", "not run: page: no browser\ngoes on\n", "page: no browser\n"},
		{"required", "not run: page: no browser\n", ""},
	} {
		list := filepath.Join(t.TempDir(), "list")
		write(t, list, "")
		command := exec.Command("sh", "-euc", `. ../scripts/not-run.sh; not_run page "no browser"; echo "goes on"`)
		command.Env = append(os.Environ(), "CHECKS="+tt.checks, "CHECKS_NOT_RUN="+list)
		out, err := command.Output()
		if string(out) != tt.want || (err == nil) != (tt.checks == "") || read(t, list) != tt.list {
			t.Errorf("CHECKS=%s: %v, prints %q, lists %q", tt.checks, err, out, read(t, list))
		}
	}
}
