#!/usr/bin/env bash
# Makes binary/ in this checkout a release that lies in a folder, to try the action with it: binary-local.sh DIR
# DIR is that of binaries.sh.
set -euo pipefail
# -W: with a drive letter, on Windows.
dir=$(cd "$1" && { pwd -W 2>/dev/null || pwd; })
cd "$(dirname "$0")/../binary"
printf 'file:///%s\n' "${dir#/}" >RELEASE
cp "$dir/SHA256SUMS" SHA256SUMS
