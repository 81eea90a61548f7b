// Package golden compares what tests make with files, which -update rewrites.
package golden

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite golden and generated files instead of comparing them")

// Updating reports whether -update is set.
func Updating() bool { return *update }

// Compare fails the test if the file at path does not hold got, or rewrites it with -update.
func Compare(t testing.TB, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run the tests with -update)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is out of date; if the change is meant, run the tests with -update (-file +now):\n%s", path, diff)
	}
}

// ComparePart is Compare for the generated part of a Markdown page between the comments PART:begin and PART:end.
func ComparePart(t testing.TB, path, part, content string) {
	t.Helper()
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text, err := replaceBetween(string(page), part, content)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	Compare(t, path, text)
}

func replaceBetween(text, part, content string) (string, error) {
	begin, end := "<!-- "+part+":begin -->\n", "<!-- "+part+":end -->"
	before, rest, hasBegin := strings.Cut(text, begin)
	_, after, hasEnd := strings.Cut(rest, end)
	if !hasBegin || !hasEnd {
		return "", fmt.Errorf("no part between %q and %q", strings.TrimSpace(begin), end)
	}
	return before + begin + content + end + after, nil
}
