package console

import (
	"slices"
	"time"
)

// run is a remote run that was accepted and has not ended.
type run struct {
	id, name string // the name is that of its test
	began    time.Time
	bound    time.Duration // its run-timeout; 0 if it is not known
}

// inFlight are the runs under way, the oldest first, and what the ended ones took. Its zero value has none.
type inFlight struct {
	runs  []run
	ended int           // runs that were seen to end
	took  time.Duration // these in all
}

func (f *inFlight) add(r run) { f.runs = append(f.runs, r) }

// remove takes out a run that ended.
func (f *inFlight) remove(id string) {
	i := slices.IndexFunc(f.runs, func(r run) bool { return r.id == id })
	if i < 0 {
		return
	}
	f.ended++
	f.took += time.Since(f.runs[i].began)
	f.runs = slices.Delete(f.runs, i, i+1)
}

// oldest are the runs that have been under way for longest.
func (f *inFlight) oldest(limit int) []run { return f.runs[:min(limit, len(f.runs))] }

// left estimates the time until the runs in flight and those still waiting have ended, if they take as long as those before
// them; 0 if there is too little to go by. Runs that are not planned yet, such as repetitions, are not in it.
func (f *inFlight) left(waiting int) time.Duration {
	if f.ended < minEndedRuns || len(f.runs) == 0 {
		return 0
	}
	mean := f.took / time.Duration(f.ended)
	youngest := f.runs[len(f.runs)-1]
	rounds := (waiting + len(f.runs) - 1) / len(f.runs)
	return max(0, mean-time.Since(youngest.began)) + time.Duration(rounds)*mean
}
