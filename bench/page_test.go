package bench

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/golden"
)

// publish prints a table, and with -update writes it into its part of docs/dev/performance.md.
func publish(tb testing.TB, part, text string) {
	tb.Helper()
	fmt.Println(text)
	if golden.Updating() {
		golden.ComparePart(tb, "../docs/dev/performance.md", part, "\n"+text+"\n")
	}
}

// table is a table of Markdown.
type table struct{ b strings.Builder }

func newTable(columns ...string) *table {
	t := &table{}
	t.row(columns...)
	t.row(strings.Split(strings.Repeat("--- ", len(columns)-1)+"---", " ")...)
	return t
}

func (t *table) row(cells ...string) { t.b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }

func (t *table) String() string { return t.b.String() }

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f", d.Seconds()) }

func thousands(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
