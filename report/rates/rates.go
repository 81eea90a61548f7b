// Package rates writes a page about the tests of many gates: how often each passes, and which policy fits.
package rates

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/flakes"
	"github.com/assistant-gate/assistant-gate/report/internal/csp"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

//go:embed rates.css
var style string

//go:embed rates.html.tmpl
var text string

// Head is how every such page begins, and no other file.
const Head = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"generator\" content=\"assistant-gate flakes\"/>\n"

// Bounds of the page.
const (
	maxTests    = 300
	maxCriteria = 50
	maxPeriods  = 60
)

// Write writes the page. It needs no network and no script; its policy forbids both.
func Write(w io.Writer, a *flakes.Analysis, files int, now time.Time) error {
	t, err := parsed()
	if err == nil {
		err = t.Execute(w, pageOf(a, files, now))
	}
	if err != nil {
		return errors.Join(errors.New("write the page"), err)
	}
	return nil
}

var parsed = sync.OnceValues(func() (*template.Template, error) { return template.New("rates").Parse(Head + text) })

// page is what the template shows. All remote text in it is plain text; the template escapes it for its place.
type page struct {
	Style                         template.CSS
	StyleHash                     string
	Headline, Line, Share, Advice string
	Decline, Limits               string
	Notes                         []string
	Tests, Months, Versions       chart
	LeftOut                       string
	Patterns                      []pattern
	Criteria                      []flakes.Tally
	Slips                         []string
	Policies                      []policy
	Quarantine                    string
}

// pattern says how the failures of a test spread over its criteria.
type pattern struct{ Test, Text string }

// policy is a row of the table of policies.
type policy struct {
	Name, Runs, Red, SteadyRed, Label string
	Best                              bool
	Slips                             []string
}

func pageOf(a *flakes.Analysis, files int, now time.Time) page {
	tests := byRate(a.Tests)
	p := page{
		Style:     template.CSS(style), // #nosec G203: a file of this package
		StyleHash: csp.Hash(style),
		Headline:  view.FlakesHeadline(a), Line: view.FlakesLine(a, files), Share: view.FlakesShare(a).Plain(), Advice: view.FlakesAdvice(a),
		Decline: view.FlakesDecline(a), Limits: view.FlakesLimits, Notes: view.FlakesNotes(a),
		Tests:  chartOf(rowsOf(tests[:min(len(tests), maxTests)])),
		Months: chartOf(periodRows(a.Months)), Versions: chartOf(periodRows(a.Versions)),
		Criteria: a.Criteria[:min(len(a.Criteria), maxCriteria)],
	}
	if more := len(tests) - maxTests; more > 0 {
		p.LeftOut = view.Plural(more, "more test passes", "more tests pass") + " more often than these."
	}
	for i := range a.Tests[:min(len(a.Tests), maxTests)] {
		if words := view.FailurePattern(a.Tests[i]); len(words) > 0 {
			p.Patterns = append(p.Patterns, pattern{name(a.Tests[i].Name), words.Plain()})
		}
	}
	p.Criteria = slices.Clone(p.Criteria)
	for i := range p.Criteria {
		p.Criteria[i].Name = name(p.Criteria[i].Name)
	}
	p.addPolicies(a)
	var entries strings.Builder
	for _, e := range view.QuarantineEntries(a, now) {
		entries.WriteString(e.YAML(view.MaxNameBytes))
	}
	p.Quarantine = entries.String()
	return p
}

func (p *page) addPolicies(a *flakes.Analysis) {
	for _, rate := range flakes.SlipRates() {
		p.Slips = append(p.Slips, fmt.Sprintf("%.0f %%", 100*rate))
	}
	for i, f := range a.Policies {
		row := policy{
			Name: name(f.Policy.String()), Runs: fmt.Sprintf("%.2f", f.Runs), Red: view.Chance(f.Red), SteadyRed: view.Chance(f.SteadyRed),
			Label: view.PolicyLabel(f, i == a.Best), Best: i == a.Best,
		}
		for _, slip := range f.Slips {
			row.Slips = append(row.Slips, view.Chance(slip))
		}
		p.Policies = append(p.Policies, row)
	}
}

func name(s string) string { return safe.PlainLine(s, view.MaxNameBytes) }

// byRate sorts tests by their pass rate, the lowest first.
func byRate(tests []flakes.Test) []flakes.Test {
	return slices.SortedStableFunc(slices.Values(tests), func(a, b flakes.Test) int {
		return cmp.Or(cmp.Compare(a.Rate(), b.Rate()), cmp.Compare(a.PassRate.Low, b.PassRate.Low), cmp.Compare(a.Name, b.Name))
	})
}
