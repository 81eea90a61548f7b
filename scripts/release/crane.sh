#!/bin/sh
# Talks to a container registry: crane, of the version and checksums that acceptance/go.mod and go.sum name.
set -eu
exec go -C "$(dirname "$0")/../../acceptance" tool crane "$@"
