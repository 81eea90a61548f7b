package bench

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the tables into docs/dev/performance.md")

const page = "../docs/dev/performance.md"

// publish prints a table, and with -update writes it into its part of the page. It leaves the page as it is where b
// measured less than what the page shows.
func publish(tb testing.TB, part, text string) {
	tb.Helper()
	fmt.Println(text)
	if !*update {
		return
	}
	old, err := os.ReadFile(page)
	if err != nil {
		tb.Fatal(err)
	}
	begin, end := "<!-- "+part+":begin -->\n", "<!-- "+part+":end -->"
	before, rest, hasBegin := strings.Cut(string(old), begin)
	_, after, hasEnd := strings.Cut(rest, end)
	if !hasBegin || !hasEnd {
		tb.Fatalf("%s has no part %q", page, part)
	}
	if err := os.WriteFile(page, []byte(before+begin+"\n"+text+"\n"+end+after), 0o644); err != nil {
		tb.Fatal(err)
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
