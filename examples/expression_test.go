package examples

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	expression = regexp.MustCompile(`\$\{\{ *(.*?) *\}\}`)
	// comparison is the only operator, beside &&, that the examples use.
	comparison = regexp.MustCompile(`^(\S+) (==|!=) (\S+)$`)
)

// expand replaces expressions. A name that means nothing is empty on GitHub; here it fails.
func expand(t *testing.T, text string, names map[string]string) string {
	t.Helper()
	return expression.ReplaceAllStringFunc(text, func(found string) string {
		inner := expression.FindStringSubmatch(found)[1]
		if comparison.MatchString(inner) {
			return strconv.FormatBool(condition(t, inner, names))
		}
		return value(t, inner, names)
	})
}

// condition evaluates the condition of a job or of a step. No run of these tests is cancelled.
func condition(t *testing.T, text string, names map[string]string) bool {
	t.Helper()
	for term := range strings.SplitSeq(text, "&&") {
		switch term = strings.TrimSpace(term); {
		case term == "", term == "always()", term == "!cancelled()":
		case !comparison.MatchString(term):
			t.Fatalf("condition %q is not one that this test understands", term)
		default:
			parts := comparison.FindStringSubmatch(term)
			isEqual := value(t, parts[1], names) == value(t, parts[3], names)
			if isEqual != (parts[2] == "==") {
				return false
			}
		}
	}
	return true
}

// value is what a name or a text in quotes means. An output that a step did not set is empty, as on GitHub.
func value(t *testing.T, text string, names map[string]string) string {
	t.Helper()
	if inner, ok := strings.CutPrefix(text, "'"); ok {
		return strings.TrimSuffix(inner, "'")
	}
	v, ok := names[text]
	if !ok && !strings.Contains(text, ".outputs.") {
		t.Errorf("nothing sets %s", text)
	}
	return v
}

func TestCondition(t *testing.T) {
	t.Parallel()
	names := map[string]string{"a.result": "success", "b.outputs.x": "no"}
	for text, want := range map[string]bool{
		"": true, "always()": true, "a.result == 'success'": true, "a.result != 'success'": false,
		"!cancelled() && a.result == 'success' && b.outputs.x != ''": true, "a.result == 'success' && b.outputs.x == ''": false,
		"b.outputs.unset == ''": true, "a.result == b.outputs.x": false,
	} {
		if got := condition(t, text, names); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
	if got := expand(t, "x ${{ a.result }} ${{ b.outputs.x == 'yes' }}", names); got != "x success false" {
		t.Error(got)
	}
}

// stickyComment is the action that posts the comment, v2.9.4.
const stickyComment = "marocchino/sticky-pull-request-comment@773744901bac0e8cbb5a0dc842800d45e9b2b405"

// actionInputs are the inputs of the actions in the examples. GitHub only warns about an input that an action does not have.
var actionInputs = map[string][]string{
	"actions/checkout@v5":          {"fetch-depth", "persist-credentials"},
	"actions/upload-artifact@v4":   {"name", "path", "overwrite", "if-no-files-found"},
	"actions/download-artifact@v5": {"name", "path", "pattern", "merge-multiple"},
	stickyComment:                  {"header", "path", "message", "only_update", "only_create", "recreate", "delete", "append", "number"},
}

// comment does what the action does with these inputs: it updates the comment of that header, or posts one if there is none and
// only_update does not forbid it.
func (r *runner) comment(t *testing.T, s *workspace, with map[string]string) (code int, out string) {
	t.Helper()
	text := s.read(t, with["path"])
	if text == "" {
		return 1, "Either message or path input is required"
	}
	if only := with["only_update"]; only != "true" && only != "false" {
		return 1, fmt.Sprintf("only_update is no boolean: %q", only)
	}
	if _, exists := r.comments[with["header"]]; exists || with["only_update"] == "false" {
		r.comments[with["header"]] = text
	}
	return 0, ""
}
