package e2e

import (
	"bytes"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// TestHTTP2DebugPrintsNoKey: people set GODEBUG=http2debug if a connection makes trouble, and Go's runtime then logs every header
// that goes out and the beginning of every frame that comes in.
func TestHTTP2DebugPrintsNoKey(t *testing.T) {
	const key = "KEY0192abcDEF_debug+key/Secret&0123456789=="
	for _, level := range []string{"1", "2"} {
		t.Run(level, func(t *testing.T) {
			t.Parallel()
			world := simulator.BuiltIn()
			world.APIKey, world.Speed = key, 2000
			server := httptest.NewUnstartedServer(echoing{simulator.New(world), key})
			server.EnableHTTP2 = true
			server.StartTLS()
			defer server.Close()
			dir := t.TempDir()
			certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
			if err := os.WriteFile(filepath.Join(dir, "ca.pem"), certificate, 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), "assistant-gate", "plan", "--version-id", "20261120T141500000002", "--test-suites", world.Tests[0].Suite)
			var output bytes.Buffer
			cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &output, &output
			cmd.Env = []string{
				"TELNYX_BASE_URL=" + server.URL + "/v2", "TELNYX_API_KEY=" + key, noRaceNap,
				"SSL_CERT_FILE=" + filepath.Join(dir, "ca.pem"), "GODEBUG=http2debug=" + level,
			}
			if err := cmd.Run(); err != nil {
				t.Fatalf("%v\n%s", err, output.String())
			}
			got := output.String()
			if !strings.Contains(got, `"authorization" = "Bearer [redacted]"`) || level == "2" && !strings.Contains(got, "bytes omitted") {
				t.Errorf("the log does not show what was asked for:\n%.2000s", got)
			}
			for i := range len(key) - 8 {
				if strings.Contains(got, key[i:i+8]) {
					t.Errorf("%q of the key is printed", key[i:i+8])
				}
			}
		})
	}
}

// echoing puts the key into every answer: into a header, and into the body at the point at which the log of a frame cuts it.
type echoing struct {
	http.Handler
	key string
}

func (e echoing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	const logged = 256 // bytes of a frame
	answer := httptest.NewRecorder()
	e.Handler.ServeHTTP(answer, r)
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.Header().Del("Content-Length")
	w.Header().Set("X-Echo", "Bearer "+e.key)
	w.WriteHeader(answer.Code)
	body := strings.TrimPrefix(answer.Body.String(), "{")
	start := `{"echo":"`
	_, _ = w.Write([]byte(start + strings.Repeat(".", logged-len(start)-len(e.key)/2) + e.key + `",` + body))
}
