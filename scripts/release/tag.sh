#!/usr/bin/env bash
# Pushes a version's tag: tag.sh vX.Y.Z COMMIT
# A tag that is there already and names this commit is left alone; one that names another is never moved.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
version=$1 commit=$2

there=$(git ls-remote origin "refs/tags/$version")
there=${there%%[[:space:]]*}
if [[ $there = "$commit" ]]; then
	echo "release: $version is tagged already"
elif [[ -n $there ]]; then
	echo "release: the tag $version exists and names $there, not $commit: a version is released once, take the next number" >&2
	exit 1
else
	# Without --force a tag that somebody made in between is not moved either.
	git push --quiet origin "$commit:refs/tags/$version"
fi
