#!/usr/bin/env bash
# Prints a version's section of CHANGELOG.md: notes.sh vX.Y.Z|Unreleased
# Its section starts with "## X.Y.Z", which a date may follow, and ends at the next "## ".
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."

section=${1#v}
notes=$(awk -v section="$section" '
	/^## / { inside = ($2 == section); next }
	inside' CHANGELOG.md)
if [[ $notes != *[![:space:]]* ]]; then
	echo "release: CHANGELOG.md has nothing under \"## $section\": describe there what is new for users" >&2
	exit 1
fi
# $(...) has removed the empty lines at the end.
sed '/./,$!d' <<<"$notes"
