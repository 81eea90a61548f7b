#!/usr/bin/env bash
# Pushes a version's tag: tag.sh vX.Y.Z COMMIT
# It leaves a tag that already names this commit, and never moves one that names another.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
version=$1 commit=$2

there=$(git ls-remote origin "refs/tags/$version")
there=${there%%[[:space:]]*}
if [[ $there = "$commit" ]]; then
	echo "release: $version is already tagged"
elif [[ -n $there ]]; then
	echo "release: the tag $version exists and names $there, not $commit: a version is released only once, so use the next number" >&2
	exit 1
else
	# Without --force, this does not move a tag that somebody made meanwhile either.
	git push --quiet origin "$commit:refs/tags/$version"
fi
