#!/bin/sh
# Builds the program as it is released: build.sh FILE. VERSION, COMMIT, GOOS and GOARCH come from the environment.
# Without inlining it is a tenth smaller. Only the packages that every request goes through have it: they take most of the
# processor's time, and little room.
set -eu
cd "$(dirname "$0")/.."
inlined="runtime/... internal/... sync/... unicode/... crypto/... encoding/json bytes strings strconv reflect slices time"
inlined="$inlined bufio io context net net/textproto net/url container/heap maps"
module=github.com/assistant-gate/assistant-gate
set -- "$1" -gcflags=all=-l
for package in $inlined $module/telnyx $module/gate; do
	set -- "$@" "-gcflags=$package="
done
file=$1
shift
CGO_ENABLED=0 exec go build -trimpath -buildvcs=false "$@" \
	-ldflags="-s -w -X main.version=${VERSION:-} -X main.commit=${COMMIT:-}" -o "$file" .
