package examples

import (
	"maps"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// newRunner makes a runner of a workflow on one simulated Telnyx.
func newRunner(t *testing.T, file string, w simulator.World) (*runner, *workspace) {
	t.Helper()
	telnyx := newWorkspace(t, w)
	return &runner{
		jobs: decode[workflow](t, "github-actions/"+file).Jobs,
		names: map[string]string{
			"secrets.TELNYX_API_KEY": telnyx.env["TELNYX_API_KEY"],
			"vars.ASSISTANT_ID":      assistantID,
			"inputs.version-id":      candidateVersion,
			"github.sha":             commit,
			"github.repository":      "clinic/reception",
			"github.event.pull_request.head.repo.full_name": "clinic/reception",
		},
		comments:  map[string]string{},
		artifacts: map[string]map[string][]byte{},
		newWorkspace: func() *workspace {
			// A job has no key, and no other variable, that its file does not give it.
			return &workspace{dir: t.TempDir(), env: map[string]string{
				"PATH": telnyx.env["PATH"], "TELNYX_BASE_URL": telnyx.env["TELNYX_BASE_URL"],
			}}
		},
	}, telnyx
}

func TestGitHubNightly(t *testing.T) {
	t.Parallel()
	r, telnyx := newRunner(t, "nightly.yml", simulator.BuiltIn())
	if !r.run(t, "live") {
		t.Error(r.log.String())
	}
	if n := len(telnyx.simulator.Ledger()); n != len(simulator.BuiltIn().Tests) || r.artifacts["nightly"]["nightly.json"] == nil {
		t.Errorf("%d runs\n%s", n, r.log.String())
	}
}

func TestGitHubMatrix(t *testing.T) {
	t.Parallel()
	for _, w := range worlds {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			r, _ := newRunner(t, "matrix.yml", w.make())
			if passed := r.run(t, "gate"); passed != (w.code == 0) {
				t.Errorf("the legs passed: %t\n%s", passed, r.log.String())
			}
			if verdict := r.jobs["verdict"]; verdict.Needs != "gate" || verdict.If != "always()" {
				t.Errorf("the verdict's job does not follow on the legs whatever they end with: %+v", verdict)
			}
			if passed := r.run(t, "verdict"); passed != (w.code == 0) {
				t.Errorf("merged it passed: %t\n%s", passed, r.log.String())
			}
			// All legs run again, and one is lost before it hands over a result: that of its first attempt is still there.
			r.names["needs.gate.result"] = "failure"
			if r.run(t, "verdict") {
				t.Errorf("the result of an earlier attempt passed for a lost leg's\n%s", r.log.String())
			}
			r.names["needs.gate.result"] = "success"
			lost := maps.Clone(r.artifacts)
			delete(lost, "leg-safety")
			r.artifacts = lost
			if r.run(t, "verdict") {
				t.Errorf("a lost leg passed\n%s", r.log.String())
			}
		})
	}
}

func TestGitHubDeploy(t *testing.T) {
	t.Parallel()
	for _, w := range worlds {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			r, telnyx := newRunner(t, "deploy.yml", w.make())
			if passed := r.run(t, "gate"); passed != (w.code == 0) {
				t.Fatalf("the gate passed: %t\n%s", passed, r.log.String())
			}
			if r.jobs["promote"].Needs != "gate" || r.jobs["promote"].If != "" {
				t.Error("promote does not wait for a green gate")
			}
			// GitHub would not start the job after a red gate; the command refuses by itself as well.
			if passed := r.run(t, "promote"); passed != (w.code == 0) {
				t.Errorf("promoted: %t\n%s", passed, r.log.String())
			}
			if live := telnyx.live(t); (live.Name == commit) != (w.code == 0) {
				t.Errorf("live is %+v", live)
			}
		})
	}
}
