package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

func pageOf(t rapid.TB, o *outcome.Outcome) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPageGolden(t *testing.T) {
	for _, name := range []string{
		"green", "failed", "regression", "flaky", "cancelled", "invalid", "hostile", "talk", "other", "one-cause", "compared", "expired", "long-names",
		"seven-of-100", "14-of-500", "side-by-side",
	} {
		t.Run(name, func(t *testing.T) {
			o := sample.All()[name]
			p := readPage(t, pageOf(t, o))
			text := strings.NewReplacer(
				pageStyle, "\n", html64(pageStyle), "sha256-of-the-style", pageScript, "\n", html64(pageScript), "sha256-of-the-script",
			).Replace(p.source)
			if len(o.Results) >= 100 { // what comes first is enough
				text, _, _ = strings.Cut(text, `<section class="overview" aria-labelledby="timeline">`)
			}
			sample.Golden(t, name+".html", []byte(text))
		})
	}
}

// readElement is an element of a page with its attributes.
type readElement struct {
	name string
	attr map[string]string
	text string // directly inside it
}

type readPageResult struct {
	source   string
	elements []readElement
}

// readPage reads a page, which is well-formed XML too but for its script, strictly.
func readPage(t rapid.TB, source string) readPageResult {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(strings.Replace(source, pageScript, "", 1)))
	p := readPageResult{source: source}
	var open []int
	for {
		token, err := d.Token()
		if err == io.EOF {
			return p
		}
		if err != nil {
			t.Fatalf("the page is not well-formed: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := readElement{name: token.Name.Local, attr: map[string]string{}}
			for _, a := range token.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			open = append(open, len(p.elements))
			p.elements = append(p.elements, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				p.elements[open[len(open)-1]].text += string(token)
			}
		}
	}
}

func (p readPageResult) all(name string) []readElement {
	var out []readElement
	for _, e := range p.elements {
		if e.name == name {
			out = append(out, e)
		}
	}
	return out
}

// html64 is the hash of a style or script as the page has it.
func html64(inline string) string {
	hash := sha256.Sum256([]byte(inline))
	return strings.ReplaceAll("sha256-"+base64.StdEncoding.EncodeToString(hash[:]), "+", "&#43;")
}

// elementsOfAPage are those that the template has; a page that has another one was broken out of.
var elementsOfAPage = strings.Fields(`html head meta title link style body svg defs symbol pattern circle path rect use text line g desc header main div
	section h1 h2 h3 h4 h5 p ul ol li b a span table thead tbody tr th td details summary dl dt dd pre code
	fieldset legend input label select option button kbd output script`)

func TestPageIsSafeAndOrdered(t *testing.T) {
	for name, o := range sample.All() {
		t.Run(name, func(t *testing.T) { checkPage(t, o, readPage(t, pageOf(t, o))) })
	}
	t.Run("large", func(t *testing.T) {
		o := sample.Large(1100)
		checkPage(t, o, readPage(t, pageOf(t, o)))
	})
}

func TestPageOfAnyOutcome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := sample.Random(t)
		checkPage(t, o, readPage(t, pageOf(t, o)))
	})
}

// checkPage holds what is true of every page: it says what the exit code says, loads nothing, runs nothing, and has its
// headings and links in order.
func checkPage(t rapid.TB, o *outcome.Outcome, p readPageResult) {
	t.Helper()
	if title := p.all("title")[0].text; !strings.Contains(title, view.Headline(o).Plain()) || strings.Contains(title, "Passed:") != (o.ExitCode() == 0) {
		t.Errorf("title %q, exit code %d", title, o.ExitCode())
	}
	if h1 := p.all("h1"); len(h1) != 1 || !strings.Contains(p.source, fmt.Sprintf(`class="verdict %s"`, o.Verdict())) {
		t.Errorf("%d headings of the first rank, verdict %s", len(h1), o.Verdict())
	}
	if strings.Contains(p.source, "ZgotmplZ") {
		t.Error("the template refused a value")
	}
	ids, links, level := map[string]bool{}, []string{}, 0
	for _, e := range p.elements {
		if !slices.Contains(elementsOfAPage, e.name) {
			t.Errorf("element %s", e.name)
		}
		if id := e.attr["id"]; id != "" {
			if ids[id] {
				t.Errorf("id %s twice", id)
			}
			ids[id] = true
		}
		for name := range e.attr {
			if name == "style" || name == "src" || name == "srcdoc" || strings.HasPrefix(name, "on") {
				t.Errorf("attribute %s of %s", name, e.name)
			}
		}
		if len(e.name) == 2 && e.name[0] == 'h' && e.name[1] >= '1' && e.name[1] <= '6' {
			rank := int(e.name[1] - '0')
			if rank > level+1 {
				t.Errorf("%s follows a heading of rank %d", e.name, level)
			}
			level = rank
		}
		if e.name == "th" && e.attr["scope"] == "" {
			t.Errorf("a head of a table without scope: %q", e.text)
		}
		if href, ok := e.attr["href"]; ok {
			links = append(links, href)
		}
	}
	for _, href := range links {
		switch {
		case strings.HasPrefix(href, "#"):
			if !ids[href[1:]] {
				t.Errorf("%s leads nowhere", href)
			}
		case href != "data:," && href != o.JobURL && !strings.HasPrefix(href, "https://portal.telnyx.com/"):
			t.Errorf("link to %q", href)
		}
	}
	if len(o.Results) <= maxCards {
		checkChips(t, o, p)
	}
	if len(o.Results) <= 500 && len(p.source) > 2<<20 {
		t.Errorf("%d bytes for %d tests", len(p.source), len(o.Results))
	}
	for _, c := range safe.PlainText(p.source, len(p.source)) {
		if c == 0x202e || c == 0x1b {
			t.Errorf("%q is in the page", c)
		}
	}
}

func TestPagePolicyNamesItsStyleAndScript(t *testing.T) {
	source := pageOf(t, sample.Failed())
	style, script := inside(t, source, "style"), inside(t, source, "script")
	if style != pageStyle || script != pageScript {
		t.Fatal("style and script are not what their files hold")
	}
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	want := "default-src 'none'; script-src " + hash(script) + "; style-src " + hash(style) + "; img-src data:; base-uri 'none'; form-action 'none'"
	for _, m := range readPage(t, source).all("meta") {
		if m.attr["http-equiv"] == "Content-Security-Policy" {
			if m.attr["content"] != want {
				t.Errorf("policy %q, want %q", m.attr["content"], want)
			}
			return
		}
	}
	t.Error("the page has no policy")
}

// inside is the text of the only element of a name.
func inside(t *testing.T, source, name string) string {
	t.Helper()
	found := regexp.MustCompile(`(?s)<`+name+`>(.*?)</`+name+`>`).FindAllStringSubmatch(source, -1)
	if len(found) != 1 {
		t.Fatalf("%d elements %s", len(found), name)
	}
	return found[0][1]
}

// TestScriptMakesNoMarkup: what it shows is text, so remote text stays text.
func TestScriptMakesNoMarkup(t *testing.T) {
	forbidden := regexp.MustCompile(`\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|Function|setAttribute\("on|fetch|XMLHttpRequest|import)\b`)
	if found := forbidden.FindAllString(pageScript, -1); found != nil {
		t.Errorf("the script uses %q", found)
	}
	if strings.Contains(strings.ToLower(pageScript), "</script") || strings.Contains(pageScript, "<!--") {
		t.Error("the script ends early")
	}
}

func TestPageShowsWhatWasSaid(t *testing.T) {
	source := pageOf(t, sample.Talk())
	for _, want := range []string{
		"half past ten", `<code>find_appointment</code><code class="arguments">{&#34;day&#34;`, "&lt;b&gt;Really?&lt;/b&gt;", `<p class="muted">no text</p>`,
		"Conversation: the conversation is not kept", `<li class="tool"><span class="role">tool <span class="at">10 s</span>`, "role not given", "supervisor",
		"Conversation, 8 messages", "Before it confirms, the assistant says that", "queued 12 s", "replayed",
	} {
		if !strings.Contains(source, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

func TestPageIsBounded(t *testing.T) {
	o := sample.Large(3000)
	for i := range o.Results {
		for j := range o.Results[i].Attempts {
			o.Results[i].Attempts[j].Transcript = []telnyx.Message{{Role: "user", Text: strings.Repeat("word ", 4<<10)}}
			o.Results[i].Attempts[j].Logs = strings.Repeat("line\n", 4<<10)
		}
	}
	source := pageOf(t, o)
	if most := maxTextBytes + 8<<20; len(source) > most {
		t.Errorf("the page has %d bytes, at most %d are expected", len(source), most)
	}
	for _, want := range []string{
		"2000 more tests have no card here", "more tests were run and are not drawn; those that block are drawn first", "2650 more tests are not in this table",
		pageFull, "[... ", "Blocked: 200 of 3000 tests failed",
	} {
		if !strings.Contains(source, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if n := strings.Count(source, `open="open"><summary><h3>`); n != 1 {
		t.Errorf("%d tests are unfolded", n)
	}
}

// TestPageContrast holds the contrast of text and shapes against what they stand on, in both schemes (WCAG 2.2, 1.4.3).
func TestPageContrast(t *testing.T) {
	schemes := strings.SplitN(pageStyle, "@media (prefers-color-scheme: dark)", 2)
	for i, text := range schemes {
		colour := map[string]float64{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6});`).FindAllStringSubmatch(text, -1) {
			colour[m[1]] = luminance(t, m[2])
		}
		for _, ground := range []string{"paper", "panel"} {
			for _, ink := range []string{"text", "muted", "link", "passed", "failed", "errored", "timed-out", "excused", "flaky"} {
				checkContrast(t, i, colour, ink, ground)
			}
		}
		for _, ground := range []string{"user", "assistant", "tool"} {
			checkContrast(t, i, colour, "text", ground)
			checkContrast(t, i, colour, "muted", ground)
		}
	}
}

func checkContrast(t *testing.T, scheme int, colour map[string]float64, ink, ground string) {
	t.Helper()
	a, b := colour[ink], colour[ground]
	if a == 0 && b == 0 {
		t.Fatalf("scheme %d has no %s or %s", scheme, ink, ground)
	}
	if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
		t.Errorf("scheme %d: %s on %s has a contrast of %.2f", scheme, ink, ground, ratio)
	}
}

// luminance is the relative luminance of a colour (WCAG 2.2).
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			sum += weight * c / 12.92
			continue
		}
		sum += weight * math.Pow((c+0.055)/1.055, 2.4)
	}
	return sum
}
