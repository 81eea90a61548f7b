package ci

import (
	"net/url"
	"strings"
)

// JobURL returns a link to the page of this job or, if the system does not distinguish jobs, of its run or build; empty if unknown.
func (s *System) JobURL() string {
	switch s.Name {
	case "github":
		return s.githubURL()
	case "gitlab":
		return webURL(s.env("CI_JOB_URL"))
	case "azure":
		return s.azureURL()
	case "buildkite":
		return s.buildkiteURL()
	case "circleci":
		return webURL(s.env("CIRCLE_BUILD_URL"))
	case "jenkins":
		return webURL(s.env("BUILD_URL"))
	case "bitbucket":
		return s.bitbucketURL()
	}
	return ""
}

// githubURL returns the page of the run's attempt: no variable contains the number in a job's own address.
func (s *System) githubURL() string {
	server, repository, run := s.env("GITHUB_SERVER_URL"), s.env("GITHUB_REPOSITORY"), s.env("GITHUB_RUN_ID")
	if server == "" || repository == "" || run == "" {
		return ""
	}
	link := strings.TrimRight(server, "/") + "/" + repository + "/actions/runs/" + url.PathEscape(run)
	if attempt := s.env("GITHUB_RUN_ATTEMPT"); attempt != "" {
		link += "/attempts/" + url.PathEscape(attempt)
	}
	return webURL(link)
}

func (s *System) azureURL() string {
	collection, project, build := s.env("SYSTEM_COLLECTIONURI"), s.env("SYSTEM_TEAMPROJECT"), s.env("BUILD_BUILDID")
	if collection == "" || project == "" || build == "" {
		return ""
	}
	query := url.Values{"buildId": {build}}
	if job := s.env("SYSTEM_JOBID"); job != "" {
		query.Set("view", "logs")
		query.Set("j", job)
	}
	return webURL(strings.TrimRight(collection, "/") + "/" + url.PathEscape(project) + "/_build/results?" + query.Encode())
}

func (s *System) buildkiteURL() string {
	link := s.env("BUILDKITE_BUILD_URL")
	if job := s.env("BUILDKITE_JOB_ID"); link != "" && job != "" {
		link += "#" + url.PathEscape(job)
	}
	return webURL(link)
}

func (s *System) bitbucketURL() string {
	repository, build := s.env("BITBUCKET_REPO_FULL_NAME"), s.env("BITBUCKET_BUILD_NUMBER")
	if repository == "" || build == "" {
		return ""
	}
	return webURL("https://bitbucket.org/" + repository + "/pipelines/results/" + url.PathEscape(build))
}

// webURL returns link if it is an http or https URL with a host and without user info, otherwise an empty string. Reports link to it, and
// user info would be a credential.
func webURL(link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return u.String()
}
