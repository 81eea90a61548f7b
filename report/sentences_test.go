package report

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// minSentence is how many letters make a text a sentence.
const minSentence = 25

// TestASentenceIsWordedOnce: a sentence that two files contain soon differs between them. What several formats say belongs to
// report/view.
func TestASentenceIsWordedOnce(t *testing.T) {
	places := map[string][]string{}
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		return addSentences(places, path)
	})
	if err != nil {
		t.Fatal(err)
	}
	for text, at := range places {
		if len(at) > 1 {
			t.Errorf("%q is in %s", text, strings.Join(at, " and "))
		}
	}
	if len(places) < 50 {
		t.Errorf("%d sentences in all", len(places))
	}
}

// addSentences adds the string literals of a file that are sentences, by their words alone.
func addSentences(places map[string][]string, path string) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field:
			return n.Tag == nil
		case *ast.BasicLit:
			text, err := strconv.Unquote(n.Value)
			if err != nil || n.Kind != token.STRING || letters(text) < minSentence {
				return true
			}
			text = strings.ToLower(strings.Trim(text, " ,.;:%dqsv\n"))
			if !slices.Contains(places[text], path) {
				places[text] = append(places[text], path)
			}
		}
		return true
	})
	return nil
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}
