package view

import (
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/promote"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// PromotionHeadline says in a sentence what became of a promotion.
func PromotionHeadline(p *promote.Promotion) string {
	version := versionText(telnyx.Version{ID: p.Settings.VersionID, Name: p.Version.Name})
	if p.Settings.VersionID == "" {
		version = "the version"
	}
	switch p.Status {
	case promote.Promoted:
		return "Promoted: " + version + " is live"
	case promote.AlreadyLive:
		return "Already live: " + version + "; nothing was changed"
	case promote.WouldPromote:
		return "Dry run: " + version + " would be promoted; nothing was changed"
	case promote.Refused:
		return "Refused: " + version + " was not promoted"
	case promote.Cancelled:
		return "Cancelled" + bySignal(p.Signal) + ": " + unknownEnd(p, version)
	}
	return "Not certain: " + unknownEnd(p, version)
}

func unknownEnd(p *promote.Promotion, version string) string {
	switch {
	case p.Edited():
		return version + " is live, but it is not what was tested"
	case p.Sent && p.Live:
		return version + " is live, but not all of it could be checked"
	case p.Sent:
		return "whether " + version + " is live is not known"
	}
	return version + " was not promoted; nothing was changed"
}

// PromotionFacts are what was to replace what.
func PromotionFacts(p *promote.Promotion) []Fact {
	live := "live now"
	if p.Status == promote.Promoted || p.Sent && p.Live {
		live = "before"
	}
	api := p.Settings.BaseURL
	facts := []Fact{
		{"assistant", textIf(strings.TrimSpace(p.Before.AssistantName+" "+p.Settings.AssistantID), p.Settings.AssistantID != ""), FactText},
		{live, textIf(versionText(p.Before), p.Before.ID != ""), FactText},
		{"tested", textIf(versionText(p.Version), p.Version.ID != ""), FactText},
		{"API", textIf(NotRealAPI(api), !telnyx.IsReal(api)), FactText},
	}
	return slices.DeleteFunc(facts, func(f Fact) bool { return f.Value == "" })
}

func versionText(v telnyx.Version) string {
	if v.Name == "" || v.Name == v.ID {
		return "version " + v.ID
	}
	return "version " + v.Name + " (" + v.ID + ")"
}
