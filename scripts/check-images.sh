#!/bin/sh
# Builds both images and runs them under restrictions: read-only, with an unknown user id, without a home folder, capabilities
# or a network: check-images.sh
# Without a Docker engine it makes the root of the image from scratch and runs the gate in it with chroot, which needs root.
set -eu
cd "$(dirname "$0")/.."
. scripts/not-run.sh

user=54321
max_bytes=7000000 # of the image from scratch, compressed

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
	echo "images: $1" >&2
	exit 1
}

# check_size NAME BYTES
check_size() {
	echo "images: $1: $2 bytes, compressed"
	if [ "$1" = gate ] && [ "$2" -gt "$max_bytes" ]; then
		fail "$1 is larger than $max_bytes bytes"
	fi
}

# expect WHAT CODE COMMAND... asserts that COMMAND exits with CODE.
expect() {
	what=$1 want=$2
	shift 2
	code=0
	"$@" >"$work/said" 2>&1 || code=$?
	if [ "$code" -ne "$want" ]; then
		cat "$work/said"
		fail "$what ended with exit code $code, want $want"
	fi
	echo "images: $what: exit code $code, as expected"
}

# have_bases succeeds if the images that the Dockerfile starts from are here or can be fetched.
have_bases() {
	sed -n 's/^FROM \(--platform=[^ ]* \)\{0,1\}\([^ ]*\).*/\2/p' Dockerfile >"$work/bases"
	while read -r base; do
		[ "$base" = scratch ] || docker image inspect "$base" >/dev/null 2>&1 || docker pull --quiet "$base" >/dev/null 2>&1 || {
			missing=$base
			return 1
		}
	done <"$work/bases"
}

# build NAME [OPTIONS...] builds an image and notes its id in $image.
build() {
	name=$1
	shift
	# shellcheck disable=SC2086 # options, separated by blanks
	docker build --quiet ${DOCKER_BUILD_OPTIONS:-} "$@" --iidfile "$work/id" . >"$work/log" 2>&1 || {
		cat "$work/log"
		fail "$name cannot be built"
	}
	image=$(cat "$work/id")
	check_size "$name" "$(docker save "$image" | gzip -9 | wc -c)"
}

# hard_place IMAGE COMMAND...: runs a container of the image.
hard_place() {
	docker run --rm --read-only --tmpfs /tmp --workdir /tmp --user "$user:$user" --env HOME= --cap-drop ALL \
		--security-opt no-new-privileges --network none "$@"
}

with_engine() {
	have_bases || { not_run "images" "the base image $missing cannot be fetched" && return; }
	build gate
	expect "gate: demo" 0 hard_place "$image" demo
	expect "gate: failing demo" 1 hard_place "$image" demo --failing
	build shell --target shell
	expect "shell: demo in sh, the gate on PATH" 0 hard_place "$image" sh -c 'assistant-gate demo && test -s test-reports/TEST-assistant-gate.xml'
	expect "shell: failing demo in bash" 1 hard_place "$image" bash -c 'assistant-gate demo --failing'
	expect "shell: a command that waits for steps, as Jenkins gives it" 0 hard_place "$image" cat
	expect "shell: what Azure asks for" 0 docker run --rm "$image" sh -c 'command -v bash groupadd useradd && ldd --version'
	expect "shell: without arguments it is the gate, which misses its inputs" 2 hard_place "$image"
}

# in_root COMMAND...: runs it in the root of the image, which can't be written to except for /tmp.
in_root() {
	# shellcheck disable=SC2016 # for the inner shell
	unshare --mount sh -eu -c '
		root=$1 user=$2
		shift 2
		mount --make-rprivate /
		mount --bind "$root" "$root"
		mount -o remount,bind,ro "$root"
		mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
		cd "$root/tmp"
		exec env -i "$(command -v chroot)" --userspec="$user:$user" --groups= "$root" "$@"' sh "$work/root" "$user" "$@"
}

without_engine() {
	not_run "images: shell" "there is no Docker engine"
	VERSION=dev scripts/image-root.sh "$work/root"
	check_size gate "$(tar -C "$work/root" -cf - . | gzip -9 | wc -c)"
	if [ "$(id -u)" != 0 ] || ! unshare --mount true 2>/dev/null; then
		not_run "images: gate" "there is no Docker engine, and chroot needs root"
		return
	fi
	expect "root of the gate, in chroot: demo" 0 in_root /assistant-gate demo --report-dir /tmp/test-reports
	expect "root of the gate, in chroot: failing demo" 1 in_root /assistant-gate demo --failing --report-dir /tmp/test-reports
	expect "root of the gate, in chroot: nothing else can be written" 2 in_root /assistant-gate demo --report-dir /test-reports
}

if command -v docker >/dev/null && docker version >/dev/null 2>&1; then
	with_engine
else
	without_engine
fi
