package e2e

import (
	"os"
	"strings"
	"testing"
)

// maxReadmeWords is what somebody reads who only wants to know whether and how to use the gate. More belongs into docs/.
const maxReadmeWords = 900

// wordsAroundTables counts the words of a page outside of fenced blocks and tables.
func wordsAroundTables(text string) (n int) {
	for _, line := range withoutCode(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), "|") {
			n += len(strings.Fields(line))
		}
	}
	return n
}

func TestReadmeIsShort(t *testing.T) {
	if got := wordsAroundTables("# a b\n```sh\nno\n```\n| no | no |\n|---|---|\nc [d e](f).\n"); got != 6 {
		t.Errorf("counted %d words, want 6", got)
	}
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	n := wordsAroundTables(string(text))
	if n > maxReadmeWords {
		t.Errorf("the README has %d words around its tables, more than %d: move something to docs/", n, maxReadmeWords)
	}
	t.Logf("%d words", n)
}
