#!/usr/bin/env bash
# Pushes both images by digest, without a tag: push.sh DIR REPOSITORY
# DIR is the one that images.sh wrote. Prints repository=, gate= and shell= for the next steps.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
dir=$(cd "$1" && pwd)
# Registries need lower case; an account's name may have upper case.
repository=$(tr '[:upper:]' '[:lower:]' <<<"$2")

# Checks both before it pushes the first.
gate=$(scripts/release/digest.sh "$dir/image")
shell=$(scripts/release/digest.sh "$dir/image-shell")

# push NAME DIGEST. The registry refuses bytes with another digest.
push() {
	scripts/release/crane.sh push "$dir/$1" "$repository@$2" >&2
	[[ $(scripts/release/crane.sh digest "$repository@$2") = "$2" ]]
}
push image "$gate"
push image-shell "$shell"
printf 'repository=%s\ngate=%s\nshell=%s\n' "$repository" "$gate" "$shell"
