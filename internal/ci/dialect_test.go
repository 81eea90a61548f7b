package ci

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
)

func TestGitHubCommands(t *testing.T) {
	tests := map[string]struct {
		do   func(*System)
		want string
	}{
		"mask":                 {func(s *System) { s.Mask("KEY0123") }, "::add-mask::KEY0123\n"},
		"mask of two lines":    {func(s *System) { s.Mask("KEY%1\r\nKEY2") }, "::add-mask::KEY%251%0D%0AKEY2\n"},
		"mask of next to none": {func(s *System) { s.Mask("abc") }, ""},
		"group":                {func(s *System) { s.Group("14 tests\n::error::x") }, "::group::14 tests%0A::error::x\n"},
		"end of group":         {func(s *System) { s.EndGroup() }, "::endgroup::\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, out := onGitHub(nil)
			test.do(s)
			if out.String() != test.want {
				t.Errorf("wrote %q, want %q", out, test.want)
			}
		})
	}
}

func TestNothingIsSaidElsewhere(t *testing.T) {
	for _, vars := range []map[string]string{nil, {"GITLAB_CI": "true"}, {"TF_BUILD": "True"}, {"BUILDKITE": "true"}, {"CIRCLECI": "true"}, {"JENKINS_URL": "x"}} {
		var out bytes.Buffer
		s := Detect(environment(vars), &out)
		s.Mask("KEY0123")
		if !s.Folds() {
			s.Group("tests")
			s.EndGroup()
		}
		if err := s.Annotate(Annotation{Level: LevelError, Message: "x"}); err != nil {
			t.Error(err)
		}
		if out.Len() != 0 {
			t.Errorf("on %q: wrote %q, want nothing", s.Name, &out)
		}
	}
}

func TestAnnotate(t *testing.T) {
	tests := map[string]struct {
		in   Annotation
		want runnerCommand
	}{
		"error": {
			Annotation{Level: LevelError, Title: "Books", Message: "2 of 3 criteria failed"},
			runnerCommand{"error", map[string]string{"title": "Books"}, "2 of 3 criteria failed"},
		},
		"no level is an error": {Annotation{Message: "x"}, runnerCommand{"error", map[string]string{}, "x"}},
		"warning with a line": {
			Annotation{Level: LevelWarning, Message: "stale", File: "gate/quarantine.yml", Line: 12},
			runnerCommand{"warning", map[string]string{"file": "gate/quarantine.yml", "line": "12"}, "stale"},
		},
		"a line without a file": {
			Annotation{Level: LevelNotice, Message: "x", Line: 12},
			runnerCommand{"notice", map[string]string{}, "x"},
		},
		"hostile": {
			Annotation{
				Level: LevelError, Title: "a,file=b::c%2C\r\n::stop-commands::x",
				Message: "100%0A\r\n::error::y\r##[error]z %25",
			},
			runnerCommand{
				"error",
				map[string]string{"title": "a,file=b::c%2C\r\n::stop-commands::x"},
				"100%0A\r\n::error::y\r##[error]z %25",
			},
		},
		"format verbs": {Annotation{Message: "100%s %d"}, runnerCommand{"error", map[string]string{}, "100%s %d"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, out := onGitHub(nil)
			if err := s.Annotate(test.in); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]runnerCommand{test.want}, readCommands(out.String())); diff != "" {
				t.Errorf("the runner reads otherwise (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnnotationIsCutToBytes(t *testing.T) {
	for _, before := range []string{"", "x"} { // one of them has the bound inside a character
		testCut(t, before)
	}
	if whole := strings.Repeat("x", maxMessage); cut(whole, maxMessage) != whole {
		t.Error("a message that fits was cut")
	}
}

func testCut(t *testing.T, before string) {
	t.Helper()
	s, out := onGitHub(nil)
	if err := s.Annotate(Annotation{Title: before + strings.Repeat("ü", 300), Message: before + strings.Repeat("é", 4000)}); err != nil {
		t.Fatal(err)
	}
	got := readCommands(out.String())[0]
	if n := len(got.Data); n > maxMessage || n < maxMessage-4 {
		t.Errorf("message has %d bytes, want close to %d", n, maxMessage)
	}
	if n := len(got.Properties["title"]); n > maxTitle || n < maxTitle-4 {
		t.Errorf("title has %d bytes, want close to %d", n, maxTitle)
	}
	if !utf8.ValidString(got.Data) || !strings.HasSuffix(got.Data, "é...") {
		t.Errorf("message ends in %q, want a whole character and the sign of a cut", got.Data[len(got.Data)-10:])
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestClosedStandardOutputIsAnErrorAndNoPanic(t *testing.T) {
	for _, vars := range foldingSystems {
		s := Detect(environment(vars), brokenPipe{})
		s.Mask("KEY0123")
		s.Group("tests")
		s.EndGroup()
	}
	s := Detect(environment(map[string]string{"GITHUB_ACTIONS": "true"}), brokenPipe{})
	if err := s.Annotate(Annotation{Message: "x"}); err == nil || !strings.Contains(err.Error(), "broken pipe") {
		t.Errorf("err = %v, want the writer's", err)
	}
}

func FuzzAnnotate(f *testing.F) {
	f.Add("Books an appointment", "2 of 3 criteria failed: a; b", "gate.yml")
	f.Add("a,b=c::d", "x\r\n::error::y", "a%2Cb")
	f.Add("##[error]", "###[error]z\r##vso[task.setvariable]", " ")
	f.Add("%0A::set-output name=a::b", "%25%0D", "\xff::")
	f.Fuzz(func(t *testing.T, title, message, file string) {
		fuzzing.Bound(t)
		s, out := onGitHub(nil)
		in := Annotation{Level: LevelError, Title: title, Message: message, File: file}
		if err := s.Annotate(in); err != nil {
			t.Fatal(err)
		}
		want := in.cut()
		got := readCommands(out.String())
		if len(got) != 1 || got[0].Name != "error" {
			t.Fatalf("%q: the runner reads %v, want one error", out, got)
		}
		if got[0].Data != want.Message {
			t.Errorf("the runner reads the message %q, want %q", got[0].Data, want.Message)
		}
		for key := range got[0].Properties {
			if key != "title" && key != "file" {
				t.Errorf("the runner reads a property %q", key)
			}
		}
	})
}
