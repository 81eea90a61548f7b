// Command sbom writes a software bill of materials (CycloneDX 1.6, JSON) of released programs. It lists what Go recorded in them when
// it linked them, and the Debian packages of their image.
//
//	SOURCE_DATE_EPOCH=1767225600 sbom -version v1.2.3 [-packages STATUS [-copyrights DIR]] BINARY...
//
// STATUS is the /var/lib/dpkg/status of the image, DIR its /usr/share/doc. SOURCE_DATE_EPOCH becomes the document's time.
// The same input gives the same bytes.
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
	"path"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
)

func main() {
	if err := run(os.Args[1:], os.Getenv("SOURCE_DATE_EPOCH"), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

// release is the input of a bill of materials.
type release struct {
	path, version string
	at            time.Time
	programs      map[string]component // by reference
	parts         map[string]component // by reference
}

func run(args []string, epoch string, stdout io.Writer) error {
	flags := flag.NewFlagSet("sbom", flag.ContinueOnError)
	version := flags.String("version", "", "version of the release")
	packages := flags.String("packages", "", "dpkg's status file of the image that holds the programs")
	copyrights := flags.String("copyrights", "", "that image's /usr/share/doc")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *version == "" || flags.NArg() == 0 {
		return errors.New("give -version and at least one program")
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return fmt.Errorf("set SOURCE_DATE_EPOCH to the time of the commit, in seconds since 1970: %w", err)
	}
	r := release{version: *version, at: time.Unix(seconds, 0).UTC(), programs: map[string]component{}, parts: map[string]component{}}
	for _, file := range flags.Args() {
		if err := r.addProgram(file); err != nil {
			return fmt.Errorf("read the modules linked into %s: %w", file, err)
		}
	}
	if *packages != "" {
		if err := r.addPackages(*packages, *copyrights); err != nil {
			return err
		}
	}
	return encode(stdout, r.document())
}

func (r *release) addProgram(file string) error {
	info, err := buildinfo.ReadFile(file)
	if err != nil {
		return err
	}
	r.path = info.Main.Path
	own, err := program(file, info)
	if err != nil {
		return err
	}
	r.programs[own.Ref] = own
	parts, err := modules(info)
	for _, c := range parts {
		r.parts[c.Ref] = c
	}
	return err
}

func (r *release) addPackages(file, copyrights string) error {
	status, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	installed, err := debianPackages(status, copyrights)
	if err == nil && len(installed) == 0 {
		err = fmt.Errorf("%s names no installed package", file)
	}
	for _, c := range installed {
		r.parts[c.Ref] = c
	}
	return err
}

// encode writes a document with a serial number derived from its content.
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

// document is the bill of materials. It contains no random number, and no time but the commit's.
func (r *release) document() bom {
	purl := "pkg:golang/" + r.path + "@" + r.version
	supplier := &party{path.Base(r.path)}
	own := []licence{{licenceName{ID: "Apache-2.0"}}}
	parts := sorted(r.parts)
	refs := make([]string, 0, len(parts))
	for _, c := range parts {
		refs = append(refs, c.Ref)
	}
	return bom{
		Format: "CycloneDX", SpecVersion: "1.6", Version: 1,
		Metadata: metadata{
			Timestamp: r.at.Format(time.RFC3339),
			Tools:     tools{[]component{{Type: "application", Supplier: supplier, Name: "scripts/sbom", Version: r.version}}},
			Component: component{
				Ref: purl, Type: "application", Supplier: supplier, Name: r.path, Version: r.version, Licences: own, PURL: purl,
				Components: sorted(r.programs),
			},
			Supplier: supplier,
		},
		Components:   parts,
		Dependencies: []dependency{{Ref: purl, DependsOn: refs}},
	}
}

func sorted(components map[string]component) []component {
	out := make([]component, 0, len(components))
	for _, ref := range slices.Sorted(maps.Keys(components)) {
		out = append(out, components[ref])
	}
	return out
}
