#!/usr/bin/env bash
# Writes SHA256SUMS, of all archives and bills of materials that are in a folder by now: sums.sh DIR
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C # one order on every machine
cd "$1"
sha256sum assistant-gate_*.tar.gz ./*.cdx.json | sed 's|  \./|  |' >SHA256SUMS
