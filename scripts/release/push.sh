#!/usr/bin/env bash
# Pushes both images by digest, so that nobody finds them by a tag yet: push.sh DIR REPOSITORY
# DIR is that of images.sh. Prints repository=, gate= and shell= for the steps that follow.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
dir=$(cd "$1" && pwd)
# Registries want lower case, and an account's name need not be.
repository=$(tr '[:upper:]' '[:lower:]' <<<"$2")

# Both are looked at before the first leaves.
gate=$(scripts/release/digest.sh "$dir/image")
shell=$(scripts/release/digest.sh "$dir/image-shell")

# push NAME DIGEST: the registry refuses bytes that have another digest.
push() {
	scripts/release/crane.sh push "$dir/$1" "$repository@$2" >&2
	[[ $(scripts/release/crane.sh digest "$repository@$2") = "$2" ]]
}
push image "$gate"
push image-shell "$shell"
printf 'repository=%s\ngate=%s\nshell=%s\n' "$repository" "$gate" "$shell"
