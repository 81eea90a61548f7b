package telnyx

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"time"
)

const testsPath = "/ai/assistants/tests"

// maxTestDuration limits a test's max_duration_seconds; Telnyx allows an hour.
const maxTestDuration = 24 * time.Hour

// ListTests returns all tests that match the filter, from all pages, in Telnyx's order. The list is complete, or there is an error.
func (c *Client) ListTests(ctx context.Context, filter TestFilter) ([]Test, error) {
	query := url.Values{}
	for name, value := range map[string]string{
		"test_suite":  filter.Suite,
		"destination": filter.Destination,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	l := testListing()
	l.query = query
	if filter.Brief {
		l.decode = pageOf(wireTest.brief)
	}
	return l.read(ctx, c)
}

// FindTests returns those of the tests that the list of all tests has, in Telnyx's order. It fails if the list has more pages than a
// quarter of the number of ids: one request for each test then transfers much less.
func (c *Client) FindTests(ctx context.Context, ids []string) ([]Test, error) {
	l := testListing()
	l.pages = max(len(ids)/4, 1)
	tests, err := l.read(ctx, c)
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[IDKey(id)] = true
	}
	return slices.DeleteFunc(tests, func(t Test) bool { return !wanted[IDKey(t.ID)] }), err
}

func testListing() listing[Test] {
	return listing[Test]{
		op:     "list tests",
		path:   testsPath,
		decode: pageOf(wireTest.test),
		id:     func(t Test) string { return t.ID },
	}
}

// GetTest returns one test. An answer about another test is an error of KindMalformed.
func (c *Client) GetTest(ctx context.Context, id string) (Test, error) {
	op := "get test " + showID(id)
	if err := checkIDs(op, id); err != nil {
		return Test{}, err
	}
	to := call{op: op, path: testsPath + "/" + url.PathEscape(id)}
	return lookUp(ctx, c, to, fromBody(func(b []byte) (Test, error) {
		test, err := decodeTest(b)
		if err != nil {
			return Test{}, err
		}
		return test, checkSame("test", id, test.ID)
	}))
}

// ListSuites returns the names of all suites, each once, in Telnyx's order (TestSuitesResponse). They decide
// nothing.
func (c *Client) ListSuites(ctx context.Context) ([]string, error) {
	names, err := listing[string]{
		op:      "list test suites",
		path:    testsPath + "/test-suites",
		decode:  pageOf(func(name string) (string, error) { return name, nil }),
		trusted: true,
	}.readWhole(ctx, c)
	if err != nil {
		return nil, err
	}
	seen := make(map[string]bool)
	return slices.DeleteFunc(names, func(name string) bool {
		again := seen[name]
		seen[name] = true
		return again
	}), nil
}

// wireTest is AssistantTestResponse. In a list, only id and name are required: GetTest returns the rest that a decision needs.
type wireTest struct {
	ID           string                  `json:"test_id"`
	Name         *string                 `json:"name"`
	Channel      Channel                 `json:"telnyx_conversation_channel"`
	Destination  string                  `json:"destination"`
	Suite        string                  `json:"test_suite"`
	Rubric       criteria[wireCriterion] `json:"rubric"`
	Description  looseText               `json:"description"`
	Instructions looseText               `json:"instructions"`
	MaxDuration  looseSeconds            `json:"max_duration_seconds"`
	CreatedAt    looseTime               `json:"created_at"`
}

// wireCriterion is an item of a rubric. Telnyx adds fields that are not in the contract.
type wireCriterion struct {
	Name string    `json:"name"`
	Text looseText `json:"criteria"`
}

// decodeTest decodes the answer for a single test. It requires channel and rubric, as the contract does: without the rubric, nobody would
// notice a criterion that was not judged.
func decodeTest(body []byte) (Test, error) {
	body, err := unwrap(body, "test_id")
	if err != nil {
		return Test{}, err
	}
	var w wireTest
	if err := decode(body, &w); err != nil {
		return Test{}, err
	}
	switch {
	case w.Rubric == nil:
		return Test{}, errors.New("rubric is missing")
	case w.Channel == "":
		return Test{}, errors.New("telnyx_conversation_channel is missing")
	}
	return w.test()
}

// brief returns the test without its long texts; see TestFilter.
func (w wireTest) brief() (Test, error) {
	w.Description, w.Instructions = "", ""
	for i := range w.Rubric {
		w.Rubric[i].Text = ""
	}
	return w.test()
}

func (w wireTest) test() (Test, error) {
	if err := checkID("test_id", w.ID); err != nil {
		return Test{}, err
	}
	if w.Name == nil {
		return Test{}, errors.New("name is missing")
	}
	test := Test{
		ID:           w.ID,
		Name:         *w.Name,
		Description:  string(w.Description),
		Channel:      w.Channel,
		Destination:  w.Destination,
		MaxDuration:  time.Duration(w.MaxDuration),
		Suite:        w.Suite,
		Instructions: string(w.Instructions),
		CreatedAt:    w.CreatedAt.Time,
	}
	if w.Rubric != nil {
		test.Rubric = make([]Criterion, len(w.Rubric))
	}
	for i, c := range w.Rubric {
		test.Rubric[i] = Criterion{Name: c.Name, Text: string(c.Text)}
	}
	return test, nil
}
