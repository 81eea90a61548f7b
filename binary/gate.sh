#!/usr/bin/env bash
# The step of binary/action.yml: downloads this release's program for this machine, compares it with the checksum in this release's
# commit, and executes it. Needs bash 3.2 (macOS) or later; Git's bash on Windows works too.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Without a program there is no verdict. The gate itself calls that inconclusive.
fail() {
	echo "::error title=assistant-gate::$1"
	if [ -n "${GITHUB_OUTPUT:-}" ]; then
		echo "verdict=inconclusive" >>"$GITHUB_OUTPUT"
	fi
	exit 3
}

if [ ! -s "$here/RELEASE" ] || [ ! -s "$here/SHA256SUMS" ]; then
	fail "This is not a released version of the action, so it has no program to download. Use a release, such as @v1."
fi

case "${RUNNER_OS:-}" in
Linux) os=linux program=assistant-gate ;;
macOS) os=darwin program=assistant-gate ;;
Windows) os=windows program=assistant-gate.exe ;;
*) fail "There is no program for the operating system \"${RUNNER_OS:-}\". Use a Linux, macOS or Windows runner." ;;
esac
case "${RUNNER_ARCH:-}" in
X64) arch=amd64 ;;
ARM64) arch=arm64 ;;
*) fail "There is no program for the architecture \"${RUNNER_ARCH:-}\". Use an X64 or ARM64 runner." ;;
esac
archive=assistant-gate_${os}_$arch.tar.gz
read -r release <"$here/RELEASE"
# Plain http only on this machine, and never after a redirect from https.
case "$release" in
https://*) protocols='=https' ;;
http://127.0.0.1:*) protocols='=http' ;;
file://*) protocols='=file' ;;
*) fail "binary/RELEASE names \"$release\": programs are downloaded only over https." ;;
esac

checksum() {
	if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1
}

# Each step has its own folder. Windows' tar reads C:\... as another machine, so paths are relative from here.
download() {
	cd "${RUNNER_TEMP:-${TMPDIR:-/tmp}}"
	cd "$(mktemp -d assistant-gate.XXXXXX)"
	want=$(sed -n "s/^\([0-9a-f]\{64\}\)  $archive\$/\1/p" "$here/SHA256SUMS")
	[ -n "$want" ] || fail "This release has no checksum of $archive."
	curl --fail --silent --show-error --location --proto "$protocols" --proto-redir "$protocols" --retry 4 --connect-timeout 20 \
		--max-time 300 --output "$archive" "$release/$archive" ||
		fail "$release/$archive could not be downloaded. Run the job again; curl's own message is above."
	have=$(checksum "$archive")
	[ "$have" = "$want" ] ||
		fail "$release/$archive is not the program of this release, so it was not run. Its SHA-256 is $have, not $want."
	tar -xzf "$archive"
	[ -f "$program" ] || fail "$archive does not contain $program."
}

workspace=$PWD
download
program=$PWD/$program
cd "$workspace"

# Inputs that were not given are empty. They must not hide a variable of the same name that the job sets. The program warns if such a
# variable replaces an input that a mistyped expression may have left empty.
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

# exec: the runner signals this process, and only the program knows how to handle that.
exec env ${empty[@]+"${empty[@]}"} "$program" run
