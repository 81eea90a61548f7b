package acceptance

import (
	"bytes"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	outcomes "github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/report/comment"
)

// TestRemoteTextOfACommentIsCode has another reader of Markdown take comments apart: what Telnyx sent is neither markup, nor a link,
// nor a mention.
func TestRemoteTextOfACommentIsCode(t *testing.T) {
	all := outcomes.Outcomes()
	all["spoken hostile"] = outcomes.SpokenHostile()
	for _, s := range append(outcomes.HostileTexts, "``` ` ```` x", "\n~~~\n```", "- a\n    b", "<details>", "@team #1 [x](y) `") {
		all[s] = outcomes.WithText(s)
	}
	for name, o := range all {
		t.Run(name, func(t *testing.T) { checkComment(t, o) })
	}
}

func checkComment(t *testing.T, o *outcome.Outcome) {
	var md bytes.Buffer
	if err := comment.Write(&md, o, "a.md"); err != nil {
		t.Fatal(err)
	}
	reader := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser()
	root := reader.Parse(text.NewReader(md.Bytes()))
	err := ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.CodeSpan, *ast.FencedCodeBlock:
			return ast.WalkSkipChildren, nil
		case *ast.Link, *ast.AutoLink, *ast.Image, *ast.CodeBlock, *ast.Blockquote:
			t.Errorf("a %s that the gate does not write", n.Kind())
		case *ast.HTMLBlock:
			checkHTML(t, string(n.Lines().Value(md.Bytes())))
		case *ast.RawHTML:
			checkHTML(t, string(n.Segments.Value(md.Bytes())))
		case *ast.Text:
			if words := string(n.Segment.Value(md.Bytes())); strings.ContainsAny(words, "@#[`<") {
				t.Errorf("outside of code: %q", words)
			}
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Error(err)
	}
}

// checkHTML knows the tags that a comment has.
func checkHTML(t *testing.T, html string) {
	t.Helper()
	for line := range strings.Lines(html) {
		switch line = strings.TrimSpace(line); {
		case line == "<details>", line == "</details>", line == "</a>":
		case strings.HasPrefix(line, "<summary>") && strings.HasSuffix(line, "</summary>") && strings.Count(line, "<") == 2:
		case strings.HasPrefix(line, `<a href="https://`) && strings.Count(line, "<") == 1:
		default:
			t.Errorf("HTML that the gate does not write: %q", line)
		}
	}
}
