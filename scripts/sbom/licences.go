package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// licenceMarks are texts that occur in only one licence, with its SPDX identifier. A file may contain several licences.
var licenceMarks = []struct {
	id    string
	marks []string
}{
	{"MPL-2.0", []string{"Mozilla Public License", "2.0"}},
	{"Apache-2.0", []string{"Apache License", "Version 2.0"}},
	{"MIT", []string{"Permission is hereby granted, free of charge", "THE SOFTWARE IS PROVIDED \"AS IS\""}},
	{"BSD-3-Clause", []string{"Redistribution and use in source and binary forms", "Neither the name", "THIS SOFTWARE IS PROVIDED BY"}},
	{"BSD-2-Clause", []string{"Redistribution and use in source and binary forms", "THIS SOFTWARE IS PROVIDED BY"}},
}

// licencesIn names the licences in a folder, by the files that scripts/licences.sh prints except notices.
func licencesIn(dir string) ([]licence, error) {
	var found []string
	for _, pattern := range []string{"LICENSE*", "LICENCE*", "COPYING*"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			ids := licenceIDs(string(text))
			if len(ids) == 0 {
				return nil, fmt.Errorf("%s has an unknown licence: add it to licenceMarks", file)
			}
			found = append(found, ids...)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s has no licence text", dir)
	}
	return namedLicences(found, func(id string) licenceName { return licenceName{ID: id} }), nil
}

func licenceIDs(text string) []string {
	text = strings.Join(strings.Fields(text), " ")
	var ids []string
	for _, l := range licenceMarks {
		fits := !slices.ContainsFunc(l.marks, func(mark string) bool { return !strings.Contains(text, mark) })
		if fits && (l.id != "BSD-2-Clause" || !slices.Contains(ids, "BSD-3-Clause")) { // BSD-3-Clause contains all of BSD-2-Clause
			ids = append(ids, l.id)
		}
	}
	return ids
}

// debianLicences are the License fields of a package's copyright file, if it is in Debian's machine-readable format. Debian's names
// are not SPDX's.
func debianLicences(dir, name string) ([]licence, error) {
	text, err := os.ReadFile(filepath.Join(dir, name, "copyright"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // a package may link to another's file
	}
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(string(text), "Format:") {
		return nil, nil
	}
	var found []string
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "License:"); ok && strings.TrimSpace(name) != "" {
			found = append(found, strings.TrimSpace(name))
		}
	}
	return namedLicences(found, func(name string) licenceName { return licenceName{Name: name} }), nil
}

func namedLicences(names []string, name func(string) licenceName) []licence {
	slices.Sort(names)
	var out []licence
	for _, n := range slices.Compact(names) {
		out = append(out, licence{License: name(n)})
	}
	return out
}
