#!/usr/bin/env bash
# Moves the tag of a major version, or makes it: move.sh vX COMMIT
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
major=$1 commit=$2

there=$(git ls-remote origin "refs/tags/$major")
there=${there%%[[:space:]]*}
# The lease: somebody who moves it at the same time is not overwritten.
git push --quiet --force-with-lease="refs/tags/$major:$there" origin "$commit:refs/tags/$major"
echo "release: $major: ${there:-new} -> $commit"
