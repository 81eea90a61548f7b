#!/bin/sh
# Talks to a container registry: crane, of the version and checksums that acceptance/go.mod and go.sum name.
set -eu
# Its log line about an image that was pushed is of no use here.
exec go -C "$(dirname "$0")/../acceptance" tool crane "$@"
