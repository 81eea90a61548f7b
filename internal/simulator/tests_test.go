package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/golden"
)

// names lists one member of every entry of a list answer's data.
func names(body map[string]any, member string) string {
	var all []string
	for _, entry := range body["data"].([]any) {
		if o, ok := entry.(map[string]any); ok {
			entry = o[member]
		}
		all = append(all, fmt.Sprint(entry))
	}
	return strings.Join(all, ",")
}

func metaOf(body map[string]any) string {
	m := body["meta"].(map[string]any)
	return fmt.Sprintf("page %v of %v, %v results by %v", m["page_number"], m["total_pages"], m["total_results"], m["page_size"])
}

func TestListTests(t *testing.T) {
	c := newClient(t, "")
	tests := map[string]struct{ want, meta string }{
		"":                           {"Books,Bills,Lonely", "page 1 of 1, 3 results by 20"},
		"?test_suite=Front+%2F+desk": {"Books,Bills", "page 1 of 1, 2 results by 20"},
		"?test_suite=front+%2F+desk": {"", "page 1 of 0, 0 results by 20"},
		"?telnyx_conversation_channel=phone_call":   {"Bills", "page 1 of 1, 1 results by 20"},
		"?telnyx_conversation_channel=web_chat":     {"Books,Lonely", "page 1 of 1, 2 results by 20"},
		"?destination=%2B13125550142":               {"Bills", "page 1 of 1, 1 results by 20"},
		"?destination=" + desk + "&test_suite=":     {"", "page 1 of 0, 0 results by 20"},
		"?page[number]=2&page[size]=2":              {"Lonely", "page 2 of 2, 3 results by 2"},
		"?page%5Bnumber%5D=1&page%5Bsize%5D=1":      {"Books", "page 1 of 3, 3 results by 1"},
		"?page[number]=9":                           {"", "page 9 of 1, 3 results by 20"},
		"?page[number]=9223372036854775807":         {"", "page 9223372036854775807 of 1, 3 results by 20"},
		"?page[size]=100&unknown=parameter&page=12": {"Books,Bills,Lonely", "page 1 of 1, 3 results by 100"},
	}
	for query, want := range tests {
		body := c.get(testsPath+query).want(t, http.StatusOK)
		meta := strings.Replace(want.meta, "9223372036854775807", "9.223372036854776e+18", 1)
		if got := names(body, "name"); got != want.want || metaOf(body) != meta {
			t.Errorf("%s: %q, %s, want %+v", query, got, metaOf(body), want)
		}
	}
}

func TestGetTest(t *testing.T) {
	c := newClient(t, "")
	golden.Compare(t, "testdata/test.json", indent(t, c.get(testsPath+"/"+booking)))
	golden.Compare(t, "testdata/test-bare.json", indent(t, c.get(testsPath+"/"+lonely)))
	golden.Compare(t, "testdata/test-nulls.json", indent(t, newClient(t, "nulls: true").get(testsPath+"/"+lonely)))
	if a := c.get(testsPath + "/" + strings.ToUpper(booking)); a.status != http.StatusOK {
		t.Errorf("upper case: %d", a.status)
	}
}

func indent(t *testing.T, a answer) string {
	t.Helper()
	if a.status >= 300 {
		t.Fatalf("status is %d: %s", a.status, a.text)
	}
	var value any
	if err := json.Unmarshal([]byte(a.text), &value); err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + "\n"
}

func TestListSuites(t *testing.T) {
	if a := newClient(t, "").get(testsPath + "/test-suites"); a.text != `{"data":["Front / desk"]}` {
		t.Error(a.text)
	}
}
