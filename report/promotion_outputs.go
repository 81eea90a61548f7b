package report

import (
	"github.com/assistant-gate/assistant-gate/internal/ci"
	"github.com/assistant-gate/assistant-gate/internal/promote"
)

// PromotionOutputs are the step outputs of a promotion.
func PromotionOutputs(p *promote.Promotion) []ci.Output {
	out := []ci.Output{
		{Name: "verdict", Value: string(p.Status)},
		{Name: "version-id", Value: p.Settings.VersionID},
	}
	if p.Before.ID != "" {
		out = append(out, ci.Output{Name: "previous-version-id", Value: p.Before.ID}, ci.Output{Name: "previous-version-name", Value: p.Before.Name})
	}
	return out
}
