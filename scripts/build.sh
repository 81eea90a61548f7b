#!/bin/sh
# Builds the program as it is released: build.sh FILE. VERSION, COMMIT, GOOS and GOARCH come from the environment.
set -eu
cd "$(dirname "$0")/.."
CGO_ENABLED=0 exec go build -trimpath -buildvcs=false -ldflags="-s -w -X main.version=${VERSION:-} -X main.commit=${COMMIT:-}" -o "$1" .
