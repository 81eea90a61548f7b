package gate

import (
	"math/rand/v2"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Unbounded and AutoBound are the special values of Settings.MaxInFlight.
const (
	Unbounded = 0
	AutoBound = -1 // 5 runs of channel phone_call, others unlimited
)

// Settings are the inputs of the gate.
type Settings struct {
	TestIDs     []string
	Suites      []string
	TestNames   []string           // with AssistantID: patterns of names; those that begin with TakesOut take tests out of all that are selected
	MinTests    int                // fewer selected tests are refused
	LastFailed  outcome.LastFailed // in place of the other selections
	Blocked     []telnyx.Test      // the tests that LastFailed selects, as in its results file
	VersionID   string             // MainVersion for the live one; empty if a name is given
	VersionName string             // with AssistantID, instead of VersionID: the one version of exactly this name
	AssistantID string             // empty: version and targets are not checked

	Timeout         time.Duration      // limit of the whole gate, from Started
	Started         time.Time          // when the process started; zero means now
	RunTimeout      time.Duration      // limit of one remote run, from its trigger; 0: derived from the test's own limit
	OutageTimeout   time.Duration      // how long to go on without any usable answer
	MaxInFlight     int                // maximum remote runs at the same time; Unbounded, AutoBound
	MaxRuns         int                // maximum remote runs in all
	Policy          outcome.Policy     // how many runs make a verdict
	ErrorReruns     int                // how many times to repeat errored runs, per test and version
	Advisory        []string           // names of criteria that are reported but do not fail a test
	BaselineVersion string             // MainVersion, a version id, or empty: no baseline
	BaselineRounds  int                // maximum rounds in which a failed test is compared with the baseline; 0: by BaselinePolicy
	Quarantine      outcome.Quarantine // tests that may fail for now
	// RequireVersionProof: a run counts only if its conversation shows that the requested version answered.
	RequireVersionProof bool
	Transcripts         Transcripts // whose conversations and logs are kept
	FailFast            bool        // stop triggering after the first blocking failure
	RunKey              string      // identifies this execution: the same key finds the same runs again
	RunKeyGiven         bool        // the user chose it: a second start may have the same key
	Timings             Timings
}

// Transcripts selects whose conversations and logs are kept for the reports.
type Transcripts int

// The values of Transcripts.
const (
	TranscriptsNone   Transcripts = iota
	TranscriptsFailed             // of runs that did not pass, and of all runs on the baseline
	TranscriptsAll
)

// keeps reports whether to keep the conversation and logs of a run with this state.
func (t Transcripts) keeps(s outcome.State) bool {
	return t == TranscriptsAll || t == TranscriptsFailed && s != outcome.StatePassed
}

// Timings are the waits inside the gate. Users get DefaultTimings; tests and the demo use shorter ones.
type Timings struct {
	PollInterval     time.Duration // between two polls of a run
	PollIntervalBusy time.Duration // the same if more than 20 runs are in flight
	SettleTime       time.Duration // how long to poll a passed run with unfinished criteria
	NotFoundGrace    time.Duration // how long a 404 about a run just made means "not yet"
	UnreadableAfter  time.Duration // how long a single run must be unreadable, in at least ten polls, before it is given up
	RetryMin         time.Duration // first upper limit of the pause before a request is sent again
	RetryMax         time.Duration // last upper limit of that pause
	ResendFor        time.Duration // how long after its first unusable answer to send a trigger again; maxAmbiguousSends usually ends that first
	EndGrace         time.Duration // how long triggers under way may still be answered when the gate must end
	FinalPoll        time.Duration // how long before the gate's deadline to poll every run once more
	DuplicateSearch  time.Duration // how long the search for duplicates of runs may take at the end
	VersionCheck     time.Duration // how long the check of the version at the end may take
	ProgressInterval time.Duration // between two Progress events
	TranscriptWait   time.Duration // how long to wait for looks at conversations after the last test has ended
	ProofWait        time.Duration // how much longer to wait for one that RequireVersionProof needs
	Random           rand.Source   // source of jitter, so that a simulation can be repeated; used by several goroutines; nil: math/rand/v2
}

// DefaultTimings returns the timings that users get.
func DefaultTimings() Timings {
	return Timings{
		PollInterval:     2 * time.Second,
		PollIntervalBusy: 3 * time.Second,
		SettleTime:       60 * time.Second,
		NotFoundGrace:    30 * time.Second,
		UnreadableAfter:  time.Minute,
		RetryMin:         500 * time.Millisecond,
		RetryMax:         8 * time.Second,
		ResendFor:        time.Minute,
		EndGrace:         2 * time.Second,
		FinalPoll:        2 * time.Second,
		DuplicateSearch:  10 * time.Second,
		VersionCheck:     10 * time.Second,
		ProgressInterval: time.Second,
		TranscriptWait:   5 * time.Second,
		ProofWait:        30 * time.Second,
	}
}

// Limits that no input changes.
const (
	maxRequests       = 64               // requests under way at the same time
	maxAmbiguousSends = 6                // sends of one trigger without a usable answer
	maxRemoteErrors   = 5                // runs that end in Telnyx's error before any passed; then triggering stops
	maxFailedPolls    = 10               // failed polls of one run in a row
	phoneCallBound    = 5                // an account's usual limit of simultaneous calls
	settleGrace       = 5 * time.Minute  // added to a test's own limit, for queue and judging
	defaultRunBound   = 15 * time.Minute // if a test has no limit of its own
	maxLooks          = 16               // looks at conversations under way at the same time, of each kind
	maxFailedLooks    = 5                // looks at who answered a run
	maxRequiredLooks  = 10               // the same if that must be known: about half a minute
	maxSingleLookUps  = 20               // tests to look up one by one without reading the list of all tests
)

// runBound returns how long one remote run of the test may take from its trigger.
func (s Settings) runBound(t telnyx.Test) time.Duration {
	if s.RunTimeout > 0 {
		return s.RunTimeout
	}
	if t.MaxDuration > 0 {
		return t.MaxDuration + settleGrace
	}
	return defaultRunBound
}

// inFlightBound returns how many runs of the channel may be in flight at the same time, and whether all channels share that limit.
// 0 means no limit.
func (s Settings) inFlightBound(c telnyx.Channel) (bound int, shared bool) {
	switch {
	case s.MaxInFlight > 0:
		return s.MaxInFlight, true
	case s.MaxInFlight == AutoBound && c == telnyx.ChannelPhoneCall:
		return phoneCallBound, false
	}
	return 0, false
}

// deadline returns when the whole gate must end.
func (s Settings) deadline() time.Time { return s.Started.Add(s.Timeout) }
