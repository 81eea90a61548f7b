package telnyx

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
)

// maxExtra bounds the unknown fields that are kept of a run, names and values together, in bytes.
const maxExtra = 16 << 10

// GetRun asks once for a run; when to ask again is the caller's. An answer about another run or test is an error of
// KindMalformed.
func (c *Client) GetRun(ctx context.Context, testID, runID string) (Run, error) {
	op := "get run " + showID(runID) + " of test " + showID(testID)
	if err := checkIDs(op, testID, runID); err != nil {
		return Run{}, err
	}
	address := c.url(runsPath(testID)+"/"+url.PathEscape(runID), nil)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Run{}, &Error{Op: op, Kind: KindRefused, Err: c.cause(ctx, err)}
	}
	var run Run
	err = c.once(op, req, func(_ http.Header, body []byte) (err error) {
		if run, err = decodeRun(body); err != nil {
			return err
		}
		if err = checkSame("test", testID, run.TestID); err != nil {
			return err
		}
		return checkSame("run", runID, run.ID)
	})
	if err != nil {
		return Run{}, err
	}
	return run, nil
}

// ListRuns returns runs of a test from the start of Telnyx's list until there are most of them, or all where there are
// fewer; none where most is 0 or less. The order is Telnyx's and documented nowhere; newest first is expected.
func (c *Client) ListRuns(ctx context.Context, testID string, most int) ([]Run, error) {
	op := "list runs of test " + showID(testID)
	if err := checkIDs(op, testID); err != nil {
		return nil, err
	}
	if most <= 0 {
		return nil, nil
	}
	return listing[Run]{
		op:   op,
		path: runsPath(testID),
		items: objects(func(f fields) (Run, error) {
			run, err := runOf(f)
			if err != nil {
				return Run{}, err
			}
			return run, checkSame("test", testID, run.TestID)
		}),
		id:   func(r Run) string { return r.ID },
		most: most,
	}.read(ctx, c)
}

func runsPath(testID string) string { return testsPath + "/" + url.PathEscape(testID) + "/runs" }

// runFields are the fields of TestRunResponse that Run has a place for.
var runFields = []string{
	"run_id", "test_id", "status", "triggered_by", "created_at", "completed_at", "updated_at",
	"conversation_id", "conversation_insights_id", "test_suite_run_id", "detail_status", "logs",
}

// decodeRun decodes TestRunResponse. Only run, test and status must be there.
func decodeRun(raw []byte) (Run, error) {
	f, err := parseBare(raw, "run_id")
	if err != nil {
		return Run{}, err
	}
	return runOf(f)
}

func runOf(f fields) (run Run, err error) {
	run = Run{
		TriggeredBy:    f.text("triggered_by"),
		CreatedAt:      f.time("created_at"),
		CompletedAt:    f.time("completed_at"),
		UpdatedAt:      f.time("updated_at"),
		ConversationID: f.text("conversation_id"),
		InsightsID:     f.text("conversation_insights_id"),
		SuiteRunID:     f.text("test_suite_run_id"),
		Logs:           f.text("logs"),
		Extra:          extraFields(f),
	}
	if run.ID, err = f.requiredID("run_id"); err != nil {
		return Run{}, err
	}
	if run.TestID, err = f.requiredID("test_id"); err != nil {
		return Run{}, err
	}
	status, err := f.required("status")
	if err != nil {
		return Run{}, err
	}
	run.Status = Status(status)
	if run.Criteria, err = decodeCriteria(f); err != nil {
		return Run{}, err
	}
	return run, nil
}

// decodeCriteria decodes detail_status. A criterion without a status is kept with an empty one, which is no pass; one
// that makes no sense at all spoils the run: without it the run could look better than it is.
func decodeCriteria(f fields) ([]CriterionResult, error) {
	list, err := f.objects("detail_status")
	if err != nil {
		return nil, err
	}
	var results []CriterionResult
	for _, item := range list {
		results = append(results, CriterionResult{Name: item.text("name"), Status: Status(item.text("status"))})
	}
	return results, nil
}

// extraFields returns the fields that Run has no place for, in the order of their names as far as maxExtra allows.
func extraFields(f fields) map[string]json.RawMessage {
	var unknown fields
	for _, m := range f {
		if !slices.Contains(runFields, string(m.name)) {
			unknown = append(unknown, m)
		}
	}
	slices.SortStableFunc(unknown, func(a, b member) int { return bytes.Compare(a.name, b.name) })
	var extra map[string]json.RawMessage
	left := maxExtra
	for i, m := range unknown {
		size := len(m.name) + len(m.value)
		repeated := i+1 < len(unknown) && bytes.Equal(m.name, unknown[i+1].name) // the last counts
		if repeated || size > left {
			continue
		}
		left -= size
		if extra == nil {
			extra = make(map[string]json.RawMessage)
		}
		extra[string(m.name)] = bytes.Clone(m.value) // a part of the body would keep all of it
	}
	return extra
}
