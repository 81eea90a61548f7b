// Package ci is what the surrounding CI system offers: which one it is, a link to the job, masks, log groups,
// annotations, step outputs and the job summary. It knows nothing of Telnyx and nothing of gates.
//
// GitHub Actions gets all of it. Other systems are recognised and linked to, and get log groups if they support them.
package ci

import "io"

// Lookup finds an environment variable, as os.LookupEnv does.
type Lookup func(name string) (value string, ok bool)

// System is the CI system that the process runs in.
type System struct {
	// Name is "github", "gitlab", "azure", "buildkite", "circleci", "jenkins" or "bitbucket", and empty if no CI
	// system was recognised.
	Name string

	lookup  Lookup
	stdout  io.Writer
	dialect dialect
	added   map[string]addition // by the variable that names the file
}

// recognised lists the variables that identify each system; want is empty if any value counts. Jenkins and Bitbucket are last because
// they set no plain flag.
var recognised = []struct{ name, variable, want string }{
	{"github", "GITHUB_ACTIONS", "true"},
	{"gitlab", "GITLAB_CI", "true"},
	{"azure", "TF_BUILD", "True"},
	{"buildkite", "BUILDKITE", "true"},
	{"circleci", "CIRCLECI", "true"},
	{"bitbucket", "BITBUCKET_BUILD_NUMBER", ""},
	{"jenkins", "JENKINS_URL", ""},
}

// Detect finds the CI system from the environment. Commands to it (masks, groups, annotations) go to stdout, which must lead to
// the process's standard output: GitHub's runner reads them there.
func Detect(lookup Lookup, stdout io.Writer) *System {
	s := &System{lookup: lookup, stdout: stdout, dialect: silent{}, added: map[string]addition{}}
	for _, r := range recognised {
		if value := s.env(r.variable); value != "" && (r.want == "" || r.want == value) {
			s.Name = r.name
			break
		}
	}
	switch s.Name {
	case "github":
		s.dialect = github{}
	case "gitlab":
		s.dialect = &gitlab{}
	case "azure":
		s.dialect = azure{}
	case "buildkite":
		s.dialect = buildkite{}
	}
	return s
}

// SpeakTo sets the writer of commands.
func (s *System) SpeakTo(stdout io.Writer) { s.stdout = stdout }

// IsGitHub reports whether this is GitHub Actions, or a runner that claims to be compatible.
func (s *System) IsGitHub() bool { return s.Name == "github" }

// Workspace returns the folder of GitHub's checkout (GITHUB_WORKSPACE); empty on other systems.
func (s *System) Workspace() string {
	if !s.IsGitHub() {
		return ""
	}
	return s.env("GITHUB_WORKSPACE")
}

// Debug reports whether the user asked the runner for debug logs (RUNNER_DEBUG, set by GitHub's "enable debug logging").
func (s *System) Debug() bool { return s.env("RUNNER_DEBUG") == "1" }

// env returns a variable's value; empty if it is not set.
func (s *System) env(name string) string {
	value, _ := s.lookup(name)
	return value
}
