package main

import (
	"net/url"
	"runtime/debug"
	"strings"
)

// bom is a document of CycloneDX 1.6, as far as it is filled in here.
type bom struct {
	Format       string       `json:"bomFormat"`
	SpecVersion  string       `json:"specVersion"`
	SerialNumber string       `json:"serialNumber,omitempty"` // GitHub's actions/attest-sbom insists on one
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Ref     string `json:"bom-ref"`
	Type    string `json:"type"`
	Name    string `json:"name"`
	Version string `json:"version"`
	PURL    string `json:"purl"`
}

type dependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn"`
}

func library(kind, name, version string) component {
	purl := "pkg:" + kind + "/" + name + "@" + url.QueryEscape(version)
	return component{Ref: purl, Type: "library", Name: name, Version: version, PURL: purl}
}

// modules lists the standard library and the modules that are linked into a program.
func modules(info *debug.BuildInfo) []component {
	found := []component{library("golang", "stdlib", strings.TrimPrefix(info.GoVersion, "go"))}
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		found = append(found, library("golang", module.Path, module.Version))
	}
	return found
}

// debianPackages lists what dpkg's status file says is installed: paragraphs of "Name: value" lines, parted by empty
// lines (deb-status; Debian policy, 5.1).
func debianPackages(status string) []component {
	var found []component
	for paragraph := range strings.SplitSeq(status, "\n\n") {
		fields := map[string]string{}
		for line := range strings.Lines(paragraph) {
			if name, value, ok := strings.Cut(line, ": "); ok && !strings.HasPrefix(line, " ") {
				fields[name] = strings.TrimSpace(value)
			}
		}
		if fields["Status"] == "install ok installed" {
			// Without the architecture: an image has the same packages on all of its platforms.
			found = append(found, library("deb", "debian/"+fields["Package"], fields["Version"]))
		}
	}
	return found
}
