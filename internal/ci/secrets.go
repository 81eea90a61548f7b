package ci

import "strings"

// NoSecrets says why a secret of the repository may be empty in this run, in words that can follow "because": GitHub
// keeps secrets from pull requests of forks and gives runs that Dependabot started only Dependabot's own. Neither holds
// for pull_request_target (GitHub docs, "Using secrets in GitHub Actions" and "Dependabot on GitHub Actions").
func (s *System) NoSecrets() (reason string, yes bool) {
	if !s.IsGitHub() || s.env("GITHUB_EVENT_NAME") == "pull_request_target" {
		return "", false
	}
	if s.env("GITHUB_ACTOR") == "dependabot[bot]" {
		return "Dependabot started this run, and GitHub gives such runs Dependabot secrets only, no Actions secrets", true
	}
	if fromFork(s.env("GITHUB_EVENT_PATH")) {
		return "this run is for a pull request from a fork, and GitHub gives such runs no secrets", true
	}
	return "", false
}

// pullRequestEvent is the part of a pull_request event's payload that tells a fork.
type pullRequestEvent struct {
	PullRequest *struct {
		Head *struct {
			Repo *repository `json:"repo"`
		} `json:"head"`
		Base struct {
			Repo repository `json:"repo"`
		} `json:"base"`
	} `json:"pull_request"`
}

type repository struct {
	FullName string `json:"full_name"`
	Fork     bool   `json:"fork"`
}

// fromFork reports whether the payload at path is that of a pull request whose branch is in another repository. A
// payload that is missing or makes no sense is no reason to fail: it only explains an empty key.
func fromFork(path string) bool {
	var event pullRequestEvent
	if readEvent(path, &event) != nil || event.PullRequest == nil || event.PullRequest.Head == nil {
		return false
	}
	head := event.PullRequest.Head.Repo
	if head == nil { // GitHub sends null once the fork was deleted
		return true
	}
	base := event.PullRequest.Base.Repo.FullName
	if base == "" {
		return head.Fork
	}
	return !strings.EqualFold(head.FullName, base)
}
