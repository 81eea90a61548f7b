#!/usr/bin/env bash
# Writes SHA256SUMS for all archives and bills of materials in a folder: sums.sh DIR
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C # the same order on every machine
cd "$1"
sha256sum assistant-gate_*.tar.gz ./*.cdx.json | sed 's|  \./|  |' >SHA256SUMS
