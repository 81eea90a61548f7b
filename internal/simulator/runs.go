package simulator

import (
	"slices"
	"time"
)

// formatTime writes a time in UTC, with microseconds as a FastAPI backend has them.
func formatTime(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.000000Z07:00")
}

// runObject is a TestRunResponse (Telnyx OpenAPI 2026-07-16). It names no version.
func (s *Simulator) runObject(r *run, now time.Time) any {
	status, since := r.state(now)
	logs := r.logs(now)
	o := object{
		{"run_id", r.id},
		{"test_id", r.test.ID},
		{"status", status},
		{"triggered_by", triggeredBy},
		{"created_at", formatTime(r.created)},
		{"updated_at", formatTime(r.created.Add(since))},
	}
	o = s.optional(o, "completed_at", formatTime(r.created.Add(r.end)), r.ended(now))
	o = s.optional(o, "conversation_id", r.conversation, r.started(now))
	o = s.optional(o, "conversation_insights_id", "", false)
	o = append(o, member{"detail_status", r.details(now)})
	o = s.optional(o, "logs", logs, logs != "")
	return s.optional(o, "test_suite_run_id", r.suiteRun, r.suiteRun != "")
}

func (s *Simulator) getRun(c *call) (any, error) {
	t, err := s.testOf(c)
	if err != nil {
		return nil, err
	}
	id, err := c.uuid("run_id")
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(t.runs, func(r *run) bool { return r.id == id })
	if i < 0 {
		return nil, notFound("Test run " + id + " was not found.")
	}
	return s.runObject(t.runs[i], c.now), nil
}

func (s *Simulator) listRuns(c *call) (any, error) {
	t, err := s.testOf(c)
	if err != nil {
		return nil, err
	}
	return s.runList(c, t.runs)
}

func (s *Simulator) listSuiteRuns(c *call) (any, error) {
	suite, err := s.suiteOf(c)
	if err != nil {
		return nil, err
	}
	var found []*run
	for _, r := range s.suiteRuns[suite] {
		if c.passesFilter("test_suite_run_id", r.suiteRun) {
			found = append(found, r)
		}
	}
	return s.runList(c, found)
}

// runList answers runs newest first. The status filter compares with the words
// of TestStatus; its description in the OpenAPI names others, which match nothing.
func (s *Simulator) runList(c *call, all []*run) (any, error) {
	p, err := c.page()
	if err != nil {
		return nil, err
	}
	var found []*run
	for _, r := range slices.Backward(all) {
		if word, _ := r.state(c.now); c.passesFilter("status", word) {
			found = append(found, r)
		}
	}
	return listReply(p, found, func(r *run) any { return s.runObject(r, c.now) }), nil
}
