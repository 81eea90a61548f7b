#!/usr/bin/env bash
# Builds the release's archives, each with the program and the licence texts of what is in it, the bill of materials and
# SHA256SUMS: binaries.sh vX.Y.Z DIR [GOOS/GOARCH...]
# The same commit and the same Go give the same bytes.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
version=$1
mkdir -p "$2"
out=$(cd "$2" && pwd)
shift 2
platforms=("$@")
if [[ $# -eq 0 ]]; then
	platforms=(linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64)
fi

COMMIT=$(git rev-parse HEAD)
epoch=$(git show --no-patch --format=%ct HEAD)
export VERSION=$version COMMIT
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

programs=()
for platform in "${platforms[@]}"; do
	export GOOS=${platform%/*} GOARCH=${platform#*/}
	program=assistant-gate
	[[ $GOOS != windows ]] || program=assistant-gate.exe
	dir=$work/$GOOS-$GOARCH
	mkdir "$dir"
	scripts/build.sh "$dir/$program"
	scripts/licences.sh >"$dir/LICENCES"
	chmod 755 "$dir/$program"
	chmod 644 "$dir/LICENCES"
	# The archive's bytes depend only on these files.
	tar --format=ustar --owner=0 --group=0 --numeric-owner --mtime="@$epoch" -C "$dir" -cf - "$program" LICENCES |
		gzip -9 -n >"$out/assistant-gate_${GOOS}_$GOARCH.tar.gz"
	programs+=("$dir/$program")
done
unset GOOS GOARCH

SOURCE_DATE_EPOCH=$epoch go run ./scripts/sbom -version "$version" "${programs[@]}" >"$out/assistant-gate.cdx.json"
scripts/release/sums.sh "$out"
