#!/bin/sh
# Prints the licence texts of everything that is linked into the program: Go itself and each module.
set -eu
cd "$(dirname "$0")/.."

heading() { printf '\n======== %s ========\n\n' "$1"; }

heading "assistant-gate"
cat LICENSE
heading "Go $(go env GOVERSION) standard library"
cat "$(go env GOROOT)/LICENSE"

# Not at the head of the pipe: there sh would not notice a failure, and texts would be missing.
modules=$(go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}}@{{.Version}} {{.Dir}}{{end}}{{end}}' .)
printf '%s\n' "$modules" | sort -u |
	while read -r module dir; do
		heading "$module"
		found=no
		for file in "$dir"/LICENSE* "$dir"/LICENCE* "$dir"/COPYING* "$dir"/NOTICE*; do
			[ -f "$file" ] || continue
			cat "$file"
			found=yes
		done
		if [ "$found" = no ]; then
			echo "no licence text in $module" >&2
			exit 1
		fi
	done
