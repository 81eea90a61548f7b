#!/usr/bin/env bash
# Makes the commit that a release's tag names and prints commit=ID: commit.sh vX.Y.Z REPOSITORY DIGEST URL SUMS
# Its parent is the commit that is checked out. Its action.yml names the image by DIGEST, and its binary/ contains the URL of the
# archives and, from the file SUMS, their checksums. It is on no branch. Nothing is pushed, and the working tree does not change.
# The same arguments give the same id.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
version=$1 repository=$2 digest=$3 url=$4 sums=$5

fail() {
	echo "release: $1" >&2
	exit 1
}

[[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || fail "\"$digest\" is not a digest"
[[ $repository =~ ^[a-z0-9._:/-]+$ ]] || fail "\"$repository\" is not an image repository"
[[ -z $(git status --porcelain) ]] || fail "the working tree has uncommitted changes"
[[ $(grep -cx '  image: Dockerfile' action.yml) = 1 ]] || fail "action.yml has no line \"  image: Dockerfile\""
for platform in linux_amd64 linux_arm64 darwin_amd64 darwin_arm64 windows_amd64 windows_arm64; do
	grep -Eqx "[0-9a-f]{64}  assistant-gate_$platform\.tar\.gz" "$sums" || fail "$sums has no checksum for $platform"
done

index=$(mktemp -d)
trap 'rm -rf "$index"' EXIT
export GIT_INDEX_FILE=$index/index
git read-tree HEAD
# put PATH adds a file to the commit, from stdin.
put() { git update-index --add --cacheinfo "100644,$(git hash-object -w --stdin),$1"; }
sed "s|^  image: Dockerfile$|  image: docker://$repository:$version@$digest|" action.yml | put action.yml
printf '%s\n' "$url" | put binary/RELEASE
put binary/SHA256SUMS <"$sums"

date=$(git show --no-patch --format=%cI HEAD)
export GIT_AUTHOR_NAME="github-actions[bot]" GIT_AUTHOR_EMAIL="41898282+github-actions[bot]@users.noreply.github.com"
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL GIT_AUTHOR_DATE=$date GIT_COMMITTER_DATE=$date
commit=$(git commit-tree "$(git write-tree)" -p HEAD -m "Release $version" \
	-m "The image and the checksums of the programs that were built from the commit before it.")
printf 'commit=%s\n' "$commit"
