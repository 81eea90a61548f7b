package examples

import (
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

func TestGitHubPullRequest(t *testing.T) {
	t.Parallel()
	for _, w := range worlds {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			r, telnyx := newRunner(t, "pull-request.yml", w.make())
			if passed := r.run(t, "gate"); passed != (w.code == 0) {
				t.Errorf("the job passed: %t\n%s", passed, r.log.String())
			}
			if len(telnyx.simulator.Ledger()) == 0 || r.artifacts["assistant-gate"]["TEST-assistant-gate.xml"] == nil {
				t.Errorf("no run or no report\n%s", r.log.String())
			}
			if live := telnyx.live(t); live.Name == commit {
				t.Errorf("the pull request's version is live: %+v", live)
			}
		})
	}
	t.Run("fork", func(t *testing.T) {
		t.Parallel()
		r, telnyx := newRunner(t, "pull-request.yml", simulator.BuiltIn())
		r.names["secrets.TELNYX_API_KEY"] = "" // as GitHub has it
		if r.run(t, "gate") || !strings.Contains(r.log.String(), "::error title=No Telnyx key::") {
			t.Errorf("a fork's pull request was not refused with a reason\n%s", r.log.String())
		}
		if n := len(telnyx.simulator.Ledger()); n != 0 {
			t.Errorf("%d runs were paid", n)
		}
		if r.starts(t, "comment") {
			t.Error("there is nothing to post, but the job starts")
		}
	})
}

// starts checks whether GitHub starts a job after those that it needs.
func (r *runner) starts(t *testing.T, job string) bool {
	t.Helper()
	return condition(t, r.jobs[job].If, r.names)
}

// TestPullRequestComment runs the job that posts the comment after gates of each end.
func TestPullRequestComment(t *testing.T) {
	t.Parallel()
	const old = "the comment of an earlier gate, which was red"
	for _, w := range worlds {
		for _, earlier := range []map[string]string{{}, {"assistant-gate": old}} {
			t.Run(w.name, func(t *testing.T) {
				t.Parallel()
				r, _ := newRunner(t, "pull-request.yml", w.make())
				r.comments = maps.Clone(earlier)
				r.run(t, "gate")
				if !r.starts(t, "comment") || !r.run(t, "comment") {
					t.Fatal(r.log.String())
				}
				want := map[string]string{"assistant-gate": string(r.artifacts["assistant-gate"]["assistant-gate.comment.md"])}
				if w.code == 0 && len(earlier) == 0 {
					want = map[string]string{} // a green gate has nothing to say
				}
				if diff := cmp.Diff(want, r.comments); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
	t.Run("no write token, no report, cancelled", func(t *testing.T) {
		t.Parallel()
		for name, value := range map[string]string{
			"github.event.pull_request.head.repo.full_name": "somebody/reception",
			"needs.gate.outputs.comment-file":               "",
			"needs.gate.result":                             "cancelled",
		} {
			r, _ := newRunner(t, "pull-request.yml", simulator.BuiltIn())
			maps.Copy(r.names, map[string]string{"needs.gate.result": "failure", "needs.gate.outputs.comment-file": "f", name: value})
			if r.starts(t, "comment") {
				t.Errorf("the job starts with %s %q", name, value)
			}
		}
	})
}

// TestWriteTokenAndKeyNeverMeet: only the job that posts may write, and only to pull requests. It gets no secret and runs nothing
// but the two actions.
func TestWriteTokenAndKeyNeverMeet(t *testing.T) {
	t.Parallel()
	w := decode[workflow](t, "github-actions/pull-request.yml")
	if diff := cmp.Diff(map[string]string{"contents": "read"}, w.Permissions); diff != "" {
		t.Error(diff)
	}
	for name, job := range w.Jobs {
		if name != "comment" {
			if job.Permissions != nil {
				t.Errorf("%s has permissions of its own: %v", name, job.Permissions)
			}
			continue
		}
		if diff := cmp.Diff(map[string]string{"pull-requests": "write"}, job.Permissions); diff != "" {
			t.Error(diff)
		}
		for _, step := range job.Steps {
			values := slices.Collect(maps.Values(step.With))
			if step.Run != "" || len(step.Env) > 0 || strings.Contains(strings.Join(values, " "), "secrets.") {
				t.Errorf("%+v", step)
			}
			if step.Uses != stickyComment && step.Uses != "actions/download-artifact@v5" {
				t.Errorf("it uses %s", step.Uses)
			}
		}
	}
}

// TestGitHubIfChanged runs the gate that is required but tests only what changed. What git cannot tell counts as a change.
func TestGitHubIfChanged(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	const begin = "mkdir -p .github/workflows && touch .github/workflows/assistant-gate.yml && git init --quiet && git add . && "
	const commitAll = "git -c user.name=x -c user.email=x@example.com commit --quiet --allow-empty --message x "
	for name, c := range map[string]struct {
		script string
		tests  bool
	}{
		"another file changed":      {begin + commitAll + "&& touch other && git add other && " + commitAll, false},
		"the assistant changed":     {begin + commitAll + "&& echo >>assistant.json && " + commitAll + "--all", true},
		"the script changed":        {begin + commitAll + "&& echo >>scripts/new-version.sh && " + commitAll + "--all", true},
		"the workflow is elsewhere": {begin + "git rm --quiet -rf .github && " + commitAll + "&& " + commitAll, true},
		"no base":                   {begin + commitAll, true},
		"no repository":             {"true", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, telnyx := newRunner(t, "if-changed.yml", simulator.BuiltIn())
			r.checkout = func(t *testing.T, s *workspace) {
				if code, out := s.run(t, "sh", "-e", "-c", c.script); code != 0 {
					t.Fatal(out)
				}
			}
			if !r.run(t, "gate") {
				t.Error(r.log.String())
			}
			if n := len(telnyx.simulator.Ledger()); (n > 0) != c.tests || strings.Contains(r.log.String(), "\n::notice title=No gate::") == c.tests {
				t.Errorf("%d runs\n%s", n, r.log.String())
			}
		})
	}
}
