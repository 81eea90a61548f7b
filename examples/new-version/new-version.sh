#!/bin/sh
# Makes a version of a Telnyx AI assistant that is not live, and prints its id on stdout.
#
#   TELNYX_API_KEY=... ASSISTANT_ID=... new-version.sh CONFIG.json NAME
#
# CONFIG.json contains the fields to change, as in the body of POST /ai/assistants/{assistant_id}: instructions, model, tools
# and so on. If it comes from a GET, its tools include the shared ones of the Tools Library, marked shared: true. The script leaves
# those out, because Telnyx would copy them into the assistant or refuse them; name them in tool_ids. NAME, at most 50 characters, names the version; a commit hash is a good name. If a version of that name exists,
# the script uses it unchanged, so that a repeated job does not make a second one.
#
# Needs curl 7.55 or later, and jq.
set -eu

say() { printf 'new-version: %s\n' "$*" >&2; }
die() {
	say "$@"
	exit 1
}

if [ $# -ne 2 ] || [ -z "$1" ] || [ -z "$2" ]; then
	die "usage: new-version.sh CONFIG.json NAME (an empty NAME may be a mistyped variable, or a command that failed)"
fi
config=$1 name=$2
: "${TELNYX_API_KEY:?is missing: a Telnyx API v2 key}"
: "${ASSISTANT_ID:?is missing: the assistant to make a version of}"
api=${TELNYX_BASE_URL:-https://api.telnyx.com/v2}

case $api in
*@*) die "TELNYX_BASE_URL contains a user: the host after the @ would get the key" ;;
https://* | http://127.0.0.1:*) ;;
*) die "TELNYX_BASE_URL must begin with https://, or others could read the key on its way" ;;
esac
case $ASSISTANT_ID in
*[!A-Za-z0-9_-]*) die "ASSISTANT_ID may only contain letters, digits, hyphens and underscores" ;;
esac
[ "${#name}" -le 50 ] || die "the name is longer than Telnyx's 50 characters: $name"
jq -e 'type == "object" and length > 0' "$config" >/dev/null || die "$config is not a JSON object with fields to change"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# call METHOD PATH [curl option...] prints the body of a 2xx answer; any other answer ends the script. It passes the key over
# stdin, because others can read arguments.
call() {
	method=$1 path=$2
	shift 2
	status=$(printf 'Authorization: Bearer %s\n' "$TELNYX_API_KEY" |
		curl --silent --show-error --max-time 60 --request "$method" --header @- --header 'Accept: application/json' \
			--output "$scratch/answer" --write-out '%{http_code}' "$@" "$api$path") ||
		die "$method $path got no answer"
	case $status in
	2??) cat "$scratch/answer" ;;
	*) die "$method $path was answered with $status: $(head -c 500 "$scratch/answer")" ;;
	esac
}

live() { call GET "/ai/assistants/$ASSISTANT_ID" >"$scratch/live" && jq -er '.version_id | strings' "$scratch/live"; }

# named prints the id of the one version called NAME, or nothing if there is none.
named() {
	call GET "/ai/assistants/$ASSISTANT_ID/versions" >"$scratch/versions"
	jq -er --arg name "$name" '
		[.data[] | select(.version_name == $name) | .version_id] |
		if length > 1 then error("several versions are called \($name): \(join(", "))") else (.[0] // "") end' "$scratch/versions"
}

before=$(live) || die "the assistant's answer names no live version"
id=$(named) || die "the assistant's versions cannot be read"
if [ -n "$id" ]; then
	say "version $id is already called $name: using it unchanged"
	printf '%s\n' "$id"
	exit 0
fi

# Without promote_to_main, the version would be live at once. Not retried: Telnyx may have made the version even if the
# answer is lost, and the next start finds it by its name.
jq --arg name "$name" '
	if (.tools | type) == "array" then .tools |= map(select((type == "object" and .shared == true) | not)) else . end |
	. + {version_name: $name, promote_to_main: false}' "$config" >"$scratch/body"
call POST "/ai/assistants/$ASSISTANT_ID" --header 'Content-Type: application/json' --data-binary "@$scratch/body" >"$scratch/made"

id=$(jq -er '.version_id | strings | select(test("^[A-Za-z0-9_-]+$"))' "$scratch/made") || die "the update was accepted, but the answer names no version"
after=$(live) || die "the assistant's answer names no live version"
[ "$after" = "$before" ] || die "the live version changed from $before to $after while this ran: look at the assistant now"
[ "$id" != "$after" ] || die "the update made no version of its own: its answer names the live one, $id"
call GET "/ai/assistants/$ASSISTANT_ID/versions/$id" >"$scratch/version"
jq -e --arg name "$name" '.version_name == $name' "$scratch/version" >/dev/null || die "the answer names version $id, which is not called $name"
say "made version $id, called $name; live is still $before"
printf '%s\n' "$id"
