package e2e

import (
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

var (
	markdownLink = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	htmlLink     = regexp.MustCompile(`(?:href|src)="([^"]+)"`)
	heading      = regexp.MustCompile(`^#{1,6} +(.*)$`)
)

// withoutCode drops fenced blocks.
func withoutCode(text string) []string {
	var lines []string
	inside := false
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			inside = !inside
			continue
		}
		if inside {
			continue
		}
		lines = append(lines, line)
	}
	return lines
}

// linksOf are the targets of a page's links and pictures.
func linksOf(text string) []string {
	var links []string
	for _, line := range withoutCode(text) {
		for _, pattern := range []*regexp.Regexp{markdownLink, htmlLink} {
			for _, found := range pattern.FindAllStringSubmatch(line, -1) {
				links = append(links, found[1])
			}
		}
	}
	return links
}

// anchorsOf are the anchors of a page's headings, as GitHub makes them: lower case, without punctuation, blanks as hyphens, a
// number behind those that are there already.
func anchorsOf(text string) map[string]bool {
	anchors := map[string]bool{}
	for _, line := range withoutCode(text) {
		h := heading.FindStringSubmatch(line)
		if h == nil {
			continue
		}
		anchor := strings.Map(func(r rune) rune {
			switch {
			case unicode.IsLetter(r), unicode.IsNumber(r), r == '-', r == '_':
				return unicode.ToLower(r)
			case r == ' ':
				return '-'
			}
			return -1
		}, strings.TrimSpace(h[1]))
		for n, base := 1, anchor; anchors[anchor]; n++ {
			anchor = fmt.Sprintf("%s-%d", base, n)
		}
		anchors[anchor] = true
	}
	return anchors
}

// checkLink returns nil if the target of a link exists. Of links that leave the repository it checks only the form.
func checkLink(page, link string) error {
	u, err := url.Parse(link)
	if err != nil {
		return err
	}
	if u.Scheme != "" || u.Host != "" {
		if u.Scheme != "https" || u.Host == "" {
			return fmt.Errorf("%s is not an https address", link)
		}
		return nil
	}
	target := page
	if u.Path != "" {
		target = path.Join(path.Dir(page), u.Path)
	}
	if _, err := os.Stat(filepath.FromSlash(target)); err != nil {
		return err
	}
	if u.Fragment == "" || path.Ext(target) != ".md" {
		return nil
	}
	text, err := os.ReadFile(filepath.FromSlash(target))
	if err == nil && !anchorsOf(string(text))[u.Fragment] {
		err = fmt.Errorf("%s has no heading for #%s", target, u.Fragment)
	}
	return err
}

func TestLinks(t *testing.T) {
	total := 0
	for _, page := range append(documented(t), "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range linksOf(string(text)) {
			total++
			if err := checkLink(filepath.ToSlash(page), link); err != nil {
				t.Errorf("%s: %s: %v", page, link, err)
			}
		}
	}
	if total < 20 {
		t.Errorf("only %d links were found", total)
	}
}

func TestCheckLinkFindsFaults(t *testing.T) {
	for _, link := range []string{"docs/nowhere.md", "docs/verdicts.md#nowhere", "#nowhere", "http://example.com", "https://", "mailto:x@example.com"} {
		if checkLink("README.md", link) == nil {
			t.Errorf("%s counts as good", link)
		}
	}
	for _, link := range []string{"docs/verdicts.md", "docs/verdicts.md#a-run", "#exit-codes", "https://example.com/x#y", "internal/simulator/doc.go"} {
		if err := checkLink("README.md", link); err != nil {
			t.Errorf("%s: %v", link, err)
		}
	}
	anchors := anchorsOf("# A `b-c`, d?\n```\n# no\n```\n## Same\n## Same\n")
	for _, want := range []string{"a-b-c-d", "same", "same-1"} {
		if !anchors[want] {
			t.Errorf("%s is none of %v", want, anchors)
		}
	}
}
