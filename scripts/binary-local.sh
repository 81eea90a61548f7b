#!/usr/bin/env bash
# Turns binary/ in this checkout into a release from a local folder, to try the action: binary-local.sh DIR
# DIR is the one that binaries.sh wrote.
set -euo pipefail
# -W: on Windows, the path with its drive letter.
dir=$(cd "$1" && { pwd -W 2>/dev/null || pwd; })
cd "$(dirname "$0")/../binary"
printf 'file:///%s\n' "${dir#/}" >RELEASE
cp "$dir/SHA256SUMS" SHA256SUMS
