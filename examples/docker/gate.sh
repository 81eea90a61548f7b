#!/bin/sh
# The gate on any machine that has Docker. It reads TELNYX_API_KEY, ASSISTANT_ID and CANDIDATE_VERSION from the environment and
# writes its reports to test-reports/ in this folder.
set -eu

exec docker run --rm --read-only --user "$(id -u):$(id -g)" \
	-v "$PWD:/work" -w /work -e TELNYX_API_KEY \
	ghcr.io/OWNER/assistant-gate:v1 \
	--version-id "$CANDIDATE_VERSION" --assistant-id "$ASSISTANT_ID" \
	--test-suites "Booking,Safety and escalation" --attempts confirm:5 --timeout 30m
