package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// epoch is the beginning of 2026.
const epoch = "1767225600"

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
	docs := t.TempDir()
	write(t, filepath.Join(docs, "base-files", "copyright"), "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n"+
		"Files: *\nLicense: GPL-2+\n text of it\n\nFiles: debian/*\nLicense: GPL-2+\n\nLicense: BSD-3-clause\n")
	write(t, filepath.Join(docs, "zlib1g", "copyright"), "License: of no form\n")
	packages, err := debianPackages([]byte(status), docs)
	if err != nil {
		t.Fatal(err)
	}
	var purls []string
	for _, c := range packages {
		purls = append(purls, c.PURL)
		if c.Supplier.Name != "Debian" {
			t.Errorf("%s is from %s", c.Name, c.Supplier.Name)
		}
	}
	if got := fmt.Sprint(packages[0].Licences, packages[1].Licences); got != "[{{ BSD-3-clause}} {{ GPL-2+}}] []" {
		t.Errorf("licences %s", got)
	}
	want := "pkg:deb/debian/base-files@13.8%2Bdeb13u1 pkg:deb/debian/zlib1g@1%3A1.3.dfsg%2Breally1.3.1-1%2Bb1"
	if got := strings.Join(purls, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestRun compares the bill of a real program with what go version -m says of it.
func TestRun(t *testing.T) {
	binary, packages := build(t), filepath.Join(t.TempDir(), "status")
	write(t, packages, status)
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
	wantMinimum(t, document, binary)
	main := document.Metadata.Component
	if main.Version != "v1.2.3" || !strings.HasSuffix(main.Name, "/assistant-gate") {
		t.Errorf("the bill is of %s %s", main.Name, main.Version)
	}
}

// wantMinimum checks the elements that a bill of materials has at least: who supplies what, under which licence, the
// bytes, the tool and the time.
func wantMinimum(t *testing.T, document bom, binary string) {
	t.Helper()
	content, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	m := document.Metadata
	if m.Timestamp != "2026-01-01T00:00:00Z" || m.Supplier.Name != "assistant-gate" || len(m.Tools.Components) != 1 || m.Tools.Components[0].Version != "v1.2.3" {
		t.Errorf("metadata %+v", m)
	}
	programs := m.Component.Components
	if len(programs) != 1 || programs[0].Hashes[0].Content != fmt.Sprintf("%x", sha256.Sum256(content)) {
		t.Errorf("the programs are %+v", programs)
	}
	for _, c := range document.Components {
		isModule := strings.HasPrefix(c.PURL, "pkg:golang/") && c.Name != "stdlib"
		if c.Supplier == nil || c.Supplier.Name == "" {
			t.Errorf("%s has no supplier", c.Name)
		}
		if isModule && (len(c.Licences) == 0 || len(c.Hashes) != 1 || len(c.Hashes[0].Content) != 64) {
			t.Errorf("%s: licences %v, hashes %v", c.Name, c.Licences, c.Hashes)
		}
	}
	if !strings.Contains(fmt.Sprint(document.Components), "hashicorp") || !strings.Contains(fmt.Sprint(document.Components), "MPL-2.0") {
		t.Error("HashiCorp's modules are not by HashiCorp, or not under the Mozilla Public License")
	}
}

func TestLicenceIDs(t *testing.T) {
	for text, want := range map[string]string{
		"Copyright (c) 2015 X\n\nMozilla Public License, version 2.0\n":                                                                        "MPL-2.0",
		"Apache License\n  Version 2.0, January 2004":                                                                                          "Apache-2.0",
		"Permission is hereby granted, free of\ncharge, to\nTHE SOFTWARE IS PROVIDED \"AS IS\"":                                                "MIT",
		"Redistribution and use in source and binary forms\nTHIS SOFTWARE IS PROVIDED BY":                                                      "BSD-2-Clause",
		"Redistribution and use in source and binary forms\nNeither the name of X nor\nTHIS SOFTWARE IS PROVIDED BY THE COPYRIGHT":             "BSD-3-Clause",
		"MIT\nPermission is hereby granted, free of charge\nTHE SOFTWARE IS PROVIDED \"AS IS\"\nApache\nunder the Apache License, Version 2.0": "Apache-2.0 MIT",
		"All rights reserved.": "",
	} {
		if got := strings.Join(licenceIDs(text), " "); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestModuleSupplier(t *testing.T) {
	for path, want := range map[string]string{"golang.org/x/sys": "The Go Authors", "github.com/google/uuid": "google", "go.yaml.in/yaml/v3": "go.yaml.in"} {
		if got := moduleSupplier(path); got != want {
			t.Errorf("%s comes from %q, want %q", path, got, want)
		}
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
		if err := run(args, epoch, &bytes.Buffer{}); err == nil {
			t.Errorf("%s: not refused", name)
		}
	}
	if err := run([]string{"-version", "v1.2.3", binary}, "", &bytes.Buffer{}); err == nil {
		t.Error("no time: not refused")
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func bill(t *testing.T, args ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := run(args, epoch, &out); err != nil {
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
