package simulator

import "time"

// PaidRun is a run that was made, whether or not a client received its answer.
type PaidRun struct {
	TestID     string
	RunID      string
	SuiteRunID string    // empty for a single trigger
	Version    string    // the version it runs on; if the trigger named none, the main one at that moment
	Key        string    // the Idempotency-Key it was made with, as sent; empty without one
	Replays    int       // how often the answer to its trigger was replayed
	Created    time.Time // by this machine's clock
	Ends       string    // the status it ends with, or "never"
	Ended      bool      // it has ended by now
	Passed     bool      // it has ended passed, with every criterion of the rubric

	Conversation string // its id
	Assistant    string // that the conversation names
	Answered     string // the version that the conversation names; empty: none
}

// Ledger lists all runs ever made, in order.
func (s *Simulator) Ledger() []PaidRun {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	paid := make([]PaidRun, 0, len(s.runs))
	for _, r := range s.runs {
		assistant, answered := s.speaker(r)
		paid = append(paid, PaidRun{
			TestID: r.test.ID, RunID: r.id, SuiteRunID: r.suiteRun, Version: r.version, Key: r.key,
			Replays: r.replays, Created: r.created.Add(-s.world.Clock), Ends: r.script.Ends, Ended: r.ended(now), Passed: r.passed(now),
			Conversation: r.conversation, Assistant: assistant, Answered: answered,
		})
	}
	return paid
}
