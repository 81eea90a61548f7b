package acceptance

import (
	"context"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Operations of the document that the client uses.
const (
	opListTests    = "GET /ai/assistants/tests"
	opGetTest      = "GET /ai/assistants/tests/{test_id}"
	opTrigger      = "POST /ai/assistants/tests/{test_id}/runs"
	opGetRun       = "GET /ai/assistants/tests/{test_id}/runs/{run_id}"
	opListRuns     = "GET /ai/assistants/tests/{test_id}/runs"
	opListSuites   = "GET /ai/assistants/tests/test-suites"
	opListVersions = "GET /ai/assistants/{assistant_id}/versions"
	opGetVersion   = "GET /ai/assistants/{assistant_id}/versions/{version_id}"
)

// clinic is the simulator's built-in world, so fast that its longest run takes a third of a second.
func clinic(w simulator.World) simulator.World {
	w.APIKey = testKey
	w.Speed = 250
	return w
}

// TestGateFollowsContract runs the whole program and holds every request of the client and every answer of the
// simulator against the official description. The in-memory transport stands in for the real API: nothing leaves this
// process.
func TestGateFollowsContract(t *testing.T) {
	loadDocuments(t)
	passing, failing := clinic(simulator.BuiltIn()), clinic(simulator.BuiltInFailing())
	assistant := passing.Assistants[0].ID
	suites, ids := suitesOf(passing), idsOf(passing)
	candidate := simulator.BuiltInVersion
	const unknown = "00000000-0000-4000-8000-0000000000ff"
	for _, c := range []struct {
		name       string
		world      simulator.World
		args       []string
		key        string
		exit       int
		operations []string
	}{
		{
			name: "suites and ids of a version that is good", world: passing,
			args:       []string{"--test-suites", lines(suites...), "--test-ids", lines(ids[:3]...), "--version-id", candidate, "--assistant-id", assistant},
			operations: []string{opListTests, opGetTest, opGetVersion, opSuiteTrigger, opSuiteRuns, opConversation},
		},
		{
			name: "a version that is bad", world: failing, exit: 1,
			args:       []string{"--test-suites", lines(suites...), "--version-id", candidate},
			operations: []string{opListTests, opSuiteTrigger, opSuiteRuns, opTrigger, opGetRun, opConversation, opMessages},
		},
		{
			name: "the live version", world: passing,
			args:       []string{"--test-ids", lines(ids[:2]...), "--version-id", "main", "--assistant-id", assistant},
			operations: []string{opGetTest, opAssistant, opTrigger, opGetRun, opConversation},
		},
		{
			name: "plan", world: passing,
			args:       []string{"plan", "--test-suites", suites[0], "--test-ids", ids[0], "--version-id", candidate, "--assistant-id", assistant},
			operations: []string{opListTests, opGetTest, opGetVersion},
		},
		{name: "list", world: passing, args: []string{"list", "--format", "json"}, operations: []string{opListTests}},
		{name: "list of suites", world: passing, args: []string{"list", "--suites", "--assistant-id", assistant}, operations: []string{opListTests}},
		{name: "list of assistants", world: passing, args: []string{"list", "--assistants"}, operations: []string{opAssistants}},
		{
			name: "list of versions", world: passing, args: []string{"list", "--versions", "--assistant-id", assistant},
			operations: []string{opListVersions, opAssistant},
		},
		{
			name: "an unknown test", world: passing, exit: 2,
			args: []string{"--test-ids", lines(ids[0], unknown), "--version-id", candidate}, operations: []string{opGetTest},
		},
		{
			name: "an unknown suite", world: passing, exit: 2,
			args: []string{"--test-suites", "50% off / sale? #1", "--version-id", candidate}, operations: []string{opListTests, opListSuites},
		},
		{
			name: "an unknown version of the assistant", world: passing, exit: 2,
			args:       []string{"--test-ids", ids[0], "--version-id", "no/such version?", "--assistant-id", assistant},
			operations: []string{opGetTest, opListVersions},
		},
		{
			name: "an unknown version", world: passing, exit: 2,
			args: []string{"--test-ids", ids[0], "--version-id", "20200101T000000000000"}, operations: []string{opGetTest},
		},
		{
			name: "a wrong key", world: passing, exit: 2, key: "KEY0199wrong_3b9d5f1c7a60",
			args: []string{"--test-ids", ids[0], "--version-id", candidate},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRecorder(t, realServer, simulator.New(c.world).Transport())
			p := program{args: c.args, transport: r, timings: simtest.Timings(), key: c.key}
			p.run(t.Context(), t).wantExit(t, c.exit)
			r.verify(t, c.operations...)
			if len(r.validated) == 0 {
				t.Error("nothing was validated")
			}
		})
	}
}

// TestSecondStartFollowsContract starts the gate twice with the same run key: the second is answered with replays.
func TestSecondStartFollowsContract(t *testing.T) {
	t.Parallel()
	world := clinic(simulator.BuiltIn())
	sim := simulator.New(world)
	r := newRecorder(t, realServer, sim.Transport())
	p := program{
		args:      []string{"--test-ids", lines(idsOf(world)[:2]...), "--version-id", simulator.BuiltInVersion, "--run-key", "deploy-1"},
		transport: r, timings: simtest.Timings(),
	}
	for range 2 {
		p.run(t.Context(), t).wantExit(t, 0)
	}
	r.verify(t, opTrigger, opGetRun)
	if paid := sim.Ledger(); len(paid) != 2 || paid[0].Replays != 1 || paid[1].Replays != 1 {
		t.Errorf("want two runs with a replay each: %+v", paid)
	}
}

// TestClientFollowsContract calls what the client offers and the gate does not use in every run.
func TestClientFollowsContract(t *testing.T) {
	t.Parallel()
	world := clinic(simulator.BuiltIn())
	r := newRecorder(t, realServer, simulator.New(world).Transport())
	client, err := telnyx.New(telnyx.Config{BaseURL: realServer, APIKey: testKey, UserAgent: "assistant-gate/1.2.3", Transport: r})
	if err != nil {
		t.Fatal(err)
	}
	id := world.Tests[0].ID
	call := func(name string, do func(ctx context.Context) error) {
		t.Helper()
		if err := do(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, key := range []string{"a-first-run", strings.Repeat("K", 255)} {
		call("trigger", func(ctx context.Context) error {
			_, err := client.TriggerTest(ctx, telnyx.TriggerRequest{TestID: id, IdempotencyKey: key})
			return err
		})
	}
	call("list runs", func(ctx context.Context) error {
		runs, err := client.ListRuns(ctx, id, 10)
		if len(runs) != 2 {
			t.Errorf("%d runs are listed, want 2", len(runs))
		}
		return err
	})
	call("list tests", func(ctx context.Context) error {
		_, err := client.ListTests(ctx, telnyx.TestFilter{
			Suite: world.Tests[0].Suite, Destination: world.Tests[0].Destination,
		})
		return err
	})
	r.verify(t, opTrigger, opListRuns, opListTests)
}

func suitesOf(w simulator.World) (names []string) {
	seen := map[string]bool{}
	for _, test := range w.Tests {
		if !seen[test.Suite] {
			seen[test.Suite] = true
			names = append(names, test.Suite)
		}
	}
	return names
}

func idsOf(w simulator.World) (ids []string) {
	for _, test := range w.Tests {
		ids = append(ids, test.ID)
	}
	return ids
}
