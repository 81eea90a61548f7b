package examples

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// updates stands before a simulated Telnyx, keeps the bodies of the assistant's updates, and may answer in its place.
type updates struct {
	simulator http.Handler

	mu      sync.Mutex
	bodies  []map[string]any
	lists   int              // how often the assistant's versions were listed
	instead http.HandlerFunc // answers an update; nil: the simulator does
}

func (u *updates) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if r.Method == http.MethodGet && r.URL.Path == "/v2/ai/assistants/"+assistantID+"/versions" {
		u.lists++
	}
	if r.Method != http.MethodPost || r.URL.Path != "/v2/ai/assistants/"+assistantID {
		u.simulator.ServeHTTP(w, r)
		return
	}
	text, _ := io.ReadAll(r.Body) // what is cut off is not JSON
	r.Body = io.NopCloser(bytes.NewReader(text))
	var body map[string]any
	_ = json.Unmarshal(text, &body) // what is none is kept as nil
	u.bodies = append(u.bodies, body)
	if u.instead != nil {
		u.instead(w, r)
		return
	}
	u.simulator.ServeHTTP(w, r)
}

// newUpdatesWorkspace makes a workspace whose updates are seen.
func newUpdatesWorkspace(t *testing.T, w simulator.World) (*workspace, *updates) {
	t.Helper()
	s := newWorkspace(t, w)
	u := &updates{simulator: s.simulator}
	server := httptest.NewServer(u)
	t.Cleanup(server.Close)
	s.env["TELNYX_BASE_URL"] = server.URL + "/v2"
	return s, u
}
