#!/bin/sh
# Downloads the version of Telnyx's OpenAPI description that the contract's tests were last reviewed against:
# telnyx-openapi.sh FILE
set -eu
commit=4f3a6bd8c1ce374fc0c82f838a7a8c5146dc336e
sum=020dcdb3d9da1ecfd401ed4ecdc597fef9e2bf7c0141e02c1cc7b9a0fb1e553d
curl --fail --silent --show-error --location --retry 3 --output "$1" \
	"https://raw.githubusercontent.com/team-telnyx/openapi/$commit/openapi/spec3.yml"
printf '%s  %s\n' "$sum" "$1" | sha256sum --check --quiet
