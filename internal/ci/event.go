package ci

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"syscall"
)

// NoSecrets returns why a secret of the repository may be empty in this run, in words that can follow "because"; empty if there is no known
// reason. GitHub gives pull requests of forks no secrets, and runs that Dependabot started only Dependabot's. Neither applies to
// pull_request_target (GitHub docs, "Using secrets in GitHub Actions" and "Dependabot
// on GitHub Actions").
func (s *System) NoSecrets() (reason string) {
	switch {
	case !s.IsGitHub(), s.env("GITHUB_EVENT_NAME") == "pull_request_target":
		return ""
	case s.env("GITHUB_ACTOR") == "dependabot[bot]":
		return "Dependabot started this run, and GitHub gives such runs only Dependabot secrets, no Actions secrets"
	case fromFork(s.env("GITHUB_EVENT_PATH")):
		return "this run is for a pull request from a fork, and GitHub gives such runs no secrets"
	}
	return ""
}

// Public reports whether the CI reports the repository as public, so that everybody can read the job's log, summary and artifacts. GitHub
// does so in the event's payload, GitLab in CI_PROJECT_VISIBILITY. Without such information, the result is false.
func (s *System) Public() bool {
	switch s.Name {
	case "github":
		return publicEvent(s.env("GITHUB_EVENT_PATH"))
	case "gitlab":
		return s.env("CI_PROJECT_VISIBILITY") == "public"
	}
	return false
}

// fromFork reports whether the payload at path is that of a pull request from another repository. A missing or invalid payload is not an
// error.
func fromFork(path string) bool {
	type repository struct {
		FullName string `json:"full_name"`
		Fork     bool   `json:"fork"`
	}
	var event struct {
		PullRequest *struct {
			Head *struct {
				Repo *repository `json:"repo"`
			} `json:"head"`
			Base struct {
				Repo repository `json:"repo"`
			} `json:"base"`
		} `json:"pull_request"`
	}
	if readEvent(path, &event) != nil || event.PullRequest == nil || event.PullRequest.Head == nil {
		return false
	}
	head, base := event.PullRequest.Head.Repo, event.PullRequest.Base.Repo
	switch {
	case head == nil: // GitHub sends null once the fork was deleted
		return true
	case base.FullName == "":
		return head.Fork
	}
	return !strings.EqualFold(head.FullName, base.FullName)
}

// publicEvent reports whether the payload at path is from a public repository.
func publicEvent(path string) bool {
	var event struct {
		Repository struct {
			Private    *bool  `json:"private"`
			Visibility string `json:"visibility"`
		} `json:"repository"`
	}
	if readEvent(path, &event) != nil {
		return false
	}
	if event.Repository.Visibility != "" {
		return event.Repository.Visibility == "public"
	}
	return event.Repository.Private != nil && !*event.Repository.Private
}

// maxEvent limits how much of a payload is read, in bytes. GitHub caps webhook payloads at 25 MB.
const maxEvent = 32 << 20

// readEvent decodes the payload at path. It must be a regular file: reading anything else may never end.
func readEvent(path string, into any) error {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // nothing was written
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return errors.Join(err, errors.New("not a regular file"))
	}
	return json.NewDecoder(io.LimitReader(file, maxEvent)).Decode(into)
}
