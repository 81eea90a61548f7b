#!/usr/bin/env bash
# Makes the release page with its files, as a draft that is published when all of them are there:
# publish.sh vX.Y.Z DIR NOTES
# PRERELEASE and LATEST are true or false. A page that is published already is left alone.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
version=$1 dir=$2 notes=$3

# Not "gh release view": it says the same of a page that is missing and of GitHub out of reach.
drafts=$(gh release list --limit 1000 --json tagName,isDraft --jq ".[] | select(.tagName == \"$version\") | .isDraft")
if [[ $drafts = *false* ]]; then
	echo "release: the page of $version is published already"
	exit
fi
if [[ -n $drafts ]]; then
	# Of a run that was not finished: which of its files are whole is not known.
	gh release delete "$version" --yes
fi
gh release create "$version" --draft --verify-tag --title "$version" --notes-file "$notes" \
	--prerelease="${PRERELEASE:-false}" --latest="${LATEST:-false}" \
	"$dir"/assistant-gate_*.tar.gz "$dir"/*.cdx.json "$dir/SHA256SUMS"
gh release edit "$version" --draft=false --latest="${LATEST:-false}"
