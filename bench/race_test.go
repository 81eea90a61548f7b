//go:build race

package bench

// underRace is true under the race detector, whose scheduler draws which of several goroutines runs first.
const underRace = true
