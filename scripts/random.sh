#!/usr/bin/env bash
# Plays random sequences of faults, statuses, signals and restarts against the gate: random.sh [SEQUENCES [SEED]]
# Prints the seed first. With the same tests, the same seed draws the same sequences.
set -euo pipefail
cd "$(dirname "$0")/.."
sequences=${1:-1000}
seed=${2:-$(date +%s)}
echo "$sequences random sequences, repeat them with: scripts/random.sh $sequences $seed"
exec go test ./e2e/faults -count=1 -v -run '^TestRandom' -rapid.checks="$sequences" -rapid.seed="$seed" -timeout 0
