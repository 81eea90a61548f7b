// The page is complete without this script. It finds, sorts, opens and copies.
"use strict";
(() => {
	const one = id => document.getElementById(id);
	const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
	const cards = all(".test");
	const lists = [...new Set(cards.map(card => card.parentElement))];
	const folds = new Map(all(".tests > .fold").map(fold => [fold, fold.open]));
	const tools = one("tools"); // there are none without tests
	const say = text => { if (tools) one("said").textContent = text; };

	// What is shown: the cards of the chosen chip that have every word of the search.

	const textOf = new Map();
	const wordsOf = card => {
		if (!textOf.has(card)) {
			const parts = [card.firstElementChild, ...all("th, .asked b, [data-copy]", card)];
			textOf.set(card, parts.map(part => part.textContent).join(" ").toLowerCase());
		}
		return textOf.get(card);
	};
	const chosen = () => document.querySelector("input[name=show]:checked").value;
	const searched = () => one("search").value.toLowerCase().split(/\s+/).filter(word => word);
	const isShown = card => !card.hidden && (!chosen() || card.classList.contains(chosen()));

	const filter = () => {
		const words = searched();
		const active = words.length > 0 || chosen() !== "";
		for (const card of cards) card.hidden = !words.every(word => wordsOf(card).includes(word));
		for (const section of all(".tests")) section.hidden = !all(".test", section).some(isShown);
		for (const [fold, open] of folds) fold.open = active || open;
		document.body.classList.toggle("searched", words.length > 0);
		const shown = cards.filter(isShown).length;
		say(active ? `${shown} of ${cards.length} shown` : "");
	};
	const showAll = () => {
		one("show-all").checked = true;
		one("search").value = "";
		filter();
	};

	const names = new Map(cards.map(card => [card, card.querySelector(".name").textContent]));
	const alphabet = new Intl.Collator();
	const orders = {
		"": () => 0,
		name: (a, b) => alphabet.compare(names.get(a), names.get(b)),
		time: (a, b) => b.dataset.ms - a.dataset.ms,
	};
	const sort = () => {
		for (const list of lists) list.append(...cards.filter(card => card.parentElement === list).sort(orders[one("sort").value]));
	};

	// Opening what a link leads to.

	const unfold = target => {
		for (let at = target; at; at = at.parentElement) {
			if (at.localName === "details") at.open = true;
		}
	};
	const open = target => {
		unfold(target);
		if (tools && target.getClientRects().length === 0) { // filtered out
			showAll();
			unfold(target);
		}
	};
	const follow = link => {
		const target = one(link.slice(1));
		if (target) open(target);
		return target;
	};
	const followAddress = () => follow(location.hash)?.scrollIntoView();

	// From failure to failure.

	let last;
	const step = by => {
		const failures = all(".test.blocks").filter(isShown);
		if (failures.length === 0) return say("no failure shown");
		const from = failures.indexOf(last);
		const to = from < 0 ? (by > 0 ? 0 : failures.length - 1) : (from + by + failures.length) % failures.length;
		last = failures[to];
		open(last);
		last.firstElementChild.focus({ preventScroll: true });
		last.scrollIntoView();
		say(`${to + 1} of ${failures.length}`);
	};
	const isTyping = at => at.closest("input[type=search], select, textarea");
	const stepByKey = event => {
		if (!one("keys").checked || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
		if (event.key === "n") step(1);
		if (event.key === "p") step(-1);
	};

	// Copying.

	const copy = async (text, button) => {
		try {
			await navigator.clipboard.writeText(text.textContent);
			button.textContent = "Copied";
		} catch {
			button.textContent = "Not copied";
		}
		say(button.textContent.toLowerCase());
		setTimeout(() => { button.textContent = "Copy"; }, 2000);
	};
	const addCopyButtons = inside => {
		for (const text of all("[data-copy]", inside)) {
			if (text.dataset.copy === "") continue;
			const button = document.createElement("button");
			button.type = "button";
			button.className = "copy";
			button.textContent = "Copy";
			button.setAttribute("aria-label", `Copy: ${text.dataset.copy}`);
			button.addEventListener("click", () => copy(text, button));
			(text.closest("pre") ?? text).after(" ", button);
			text.dataset.copy = ""; // it has its button
		}
	};

	document.addEventListener("click", event => {
		const link = event.target.closest("a[href^='#']");
		if (link) follow(link.hash);
	});
	addEventListener("hashchange", followAddress);
	if (navigator.clipboard) {
		for (const part of all(".rerun, .test[open]")) addCopyButtons(part);
		document.addEventListener("toggle", event => { if (event.target.open) addCopyButtons(event.target); }, true);
	}
	if (tools) {
		one("search").addEventListener("input", filter);
		one("sort").addEventListener("change", sort);
		for (const chip of all("input[name=show]")) chip.addEventListener("change", filter);
		one("previous").addEventListener("click", () => step(-1));
		one("next").addEventListener("click", () => step(1));
		document.addEventListener("keydown", stepByKey);
		document.addEventListener("focusin", event => { last = event.target.closest(".test.blocks") ?? last; });
		one("steps").hidden = one("by-key").hidden = !cards.some(card => card.classList.contains("blocks"));
		tools.hidden = false;
	}
	followAddress();
})();
