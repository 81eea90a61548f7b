package cli

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
)

// vars is an environment; files are the files that can be read in it.
type vars map[string]string

func (v vars) environment(files map[string]string) Environment {
	return Environment{
		Lookup: func(name string) (string, bool) {
			value, ok := v[name]
			return value, ok
		},
		Environ: func() []string {
			var all []string
			for name, value := range v {
				all = append(all, name+"="+value)
			}
			return all
		},
		ReadFile: func(f inputFile) ([]byte, error) {
			content, ok := files[f.path]
			if !ok {
				return nil, unreadable(fs.ErrNotExist)
			}
			return []byte(content), nil
		},
	}
}

// with is v and more; more wins.
func (v vars) with(more vars) vars {
	all := vars{}
	for _, each := range []vars{v, more} {
		for name, value := range each {
			all[name] = value
		}
	}
	return all
}

// enough is an environment in which run lacks nothing.
func enough() vars {
	return vars{
		"ASSISTANT_GATE_API_KEY":    "KEY1_secret",
		"ASSISTANT_GATE_TEST_IDS":   "t1",
		"ASSISTANT_GATE_VERSION_ID": "v1",
	}
}

// problems are those of an error that Parse returned; the test fails if it is of another kind.
func problems(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	invalid, ok := errors.AsType[*InvalidError](err)
	if !ok {
		t.Fatalf("error of type %T: %v", err, err)
	}
	if len(invalid.Problems) == 0 {
		t.Error("an error without a problem")
	}
	for _, p := range invalid.Problems {
		if p == "" || strings.ContainsAny(p, "\n\r") {
			t.Errorf("problem is not one line: %q", p)
		}
	}
	return invalid.Problems
}

// wantProblem fails the test unless exactly one of err's problems holds all of parts.
func wantProblem(t *testing.T, err error, parts ...string) {
	t.Helper()
	found := problems(t, err)
	matching := slices.DeleteFunc(slices.Clone(found), func(p string) bool {
		return slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(p, part) })
	})
	if len(matching) != 1 {
		t.Errorf("problems that hold %q: %d, want 1; all:\n%s", parts, len(matching), strings.Join(found, "\n"))
	}
}
