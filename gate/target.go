package gate

import (
	"context"
	"fmt"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// versionAPI is the part of API that looks up versions.
type versionAPI interface {
	GetAssistant(ctx context.Context, assistantID string) (telnyx.Version, error)
	GetVersion(ctx context.Context, assistantID, versionID string) (telnyx.Version, error)
	ListVersions(ctx context.Context, assistantID string) ([]telnyx.Version, error)
	ListAssistants(ctx context.Context) ([]telnyx.Assistant, error)
}

// targetError is why there is no target.
type targetError struct {
	verdict outcome.Verdict
	text    string // what happened and what to do; for a failed look-up, the text for an id that Telnyx does not know
	err     error  // error of the look-up; nil if the answers themselves are the reason
}

func invalidTarget(format string, args ...any) *targetError {
	return &targetError{verdict: outcome.VerdictInvalid, text: fmt.Sprintf(format, args...)}
}

// unclearTarget returns the error for answers that contradict each other or lack something essential.
func unclearTarget(format string, args ...any) *targetError {
	return &targetError{verdict: outcome.VerdictInconclusive, text: fmt.Sprintf(format, args...)}
}

// targetLookUp looks up the version under test and its baseline.
type targetLookUp struct {
	api      versionAPI
	settings Settings
}

// lookUpTarget looks up the version and its baseline on the assistant, if one was given, and refuses what does not exist.
func lookUpTarget(ctx context.Context, api versionAPI, s Settings) (outcome.Target, *targetError) {
	l := targetLookUp{api: api, settings: s}
	target := outcome.Target{VersionID: s.VersionID, VersionName: s.VersionName, AssistantID: s.AssistantID, Baseline: s.BaselineVersion}
	if s.VersionID != "" && telnyx.SameID(s.VersionID, s.BaselineVersion) {
		return target, ownBaselineError(s.VersionID, s.BaselineVersion)
	}
	if s.AssistantID == "" {
		return target, nil
	}
	var err *targetError
	if s.BaselineVersion != "" {
		if target.BaselineSeen, err = l.version(ctx, "baseline-version", s.BaselineVersion); err != nil {
			return target, err
		}
	}
	if s.VersionName != "" {
		if target.VersionID, err = l.resolveName(ctx); err != nil {
			return target, err
		}
	}
	version, err := l.version(ctx, "version-id", target.VersionID)
	if err != nil {
		return target, err
	}
	if s.VersionName != "" && version.Name != "" && version.Name != s.VersionName {
		return target, unclearTarget("Telnyx lists version %q of assistant %q under the name %q (version-name), but says of the version itself that its name is %q: nothing was triggered; start the gate again",
			target.VersionID, s.AssistantID, s.VersionName, version.Name)
	}
	target.VersionName, target.AssistantName, target.VersionHash = version.Name, version.AssistantName, version.Hash
	if target.VersionID == outcome.MainVersion {
		target.LiveID = version.ID
	}
	return target, l.ownBaseline(ctx, target, version)
}

// version returns a version of the assistant, or the live one. The parameter input is the name of the input with the id.
func (l targetLookUp) version(ctx context.Context, input, id string) (telnyx.Version, *targetError) {
	version, err := lookUpVersion(ctx, l.api, l.settings.AssistantID, id)
	switch {
	case err == nil:
		return version, nil
	case id != outcome.MainVersion && telnyx.KindOf(err) == telnyx.KindNotFound:
		return version, &targetError{err: err, text: fmt.Sprintf("version %q (%s) does not exist on assistant %q (assistant-id)%s",
			id, input, l.settings.AssistantID, l.versionHint(ctx, id))}
	}
	return version, l.unknownAssistant(ctx, err)
}

// unknownAssistant returns the error for a look-up that failed, possibly because Telnyx does not know the assistant.
func (l targetLookUp) unknownAssistant(ctx context.Context, err error) *targetError {
	hint := ""
	if telnyx.KindOf(err) == telnyx.KindNotFound {
		hint = l.assistantHint(ctx)
	}
	return &targetError{err: err, text: fmt.Sprintf("assistant %q (assistant-id) is not known to Telnyx for this API key%s", l.settings.AssistantID, hint)}
}

// lookUpVersion returns a version of the assistant, or the live one.
func lookUpVersion(ctx context.Context, api versionAPI, assistantID, id string) (telnyx.Version, error) {
	if id == outcome.MainVersion {
		return api.GetAssistant(ctx, assistantID)
	}
	return api.GetVersion(ctx, assistantID, id)
}

// ownBaseline returns an error if the version and its baseline have the same id or the same content, because every failure
// would then be a known failure.
func (l targetLookUp) ownBaseline(ctx context.Context, target outcome.Target, version telnyx.Version) *targetError {
	baseline := target.BaselineSeen
	if target.Baseline == "" {
		return nil
	}
	if version.ID != "" && telnyx.SameID(version.ID, baseline.ID) {
		return ownBaselineError(target.VersionID, target.Baseline)
	}
	// Hashes are comparable only if they come from the same endpoint.
	hash, of := l.hashAsVersion(ctx, target.VersionID, version), l.hashAsVersion(ctx, target.Baseline, baseline)
	unnamed := target.VersionID == outcome.MainVersion && version.ID == "" || target.Baseline == outcome.MainVersion && baseline.ID == ""
	switch {
	case unnamed && hash != of:
		return unclearTarget("Telnyx does not say which version of assistant %q is live, so nobody can tell version %q from baseline-version %q, and every failure could be a known one: "+
			"nothing was triggered; give an id in place of %s, or no baseline-version", target.AssistantID, target.VersionID, target.Baseline, outcome.MainVersion)
	case hash == "" || hash != of:
		return nil
	}
	return invalidTarget("version %q and baseline-version %q do the same: they differ in their ids alone, so every failure would be a known one; give another baseline-version, or none",
		target.VersionID, target.Baseline)
}

// hashAsVersion returns the content hash of a version as the versions endpoint reports it, even for the live version.
func (l targetLookUp) hashAsVersion(ctx context.Context, asked string, v telnyx.Version) string {
	if asked != outcome.MainVersion || v.ID == "" {
		return v.Hash
	}
	if live, err := l.api.GetVersion(ctx, l.settings.AssistantID, v.ID); err == nil {
		return live.Hash
	}
	return v.Hash
}

// ownBaselineError returns the error for a version that is its own baseline.
func ownBaselineError(id, baseline string) *targetError {
	const advice = "give another baseline-version, or none"
	live := id
	switch outcome.MainVersion {
	case id:
		live = baseline
	case baseline:
	default:
		return invalidTarget("baseline-version %q is the version under test: %s", baseline, advice)
	}
	return invalidTarget("version %q is the live one, so version-id and baseline-version are the same version: %s", live, advice)
}

// resolveName returns the id of the only version whose name is exactly version-name.
func (l targetLookUp) resolveName(ctx context.Context) (id string, problem *targetError) {
	s := l.settings
	versions, err := l.api.ListVersions(ctx, s.AssistantID)
	if err != nil {
		return "", l.unknownAssistant(ctx, err)
	}
	var ids []string
	for _, v := range versions {
		if v.Name == s.VersionName {
			ids = append(ids, v.ID)
		}
	}
	switch {
	case len(ids) == 0 && len(versions) == 0:
		return "", invalidTarget("assistant %q (assistant-id) has no versions: none is named %q (version-name)", s.AssistantID, s.VersionName)
	case len(ids) == 0:
		return "", invalidTarget("no version of assistant %q (assistant-id) is named %q (version-name)%s", s.AssistantID, s.VersionName, versionNameHint(s.VersionName, versions))
	case len(ids) > 1:
		return "", invalidTarget("%d versions of assistant %q (assistant-id) are named %q (version-name): %s; give one of them as version-id",
			len(ids), s.AssistantID, s.VersionName, outcome.Quoted(ids, 5))
	}
	return ids[0], nil
}
