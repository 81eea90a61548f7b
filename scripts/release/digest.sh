#!/usr/bin/env bash
# Prints the digest of the one image in an OCI layout, after checking that it is there for both platforms: digest.sh LAYOUT
set -euo pipefail
shopt -s inherit_errexit
layout=$1

fail() {
	echo "release: $layout: $1" >&2
	exit 1
}

digest=$(jq -r 'if (.manifests | length) == 1 then .manifests[0].digest else "" end' "$layout/index.json")
[[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || fail "it does not contain exactly one image: digest \"$digest\""
index=$layout/blobs/sha256/${digest#sha256:}
[[ sha256:$(sha256sum "$index" | cut -d' ' -f1) = "$digest" ]] || fail "the bytes of $digest have another digest"
platforms=$(jq -r '[.manifests[]?.platform | "\(.os)/\(.architecture)"] | sort | join(" ")' "$index")
[[ $platforms = "linux/amd64 linux/arm64" ]] || fail "it is for \"$platforms\", not for linux/amd64 and linux/arm64"
printf '%s\n' "$digest"
