#!/usr/bin/env bash
# Makes the release page as a draft, and publishes it when all of its files are there:
# publish.sh vX.Y.Z DIR NOTES
# PRERELEASE and LATEST are true or false. It leaves a published page alone.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
version=$1 dir=$2 notes=$3

# Not "gh release view", whose error is the same for a missing page and for an unreachable GitHub.
drafts=$(gh release list --limit 1000 --json tagName,isDraft --jq ".[] | select(.tagName == \"$version\") | .isDraft")
if [[ $drafts = *false* ]]; then
	echo "release: the page of $version is already published"
	exit
fi
if [[ -n $drafts ]]; then
	# From an unfinished attempt: nobody knows which of its files are complete.
	gh release delete "$version" --yes
fi
gh release create "$version" --draft --verify-tag --title "$version" --notes-file "$notes" \
	--prerelease="${PRERELEASE:-false}" --latest="${LATEST:-false}" \
	"$dir"/assistant-gate_*.tar.gz "$dir"/*.cdx.json "$dir/SHA256SUMS"
gh release edit "$version" --draft=false --latest="${LATEST:-false}"
