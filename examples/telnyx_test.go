package examples

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/assistant-gate/assistant-gate/simulator"
)

// maker is the simulated Telnyx in which the candidate does not exist until an update of the assistant has made it:
// POST /ai/assistants/{assistant_id} (Telnyx OpenAPI 2026-07-16, UpdateAssistantRequestWithPromotion).
type maker struct {
	simulator http.Handler

	mu     sync.Mutex
	made   bool
	bodies []map[string]any          // of the updates
	answer func(http.ResponseWriter) // what an update is answered with in place of a version; nil: the version
}

func (m *maker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	const assistant = "/v2/ai/assistants/" + assistantID
	switch r.Method + " " + r.URL.Path {
	case "POST " + assistant:
		m.update(w, r)
	case "GET " + assistant + "/versions":
		m.versions(w, r)
	default:
		m.simulator.ServeHTTP(w, r)
	}
}

func (m *maker) update(w http.ResponseWriter, r *http.Request) {
	var body map[string]any
	if r.Header.Get("Authorization") != "Bearer "+simulator.DefaultKey || json.NewDecoder(r.Body).Decode(&body) != nil {
		http.Error(w, `{"errors":[{"code":"10009","title":"Authentication failed"}]}`, http.StatusUnauthorized)
		return
	}
	m.bodies = append(m.bodies, body)
	if m.answer != nil {
		m.answer(w)
		return
	}
	m.made = true
	_ = json.NewEncoder(w).Encode(map[string]any{"id": assistantID, "version_id": candidateVersion}) // a lost answer fails the test
}

// versions is the simulator's answer, without the candidate where it is not made yet.
func (m *maker) versions(w http.ResponseWriter, r *http.Request) {
	recorded := httptest.NewRecorder()
	m.simulator.ServeHTTP(recorded, r)
	var list struct {
		Data []map[string]any `json:"data"`
	}
	if err := json.Unmarshal(recorded.Body.Bytes(), &list); err != nil || recorded.Code != http.StatusOK {
		w.WriteHeader(recorded.Code)
		_, _ = w.Write(recorded.Body.Bytes())
		return
	}
	if !m.made {
		list.Data = slices.DeleteFunc(list.Data, func(v map[string]any) bool { return v["version_id"] == candidateVersion })
	}
	_ = json.NewEncoder(w).Encode(list) // as above
}

// newMakerStage makes a stage whose Telnyx has no candidate yet. Made, it is called name.
func newMakerStage(t *testing.T, w simulator.World, name string) (*stage, *maker) {
	t.Helper()
	assistants := slices.Clone(w.Assistants)
	versions := slices.Clone(assistants[0].Versions)
	for i := range versions {
		if versions[i].ID == candidateVersion {
			versions[i].Name = name
		}
	}
	assistants[0].Versions = versions
	w.Assistants = assistants
	s := newStage(t, w)
	m := &maker{simulator: s.simulator}
	server := httptest.NewServer(m)
	t.Cleanup(server.Close)
	s.env["TELNYX_BASE_URL"] = server.URL + "/v2"
	return s, m
}
