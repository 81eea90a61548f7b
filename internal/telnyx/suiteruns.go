package telnyx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// RunsPage is the maximum number of runs on a page of a suite's list.
const RunsPage = pageSize

// SuiteTriggerRequest asks for one run of every test of a suite.
type SuiteTriggerRequest struct {
	Suite string // see ValidSuite
	// VersionID and IdempotencyKey are as in TriggerRequest.
	VersionID, IdempotencyKey string
}

// SuiteTriggered is the answer to a SuiteTriggerRequest: the runs that were made, in Telnyx's order.
type SuiteTriggered struct {
	Runs []Run
	// Replayed is true if Telnyx answered with the runs of an earlier send of the same key.
	Replayed bool
	// Answered is when Telnyx answered by its own clock (response header Date); zero if the header is missing.
	Answered time.Time
}

// SuiteRunsRequest asks for a page of the runs that one trigger of a suite made.
type SuiteRunsRequest struct {
	Suite      string
	SuiteRunID string // test_suite_run_id of the runs
	Page       int    // from 1
}

// SuiteRuns is one page of the runs that a trigger of a suite made.
type SuiteRuns struct {
	Runs  []Run
	Total int // runs on all pages, as Telnyx counts them
}

// ValidSuite reports whether a URL's path can contain the name: it is valid UTF-8 and not empty, "." or "..".
func ValidSuite(name string) bool {
	_, err := segment(name)
	return err == nil
}

// TriggerSuite asks for one run of every test of a suite and sends the request exactly once. See TriggerTest for errors and for calling it
// again.
func (c *Client) TriggerSuite(ctx context.Context, r SuiteTriggerRequest) (SuiteTriggered, error) {
	op := fmt.Sprintf("trigger suite %.100q", r.Suite)
	if err := checkSuite(op, r.Suite); err != nil {
		return SuiteTriggered{}, err
	}
	if err := checkTriggerText(op, r.VersionID, r.IdempotencyKey); err != nil {
		return SuiteTriggered{}, err
	}
	body, err := triggerBody(op, r.VersionID, r.IdempotencyKey)
	if err != nil {
		return SuiteTriggered{}, err
	}
	return post(ctx, c, call{op: op, path: suiteRunsPath(r.Suite)}, body, func(header http.Header, b []byte) (SuiteTriggered, error) {
		runs, err := decodeRuns(b)
		return SuiteTriggered{Runs: runs, Replayed: replayed(header), Answered: dateOf(header)}, err
	})
}

// decodeRuns decodes the bare array that answers a suite's trigger (Telnyx OpenAPI 2026-07-16), or one wrapped as
// {"data":[...]}, as in Telnyx's general documentation.
func decodeRuns(body []byte) ([]Run, error) {
	if jsontext.NewDecoder(bytes.NewBuffer(body)).PeekKind() == jsontext.KindBeginArray {
		var runs rows[wireRun]
		if err := decode(body, &runs); err != nil {
			return nil, err
		}
		return each(runs, wireRun.run)
	}
	var wrapped struct {
		Data rows[wireRun] `json:"data"`
	}
	if err := decode(body, &wrapped); err != nil {
		return nil, err
	}
	if wrapped.Data == nil {
		return nil, errNoData
	}
	return each(wrapped.Data, wireRun.run)
}

// GetSuiteRuns asks once for a page of RunsPage runs that one trigger of a suite made (test_suite_run_id of the list's
// query). The caller decides when to ask again, and checks that the runs are the ones asked for.
func (c *Client) GetSuiteRuns(ctx context.Context, r SuiteRunsRequest) (SuiteRuns, error) {
	op := fmt.Sprintf("list the runs of suite %.100q", r.Suite)
	if err := checkSuite(op, r.Suite); err != nil {
		return SuiteRuns{}, err
	}
	query := url.Values{
		"test_suite_run_id": {r.SuiteRunID},
		"page[number]":      {strconv.Itoa(r.Page)},
		"page[size]":        {strconv.Itoa(pageSize)},
	}
	to := call{op: op, path: suiteRunsPath(r.Suite), query: query}
	return get(ctx, c, to, fromBody(func(b []byte) (SuiteRuns, error) {
		p, err := pageOf(wireRun.run)(b)
		if err != nil {
			return SuiteRuns{}, err
		}
		return SuiteRuns{Runs: p.items, Total: p.total}, p.check(r.Page)
	}))
}

// ListSuiteRuns is ListRuns for all tests of a suite, whatever triggered the runs.
func (c *Client) ListSuiteRuns(ctx context.Context, suite string, limit int) ([]Run, error) {
	op := fmt.Sprintf("list the runs of suite %.100q", suite)
	if err := checkSuite(op, suite); err != nil {
		return nil, err
	}
	if limit <= 0 {
		return nil, nil
	}
	return listing[Run]{
		op: op, path: suiteRunsPath(suite), decode: pageOf(wireRun.run), limit: limit,
		id: func(r Run) string { return r.ID },
	}.read(ctx, c)
}

func checkSuite(op, name string) error {
	if ValidSuite(name) {
		return nil
	}
	return &Error{Op: op, Kind: KindRejected, Err: errors.New("a request cannot name this suite")}
}

func suiteRunsPath(suite string) string {
	return testsPath + "/test-suites/" + url.PathEscape(suite) + "/runs"
}
