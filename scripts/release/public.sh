#!/usr/bin/env bash
# Fails unless everybody can pull an image: public.sh IMAGE
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."

nobody=$(mktemp -d)
trap 'rm -rf "$nobody"' EXIT
if ! DOCKER_CONFIG=$nobody scripts/release/crane.sh manifest "$1" >/dev/null; then
	echo "release: nobody can pull $1 without an account. A new package is private: make it public (package settings, Change visibility), then run this job again" >&2
	exit 1
fi
