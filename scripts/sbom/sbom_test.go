package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const status = `Package: base-files
Status: install ok installed
Architecture: amd64
Version: 13.8+deb13u1
Description: Debian base system
 Status: of no meaning here

Package: gone
Status: deinstall ok config-files
Version: 1.0

Package: zlib1g
Status: install ok installed
Version: 1:1.3.dfsg+really1.3.1-1+b1
`

func TestDebianPackages(t *testing.T) {
	var purls []string
	for _, c := range debianPackages(status) {
		purls = append(purls, c.PURL)
	}
	want := "pkg:deb/debian/base-files@13.8%2Bdeb13u1 pkg:deb/debian/zlib1g@1%3A1.3.dfsg%2Breally1.3.1-1%2Bb1"
	if got := strings.Join(purls, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestRun compares the bill of a real program with what go version -m says of it.
func TestRun(t *testing.T) {
	binary, packages := build(t), filepath.Join(t.TempDir(), "status")
	if err := os.WriteFile(packages, []byte(status), 0o600); err != nil {
		t.Fatal(err)
	}
	first, second := bill(t, "-version", "v1.2.3", "-packages", packages, binary), bill(t, "-version", "v1.2.3", "-packages", packages, binary, binary)
	if !bytes.Equal(first, second) {
		t.Error("the same input gives other bytes")
	}
	var document bom
	if err := json.Unmarshal(first, &document); err != nil {
		t.Fatal(err)
	}
	linked, err := exec.Command("go", "version", "-m", binary).Output()
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, c := range document.Components {
		have[c.Name+" "+c.Version] = true
	}
	deps := 0
	for line := range strings.Lines(string(linked)) {
		if fields := strings.Fields(line); len(fields) >= 3 && fields[0] == "dep" {
			deps++
			if !have[fields[1]+" "+fields[2]] {
				t.Errorf("%s %s is linked, and not in the bill", fields[1], fields[2])
			}
		}
	}
	if want := deps + 3; deps == 0 || len(document.Components) != want {
		t.Errorf("%d components, want %d: modules, the standard library and two packages", len(document.Components), want)
	}
	serial := regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	if !serial.MatchString(document.SerialNumber) {
		t.Errorf("serial number %q", document.SerialNumber)
	}
	if other := bill(t, "-version", "v1.2.4", binary); strings.Contains(string(other), document.SerialNumber) {
		t.Error("another release has the same serial number")
	}
	main := document.Metadata.Component
	if main.Version != "v1.2.3" || !strings.HasSuffix(main.Name, "/assistant-gate") {
		t.Errorf("the bill is of %s %s", main.Name, main.Version)
	}
}

func TestRunRefuses(t *testing.T) {
	binary, empty := build(t), filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"no version":  {binary},
		"no program":  {"-version", "v1.2.3"},
		"no Go":       {"-version", "v1.2.3", empty},
		"no packages": {"-version", "v1.2.3", "-packages", empty, binary},
		"no file":     {"-version", "v1.2.3", "-packages", empty + "x", binary},
	} {
		if err := run(args, &bytes.Buffer{}); err == nil {
			t.Errorf("%s: not refused", name)
		}
	}
}

func bill(t *testing.T, args ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := run(args, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// build builds the gate.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "assistant-gate")
	command := exec.Command("go", "build", "-o", binary, ".")
	command.Dir = "../.."
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}
