package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/report/results"
)

// writeHistory writes the results files of made-up nightly gates of the real Telnyx to a new folder: history DIR NIGHTS.
func writeHistory(ts *testscript.TestScript, _ bool, args []string) {
	nights, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(historyIn(ts.MkAbs(args[0]), nights))
}

func historyIn(dir string, nights int) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for i, o := range sample.History(nights) {
		var b bytes.Buffer
		if err := results.Write(&b, o); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("nightly-%02d.json", i)), b.Bytes(), 0o600); err != nil {
			return err
		}
	}
	return nil
}
