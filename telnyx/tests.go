package telnyx

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
)

const testsPath = "/ai/assistants/tests"

// maxTestDuration bounds what is believed of a test's max_duration_seconds; Telnyx allows an hour.
const maxTestDuration = 24 * time.Hour

// ListTests returns all tests that the filter lets through, over all pages, in Telnyx's order. The list is complete, or
// there is an error.
func (c *Client) ListTests(ctx context.Context, filter TestFilter) ([]Test, error) {
	query := url.Values{}
	for name, value := range map[string]string{
		"test_suite":                  filter.Suite,
		"telnyx_conversation_channel": string(filter.Channel),
		"destination":                 filter.Destination,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	l := testListing()
	l.query = query
	return l.read(ctx, c)
}

// FindTests returns the tests with these ids as far as the list of all tests has them, in Telnyx's order. A list of more pages
// than a quarter of the ids is not read on, which is an error: asking for each takes a few more requests, but much less of an
// answer.
func (c *Client) FindTests(ctx context.Context, ids []string) ([]Test, error) {
	l := testListing()
	l.pages = max(len(ids)/4, 1)
	tests, err := l.read(ctx, c)
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	return slices.DeleteFunc(tests, func(t Test) bool { return !wanted[t.ID] }), err
}

func testListing() listing[Test] {
	return listing[Test]{
		op:    "list tests",
		path:  testsPath,
		items: objects(testOf),
		id:    func(t Test) string { return t.ID },
	}
}

// GetTest returns one test. An answer about another test is an error of KindMalformed.
func (c *Client) GetTest(ctx context.Context, id string) (Test, error) {
	op := "get test " + showID(id)
	if err := checkIDs(op, id); err != nil {
		return Test{}, err
	}
	var test Test
	err := c.look(ctx, op, testsPath+"/"+url.PathEscape(id), nil, func(_ http.Header, body []byte) (err error) {
		if test, err = decodeTest(body); err != nil {
			return err
		}
		return checkSame("test", id, test.ID)
	})
	if err != nil {
		return Test{}, err
	}
	return test, nil
}

// ListSuites returns the names of all suites, each once, in Telnyx's order (TestSuitesResponse).
func (c *Client) ListSuites(ctx context.Context) ([]string, error) {
	var names []string
	err := c.look(ctx, "list test suites", testsPath+"/test-suites", nil, func(_ http.Header, body []byte) error {
		f, err := parseFields(body)
		if err != nil {
			return err
		}
		list, err := elements(decodeName)(f)
		names = list
		return err
	})
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

func decodeName(raw json.RawMessage) (string, error) {
	var name *string
	if err := json.Unmarshal(raw, &name); err != nil || name == nil {
		return "", fmt.Errorf("%.100s is no name", raw)
	}
	return *name, nil
}

// decodeTest decodes AssistantTestResponse. Only its id and name must be there.
func decodeTest(raw []byte) (Test, error) {
	f, err := parseBare(raw, "test_id")
	if err != nil {
		return Test{}, err
	}
	return testOf(f)
}

func testOf(f fields) (Test, error) {
	id, err := f.requiredID("test_id")
	if err != nil {
		return Test{}, err
	}
	name, err := f.required("name")
	if err != nil {
		return Test{}, err
	}
	rubric, err := decodeRubric(f)
	if err != nil {
		return Test{}, err
	}
	return Test{
		ID:           id,
		Name:         name,
		Description:  f.text("description"),
		Channel:      Channel(f.text("telnyx_conversation_channel")),
		Destination:  f.text("destination"),
		MaxDuration:  f.duration("max_duration_seconds"),
		Suite:        f.text("test_suite"),
		Instructions: f.text("instructions"),
		Rubric:       rubric,
		CreatedAt:    f.time("created_at"),
	}, nil
}

func decodeRubric(f fields) ([]Criterion, error) {
	list, err := f.objects("rubric")
	if err != nil {
		return nil, err
	}
	var rubric []Criterion
	for _, item := range list {
		rubric = append(rubric, Criterion{Name: item.text("name"), Text: item.text("criteria")})
	}
	return rubric, nil
}

// duration returns a number of seconds; 0 where there is none, or none that makes sense.
func (f fields) duration(name string) time.Duration {
	var seconds float64
	if json.Unmarshal(f.raw(name), &seconds) != nil || seconds <= 0 {
		return 0
	}
	return time.Duration(min(seconds, maxTestDuration.Seconds()) * float64(time.Second))
}
