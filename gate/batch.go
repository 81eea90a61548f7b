package gate

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// maxFailedRounds is how many rounds of looks in a row may fail before the runs of a batch are looked at one by one.
const maxFailedRounds = 3

// answerSpare is how long before a look that decides the answers of the round before must be there.
const answerSpare = 500 * time.Millisecond

// batch is the runs that one trigger of a suite made, watched through Telnyx's list of them: a request for each hundred.
// A list that is not what it should be proves nothing, so whatever it leaves open is looked at run by run.
type batch struct {
	suite, id string
	size      int                  // runs that the trigger made
	watched   map[string]*decision // by the key of the run's id: those that have not ended

	open   int                     // pages of this round without an answer
	shown  map[string][]telnyx.Run // watched runs that this round has shown, by the key of their ids, without their logs
	fault  error                   // of this round
	failed int                     // rounds in a row that had one
}

// pages is how many requests a look at all runs takes.
func (b *batch) pages() int { return (b.size + telnyx.RunsPage - 1) / telnyx.RunsPage }

// forget says that d is not to be watched any more. A nil batch watches nothing.
func (b *batch) forget(d *decision) {
	if b != nil {
		delete(b.watched, telnyx.IDKey(d.attempt.RunID))
		d.batch = nil
	}
}

// watchTogether watches the decisions through the list, or one by one where there is no list of them.
func (e *engine) watchTogether(b *batch, decisions []*decision) {
	if b.id == "" || len(decisions) <= b.pages() {
		for _, d := range decisions {
			e.looks.add(look{decision: d}, e.nextLook(d))
		}
		return
	}
	b.watched = map[string]*decision{}
	for _, d := range decisions {
		b.watched[telnyx.IDKey(d.attempt.RunID)] = d
		d.batch = b
	}
	e.beginRound(b)
}

// beginRound puts the next look at all runs of a batch on the agenda: when the first of them is due.
func (e *engine) beginRound(b *batch) {
	var due time.Time
	for _, id := range slices.Sorted(maps.Keys(b.watched)) { // in the same order every time: each takes a random number
		if next := e.nextLook(b.watched[id]); due.IsZero() || next.Before(due) {
			due = next
		}
	}
	b.open, b.fault, b.shown = b.pages(), nil, map[string][]telnyx.Run{}
	answerBy := e.answerBy(b, due)
	for page := range b.pages() {
		e.looks.add(look{batch: b, page: page + 1, answerBy: answerBy}, due)
	}
}

// answerBy is when the answers of a round that begins at due must be there, because the next round must not come late: a
// page that hangs would keep all runs from the look that decides. Zero is never.
func (e *engine) answerBy(b *batch, due time.Time) time.Time {
	var first time.Time
	for _, d := range b.watched {
		for _, last := range e.lastLooks(d) {
			if last.After(due) && (first.IsZero() || last.Before(first)) {
				first = last
			}
		}
	}
	if first.IsZero() {
		return first
	}
	return first.Add(-answerSpare)
}

// takePage handles the answer to a look at a page of a batch's runs.
func (e *engine) takePage(a answer) {
	b := a.look.batch
	b.open--
	switch {
	case telnyx.KindOf(a.err) == telnyx.KindUnauthorized:
		e.endGate(fmt.Sprintf("the API key was refused while runs were watched: %v: check api-key", a.err))
		return
	case a.err != nil:
		b.fault = a.err
	case a.total != b.size:
		b.fault = &telnyx.Error{
			Op: fmt.Sprintf("list the runs of suite %q", b.suite), Kind: telnyx.KindMalformed,
			Err: fmt.Errorf("the list has %d runs, the trigger made %d", a.total, b.size),
		}
	}
	for _, run := range a.runs {
		key := telnyx.IDKey(run.ID)
		if d := b.watched[key]; d != nil && telnyx.SameID(run.TestID, d.test().ID) {
			d.seeLogs(run)
			e.putAway(d)
			run.Logs = "" // a round may have many pages
			b.shown[key] = append(b.shown[key], run)
		}
	}
	if b.open == 0 {
		e.endRound(b)
	}
}

// takeShown takes what the round has shown of each run. One that it has shown twice, or in short, is looked at by itself at once:
// what the list leaves out may decide.
func (e *engine) takeShown(b *batch) {
	for _, key := range slices.Sorted(maps.Keys(b.shown)) {
		d, rows := b.watched[key], b.shown[key]
		if len(rows) == 1 && runInFull(rows[0], d.test().Rubric) {
			e.takeRun(d, rows[0])
			continue
		}
		b.forget(d)
		e.looks.add(look{decision: d}, time.Now())
	}
}

// endRound looks on: at the runs that the list did not show one by one, at the others together, as long as that takes
// fewer requests.
func (e *engine) endRound(b *batch) {
	e.takeShown(b)
	b.failed++
	if b.fault == nil {
		b.failed = 0
		e.watchAlone(b, func(key string, _ *decision) bool { return b.shown[key] == nil })
	} else {
		e.takeFailedRound(b)
	}
	if len(b.watched) <= b.pages() {
		e.watchAlone(b, func(string, *decision) bool { return true })
		return
	}
	e.beginRound(b)
}

// takeFailedRound leaves the list where it will not get better, and lets runs that have had their time be looked at for
// themselves.
func (e *engine) takeFailedRound(b *batch) {
	now := time.Now()
	for _, d := range b.watched {
		d.lastFault = b.fault
	}
	limited := telnyx.KindOf(b.fault) == telnyx.KindRateLimited // says nothing about the list
	if limited {
		b.failed--
	}
	notYet := telnyx.KindOf(b.fault) == telnyx.KindNotFound // it may be late, as the runs in it may be
	useless := b.failed >= maxFailedRounds || !telnyx.Transient(b.fault) && !notYet
	e.watchAlone(b, func(_ string, d *decision) bool { return useless && !limited || d.hadItsTime(now) })
}

// hadItsTime reports whether the look at d that decides is due.
func (d *decision) hadItsTime(now time.Time) bool {
	if !d.settleUntil.IsZero() {
		return !now.Before(d.settleUntil)
	}
	return !now.Before(d.deadline)
}

// watchAlone takes runs out of a batch, to be looked at one by one: those past their time at once, the others after the
// usual gap. They go in the order of their ids, so that a gate does the same thing every time.
func (e *engine) watchAlone(b *batch, leaves func(key string, d *decision) bool) {
	var keys []string
	for key, d := range b.watched {
		if leaves(key, d) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		d := b.watched[key]
		b.forget(d)
		e.looks.add(look{decision: d}, e.nextLook(d))
	}
}
