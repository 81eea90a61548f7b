package junit

import (
	"fmt"
	"strings"
)

// giveDistinctNames changes the names of entries that have the same name in the same suite, because readers treat them as one
// case. All of them get the beginning of their id, so that no name depends on the order.
func giveDistinctNames(entries []*entry) {
	type key struct{ suite, name string }
	times := map[key]int{}
	for _, e := range entries {
		times[key{e.suite, e.name}]++
	}
	taken := map[key]bool{}
	for k, n := range times {
		taken[k] = n == 1
	}
	for _, e := range entries {
		if times[key{e.suite, e.name}] == 1 {
			continue
		}
		base := e.name
		e.name = base + " (" + shortID(e.id) + ")"
		for n := 1; taken[key{e.suite, e.name}]; n++ {
			e.name = fmt.Sprintf("%s (%s, %d)", base, e.id, n)
		}
		taken[key{e.suite, e.name}] = true
	}
}

// shortID is the part of an id that people tell ids apart by.
func shortID(id string) string {
	short, _, _ := strings.Cut(id, "-")
	if len(short) >= 8 {
		return short[:8]
	}
	if len(id) > 8 {
		return strings.ToValidUTF8(id[:8], "")
	}
	return id
}
