#!/usr/bin/env bash
# Prints a file of an image in an OCI layout: layer.sh LAYOUT OS/ARCH PATH
# With DIR, unpacks there the files that match PATTERN from the layer that has PATH: layer.sh LAYOUT OS/ARCH PATH DIR PATTERN
set -euo pipefail
shopt -s inherit_errexit
blobs=$1/blobs/sha256
platform=$2
path=$3
dir=${4:-} pattern=${5:-}

blob() { printf '%s/%s' "$blobs" "${1#sha256:}"; }

index=$(blob "$(jq -r '.manifests[0].digest' "$1/index.json")")
manifest=$(jq -r --arg platform "$platform" '.manifests[] | select("\(.platform.os)/\(.platform.architecture)" == $platform).digest' "$index")
# The topmost layer with the file decides what a container sees.
while read -r layer; do
	entry=$(tar -tzf "$(blob "$layer")" | grep -x -e "$path" -e "\./$path" || true)
	if [[ -n $entry && -n $dir ]]; then
		exec tar -xzf "$(blob "$layer")" -C "$dir" --wildcards "$pattern"
	fi
	if [[ -n $entry ]]; then
		exec tar -xzOf "$(blob "$layer")" "$entry"
	fi
done < <(jq -r '.layers | reverse[].digest' "$(blob "$manifest")")
echo "release: no layer of $1 for $platform has $path" >&2
exit 1
