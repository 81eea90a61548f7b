#!/usr/bin/env bash
# Checks that a version can be released from the commit that is checked out, with all tags and branches: check.sh vX.Y.Z
# Prints NAME=VALUE lines for the next steps. DRY_RUN=true accepts any branch, and the section Unreleased if CHANGELOG.md has none
# for the version yet.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
version=${1:-}

fail() {
	echo "release: $1" >&2
	exit 1
}

number='(0|[1-9][0-9]*)'
[[ $version =~ ^v$number\.$number\.$number(-[0-9A-Za-z]+(\.[0-9A-Za-z]+)*)?$ ]] ||
	fail "\"$version\" is not a version: use vMAJOR.MINOR.PATCH, such as v1.2.3 or v1.3.0-rc.1"
major=v${BASH_REMATCH[1]}
prerelease=false
[[ -z ${BASH_REMATCH[4]} ]] || prerelease=true

[[ -z $(git status --porcelain) ]] || fail "the working tree has uncommitted changes"
commit=$(git rev-parse HEAD)

if [[ ${DRY_RUN:-} != true ]]; then
	git merge-base --is-ancestor "$commit" origin/main || fail "commit $commit is not on main: release only reviewed commits"
	# GitHub refuses a tag from the job's token if the commit's workflows differ from those of the branches.
	git diff --quiet "$commit" origin/main -- .github/workflows ||
		fail "main has changed .github/workflows since $commit, and GitHub does not let a job tag such a commit: release a newer one"
fi
grep -qx '  image: Dockerfile' action.yml || fail "action.yml of $commit already names a release: release a commit of main"

# A tag that exists may be this release's, from an unfinished attempt. Then its commit's parent is this commit.
if git rev-parse --quiet --verify "refs/tags/$version" >/dev/null; then
	[[ $(git rev-parse "refs/tags/$version^1" 2>/dev/null) = "$commit" ]] ||
		fail "the tag $version exists and was made from another commit: a version is released only once, so use the next number"
fi

unpinned=$(grep '^FROM ' Dockerfile | grep -v -e '@sha256:' -e ' scratch$' || true)
[[ -z $unpinned ]] || fail "a base image is not named by digest: $unpinned"

if ! scripts/release/notes.sh "$version" >/dev/null 2>&1 && [[ ${DRY_RUN:-} = true ]]; then
	section=Unreleased
else
	section=$version
fi
scripts/release/notes.sh "$section" >/dev/null

# The archives use the same Go as the images.
go=$(sed -n 's/^FROM .*golang:\([0-9.]*\)@.*/\1/p' Dockerfile | sort -u)
[[ $go =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "the Dockerfile does not name one version of Go: $go"

# highest PATTERN succeeds if no released version that matches is newer than this one.
highest() {
	local newest
	newest=$({ git tag --list "$1" | grep -Ex 'v[0-9]+\.[0-9]+\.[0-9]+' || true; echo "$version"; } | sort -V | tail -1)
	[[ $newest = "$version" ]]
}
moves=false latest=false
if [[ $prerelease = false ]]; then
	! highest "$major.*" || moves=true
	! highest 'v*' || latest=true
fi

cat <<OUTPUTS
version=$version
commit=$commit
go=$go
section=$section
major=$major
prerelease=$prerelease
moves=$moves
latest=$latest
OUTPUTS
