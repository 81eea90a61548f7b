package gate

import (
	"context"
	"errors"
	"fmt"

	"github.com/assistant-gate/assistant-gate/telnyx"
)

// lookUpTarget checks that the version exists on the assistant, where an assistant was given.
func (p *planner) lookUpTarget(ctx context.Context) (Target, error) {
	s := p.settings
	target := Target{VersionID: s.VersionID, VersionName: s.VersionName, AssistantID: s.AssistantID, Baseline: s.BaselineVersion}
	if s.AssistantID == "" {
		return target, nil
	}
	if err := p.lookUpBaseline(ctx); err != nil {
		return target, err
	}
	if s.VersionName != "" {
		id, err := p.resolveName(ctx)
		if err != nil {
			return target, err
		}
		s.VersionID, target.VersionID = id, id
	}
	if s.VersionID == MainVersion {
		live, err := p.api.GetAssistant(ctx, s.AssistantID)
		target.LiveID, target.VersionName, target.AssistantName, target.VersionHash = live.ID, live.Name, live.AssistantName, live.Hash
		if err == nil {
			err = ownBaseline(s.BaselineVersion, live.ID)
		}
		return target, err
	}
	if err := p.compareWithLive(ctx, s.VersionID); err != nil {
		return target, err
	}
	version, err := p.api.GetVersion(ctx, s.AssistantID, s.VersionID)
	target.VersionName, target.AssistantName, target.VersionHash = version.Name, version.AssistantName, version.Hash
	return target, p.asUnknown(ctx, "version-id", s.VersionID, err)
}

// compareWithLive refuses a version that is the live one where that is to be its baseline.
func (p *planner) compareWithLive(ctx context.Context, id string) error {
	if p.settings.BaselineVersion != MainVersion {
		return nil
	}
	live, err := p.api.GetAssistant(ctx, p.settings.AssistantID)
	if err != nil {
		return err
	}
	return ownBaseline(id, live.ID)
}

// ownBaseline is an error where one of version and baseline is a version and the other is main, which is that version: every
// failure would be a known one.
func ownBaseline(id, liveID string) error {
	if id == "" || id != liveID {
		return nil
	}
	return &badVersion{fmt.Sprintf("version %q is the live one, so version-id and baseline-version are the same version: give another baseline-version, or none", id)}
}

// badVersion is a version, or the name of one, that cannot be tested as it was asked for, with what to do about it.
type badVersion struct{ text string }

func (b *badVersion) Error() string { return b.text }

// resolveName returns the id of the one version that has exactly the name that was given.
func (p *planner) resolveName(ctx context.Context) (id string, err error) {
	s := p.settings
	versions, err := p.api.ListVersions(ctx, s.AssistantID)
	if err != nil {
		return "", err
	}
	var ids, known []string
	for _, v := range versions {
		if v.Name == s.VersionName {
			ids = append(ids, v.ID)
		}
		known = append(known, v.Name)
	}
	switch {
	case len(ids) == 0 && len(versions) == 0:
		return "", &badVersion{fmt.Sprintf("assistant %q (assistant-id) has no versions: none is named %q (version-name)", s.AssistantID, s.VersionName)}
	case len(ids) == 0:
		return "", &badVersion{fmt.Sprintf("no version of assistant %q (assistant-id) is named %q (version-name); its newest versions are named %s",
			s.AssistantID, s.VersionName, quoted(known, 5))}
	case len(ids) > 1:
		return "", &badVersion{fmt.Sprintf("%d versions of assistant %q (assistant-id) are named %q (version-name): %s; give one of them as version-id",
			len(ids), s.AssistantID, s.VersionName, quoted(ids, 5))}
	case ids[0] == s.BaselineVersion:
		return "", &badVersion{fmt.Sprintf("baseline-version %q is the version under test, named %q (version-name): give another version, or none",
			ids[0], s.VersionName)}
	}
	return ids[0], nil
}

// lookUpBaseline checks that the baseline exists on the assistant too.
func (p *planner) lookUpBaseline(ctx context.Context) error {
	s := p.settings
	if s.sentBaseline() == "" {
		return nil
	}
	_, err := p.api.GetVersion(ctx, s.AssistantID, s.BaselineVersion)
	return p.asUnknown(ctx, "baseline-version", s.BaselineVersion, err)
}

// unknownVersion is the error of a version that the assistant does not have, with the input that named it and what the
// assistant does have.
type unknownVersion struct {
	err              error
	input, id, known string
}

func (p *planner) asUnknown(ctx context.Context, input, id string, err error) error {
	if telnyx.KindOf(err) != telnyx.KindNotFound {
		return err
	}
	return &unknownVersion{err: err, input: input, id: id, known: p.knownVersions(ctx)}
}

func (u *unknownVersion) Error() string { return u.err.Error() }
func (u *unknownVersion) Unwrap() error { return u.err }

func (p *planner) knownVersions(ctx context.Context) string {
	versions, err := p.api.ListVersions(ctx, p.settings.AssistantID)
	if err != nil || len(versions) == 0 {
		return ""
	}
	ids := make([]string, len(versions))
	for i, v := range versions {
		ids[i] = v.ID
	}
	return "; its newest versions are " + quoted(ids, 5)
}

func (p *planner) judgeTarget(err error) {
	s := p.settings
	if name, ok := errors.AsType[*badVersion](err); ok {
		p.refuse(VerdictInvalid, "%s", name.text)
		return
	}
	if unknown, ok := errors.AsType[*unknownVersion](err); ok {
		p.judge(err, "version %q (%s) does not exist on assistant %q (assistant-id)%s", unknown.id, unknown.input, s.AssistantID, unknown.known)
		return
	}
	p.judge(err, "assistant %q (assistant-id) is not known to Telnyx for this API key", s.AssistantID)
}
