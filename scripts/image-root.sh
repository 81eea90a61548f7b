#!/bin/sh
# Makes the root of the image from scratch, from which the target shell also copies: image-root.sh DIR
# VERSION, COMMIT, GOOS and GOARCH come from the environment, as for build.sh.
set -eu
cd "$(dirname "$0")/.."
root=$1

mkdir -p "$root"
root=$(cd "$root" && pwd)
./scripts/build.sh "$root/assistant-gate"
./scripts/licences.sh >"$root/LICENCES"
chmod 755 "$root/assistant-gate"
chmod 644 "$root/LICENCES"
install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
chmod 755 "$root" "$root/etc" "$root/etc/ssl" "$root/etc/ssl/certs"
# Scratch has no /tmp, which everybody must be able to write to.
install -d -m 1777 "$root/tmp"
