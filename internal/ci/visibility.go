package ci

// Public reports whether the CI says that everybody can read the repository, and so the job's log, summary and artifacts.
// GitHub says it in the event's payload (repository.private), GitLab in CI_PROJECT_VISIBILITY. Where a system does not
// say it, that is no.
func (s *System) Public() bool {
	switch s.Name {
	case "github":
		return publicEvent(s.env("GITHUB_EVENT_PATH"))
	case "gitlab":
		return s.env("CI_PROJECT_VISIBILITY") == "public"
	}
	return false
}

// publicEvent reports whether the payload at path is of a public repository. One that is missing or makes no sense says
// nothing.
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
