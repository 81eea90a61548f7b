# shellcheck shell=sh
# Source this in scripts that check something: . scripts/not-run.sh
#
# not_run NAME WHY reports that the check NAME cannot run here. With CHECKS=required that is a failure. Otherwise it appends to the
# file CHECKS_NOT_RUN, which .ci/run counts and lists at its end.
not_run() {
	printf 'not run: %s: %s\n' "$1" "$2"
	if [ "${CHECKS:-}" = required ]; then
		echo "CHECKS=required: a check that cannot run is a failure" >&2
		exit 1
	fi
	if [ -n "${CHECKS_NOT_RUN:-}" ]; then
		printf '%s: %s\n' "$1" "$2" >>"$CHECKS_NOT_RUN"
	fi
}

# need COMMAND PACKAGE... installs Debian packages if the command is missing, as root or with sudo, and fails if it cannot.
need() {
	need_command=$1
	shift
	command -v "$need_command" >/dev/null && return
	command -v apt-get >/dev/null || return 1
	need_root=
	if [ "$(id -u)" != 0 ]; then
		sudo -n true 2>/dev/null || return 1
		need_root="sudo -n"
	fi
	apt_install "$@" || { $need_root apt-get update >/dev/null 2>&1 && apt_install "$@"; } || return 1
	command -v "$need_command" >/dev/null
}

# apt_install PACKAGE...
apt_install() {
	$need_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >/dev/null 2>&1
}
