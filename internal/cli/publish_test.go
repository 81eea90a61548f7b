package cli

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestFileURL(t *testing.T) {
	t.Chdir(t.TempDir())
	got := fileURL(filepath.Join("my reports", "100%.html"))
	if !strings.HasPrefix(got, "file:///") || !strings.HasSuffix(got, "/my%20reports/100%25.html") {
		t.Errorf("the address is %q", got)
	}
	if got := fileURL(""); got != "" {
		t.Errorf("without a report: %q", got)
	}
}
