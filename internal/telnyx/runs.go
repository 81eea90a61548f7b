package telnyx

import (
	"context"
	"errors"
	"net/url"
)

// GetRun asks once for a run; the caller decides when to ask again. An answer about another run or test is an error of KindMalformed.
func (c *Client) GetRun(ctx context.Context, testID, runID string) (Run, error) {
	op := "get run " + showID(runID) + " of test " + showID(testID)
	if err := checkIDs(op, testID, runID); err != nil {
		return Run{}, err
	}
	to := call{op: op, path: runsPath(testID) + "/" + url.PathEscape(runID)}
	return get(ctx, c, to, fromBody(func(b []byte) (Run, error) {
		run, err := decodeRun(b)
		if err != nil {
			return Run{}, err
		}
		if err := checkSame("test", testID, run.TestID); err != nil {
			return Run{}, err
		}
		return run, checkSame("run", runID, run.ID)
	}))
}

// ListRuns returns up to limit runs of a test from the start of Telnyx's list; none if limit is 0 or less. Telnyx does not document the
// order; newest first is expected.
func (c *Client) ListRuns(ctx context.Context, testID string, limit int) ([]Run, error) {
	op := "list runs of test " + showID(testID)
	if err := checkIDs(op, testID); err != nil {
		return nil, err
	}
	if limit <= 0 {
		return nil, nil
	}
	return listing[Run]{
		op:   op,
		path: runsPath(testID),
		decode: pageOf(func(w wireRun) (Run, error) {
			run, err := w.run()
			if err != nil {
				return Run{}, err
			}
			return run, checkSame("test", testID, run.TestID)
		}),
		id:    func(r Run) string { return r.ID },
		limit: limit,
	}.read(ctx, c)
}

func runsPath(testID string) string { return testsPath + "/" + url.PathEscape(testID) + "/runs" }

// wireRun is TestRunResponse. Only run, test and status are required.
type wireRun struct {
	ID             string               `json:"run_id"`
	TestID         string               `json:"test_id"`
	Status         string               `json:"status"`
	SuiteRunID     string               `json:"test_suite_run_id"`
	Criteria       criteria[wireResult] `json:"detail_status"`
	CreatedAt      looseTime            `json:"created_at"`
	CompletedAt    looseTime            `json:"completed_at"`
	ConversationID looseText            `json:"conversation_id"`
	Logs           looseText            `json:"logs"`
}

// wireResult is TestRunDetailResult. A missing status becomes an empty one, which is not a pass.
type wireResult struct {
	Name   string `json:"name"`
	Status Status `json:"status"`
}

func decodeRun(body []byte) (Run, error) {
	body, err := unwrap(body, "run_id")
	if err != nil {
		return Run{}, err
	}
	var w wireRun
	if err := decode(body, &w); err != nil {
		return Run{}, err
	}
	return w.run()
}

func (w wireRun) run() (Run, error) {
	if err := checkID("run_id", w.ID); err != nil {
		return Run{}, err
	}
	if err := checkID("test_id", w.TestID); err != nil {
		return Run{}, err
	}
	if w.Status == "" {
		return Run{}, errors.New("status is missing")
	}
	run := Run{
		ID:             w.ID,
		TestID:         w.TestID,
		Status:         Status(w.Status),
		CreatedAt:      w.CreatedAt.Time,
		CompletedAt:    w.CompletedAt.Time,
		ConversationID: string(w.ConversationID),
		SuiteRunID:     w.SuiteRunID,
		Logs:           string(w.Logs),
	}
	for _, result := range w.Criteria {
		run.Criteria = append(run.Criteria, CriterionResult(result))
	}
	return run, nil
}
