package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// listedAssistant is an assistant as list --format json shows it.
type listedAssistant struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	LiveID   string `json:"live_version_id"`
	LiveName string `json:"live_version_name"`
}

func (l lister) assistants(ctx context.Context) (string, error) {
	all, err := l.client.ListAssistants(ctx)
	if err != nil {
		return "", err
	}
	all = slices.DeleteFunc(all, func(a telnyx.Assistant) bool { return l.assistant != "" && !telnyx.SameID(a.ID, l.assistant) })
	if l.options.Format == formatJSON {
		listed := []listedAssistant{}
		for _, a := range all {
			listed = append(listed, listedAssistant(a))
		}
		return asJSON(listed)
	}
	t := table{titles: []string{"NAME", "ID"}}
	for _, a := range all {
		t.rows = append(t.rows, []string{a.Name, a.ID})
	}
	return t.text(l.width()), nil
}

// listedVersion is a version as list --format json shows it.
type listedVersion struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Live      bool       `json:"live"`
	Canary    *bool      `json:"canary"` // null if Telnyx does not tell
	CreatedAt *time.Time `json:"created_at"`
}

// traffic is what an assistant's versions get of its traffic.
type traffic struct {
	live   telnyx.Version
	canary *telnyx.Canary // nil if Telnyx does not tell
}

func (l lister) versions(ctx context.Context) (string, error) {
	versions, t, err := l.lookUpVersions(ctx)
	if err != nil {
		return "", err
	}
	listed := []listedVersion{}
	for _, v := range versions {
		listed = append(listed, t.describe(v))
	}
	if l.options.Format == formatJSON {
		return asJSON(listed)
	}
	heading := fmt.Sprintf("Versions of %s, newest first", safe.Line(strings.TrimSpace(t.live.AssistantName+" "+t.live.AssistantID), 0))
	text := strings.Join(wrap(heading, l.width()), "\n") + "\n" + versionTable(listed).text(l.width())
	if t.live.ID == "" {
		text += "Telnyx does not tell which version is live.\n"
	}
	return text, nil
}

// lookUpVersions asks for the versions and their traffic at the same time. A canary deploy that cannot be looked up is unknown.
func (l lister) lookUpVersions(ctx context.Context) (versions []telnyx.Version, t traffic, err error) {
	group, asking := errgroup.WithContext(ctx)
	group.Go(guarded(func() (err error) {
		versions, err = l.client.ListVersions(asking, l.assistant)
		return err
	}))
	group.Go(guarded(func() (err error) {
		t.live, err = l.client.GetAssistant(asking, l.assistant)
		return err
	}))
	var canaryError error
	group.Go(guarded(func() error {
		canary, err := l.client.GetCanary(asking, l.assistant)
		if canaryError = err; err == nil {
			t.canary = &canary
		}
		return nil
	}))
	err = group.Wait()
	if err == nil && canaryError != nil {
		l.logError(fmt.Sprintf("nobody knows which versions are in a canary deploy: %v", canaryError))
	}
	return versions, t, err
}

func (t traffic) describe(v telnyx.Version) listedVersion {
	listed := listedVersion{ID: v.ID, Name: v.Name, Live: t.live.ID != "" && telnyx.SameID(v.ID, t.live.ID)}
	if t.canary != nil {
		inCanary := slices.ContainsFunc(t.canary.Versions, func(id string) bool { return telnyx.SameID(id, v.ID) })
		listed.Canary = &inCanary
	}
	if created := v.CreatedAt.UTC(); !v.CreatedAt.IsZero() {
		listed.CreatedAt = &created
	}
	return listed
}

func versionTable(versions []listedVersion) *table {
	t := &table{titles: []string{"NAME", "TRAFFIC", "CREATED (UTC)", "ID"}}
	for _, v := range versions {
		var state []string
		if v.Live {
			state = append(state, "live")
		}
		if v.Canary != nil && *v.Canary {
			state = append(state, "canary")
		}
		created := ""
		if v.CreatedAt != nil {
			created = v.CreatedAt.Format("2006-01-02 15:04")
		}
		t.rows = append(t.rows, []string{v.Name, strings.Join(state, ", "), created, v.ID})
	}
	return t
}
