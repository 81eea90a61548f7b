package simulator

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const deskPath = "/v2/ai/assistants/" + desk

func (c client) update(body string) answer {
	c.t.Helper()
	return c.do(http.MethodPost, deskPath, body)
}

func TestUpdateMakesAVersion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, "")
		made := c.update(`{"instructions":"Be brief.","tools":[{"type":"hangup"}],"version_name":"5c1d0f6","promote_to_main":false}`).want(t, http.StatusOK)
		id := made["version_id"].(string)
		if id != "20000101T000000000000" || made["id"] != desk || made["name"] != "Desk" || made["instructions"] != "Be brief." ||
			made["version_name"] != "5c1d0f6" || made["promote_to_main"] != nil || made["tools"] == nil {
			t.Errorf("answer: %v", made)
		}
		if live := c.get(deskPath).want(t, http.StatusOK); live["version_id"] != mainV || live["tools"] != nil {
			t.Errorf("live: %v", live)
		}
		if got := names(c.get(deskPath+"/versions").want(t, http.StatusOK), "version_name"); got != "3f9c2ab,autumn,5c1d0f6" {
			t.Errorf("versions, newest first: %s", got) // the clock of the test stands in the year 2000
		}
		if again := c.update(`{"promote_to_main":false}`).want(t, http.StatusOK); again["version_id"] == id || again["version_name"] != "New assistant" {
			t.Errorf("a second one at the same time: %v", again)
		}
		run := c.do(http.MethodPost, trigger, `{"destination_version_id":"`+id+`"}`).want(t, http.StatusCreated)["run_id"].(string)
		time.Sleep(time.Minute)
		if got := c.get(trigger+"/"+run).want(t, http.StatusOK)["status"]; got != "error" || c.Ledger()[0].Version != id {
			t.Errorf("its run is %v, want that of the last version in the file; %+v", got, c.Ledger())
		}
		c.do(http.MethodPost, deskPath+"/versions/"+id+"/promote", "").want(t, http.StatusOK)
		if live := c.get(deskPath).want(t, http.StatusOK); live["version_id"] != id || live["instructions"] != "Be brief." {
			t.Errorf("promoted: %v", live)
		}
	})
}

func TestUpdateGoesLiveUnlessToldOtherwise(t *testing.T) {
	for body, live := range map[string]bool{`{}`: true, `{"promote_to_main":true}`: true, `{"promote_to_main":false}`: false, `{"promote_to_main": false }`: false} {
		c := newClient(t, "")
		made := c.update(body).want(t, http.StatusOK)["version_id"]
		if got := c.get(deskPath).want(t, http.StatusOK)["version_id"]; (got == made) != live {
			t.Errorf("%s: made %v, live is %v", body, made, got)
		}
	}
}

// An update begins with what is live, whatever made that, and what a GET answered can be sent back.
func TestUpdateKeepsWhatItDoesNotName(t *testing.T) {
	c := newClient(t, "")
	c.update(`{"greeting":"Hello","model":"m"}`).want(t, http.StatusOK)
	whole := c.get(deskPath)
	whole.want(t, http.StatusOK)
	got := c.update(strings.Replace(whole.text, `"Hello"`, `"Good morning"`, 1)).want(t, http.StatusOK)
	if got["id"] != desk || got["model"] != "m" || got["greeting"] != "Good morning" || got["version_id"] == whole.want(t, http.StatusOK)["version_id"] {
		t.Errorf("%v", got)
	}
}

func TestUpdateRefuses(t *testing.T) {
	for body, says := range map[string]string{
		``:                            "valid dictionary",
		`[]`:                          "valid dictionary",
		`null`:                        "valid dictionary",
		`{"greeting":`:                "JSON decode error",
		`{"greeting":null}`:           `"greeting"],"msg":"Input should be a valid string"`,
		`{"instructions":7}`:          `"instructions"],"msg":"Input should be a valid string"`,
		`{"promote_to_main":"false"}`: `"promote_to_main"],"msg":"Input should be a valid boolean"`,
		`{"promote_to_main":null}`:    `"promote_to_main"],"msg":"Input should be a valid boolean"`,
		`{"tools":null}`:              `"tools"],"msg":"Input should not be null"`,
		`{"version_name":"` + strings.Repeat("x", 51) + `"}`: "at most 50 characters",
		`{"dynamic_variables_webhook_timeout_ms":0}`:         "greater than or equal to 1",
		`{"dynamic_variables_webhook_timeout_ms":10001}`:     "less than or equal to 10000",
		`{"dynamic_variables_webhook_timeout_ms":"1500"}`:    "valid integer",
	} {
		c := newClient(t, "")
		a := c.update(body)
		a.want(t, http.StatusUnprocessableEntity)
		if !strings.Contains(a.text, says) {
			t.Errorf("%s: %s", body, a.text)
		}
		if got := names(c.get(deskPath+"/versions").want(t, http.StatusOK), "version_id"); got != candidate+","+mainV {
			t.Errorf("%s: versions are %s", body, got)
		}
	}
	c := newClient(t, "")
	c.do(http.MethodPost, deskPath, "{}", "Content-Type: text/plain").want(t, http.StatusUnprocessableEntity)
	c.do(http.MethodPost, "/v2/ai/assistants/assistant-0", "{}").want(t, http.StatusNotFound)
	c.do(http.MethodPost, deskPath, "{}", "Authorization: ").want(t, http.StatusUnauthorized)
	c.do(http.MethodPost, deskPath+"/versions/"+candidate, "{}").want(t, http.StatusMethodNotAllowed)
}
