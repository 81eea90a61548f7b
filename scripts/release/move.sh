#!/usr/bin/env bash
# Moves or makes the tag of a major version: move.sh vX COMMIT
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
major=$1 commit=$2

there=$(git ls-remote origin "refs/tags/$major")
there=${there%%[[:space:]]*}
# With the lease, this does not overwrite somebody who moves it at the same time.
git push --quiet --force-with-lease="refs/tags/$major:$there" origin "$commit:refs/tags/$major"
echo "release: $major: ${there:-new} -> $commit"
