package sample

import (
	"regexp"
	"strings"

	"pgregory.net/rapid"
)

// blockTag begins a line of a raw HTML block: CommonMark's block names of kind 6, and <pre> of kind 1.
var blockTag = regexp.MustCompile(`^</?(h2|h3|p|table|tr|ul|li|details|summary|pre|blockquote)>|^<details open>`)

var AnyTag = regexp.MustCompile(`<[^>]*>`)

// knownTag is all the markup that the summary writes.
var knownTag = regexp.MustCompile(`^</?(h2|h3|p|b|code|table|tr|td|ul|li|details|summary|pre|br|wbr|th|sub|blockquote)>$|^</a>$|^</span>$` +
	`|^<a href="https?://[^"<>]*">$|^<th align="left">$|^<td colspan="[23]">$|^<details open>$|^<span dir="auto">$|^<td valign="top">$|^<th align="left" width="50%">$|^<a href="https://portal\.telnyx\.com/#/ai/assistants/edit/[A-Za-z0-9%._~&#;$+=:@-]*">$`)

// CheckBlocks proves that no text of the summary is read as Markdown or as a tag of its own.
func CheckBlocks(t rapid.TB, md string) {
	t.Helper()
	inPre := false
	for line := range strings.Lines(md) {
		line = strings.TrimSuffix(line, "\n")
		inPre = inPre || strings.HasPrefix(line, "<pre>")
		if !inPre && line != "" && !blockTag.MatchString(line) {
			t.Fatalf("line is not an HTML block: %q", line)
		}
		if strings.Contains(line, "</pre>") {
			inPre = false
		}
	}
	for _, tag := range AnyTag.FindAllString(md, -1) {
		if !knownTag.MatchString(tag) {
			t.Fatalf("tag of unknown origin: %q", tag)
		}
	}
	if strings.Count(md, "<")+strings.Count(md, ">") != 2*len(AnyTag.FindAllString(md, -1)) {
		t.Fatal("an angle bracket outside a tag")
	}
	for _, name := range []string{"table", "details", "pre", "p", "ul", "tr", "li", "h2", "h3", "code", "b", "sub", "blockquote", "span", "td", "th"} {
		open := strings.Count(md, "<"+name+">") + strings.Count(md, "<"+name+" ")
		if shut := strings.Count(md, "</"+name+">"); open != shut {
			t.Fatalf("%d <%s> and %d </%s>", open, name, shut, name)
		}
	}
}
