package simulator

import (
	"net/http"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/golden"
)

func TestAssistants(t *testing.T) {
	c := newClient(t, "")
	const path = "/v2/ai/assistants/" + desk
	if got := c.get(path).want(t, http.StatusOK); got["version_id"] != mainV || got["id"] != desk {
		t.Errorf("assistant: %v", got)
	}
	golden.Compare(t, "testdata/version.json", indent(t, c.get(path+"/versions/"+candidate)))
	if got := names(c.get(path+"/versions").want(t, http.StatusOK), "version_id"); got != candidate+","+mainV {
		t.Errorf("versions: %s", got)
	}
	golden.Compare(t, "testdata/canary.json", indent(t, c.get(path+"/canary-deploys")))
	for range 2 {
		if got := c.do(http.MethodPost, path+"/versions/"+candidate+"/promote", "").want(t, http.StatusOK); got["version_id"] != candidate {
			t.Errorf("promoted: %v", got)
		}
	}
	if got := c.get(path).want(t, http.StatusOK); got["version_id"] != candidate {
		t.Errorf("assistant after promotion: %v", got)
	}
	c.get(path+"/canary-deploys").want(t, http.StatusNotFound)
	c.trigger(trigger)
	if got := c.Ledger()[0].Version; got != candidate {
		t.Errorf("a run on main is on %s", got)
	}
}

// TestListAssistants: each as it is live, a promotion included.
func TestListAssistants(t *testing.T) {
	c := newClient(t, "")
	const path = "/v2/ai/assistants"
	if got := names(c.get(path).want(t, http.StatusOK), "version_id"); got != mainV+",only" {
		t.Errorf("live versions: %s", got)
	}
	c.do(http.MethodPost, path+"/"+desk+"/versions/"+candidate+"/promote", "").want(t, http.StatusOK)
	if got := names(c.get(path).want(t, http.StatusOK), "version_id"); got != candidate+",only" {
		t.Errorf("live versions after a promotion: %s", got)
	}
	c.do(http.MethodPost, path, "{}").want(t, http.StatusMethodNotAllowed)
}

func TestDeleteCanary(t *testing.T) {
	c := newClient(t, "")
	const path = "/v2/ai/assistants/" + desk + "/canary-deploys"
	a := c.do(http.MethodDelete, path, "")
	if a.status != http.StatusNoContent || a.text != "" || a.header.Get("Content-Type") != "" || a.header.Get("Content-Length") != "" {
		t.Errorf("%d %v %q", a.status, a.header, a.text)
	}
	c.do(http.MethodDelete, path, "").want(t, http.StatusNotFound)
}
