#!/bin/sh
# Runs crane, with the version and checksums in acceptance/go.mod and go.sum, to talk to a container registry.
set -eu
exec go -C "$(dirname "$0")/../../acceptance" tool crane "$@"
