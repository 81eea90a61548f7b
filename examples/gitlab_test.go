package examples

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type gitlabJob struct {
	Variables    map[string]string `yaml:"variables"`
	Script       []string          `yaml:"script"`
	AllowFailure any               `yaml:"allow_failure"`
	Environment  struct {
		Name string `yaml:"name"`
	} `yaml:"environment"`
	Artifacts struct {
		When    string   `yaml:"when"`
		Paths   []string `yaml:"paths"`
		Reports struct {
			JUnit  string `yaml:"junit"`
			DotEnv string `yaml:"dotenv"`
		} `yaml:"reports"`
	} `yaml:"artifacts"`
}

type gitlabFile struct {
	Gate    gitlabJob `yaml:".gate"`
	Note    gitlabJob `yaml:"note-on-merge-request"`
	Promote gitlabJob `yaml:"promote"`
}

func gitlabJobs(t *testing.T) gitlabFile {
	t.Helper()
	return decode[gitlabFile](t, "gitlab/.gitlab-ci.yml")
}

func TestGitLab(t *testing.T) {
	t.Parallel()
	// The rest of the file is held against GitLab's schema, and run, by scripts/check-examples.sh.
	jobs := gitlabJobs(t)
	inEachWorld(t, func(t *testing.T, s *workspace) (int, string) {
		s.set(jobs.Gate.Variables)
		code, out := s.shell(t, strings.Join(jobs.Gate.Script, "\n"))
		s.has(t, jobs.Gate.Artifacts.Reports.JUnit, jobs.Gate.Artifacts.Reports.DotEnv)
		s.has(t, jobs.Gate.Artifacts.Paths...)
		// GitLab would not offer the job after a red gate; the script refuses by itself as well.
		deploy := s.after(t, jobs.Gate.Artifacts.Paths[0]+"*")
		deploy.set(dotenv(t, filepath.Join(s.dir, jobs.Gate.Artifacts.Reports.DotEnv)))
		if promoted, said := deploy.shell(t, strings.Join(jobs.Promote.Script, "\n")); (promoted == 0) != (code == 0) {
			t.Errorf("promoted: exit code %d\n%s", promoted, said)
		}
		s.isLive(t, candidateVersion, code == 0)
		return code, out
	})
}

// note is a note of a merge request.
type note struct {
	ID     int    `json:"id"`
	Body   string `json:"body"`
	Author struct {
		ID int `json:"id"`
	} `json:"author"`
}

func noteOf(author int, body string) (n note) {
	n.Body, n.Author.ID = body, author
	return n
}

const (
	botID     = 7
	noteToken = "glpat-0123456789"
)

// mergeRequest is GitLab's API for the notes of merge request 11 of project 5, as its documentation has it
// (https://docs.gitlab.com/api/notes/). Its caller is the bot of a project access token: only its own notes may it change.
type mergeRequest struct {
	mu    sync.Mutex
	notes []note
}

func (m *mergeRequest) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	const notes = "/api/v4/projects/5/merge_requests/11/notes"
	id, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, notes+"/")) // 0 is the id of no note
	switch {
	case r.Header.Get("PRIVATE-TOKEN") != noteToken:
		w.WriteHeader(http.StatusUnauthorized)
	case r.Method == http.MethodGet && r.URL.Path == "/api/v4/user":
		_, _ = fmt.Fprintf(w, `{"id":%d}`, botID)
	case r.Method == http.MethodGet && r.URL.Path == notes:
		page, _ := strconv.Atoi(r.FormValue("page"))
		from, to := min((page-1)*100, len(m.notes)), min(page*100, len(m.notes))
		_ = json.NewEncoder(w).Encode(append([]note{}, m.notes[from:to]...))
	case r.Method == http.MethodPost && r.URL.Path == notes && r.FormValue("body") != "":
		m.add(noteOf(botID, r.FormValue("body")))
		w.WriteHeader(http.StatusCreated)
	case r.Method == http.MethodPut && id > 0 && id <= len(m.notes) && m.notes[id-1].Author.ID == botID && r.FormValue("body") != "":
		m.notes[id-1].Body = r.FormValue("body")
	default:
		w.WriteHeader(http.StatusForbidden)
	}
}

func (m *mergeRequest) add(notes ...note) {
	for _, n := range notes {
		n.ID = len(m.notes) + 1
		m.notes = append(m.notes, n)
	}
}

// TestGitLabNote runs the job that writes the note, with the files that a gate left.
func TestGitLabNote(t *testing.T) {
	t.Parallel()
	const marker = "<!-- assistant-gate -->\n"
	theirs := noteOf(1, marker+"somebody copied it")
	mine := noteOf(botID, marker+"red")
	many := make([]note, 230)
	for name, c := range map[string]struct {
		verdict string
		before  []note
		after   func() []note // nil: as before
		env     map[string]string
	}{
		"red, the first":      {verdict: "failed", before: []note{theirs}, after: func() []note { return []note{theirs, noteOf(botID, marker+"## new\n /merge\n")} }},
		"red, again":          {verdict: "failed", before: []note{theirs, mine}, after: func() []note { return []note{theirs, noteOf(botID, marker+"## new\n /merge\n")} }},
		"green after red":     {verdict: "passed", before: []note{mine}, after: func() []note { return []note{noteOf(botID, marker+"## new\n /merge\n")} }},
		"green":               {verdict: "passed", before: []note{theirs}},
		"on the third page":   {verdict: "passed", before: append(many, mine), after: func() []note { return append(many, noteOf(botID, marker+"## new\n /merge\n")) }},
		"a fork has no token": {verdict: "failed", before: []note{mine}, env: map[string]string{"NOTE_TOKEN": ""}},
		"no report":           {before: []note{mine}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := &mergeRequest{}
			m.add(c.before...)
			server := httptest.NewServer(m)
			t.Cleanup(server.Close)
			s := &workspace{dir: t.TempDir(), env: map[string]string{
				"PATH": bin + ":/usr/bin:/bin", "CI_API_V4_URL": server.URL + "/api/v4", "CI_MERGE_REQUEST_PROJECT_ID": "5",
				"CI_MERGE_REQUEST_IID": "11", "NOTE_TOKEN": noteToken,
			}}
			s.set(c.env)
			if c.verdict != "" {
				s.run(t, "sh", "-c", `mkdir test-reports && cd test-reports && printf '## new\n/merge\n' >assistant-gate.comment.md &&
					printf 'GATE_TOTAL=1\nGATE_VERDICT=%s\n' "$0" >assistant-gate.env`, c.verdict)
			}
			job := gitlabJobs(t).Note
			code, out := s.shell(t, strings.Join(job.Script, "\n"))
			if code != 0 || strings.Contains(out, noteToken) {
				t.Errorf("exit code %d\n%s", code, out)
			}
			want := &mergeRequest{}
			want.add(c.before...)
			if c.after != nil {
				want.notes = nil
				want.add(c.after()...)
			}
			if diff := cmp.Diff(want.notes, m.notes); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestGitLabNoteFailsLoudly: an API that refuses fails the job, which may fail.
func TestGitLabNoteFailsLoudly(t *testing.T) {
	t.Parallel()
	job := gitlabJobs(t).Note
	server := httptest.NewServer(&mergeRequest{})
	t.Cleanup(server.Close)
	s := &workspace{dir: t.TempDir(), env: map[string]string{"PATH": bin + ":/usr/bin:/bin", "CI_API_V4_URL": server.URL + "/api/v4", "NOTE_TOKEN": "wrong"}}
	s.run(t, "sh", "-c", "mkdir test-reports && echo x >test-reports/assistant-gate.comment.md && echo >test-reports/assistant-gate.env")
	if code, out := s.shell(t, strings.Join(job.Script, "\n")); code == 0 || job.AllowFailure != true {
		t.Errorf("exit code %d, allow_failure %v\n%s", code, job.AllowFailure, out)
	}
}

// TestGitLabTokenAndKeyNeverMeet: GitLab gives all variables of a project to all jobs, unless they have the scope of an environment.
func TestGitLabTokenAndKeyNeverMeet(t *testing.T) {
	t.Parallel()
	jobs := gitlabJobs(t)
	gate, note := jobs.Gate.Environment.Name, jobs.Note.Environment.Name
	if gate == "" || note == "" || gate == note {
		t.Errorf("environments %q and %q", gate, note)
	}
	readme := (&workspace{dir: "gitlab"}).read(t, "README.md")
	for _, row := range []string{
		"| `TELNYX_API_KEY` | `" + gate + "` and, for `promote`, `" + jobs.Promote.Environment.Name + "` |", "| `NOTE_TOKEN` | `" + note + "` |",
	} {
		if !strings.Contains(readme, row) {
			t.Errorf("the README lacks %q", row)
		}
	}
}
