#!/usr/bin/env bash
# Fuzzes every target of every package, each for FUZZTIME, and stops at the first finding: fuzz.sh [FUZZTIME]
# FUZZTIME is a value for go test -fuzztime: 2s, 10m, 1000x. Default: 5s.
# An input that takes more than 4 GiB of memory is a finding, as is one that takes too long (internal/fuzzing).
set -euo pipefail
cd "$(dirname "$0")/.."
fuzztime=${1:-5s}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# fuzz runs the target $1 of the package in the current directory for the time $2. It starts from the seeds alone: repeating the
# inputs that earlier runs collected can take longer than FUZZTIME.
fuzz() (
	# The limit also counts memory that Go has only reserved. GOMEMLIMIT makes Go collect garbage before the limit is reached.
	ulimit -v 4194304
	GOMEMLIMIT=1GiB "$work/package.test" -test.run '^$' -test.fuzz "^$1\$" -test.fuzztime "$2" -test.fuzzminimizetime 20x \
		-test.fuzzcachedir "$work/corpus" >"$work/output" 2>&1
)

# Go does not report an input that is still running when the time is up. If not even the seeds were done by then, one of them takes
# too long or the machine is slow. More time shows which.
never_began() { ! grep -q 'now fuzzing with' "$work/output"; }
long=120s

# fuzz_target fuzzes the target $1.
fuzz_target() {
	fuzz "$1" "$fuzztime" || { found_nothing && fuzz "$1" "$fuzztime"; } || return 1
	if never_began; then
		fuzz "$1" "$long" || return 1
	fi
	if never_began; then
		echo "the seeds alone took longer than $long"
		return 1
	fi
}

# If the time is up at a bad moment, fuzzing fails without a finding (golang/go#48591).
found_nothing() {
	grep -q 'context deadline exceeded' "$work/output" && ! grep -q 'Failing input written' "$work/output"
}

# report prints the finding and its input, because this directory may not outlive the job.
report() {
	cat "$work/output"
	sed -n 's|.*Failing input written to ||p' "$work/output" | while read -r input; do
		printf '%s/%s:\n' "$PWD" "$input"
		cat "$input"
	done
}

# fuzz_package fuzzes every target of the package in the current directory.
fuzz_package() {
	go test -c -fuzz . -o "$work/package.test" .
	targets=$("$work/package.test" -test.list '^Fuzz')
	for target in $targets; do
		printf '%s %s\n' "$1" "$target"
		fuzz_target "$target" || {
			report
			return 1
		}
	done
}

unbounded=$(grep -rl --include='*_test.go' '\.Fuzz(func' . | xargs grep -L 'fuzzing\.Bound(' || true)
if [ -n "$unbounded" ]; then
	printf 'fuzz targets without fuzzing.Bound(t):\n%s\n' "$unbounded" >&2
	exit 1
fi
find . -name '*_test.go' -exec grep -l '^func Fuzz' {} + | sed 's|/[^/]*$||' | sort -u >"$work/packages"
if [ ! -s "$work/packages" ]; then
	echo "there is no fuzz target" >&2
	exit 1
fi
while read -r package; do
	(cd "$package" && fuzz_package "$package") </dev/null
done <"$work/packages"
