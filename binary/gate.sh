#!/usr/bin/env bash
# The step of action.yml here: downloads the program of this release for this machine, compares it with the checksum that
# this release's commit holds, and becomes it. For bash 3.2 (macOS) and later, Git's bash on Windows too.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Without a program there is no verdict: what the gate itself calls inconclusive.
fail() {
	echo "::error title=assistant-gate::$1"
	if [ -n "${GITHUB_OUTPUT:-}" ]; then
		echo "verdict=inconclusive" >>"$GITHUB_OUTPUT"
	fi
	exit 3
}

if [ ! -s "$here/RELEASE" ] || [ ! -s "$here/SHA256SUMS" ]; then
	fail "This is no released version of the action, so there is no program to download. Use a release, such as @v1."
fi

case "${RUNNER_OS:-}" in
Linux) os=linux program=assistant-gate ;;
macOS) os=darwin program=assistant-gate ;;
Windows) os=windows program=assistant-gate.exe ;;
*) fail "There is no program for runners of the system \"${RUNNER_OS:-}\"." ;;
esac
case "${RUNNER_ARCH:-}" in
X64) arch=amd64 ;;
ARM64) arch=arm64 ;;
*) fail "There is no program for runners of the architecture \"${RUNNER_ARCH:-}\"." ;;
esac
archive=assistant-gate_${os}_$arch.tar.gz
read -r release <"$here/RELEASE"
# Plain http on the machine itself only, and no way from https to it.
case "$release" in
https://*) protocols='=https' ;;
http://127.0.0.1:*) protocols='=http' ;;
file://*) protocols='=file' ;;
*) fail "Programs are not downloaded from \"$release\"." ;;
esac

checksum() {
	if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1
}

# A folder of its own for every step. Windows' tar reads C:\... as another machine, so all paths are relative from here.
download() {
	cd "${RUNNER_TEMP:-${TMPDIR:-/tmp}}"
	cd "$(mktemp -d assistant-gate.XXXXXX)"
	want=$(sed -n "s/^\([0-9a-f]\{64\}\)  $archive\$/\1/p" "$here/SHA256SUMS")
	[ -n "$want" ] || fail "This release has no checksum of $archive."
	curl --fail --silent --show-error --location --proto "$protocols" --proto-redir "$protocols" --retry 4 --connect-timeout 20 \
		--max-time 300 --output "$archive" "$release/$archive" ||
		fail "$release/$archive could not be downloaded: curl says why above."
	have=$(checksum "$archive")
	[ "$have" = "$want" ] ||
		fail "$release/$archive is not what this release was made with: its SHA-256 is $have, not $want. Nothing of it was run."
	tar -xzf "$archive"
	[ -f "$program" ] || fail "$archive holds no $program."
}

workspace=$PWD
download
program=$PWD/$program
cd "$workspace"

# Inputs that were left out are empty. They must not hide a variable of the same name that the job sets; the program warns
# if such a variable fills one that a mistyped expression may have left empty.
empty=()
for variable in "${!GATE_INPUT_@}"; do
	value=${!variable}
	name=${variable#GATE_INPUT_}
	unset "$variable"
	if [[ $value == *[![:space:]]* ]]; then
		export "ASSISTANT_GATE_$name=$value"
	else
		empty+=("INPUT_${name//_/-}=")
	fi
done

# exec: the runner's signals go to this process, and only the program knows what to do with them.
exec env ${empty[@]+"${empty[@]}"} "$program" run
