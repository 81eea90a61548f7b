// Command sbom writes a software bill of materials (CycloneDX 1.6, JSON) of released programs: what Go recorded in them
// when it linked them, and the Debian packages of the image that they are in.
//
//	sbom -version v1.2.3 [-packages STATUS] BINARY...
//
// STATUS is the /var/lib/dpkg/status of the image. The same input gives the same bytes.
package main

import (
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/google/uuid"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func run(args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("sbom", flag.ContinueOnError)
	version := flags.String("version", "", "version of the release")
	packages := flags.String("packages", "", "dpkg's status file of the image that holds the programs")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *version == "" || flags.NArg() == 0 {
		return errors.New("give -version and at least one program")
	}
	found := map[string]component{}
	var path string
	for _, name := range flags.Args() {
		info, err := buildinfo.ReadFile(name)
		if err != nil {
			return fmt.Errorf("read what is linked into %s: %w", name, err)
		}
		path = info.Main.Path
		for _, c := range modules(info) {
			found[c.PURL] = c
		}
	}
	if *packages != "" {
		status, err := os.ReadFile(*packages)
		if err != nil {
			return err
		}
		installed := debianPackages(string(status))
		if len(installed) == 0 {
			return fmt.Errorf("%s names no installed package", *packages)
		}
		for _, c := range installed {
			found[c.PURL] = c
		}
	}
	return encode(stdout, document(path, *version, found))
}

// encode writes a document with a serial number that follows from what it says.
func encode(out io.Writer, document bom) error {
	content, err := json.Marshal(document)
	if err != nil {
		return err
	}
	document.SerialNumber = uuid.NewSHA1(uuid.NameSpaceURL, content).URN()
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(document)
}

// document is the bill of materials of the main module at path. It holds no time and no random number.
func document(path, version string, found map[string]component) bom {
	var main component
	main.Type, main.Name, main.Version = "application", path, version
	main.PURL = "pkg:golang/" + path + "@" + version
	main.Ref = main.PURL
	purls := slices.Sorted(maps.Keys(found))
	components := make([]component, 0, len(purls))
	for _, purl := range purls {
		components = append(components, found[purl])
	}
	return bom{
		Format: "CycloneDX", SpecVersion: "1.6", Version: 1,
		Metadata:     metadata{Component: main},
		Components:   components,
		Dependencies: []dependency{{Ref: main.Ref, DependsOn: purls}},
	}
}
