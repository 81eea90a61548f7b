package acceptance

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// Operations of the document that the simulator offers beyond those that the client uses.
const (
	opSuiteTrigger = "POST /ai/assistants/tests/test-suites/{suite_name}/runs"
	opSuiteRuns    = "GET /ai/assistants/tests/test-suites/{suite_name}/runs"
	opAssistants   = "GET /ai/assistants"
	opAssistant    = "GET /ai/assistants/{assistant_id}"
	opUpdate       = "POST /ai/assistants/{assistant_id}"
	opPromote      = "POST /ai/assistants/{assistant_id}/versions/{version_id}/promote"
	opCanary       = "GET /ai/assistants/{assistant_id}/canary-deploys"
	opCanaryDelete = "DELETE /ai/assistants/{assistant_id}/canary-deploys"
	opConversation = "GET /ai/conversations/{conversation_id}"
	opMessages     = "GET /ai/conversations/{conversation_id}/messages"
)

// offered lists every operation of the simulator. TestSimulatorOffersNothingUnchecked holds it against the document.
var offered = []string{
	opListTests, opGetTest, opTrigger, opGetRun, opListRuns, opListSuites, opListVersions, opGetVersion,
	opSuiteTrigger, opSuiteRuns, opAssistants, opAssistant, opUpdate, opPromote, opCanary, opCanaryDelete, opConversation, opMessages,
}

const (
	testsPath     = "/ai/assistants/tests"
	unknownID     = "00000000-0000-4000-8000-0000000000ff"
	unknownObject = "assistant-" + unknownID
)

// canaried is the clinic with a canary deploy of every form, and so fast that a run ends at once.
func canaried() simulator.World {
	w := clinic(simulator.BuiltIn())
	w.Speed = 1e6
	w.Assistants[0].Canary = []simulator.CanaryRule{
		{
			Match: []simulator.CanaryClause{{Attribute: "telnyx_end_user_target", Operator: "starts_with", Values: []string{"+1312"}}},
			Serve: simulator.CanaryServe{VersionID: simulator.BuiltInVersion},
		},
		{Serve: simulator.CanaryServe{Rollout: []simulator.CanarySlot{{VersionID: simulator.BuiltInVersion, Weight: 12.5}}}},
	}
	return w
}

// TestSimulatorFollowsContract asks every endpoint of the simulator, for good answers and for refusals.
func TestSimulatorFollowsContract(t *testing.T) {
	t.Parallel()
	world := canaried()
	a := newAPI(t, simulator.New(world))
	assistant := "/ai/assistants/" + world.Assistants[0].ID
	version := assistant + "/versions/" + simulator.BuiltInVersion
	test := testsPath + "/" + world.Tests[0].ID
	suite := testsPath + "/test-suites/" + url.PathEscape(world.Tests[0].Suite) + "/runs"
	noTest, noSuite := testsPath+"/"+unknownID, testsPath+"/test-suites/"+url.PathEscape("50% off / sale? #1")+"/runs"
	candidate := fmt.Sprintf(`{"destination_version_id":%q}`, simulator.BuiltInVersion)

	run := a.do(post(test+"/runs", candidate, 201))
	batch := a.do(post(suite, candidate, 201))
	runID := run.field(t, "run_id")
	ended := a.do(get(test+"/runs/"+runID, 200))
	conversation := "/ai/conversations/" + ended.field(t, "conversation_id")
	if !strings.Contains(string(batch.answer), `"test_suite_run_id":"`) {
		t.Errorf("the batch names no suite run: %.300s", batch.answer)
	}

	for _, q := range []ask{
		get(testsPath, 200),
		get(testsPath+"?page[number]=2&page[size]=5", 200),
		get(testsPath+"?page[number]=900", 200),
		get(testsPath+"?test_suite="+url.QueryEscape(world.Tests[0].Suite)+"&telnyx_conversation_channel=phone_call&destination="+world.Tests[0].Destination, 200),
		get(testsPath+"?page[number]=0", 422).refused(),
		get(testsPath+"?page[size]=0", 422).refused(),
		get(testsPath+"?page[size]=101", 422).refused(),
		get(testsPath+"?page[size]=many", 422).refused(),
		get(testsPath, 401).with("Authorization", "").refused(),
		get(testsPath, 401).with("Authorization", "Basic a2V5Og==").refused(),
		get(testsPath, 401).with("Authorization", "Bearer KEY0199wrong_3b9d5f1c7a60"),
		get(testsPath+"/test-suites", 200),
		get(test, 200),
		get(noTest, 404),
		get(testsPath+"/not-a-uuid", 422),

		post(test+"/runs", "", 201),
		post(test+"/runs", "{}", 201),
		post(test+"/runs", `{"destination_version_id":"20200101T000000000000"}`, 400),
		post(test+"/runs", `{"destination_version":"main"}`, 422).refused(),
		post(test+"/runs", `{"destination_version_id":7}`, 422).refused(),
		post(test+"/runs", `["main"]`, 422).refused(),
		post(test+"/runs", `null`, 422).refused(),
		post(test+"/runs", `{"destination_version_id":null}`, 422).refused(),
		post(test+"/runs", `{"destination_version_id":`, 422).refused(),
		post(test+"/runs", candidate, 422).with("Content-Type", "text/plain").refused(),
		post(test+"/runs", candidate, 401).with("Authorization", "").refused(),
		post(noTest+"/runs", "{}", 404),
		get(test+"/runs", 200),
		get(test+"/runs?status=passed&page[number]=1&page[size]=1", 200),
		get(test+"/runs?page[size]=1000", 422).refused(),
		get(noTest+"/runs", 404),
		get(test+"/runs/"+unknownID, 404),
		get(noTest+"/runs/"+runID, 404),
		get(test+"/runs/newest", 422),

		post(suite, "", 201),
		post(suite, `{"destination_version_id":"20200101T000000000000"}`, 400),
		post(suite, `{"destination_version_id":{}}`, 422).refused(),
		post(noSuite, "{}", 404),
		get(suite, 200),
		get(suite+"?status=passed&test_suite_run_id="+unknownID+"&page[size]=100", 200),
		get(suite+"?page[number]=-1", 422).refused(),
		get(noSuite, 404),

		get("/ai/assistants", 200),
		get(assistant, 200),
		get("/ai/assistants/"+unknownObject, 404),
		post(assistant, `{"instructions":"Be brief.","tools":[{"type":"hangup"}],"version_name":"5c1d0f6","promote_to_main":false}`, 200),
		post(assistant, "{}", 200),
		post(assistant, `{"greeting":7}`, 422).refused(),
		post(assistant, `{"promote_to_main":null}`, 422).refused(),
		post(assistant, `{"version_name":"`+strings.Repeat("x", 51)+`"}`, 422).refused(),
		post(assistant, `{"dynamic_variables_webhook_timeout_ms":0}`, 422).refused(),
		post(assistant, "", 422).refused(),
		post("/ai/assistants/"+unknownObject, "{}", 404),
		get(assistant+"/versions", 200),
		get("/ai/assistants/"+unknownObject+"/versions", 404),
		get(version, 200),
		get(assistant+"/versions/"+url.PathEscape("no/such version?"), 404),
		get(assistant+"/canary-deploys", 200),
		{method: http.MethodDelete, path: assistant + "/canary-deploys", status: 204},
		{method: http.MethodDelete, path: assistant + "/canary-deploys", status: 404},
		get(assistant+"/canary-deploys", 404),
		post(version+"/promote", "", 200),
		post(assistant+"/versions/20200101T000000000000/promote", "", 404),
		get(conversation, 200),
		get("/ai/conversations/"+unknownID, 404),
		get(conversation+"/messages", 200),
		get(conversation+"/messages?page[number]=2&page[size]=2", 200),
		get(conversation+"/messages?page[size]=101", 422).refused(),
		get("/ai/conversations/"+unknownID+"/messages", 404),
	} {
		a.do(q)
	}
	a.recorder.verify(t, offered...)
}

// TestRunFollowsContractInEveryState looks at runs in each state of the contract, not in their first and last alone.
func TestRunFollowsContractInEveryState(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		script simulator.Script
		speed  float64
		status string
	}{
		{simulator.Script{Queue: time.Hour}, 1, "pending"},
		{simulator.Script{}, 0.001, "starting"},
		{simulator.Script{Ends: "never"}, 1e6, "running"},
		{simulator.Script{Ends: "passed"}, 1e6, "passed"},
		{simulator.Script{Ends: "failed"}, 1e6, "failed"},
		{simulator.Script{Ends: "error"}, 1e6, "error"},
	} {
		world := canaried()
		world.Speed = c.speed
		world.Tests[0].Runs = []simulator.Script{c.script}
		a := newAPI(t, simulator.New(world))
		runs := testsPath + "/" + world.Tests[0].ID + "/runs"
		triggered := a.do(post(runs, "{}", 201))
		if looked := a.do(get(runs+"/"+triggered.field(t, "run_id"), 200)); looked.field(t, "status") != c.status {
			t.Errorf("the run is %s, want %s", looked.field(t, "status"), c.status)
		}
		a.recorder.verify(t, opGetRun)
	}
}

// TestIdempotencyFollowsContract asks for the answers that only a keyed request gets.
func TestIdempotencyFollowsContract(t *testing.T) {
	t.Parallel()
	world := canaried()
	slowly := simulator.Action{Delay: 800 * time.Millisecond}
	world.Faults = []simulator.Fault{{On: "trigger", Match: world.Tests[1].ID, Do: slowly}}
	sim := simulator.New(world)
	a := newAPI(t, sim)
	trigger := post(testsPath+"/"+world.Tests[0].ID+"/runs", "{}", 201).with(keyHeader, "6f1c-first_KEY")
	first, again := a.do(trigger), a.do(trigger)
	if first.field(t, "run_id") != again.field(t, "run_id") || again.answerHeader.Get("Idempotent-Replayed") != "true" {
		t.Errorf("no replay of the first answer: %.200s %v", again.answer, again.answerHeader)
	}
	other := trigger
	other.body, other.status = `{"destination_version_id":"main"}`, 422
	a.do(other)
	malformed := trigger.with(keyHeader, "no blanks")
	malformed.status, malformed.bad = 400, a.recorder.docs.keys != nil
	a.do(malformed)

	slow := post(testsPath+"/"+world.Tests[1].ID+"/runs", "{}", 409).with(keyHeader, "slow")
	request, answered := a.request(slow), make(chan error)
	go func() {
		_, _, err := exchangeOver(a.recorder.next, request)
		answered <- err
	}()
	for len(sim.Ledger()) < 2 {
		time.Sleep(time.Millisecond) // nothing tells when the server has made the run
	}
	a.do(slow)
	if err := <-answered; err != nil {
		t.Error(err)
	}
	a.recorder.verify(t, opTrigger)
	for _, status := range []int{409, 422} {
		a.recorder.verifyAnswered(t, opTrigger, status)
	}
}

// TestRateLimitFollowsContract asks for the answers beyond a limit, in each form of its headers.
func TestRateLimitFollowsContract(t *testing.T) {
	t.Parallel()
	for _, headers := range []string{"telnyx", "epoch", "none"} {
		world := canaried()
		world.RateLimit = &simulator.RateLimit{Requests: 1, Per: time.Hour, Headers: headers}
		a := newAPI(t, simulator.New(world))
		a.do(get(testsPath, 200))
		a.do(get(testsPath, 429))
		a.recorder.verifyAnswered(t, opListTests, 429)
		a.recorder.verify(t)
	}
}

// TestValidationErrorsFollowContract asks for a refusal in both shapes that Telnyx documents.
func TestValidationErrorsFollowContract(t *testing.T) {
	t.Parallel()
	for _, shape := range []string{"detail", "errors"} {
		world := canaried()
		world.ValidationErrors = shape
		a := newAPI(t, simulator.New(world))
		x := a.do(get(testsPath+"/not-a-uuid", 422))
		if !strings.HasPrefix(string(x.answer), `{"`+shape+`":`) {
			t.Errorf("not of shape %s: %s", shape, x.answer)
		}
		a.recorder.verify(t)
		a.recorder.verifyAnswered(t, opGetTest, 422)
	}
}

// TestSimulatorOffersNothingUnchecked sends a request to every operation of the document: what the simulator answers as
// known must be in the list that TestSimulatorFollowsContract covers.
func TestSimulatorOffersNothingUnchecked(t *testing.T) {
	t.Parallel()
	world := canaried()
	a := newAPI(t, simulator.New(world))
	known := map[string]bool{}
	for _, operation := range offered {
		known[operation] = true
	}
	fill := strings.NewReplacer(
		"{assistant_id}", world.Assistants[0].ID, "{version_id}", simulator.BuiltInVersion,
		"{test_id}", world.Tests[0].ID, "{suite_name}", url.PathEscape(world.Tests[0].Suite),
		"{run_id}", unknownID, "{conversation_id}", unknownID,
	)
	described := 0
	for path, item := range a.recorder.docs.main.spec.Paths.Map() {
		for method := range item.Operations() {
			described++
			x, _, err := exchangeOver(a.recorder.next, a.request(ask{method: method, path: fill.Replace(path)}))
			if err != nil {
				t.Fatal(err)
			}
			missing := x.status == 405 || x.status == 404 && strings.Contains(string(x.answer), "there is no resource at")
			if operation := method + " " + path; missing == known[operation] {
				t.Errorf("%s: offered %v, in the list %v", operation, !missing, known[operation])
			}
		}
	}
	if described < len(offered) {
		t.Errorf("the document describes %d operations, fewer than the simulator offers", described)
	}
}
