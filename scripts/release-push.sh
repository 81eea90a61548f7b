#!/usr/bin/env bash
# Pushes both images by digest, so that nobody finds them by a tag yet: release-push.sh DIR REPOSITORY
# DIR is that of release-images.sh. Prints repository=, gate= and shell= for the steps that follow.
set -euo pipefail
cd "$(dirname "$0")/.."
dir=$(cd "$1" && pwd)
# Registries want lower case, and an account's name need not be.
repository=$(tr '[:upper:]' '[:lower:]' <<<"$2")

# push NAME: the registry refuses bytes that have another digest.
push() {
	local digest
	digest=$(scripts/release-digest.sh "$dir/$1")
	scripts/crane.sh push "$dir/$1" "$repository@$digest" >&2
	[[ $(scripts/crane.sh digest "$repository@$digest") = "$digest" ]]
	printf '%s\n' "$digest"
}

gate=$(push image)
shell=$(push image-shell)
printf 'repository=%s\ngate=%s\nshell=%s\n' "$repository" "$gate" "$shell"
