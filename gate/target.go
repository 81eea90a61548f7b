package gate

import (
	"context"
	"errors"
	"fmt"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// lookUpTarget checks that the version exists on the assistant, where an assistant was given, and its baseline too.
func (p *planner) lookUpTarget(ctx context.Context) (outcome.Target, error) {
	s := p.settings
	target := outcome.Target{VersionID: s.VersionID, VersionName: s.VersionName, AssistantID: s.AssistantID, Baseline: s.BaselineVersion}
	if s.VersionID != "" && telnyx.SameID(s.VersionID, s.BaselineVersion) {
		return target, ownBaselineError(s.VersionID, s.BaselineVersion)
	}
	if s.AssistantID == "" {
		return target, nil
	}
	var err error
	if s.BaselineVersion != "" {
		if target.BaselineSeen, err = p.lookUpVersion(ctx, "baseline-version", s.BaselineVersion); err != nil {
			return target, err
		}
	}
	if s.VersionName != "" {
		if target.VersionID, err = p.resolveName(ctx); err != nil {
			return target, err
		}
	}
	version, err := p.lookUpVersion(ctx, "version-id", target.VersionID)
	if err != nil {
		return target, err
	}
	if s.VersionName != "" && version.Name != "" && version.Name != s.VersionName {
		return target, &contradiction{fmt.Sprintf("Telnyx lists version %q of assistant %q under the name %q (version-name), but says of the version itself that its name is %q: nothing was triggered; start the gate again",
			target.VersionID, s.AssistantID, s.VersionName, version.Name)}
	}
	target.VersionName, target.AssistantName, target.VersionHash = version.Name, version.AssistantName, version.Hash
	if target.VersionID == outcome.MainVersion {
		target.LiveID = version.ID
	}
	return target, p.ownBaseline(ctx, target, version)
}

// lookUpVersion returns a version of the assistant, or the live one; input is what named it.
func (p *planner) lookUpVersion(ctx context.Context, input, id string) (telnyx.Version, error) {
	if id == outcome.MainVersion {
		return p.api.GetAssistant(ctx, p.settings.AssistantID)
	}
	version, err := p.api.GetVersion(ctx, p.settings.AssistantID, id)
	return version, p.asUnknown(ctx, input, id, err)
}

// ownBaseline is an error if the version is its own baseline, by its id or by what it does: every failure would be a known one.
func (p *planner) ownBaseline(ctx context.Context, target outcome.Target, version telnyx.Version) error {
	baseline := target.BaselineSeen
	if target.Baseline == "" {
		return nil
	}
	if version.ID != "" && telnyx.SameID(version.ID, baseline.ID) {
		return ownBaselineError(target.VersionID, target.Baseline)
	}
	// Only what one endpoint answers has comparable hashes.
	hash, of := p.hashAsVersion(ctx, target.VersionID, version), p.hashAsVersion(ctx, target.Baseline, baseline)
	unnamed := target.VersionID == outcome.MainVersion && version.ID == "" || target.Baseline == outcome.MainVersion && baseline.ID == ""
	switch {
	case unnamed && hash != of:
		return &contradiction{fmt.Sprintf("Telnyx does not say which version of assistant %q is live, so nobody can tell version %q from baseline-version %q, and every failure could be a known one: "+
			"nothing was triggered; give an id in place of %s, or no baseline-version", target.AssistantID, target.VersionID, target.Baseline, outcome.MainVersion)}
	case hash == "" || hash != of:
		return nil
	}
	return &badVersion{fmt.Sprintf("version %q and baseline-version %q do the same: they differ in their ids alone, so every failure would be a known one; give another baseline-version, or none",
		target.VersionID, target.Baseline)}
}

// hashAsVersion is the hash of what a version does, of the live one too, as the endpoint of versions answers it.
func (p *planner) hashAsVersion(ctx context.Context, asked string, v telnyx.Version) string {
	if asked != outcome.MainVersion || v.ID == "" {
		return v.Hash
	}
	if live, err := p.api.GetVersion(ctx, p.settings.AssistantID, v.ID); err == nil {
		return live.Hash
	}
	return v.Hash
}

// ownBaselineError is the error of a version that is its own baseline.
func ownBaselineError(id, baseline string) error {
	const advice = "give another baseline-version, or none"
	live := id
	switch outcome.MainVersion {
	case id:
		live = baseline
	case baseline:
	default:
		return &badVersion{fmt.Sprintf("baseline-version %q is the version under test: %s", baseline, advice)}
	}
	return &badVersion{fmt.Sprintf("version %q is the live one, so version-id and baseline-version are the same version: %s", live, advice)}
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
			s.AssistantID, s.VersionName, outcome.Quoted(known, 5))}
	case len(ids) > 1:
		return "", &badVersion{fmt.Sprintf("%d versions of assistant %q (assistant-id) are named %q (version-name): %s; give one of them as version-id",
			len(ids), s.AssistantID, s.VersionName, outcome.Quoted(ids, 5))}
	}
	return ids[0], nil
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
	return "; its newest versions are " + outcome.Quoted(ids, 5)
}

func (p *planner) judgeTarget(err error) {
	s := p.settings
	if name, ok := errors.AsType[*badVersion](err); ok {
		p.refuse(outcome.VerdictInvalid, "%s", name.text)
		return
	}
	if unknown, ok := errors.AsType[*unknownVersion](err); ok {
		p.judge(err, "version %q (%s) does not exist on assistant %q (assistant-id)%s", unknown.id, unknown.input, s.AssistantID, unknown.known)
		return
	}
	p.judge(err, "assistant %q (assistant-id) is not known to Telnyx for this API key", s.AssistantID)
}
