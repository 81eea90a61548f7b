package rates

import (
	"bytes"
	"encoding/xml"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/flakes"
	"github.com/assistant-gate/assistant-gate/internal/golden"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/report/internal/csp"
)

func write(t testing.TB, s flakes.Settings, gates ...*outcome.Outcome) string {
	t.Helper()
	var votes flakes.Collector
	for _, o := range gates {
		votes.Add(o)
	}
	a := votes.Analyse(s)
	var b bytes.Buffer
	if err := Write(&b, &a, len(gates), time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for name, page := range map[string]string{
		"history.html": write(t, flakes.Settings{Red: 0.05}, sample.History(80)...),
		"few.html":     write(t, flakes.Settings{Red: 0.05, AllVersions: true}, sample.Mixed(), sample.Regression()),
	} {
		checkPage(t, page)
		page = strings.NewReplacer(style, "\n", strings.ReplaceAll(csp.Hash(style), "+", "&#43;"), "sha256-of-the-style").Replace(page)
		golden.Compare(t, filepath.Join("testdata", name), page)
	}
}

// checkPage reads a page strictly, as XML: it has no scripts, no handlers, loads nothing, and its ids are unique.
func checkPage(t testing.TB, page string) {
	t.Helper()
	if !strings.HasPrefix(page, Head) {
		t.Errorf("the page begins with %.300s", page)
	}
	if !strings.Contains(page, "style-src '"+strings.ReplaceAll(csp.Hash(style), "+", "&#43;")+"'") {
		t.Error("the policy does not allow the style")
	}
	ids := map[string]bool{}
	d := xml.NewDecoder(strings.NewReader(page))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("the page is not well-formed: %v", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "script", "img", "iframe", "object", "a", "form":
			t.Errorf("the page has a %s", start.Name.Local)
		}
		for _, a := range start.Attr {
			name := a.Name.Local
			if strings.HasPrefix(name, "on") || name == "style" || name == "src" || name == "href" && a.Value != "data:," {
				t.Errorf("%s has %s=%q", start.Name.Local, name, a.Value)
			}
			if name == "id" && ids[a.Value] {
				t.Errorf("two have the id %q", a.Value)
			}
			if name == "id" {
				ids[a.Value] = true
			}
			if name == "aria-labelledby" && start.Name.Local != "section" && !ids[a.Value] {
				t.Errorf("nothing before it has the id %q", a.Value)
			}
		}
	}
}

func TestHostileNames(t *testing.T) {
	gates := sample.History(20)
	for _, o := range gates {
		for i := range o.Results {
			text := sample.HostileTexts[i%len(sample.HostileTexts)] + "</code></pre><script>x</script>"
			o.Results[i].Test.Name, o.Results[i].Test.Suite = text, text
		}
		o.Target.LiveID += "<b>"
		for i := range o.Results {
			for j := range o.Results[i].Attempts {
				o.Results[i].Attempts[j].Answered.Version = o.Target.LiveID
			}
		}
	}
	checkPage(t, write(t, flakes.Settings{Red: 0.05}, gates...))
}

func FuzzPage(f *testing.F) {
	sample.FuzzText(f, func(t *testing.T, s string, _ int) {
		gates := sample.History(8)
		for _, o := range gates {
			r := &o.Results[2]
			r.Test.Name, r.Test.Suite = s, s
			for i := range r.Attempts {
				r.Attempts[i].Criteria[1].Name = s
			}
		}
		checkPage(t, write(t, flakes.Settings{Red: 0.05}, gates...))
	})
}

func TestChart(t *testing.T) {
	for lowest, want := range map[float64]struct {
		ticks int
		first string
		limit string
	}{
		0.95: {6, "90 %", ""}, 0.86: {3, "80 %", "50.00"}, 0.55: {6, "50 %", "80.00"}, 0.1: {6, "0 %", "90.00"},
	} {
		r := row{rate: 1, interval: flakes.Interval{Low: lowest, High: 1}}
		c := chartOf([]row{r})
		if len(c.Ticks) != want.ticks || c.Ticks[0].Label != want.first || c.Limit != want.limit || c.Rows[0].X != "100.00" {
			t.Errorf("%g: %+v", lowest, c)
		}
	}
}
