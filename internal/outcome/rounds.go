package outcome

// Rounds compare a failing test with the baseline side by side: each round is a fresh run on either version. The runs that made the
// test fail do not count, because the test was chosen for them.
type Rounds struct {
	Of       int // maximum number of rounds
	Played   int // rounds with a verdict on both versions
	Own      int // of these, rounds that the version under test passed
	Baseline int // rounds that the baseline passed
}

// The limits of Rounds.Of.
const (
	MinRounds = 2
	MaxRounds = 9
)

// decisiveLead is by how many rounds the baseline must be ahead to make a failure a regression.
const decisiveLead = 2

// Comparison is what rounds show.
type Comparison int

// The comparisons.
const (
	NotCompared Comparison = iota // more rounds are needed
	Worse                         // a regression: the baseline is two rounds ahead
	NotWorse                      // the baseline can no longer get two rounds ahead
)

// Decide returns what the rounds show.
func (r Rounds) Decide() Comparison {
	switch lead := r.Lead(); {
	case lead >= decisiveLead:
		return Worse
	case lead+r.Of-r.Played < decisiveLead:
		return NotWorse
	}
	return NotCompared
}

// Lead returns by how many rounds the baseline is ahead.
func (r Rounds) Lead() int { return r.Baseline - r.Own }

// Needed returns how many more rounds are certain to be played, whatever they show; they can be played at the same time.
func (r Rounds) Needed() int {
	if r.Decide() != NotCompared {
		return 0
	}
	left := r.Of - r.Played
	for n := 1; ; n++ {
		ahead, behind := r.Lead()+n, r.Lead()-n
		if ahead >= decisiveLead || behind+left-n < decisiveLead {
			return n
		}
	}
}
