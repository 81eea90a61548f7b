#!/usr/bin/env bash
# Gives an image in the registry a tag: image-tag.sh [--move] REPOSITORY DIGEST TAG
# Without --move, it fails if the tag names another image.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
move=false
if [[ $1 = --move ]]; then
	move=true
	shift
fi
repository=$1 digest=$2 tag=$3

# crane's error is the same for a missing tag and for a registry that does not answer.
tags=$(scripts/release/crane.sh ls "$repository")
if grep -Fqx "$tag" <<<"$tags"; then
	there=$(scripts/release/crane.sh digest "$repository:$tag")
	if [[ $there = "$digest" ]]; then
		echo "release: $repository:$tag already exists"
		exit
	fi
	if [[ $move = false ]]; then
		echo "release: $repository:$tag exists and is $there, not $digest: a version is released only once, so use the next number" >&2
		exit 1
	fi
fi
scripts/release/crane.sh tag "$repository@$digest" "$tag"
