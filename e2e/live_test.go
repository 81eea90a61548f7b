package e2e

import (
	"encoding/json"
	"net/http"

	"github.com/rogpeppe/go-internal/testscript"
)

// checkLive checks which version of the assistant $A is live in the simulator: islive VERSION.
func checkLive(ts *testscript.TestScript, _ bool, args []string) {
	req, err := http.NewRequest(http.MethodGet, ts.Getenv("TELNYX_BASE_URL")+"/ai/assistants/"+ts.Getenv("A"), nil)
	ts.Check(err)
	req.Header.Set("Authorization", "Bearer "+ts.Getenv("TELNYX_API_KEY"))
	resp, err := serverOf(ts).server.Client().Do(req)
	ts.Check(err)
	defer func() { _ = resp.Body.Close() }()
	var assistant struct {
		VersionID string `json:"version_id"`
	}
	ts.Check(json.NewDecoder(resp.Body).Decode(&assistant))
	if assistant.VersionID != args[0] {
		ts.Fatalf("version %q is live, want %q", assistant.VersionID, args[0])
	}
}
