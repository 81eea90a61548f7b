#!/bin/sh
# Opens the pages of two demo gates in headless Chromium. It checks that the console has no errors, that nothing is loaded from
# elsewhere, both colour schemes, that a phone needs no sideways scrolling, and that the page's filters, search, keys and links work.
# Usage: scripts/check-page.sh [BINARY]
set -eu
cd "$(dirname "$0")/.."

. scripts/not-run.sh

browser=
for name in chromium chromium-browser google-chrome; do
	if command -v "$name" >/dev/null; then
		browser=$name
		break
	fi
done
if [ -z "$browser" ]; then
	need chromium chromium fonts-dejavu-core || {
		not_run "page" "there is no Chromium and it cannot be installed"
		exit 0
	}
	browser=chromium
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
binary=${1:-$work/assistant-gate}
if [ $# -eq 0 ]; then
	CGO_ENABLED=0 go build -o "$binary" .
fi

fail() {
	echo "check-page: $1" >&2
	exit 1
}

# open [FLAGS...] URL writes the browser's log to $work/said.
open() {
	timeout 120 "$browser" --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
		--disable-component-update --disable-sync --hide-scrollbars --host-resolver-rules='MAP * ~NOTFOUND' \
		--enable-logging=stderr --user-data-dir="$work/profile" "$@" 2>"$work/said" || fail "the browser failed: $(tail -3 "$work/said")"
	if grep 'CONSOLE' "$work/said"; then
		fail "the console has messages about $page"
	fi
}

# frame PAGE prints a page that shows PAGE 375 pixels wide and writes its width. The flags below let it read PAGE.
frame() {
	cat <<HTML
<!DOCTYPE html><title>frame</title><iframe width="375" height="3000" style="border:0" src="file://$1"></iframe><output></output>
<script>onload = () => {
	const inside = document.querySelector("iframe").contentDocument;
	inside.querySelectorAll("details").forEach(d => d.open = true);
	document.querySelector("output").textContent = "scrolls to " + inside.documentElement.scrollWidth + " pixels";
}</script>
HTML
}

# user PAGE prints a page that uses PAGE as a person does and writes what does not work.
user() {
	cat <<HTML
<!DOCTYPE html><title>user</title><iframe width="1200" height="900" style="border:0" src="file://$1"></iframe><output></output>
<script>onload = () => {
	const inside = document.querySelector("iframe").contentDocument;
	const one = id => inside.getElementById(id);
	const cards = [...inside.querySelectorAll(".test")];
	const shown = () => cards.filter(card => card.getClientRects().length > 0).length;
	const wrong = [];
	const check = (what, works) => { if (!works) wrong.push(what); };
	const search = text => { one("search").value = text; one("search").dispatchEvent(new Event("input")); };
	check("the script did not run", !one("tools").hidden);
	for (const chip of inside.querySelectorAll(".chips input")) {
		chip.click();
		check("chip " + chip.id, shown() === Number(inside.querySelector("label[for=" + chip.id + "] b").textContent));
	}
	one("show-all").click();
	search(cards[0].querySelector("[id^=test-]").id.slice("test-".length));
	check("search", shown() === 1);
	search("no test has this");
	check("search for nothing", shown() === 0);
	inside.querySelector(".timeline a").click();
	check("a link to a card that the search hides", shown() === cards.length);
	for (const card of cards) card.open = false;
	inside.body.dispatchEvent(new KeyboardEvent("keydown", { key: "n", bubbles: true }));
	const blocks = cards.filter(card => card.classList.contains("blocks"));
	check("next failure", blocks.length === 0 || blocks[0].open);
	document.querySelector("output").textContent = "does not work: " + (wrong.join(", ") || "nothing");
}</script>
HTML
}

for kind in passing failing; do
	flag=
	[ "$kind" = passing ] || flag=--failing
	dir=$work/$kind
	"$binary" demo $flag --report-dir "$dir" >"$work/log" 2>&1 || [ "$kind" = failing ] || fail "the demo failed: $(tail -3 "$work/log")"
	page=$dir/assistant-gate.html
	[ -s "$page" ] || fail "there is no $page"

	if grep -Eo '(src|href|action|srcset)="https?:[^"]*|url\(["'\'']?https?:[^)]*|@import' "$page" | grep -v '^href="https://portal\.telnyx\.com/'; then
		fail "the $kind page loads something from elsewhere"
	fi
	open --window-size=1280,2000 --blink-settings=preferredColorScheme=1 --screenshot="$work/light.png" "file://$page"
	open --window-size=1280,2000 --blink-settings=preferredColorScheme=0 --screenshot="$work/dark.png" "file://$page"
	for scheme in light dark; do
		[ "$(wc -c <"$work/$scheme.png")" -gt 50000 ] || fail "the $kind page is empty in the $scheme scheme"
	done
	! cmp -s "$work/light.png" "$work/dark.png" || fail "the $kind page looks the same in both schemes"

	frame "$page" >"$work/frame.html"
	open --allow-file-access-from-files --disable-web-security --window-size=800,3200 --dump-dom "file://$work/frame.html" >"$work/dom"
	width=$(sed -n 's/.*scrolls to \([0-9]*\) pixels<.*/\1/p' "$work/dom")
	[ "${width:-0}" = 375 ] || fail "the $kind page is ${width:-of unknown width} pixels wide on a phone of 375"
	user "$page" >"$work/user.html"
	open --allow-file-access-from-files --disable-web-security --window-size=1280,1000 --dump-dom "file://$work/user.html" >"$work/dom"
	grep -q 'does not work: nothing<' "$work/dom" || fail "the $kind page: $(sed -n 's/.*<output>\([^<]*\)<.*/\1/p' "$work/dom")"
	echo "check-page: the $kind page is good"
done
