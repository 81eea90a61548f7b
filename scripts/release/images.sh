#!/usr/bin/env bash
# Builds both images for both platforms into OCI layouts, and the bill of materials of the one based on Debian:
# images.sh vX.Y.Z DIR
# Makes DIR/image, DIR/image-shell, DIR/image.digest, DIR/image-shell.digest and DIR/assistant-gate-shell.cdx.json, which
# DIR/SHA256SUMS then names too.
# SOURCE is the address of the repository. BUILDX_BUILDER names a builder to use instead of a new one. The same commit gives the
# same digests.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
version=$1
mkdir -p "$2"
out=$(cd "$2" && pwd)

buildkit=$(sed -n 's/^FROM //p' .github/buildkit/Dockerfile)
commit=$(git rev-parse HEAD)
SOURCE_DATE_EPOCH=$(git show --no-patch --format=%ct HEAD)
export SOURCE_DATE_EPOCH

work=$(mktemp -d)
own=
cleanup() {
	rm -rf "$work"
	[[ -z $own ]] || docker buildx rm "$own" >/dev/null
}
trap cleanup EXIT
if [[ -z ${BUILDX_BUILDER:-} ]]; then
	own=$(docker buildx create --driver docker-container --driver-opt "image=$buildkit")
	export BUILDX_BUILDER=$own
fi

# programs NAME PATH asserts that the program at PATH is for the platform of the image.
programs() {
	local architecture
	for architecture in amd64 arm64; do
		scripts/release/layer.sh "$out/$1" "linux/$architecture" "$2" >"$work/$architecture"
		go version -m "$work/$architecture" >"$work/linked"
		grep -q "GOARCH=$architecture\$" "$work/linked" || {
			echo "release: $1 for linux/$architecture contains a program for another platform" >&2
			exit 1
		}
	done
}

# build NAME PROGRAM [OPTIONS...]. It leaves out BuildKit's attestations, because GitHub's attestations of the digests say more.
build() {
	local name=$1 program=$2
	shift 2
	docker buildx build "$@" --platform linux/amd64,linux/arm64 --no-cache --provenance=false --sbom=false \
		--build-arg "VERSION=$version" --build-arg "COMMIT=$commit" \
		--label "org.opencontainers.image.source=${SOURCE:-}" \
		--output "type=oci,tar=false,rewrite-timestamp=true,dest=$out/$name" .
	programs "$name" "$program"
	scripts/release/digest.sh "$out/$name" >"$out/$name.digest"
	printf '%s: %s\n' "$name" "$(cat "$out/$name.digest")"
}

rm -rf "$out/image" "$out/image-shell"
build image assistant-gate
build image-shell usr/local/bin/assistant-gate --target shell
scripts/release/layer.sh "$out/image-shell" linux/amd64 var/lib/dpkg/status >"$work/status"
mkdir "$work/debian"
scripts/release/layer.sh "$out/image-shell" linux/amd64 var/lib/dpkg/status "$work/debian" '*usr/share/doc/*/copyright'
go run ./scripts/sbom -version "$version" -packages "$work/status" -copyrights "$work/debian/usr/share/doc" \
	"$work/amd64" "$work/arm64" >"$out/assistant-gate-shell.cdx.json"
scripts/release/sums.sh "$out"
