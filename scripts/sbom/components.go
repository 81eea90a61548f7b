package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
)

// goAuthors is the supplier of the standard library and golang.org/x.
const goAuthors = "The Go Authors"

func library(kind, name, version string) component {
	purl := "pkg:" + kind + "/" + name + "@" + url.QueryEscape(version)
	return component{Ref: purl, Type: "library", Name: name, Version: version, PURL: purl}
}

// modules lists the standard library and the modules linked into a program.
func modules(info *debug.BuildInfo) ([]component, error) {
	stdlib := library("golang", "stdlib", strings.TrimPrefix(info.GoVersion, "go"))
	stdlib.Supplier, stdlib.Licences = &party{goAuthors}, []licence{{licenceName{ID: "BSD-3-Clause"}}}
	found := []component{stdlib}
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		c, err := moduleComponent(module)
		if err != nil {
			return nil, fmt.Errorf("module %s: %w", module.Path, err)
		}
		found = append(found, c)
	}
	return found, nil
}

func moduleComponent(module *debug.Module) (component, error) {
	c := library("golang", module.Path, module.Version)
	c.Supplier = &party{moduleSupplier(module.Path)}
	sum, err := moduleHash(module.Sum)
	if err != nil {
		return c, err
	}
	c.Hashes = []hash{sum}
	dir, err := moduleDir(module)
	if err != nil {
		return c, err
	}
	c.Licences, err = licencesIn(dir)
	return c, err
}

// moduleHash is a module's checksum in go.sum: SHA-256 of the list of its files' checksums.
func moduleHash(sum string) (hash, error) {
	content, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(sum, "h1:"))
	if err != nil || len(content) != sha256.Size || !strings.HasPrefix(sum, "h1:") {
		return hash{}, fmt.Errorf("%q is not the checksum of a module", sum)
	}
	return hash{"SHA-256", hex.EncodeToString(content)}, nil
}

// moduleSupplier is the account at GitHub, or otherwise the owner of the module's domain.
func moduleSupplier(path string) string {
	host, rest, _ := strings.Cut(path, "/")
	switch account, _, _ := strings.Cut(rest, "/"); {
	case host == "golang.org":
		return goAuthors
	case host == "github.com":
		return account
	}
	return host
}

// moduleDir is the module's folder in the module cache.
func moduleDir(module *debug.Module) (string, error) {
	out, err := exec.Command("go", "mod", "download", "-json", module.Path+"@"+module.Version).Output()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	var at struct{ Dir string }
	return at.Dir, json.Unmarshal(out, &at)
}

// program describes the released program for one platform.
func program(file string, info *debug.BuildInfo) (component, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return component{}, err
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	name := filepath.Base(info.Main.Path) + "-" + settings["GOOS"] + "-" + settings["GOARCH"]
	sum := sha256.Sum256(content)
	return component{Ref: "file:" + name, Type: "file", Name: name, Hashes: []hash{{"SHA-256", hex.EncodeToString(sum[:])}}}, nil
}

// debianPackages lists the installed packages in dpkg's status file: paragraphs of "Name: value" lines, separated by empty lines
// (deb-status; Debian policy, 5.1). If the folder copyrights is given, licences come from the copyright files in it.
func debianPackages(status []byte, copyrights string) ([]component, error) {
	var found []component
	for paragraph := range bytes.SplitSeq(status, []byte("\n\n")) {
		fields := map[string]string{}
		for line := range strings.Lines(string(paragraph)) {
			if name, value, ok := strings.Cut(line, ": "); ok && !strings.HasPrefix(line, " ") {
				fields[name] = strings.TrimSpace(value)
			}
		}
		if fields["Status"] != "install ok installed" {
			continue
		}
		// Without the architecture: an image has the same packages on all of its platforms.
		c := library("deb", "debian/"+fields["Package"], fields["Version"])
		c.Supplier = &party{"Debian"}
		if copyrights != "" {
			var err error
			if c.Licences, err = debianLicences(copyrights, fields["Package"]); err != nil {
				return nil, err
			}
		}
		found = append(found, c)
	}
	return found, nil
}
