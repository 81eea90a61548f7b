package telnyx

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
)

func listJSON(number, pages, total int, items ...string) string {
	return fmt.Sprintf(`{"data":[%s],"meta":{"page_number":%d,"page_size":100,"total_pages":%d,"total_results":%d}}`,
		strings.Join(items, ","), number, pages, total)
}

// paged answers page requests.
func paged(answer func(number, size int, req *http.Request) string) *stubTransport {
	return &stubTransport{answer: func(_ int, req *http.Request) (*http.Response, error) {
		number, _ := strconv.Atoi(req.URL.Query().Get("page[number]"))
		size, _ := strconv.Atoi(req.URL.Query().Get("page[size]"))
		return reply(200, answer(number, size, req)), nil
	}}
}

func manyTests(from, n int) (items []string) {
	for i := range n {
		items = append(items, testJSON(fmt.Sprintf("t%d", from+i), "x"))
	}
	return items
}

func TestListTestsReadsAllPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next := paged(func(number, size int, req *http.Request) string {
			q := req.URL.Query()
			if size != 100 || q.Get("test_suite") != "a b&c" || q.Get("destination") != "+1 555" {
				t.Errorf("query %s", req.URL.RawQuery)
			}
			items := manyTests((number-1)*100, []int{100, 100, 50}[number-1])
			return listJSON(number, 3, 250, items...)
		})
		tests, err := newClient(t, next).ListTests(t.Context(), TestFilter{Suite: "a b&c", Destination: "+1 555"})
		if err != nil || len(tests) != 250 || tests[249].ID != "t249" || next.n.Load() != 3 {
			t.Errorf("%d tests in %d requests: %v", len(tests), next.n.Load(), err)
		}
	})
}

func TestListTestsBriefly(t *testing.T) {
	long := `{"test_id":"a","name":"n","description":"d","instructions":"i","rubric":[{"name":"Polite","criteria":"It is polite."}]}`
	for brief, want := range map[bool]Test{
		false: {ID: "a", Name: "n", Description: "d", Instructions: "i", Rubric: []Criterion{{"Polite", "It is polite."}}},
		true:  {ID: "a", Name: "n", Rubric: []Criterion{{Name: "Polite"}}},
	} {
		tests, err := newClient(t, always(200, listJSON(1, 1, 1, long))).ListTests(t.Context(), TestFilter{Brief: brief})
		if err != nil || !reflect.DeepEqual(tests, []Test{want}) {
			t.Errorf("brief %v: %+v %v", brief, tests, err)
		}
	}
}

func TestListTestsWithoutFilterSendsNone(t *testing.T) {
	next := paged(func(_, _ int, req *http.Request) string {
		if len(req.URL.Query()) != 2 {
			t.Errorf("query %s", req.URL.RawQuery)
		}
		return listJSON(1, 0, 0)
	})
	if tests, err := newClient(t, next).ListTests(t.Context(), TestFilter{}); err != nil || len(tests) != 0 {
		t.Error(tests, err)
	}
}

// A list that cannot be complete is an error, never a short list.
func TestListTestsNeverShort(t *testing.T) {
	one, two := testJSON("a", "1"), testJSON("b", "2")
	for name, tc := range map[string]struct {
		answer   func(number int) string
		requests int64
		words    string
	}{
		"pages for ever":      {func(n int) string { return listJSON(n, maxPages+1, 100*maxPages+1, one) }, 1, "more than 500 pages"},
		"fewer than said":     {func(n int) string { return listJSON(n, 1, 2, one) }, maxListings, "has 1 items but counts 2"},
		"more than said":      {func(n int) string { return listJSON(n, 1, 1, one, two) }, maxListings, "has 2 items but counts 1"},
		"said to be empty":    {func(n int) string { return listJSON(n, 0, 0, one) }, maxListings, "has 1 items but counts 0"},
		"empty page":          {func(n int) string { return listJSON(n, 2, 101, []string{one, two}[n-1]) }, 2 * maxListings, "has 2 items but counts 101"},
		"other totals":        {func(n int) string { return listJSON(n, 2, n, one) }, 2 * maxListings, "page 1 counts 1 items on 2 pages, page 2 counts 2 on 2"},
		"other pages":         {func(n int) string { return listJSON(n, 3-n, 2, one) }, 2 * maxListings, "contradicted itself each time"},
		"one twice, one lost": {func(n int) string { return listJSON(n, 2, 2, one) }, 2 * maxListings, `"a" came twice`},
		"twice on one page":   {func(n int) string { return listJSON(n, 1, 2, one, one) }, maxListings, `"a" came twice`},
		"twice beyond":        {func(n int) string { return listJSON(n, 2, 3, one+","+two, two) }, 2 * maxListings, "came twice"},
		"in other letters": {func(n int) string {
			return listJSON(n, 2, 2, testJSON([]string{testA, strings.ToUpper(testA)}[n-1], "x"))
		}, 2 * maxListings, "came twice"},
		"always page 1":       {func(int) string { return listJSON(1, 2, 2, one) }, 1 + maxTries, "got page 1"},
		"no meta":             {func(int) string { return `{"data":[` + one + `]}` }, maxTries, "meta"},
		"no total":            {func(int) string { return `{"data":[],"meta":{"page_number":1,"total_pages":1}}` }, maxTries, "total_results"},
		"no data":             {func(int) string { return `{"meta":{"page_number":1,"total_pages":1,"total_results":0}}` }, maxTries, "data is missing"},
		"null data":           {func(int) string { return strings.Replace(listJSON(1, 1, 0), "[]", "null", 1) }, maxTries, "data is missing"},
		"data is an object":   {func(int) string { return strings.Replace(listJSON(1, 1, 0), "[]", "{}", 1) }, maxTries, "/data: no list"},
		"bare list":           {func(int) string { return `[` + one + `]` }, maxTries, "a list makes no sense"},
		"one item is no test": {func(n int) string { return listJSON(n, 1, 2, one, `{"test_id":"b"}`) }, maxTries, "item 2"},
		"one item is null":    {func(n int) string { return listJSON(n, 1, 2, one, `null`) }, maxTries, "item 2"},
		"negative":            {func(n int) string { return listJSON(n, -1, 1, one) }, maxTries, "total_pages"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				next := paged(func(number, _ int, _ *http.Request) string { return tc.answer(number) })
				tests, err := newClient(t, next).ListTests(t.Context(), TestFilter{})
				wantError(t, err, KindMalformed)
				wantText(t, err.Error(), "list tests", tc.words)
				if tests != nil || next.n.Load() != tc.requests {
					t.Errorf("%d tests in %d requests, want %d", len(tests), next.n.Load(), tc.requests)
				}
			})
		})
	}
}

func TestListTestsChangedOnce(t *testing.T) {
	requests := 0
	next := paged(func(number, _ int, _ *http.Request) string {
		requests++
		if requests <= 2 { // c was deleted after the first page was read, so b has moved there unseen
			return listJSON(number, 2, 4-number, []string{testJSON("c", "x") + "," + testJSON("a", "x"), testJSON("d", "x")}[number-1])
		}
		return listJSON(number, 2, 2, testJSON([]string{"a", "b"}[number-1], "x"))
	})
	tests, err := newClient(t, next).ListTests(t.Context(), TestFilter{})
	if err != nil || len(tests) != 2 || tests[0].ID != "a" || tests[1].ID != "b" {
		t.Error(tests, err)
	}
}

// TestALongListIsReadAsFarAsWanted, however many pages it has.
func TestALongListIsReadAsFarAsWanted(t *testing.T) {
	next := paged(func(number, _ int, _ *http.Request) string {
		var items []string
		for i := range 100 {
			items = append(items, fmt.Sprintf(`{"run_id":"r%d","test_id":"t1","status":"passed"}`, 100*number+i))
		}
		return listJSON(number, maxPages+1, 100*(maxPages+1), items...)
	})
	runs, err := newClient(t, next).ListSuiteRuns(t.Context(), "s", 150)
	if err != nil || len(runs) != 150 || next.n.Load() != 2 {
		t.Errorf("%d runs in %d requests: %v", len(runs), next.n.Load(), err)
	}
}

func TestListTestsStopsAtFailure(t *testing.T) {
	next := &stubTransport{answer: func(n int, _ *http.Request) (*http.Response, error) {
		if n == 1 {
			return reply(200, listJSON(1, 2, 2, testJSON("a", "x"))), nil
		}
		return reply(401, ""), nil
	}}
	tests, err := newClient(t, next).ListTests(t.Context(), TestFilter{})
	wantError(t, err, KindUnauthorized)
	if tests != nil {
		t.Error(tests)
	}
}

func TestListRuns(t *testing.T) {
	item := func(id string) string {
		return `{"run_id":"` + id + `","test_id":"` + testA + `","status":"passed"}`
	}
	for _, tc := range []struct {
		most, size, requests int
		want                 string
	}{
		{0, 0, 0, ""}, {-1, 0, 0, ""}, {1, 1, 1, "r1"}, {2, 2, 1, "r1 r2"}, {3, 3, 2, "r1 r2 r3"}, {100, 100, 3, "r1 r2 r3 r4 r5"}, {500, 100, 3, "r1 r2 r3 r4 r5"},
	} {
		next := paged(func(number, size int, req *http.Request) string {
			if size != tc.size || req.URL.Path != "/v2/ai/assistants/tests/"+testA+"/runs" {
				t.Errorf("size %d of %s", size, req.URL)
			}
			return listJSON(number, 3, 5, [][]string{{item("r1"), item("r2")}, {item("r3"), item("r4")}, {item("r5")}}[number-1]...)
		})
		runs, err := newClient(t, next).ListRuns(t.Context(), testA, tc.most)
		var ids []string
		for _, r := range runs {
			ids = append(ids, r.ID)
		}
		if err != nil || strings.Join(ids, " ") != tc.want || next.n.Load() != int64(tc.requests) {
			t.Errorf("most %d: %v in %d requests: %v", tc.most, ids, next.n.Load(), err)
		}
	}
	requests := 0
	growing := paged(func(number, _ int, _ *http.Request) string {
		requests++
		if requests <= 2 { // r0 comes in after the first page was read
			return listJSON(number, 2, 2+number, [][]string{{item("r1"), item("r2")}, {item("r2"), item("r3")}}[number-1]...)
		}
		return listJSON(number, 2, 4, [][]string{{item("r0"), item("r1")}, {item("r2"), item("r3")}}[number-1]...)
	})
	if runs, err := newClient(t, growing).ListRuns(t.Context(), testA, 3); err != nil || len(runs) != 3 || runs[0].ID != "r0" || requests != 4 {
		t.Errorf("%+v in %d requests: %v", runs, requests, err)
	}
	synctest.Test(t, func(t *testing.T) {
		foreign := always(200, listJSON(1, 1, 1, strings.Replace(item("r1"), testA, testB, 1)))
		_, err := newClient(t, foreign).ListRuns(t.Context(), testA, 5)
		wantError(t, err, KindMalformed)
	})
}

func TestListSuites(t *testing.T) {
	next := always(200, `{"data":["b","a","b",""]}`)
	names, err := newClient(t, next).ListSuites(t.Context())
	if err != nil || !slices.Equal(names, []string{"b", "a", ""}) {
		t.Errorf("%q %v", names, err)
	}
	for _, body := range []string{`{}`, `{"data":null}`, `{"data":[1]}`, `{"data":[null]}`, `["a"]`, `{"data":{"a":1}}`} {
		synctest.Test(t, func(t *testing.T) {
			names, err := newClient(t, always(200, body)).ListSuites(t.Context())
			wantError(t, err, KindMalformed)
			if names != nil {
				t.Errorf("%s: %q", body, names)
			}
		})
	}
}

func TestListAssistants(t *testing.T) {
	body := func(items ...string) string { return `{"data":[` + strings.Join(items, ",") + `]}` }
	var path string
	next := &stubTransport{answer: func(_ int, req *http.Request) (*http.Response, error) {
		path = req.URL.String()
		return reply(200, body(versionJSON("assistant-2", `,"version_id":"v1","version_name":"one"`), versionJSON("assistant-1", `,"version_id":null`))), nil
	}}
	got, err := newClient(t, next).ListAssistants(t.Context())
	want := []Assistant{{ID: "assistant-2", Name: "Clinic", LiveID: "v1", LiveName: "one"}, {ID: "assistant-1", Name: "Clinic"}}
	if err != nil || !slices.Equal(got, want) || path != "https://api.telnyx.test/v2/ai/assistants" {
		t.Errorf("%s: %+v %v", path, got, err)
	}
	for _, bad := range []string{body(`{"name":"x"}`), body(`{"id":7}`), body("null"), `{}`, `[]`} {
		synctest.Test(t, func(t *testing.T) {
			_, err := newClient(t, always(200, bad)).ListAssistants(t.Context())
			wantError(t, err, KindMalformed)
		})
	}
}

func versionJSON(assistant, more string) string {
	return `{"id":"` + assistant + `","name":"Clinic","created_at":"2026-01-01T00:00:00Z","model":"m","instructions":"i"` + more + `}`
}

func TestGetVersion(t *testing.T) {
	const assistant = "assistant-1"
	for name, tc := range map[string]struct {
		body string
		want string // version id; empty: refused
	}{
		"as asked":        {versionJSON(assistant, `,"version_id":"v1","version_name":"n","version_created_at":"2026-01-02T00:00:00Z"`), "v1"},
		"envelope":        {`{"data":` + versionJSON(assistant, `,"version_id":"v1"`) + `}`, "v1"},
		"without its id":  {versionJSON(assistant, ``), "v1"},
		"null as id":      {versionJSON(assistant, `,"version_id":null`), "v1"},
		"other version":   {versionJSON(assistant, `,"version_id":"v2"`), ""},
		"empty version":   {versionJSON(assistant, `,"version_id":""`), ""},
		"number":          {versionJSON(assistant, `,"version_id":1`), ""},
		"other assistant": {versionJSON("assistant-2", `,"version_id":"v1"`), ""},
		"no assistant":    {`{"version_id":"v1"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v, err := newClient(t, always(200, tc.body)).GetVersion(t.Context(), assistant, "v1")
				if v.ID != tc.want || (err == nil) != (tc.want != "") {
					t.Errorf("%+v %v", v, err)
				}
				if tc.want == "" {
					wantError(t, err, KindMalformed)
				} else if v.AssistantID != assistant || v.AssistantName != "Clinic" {
					t.Errorf("%+v", v)
				}
			})
		})
	}
}

func TestListVersions(t *testing.T) {
	const assistant = "assistant-1"
	body := func(items ...string) string { return `{"data":[` + strings.Join(items, ",") + `]}` }
	v1, v2 := versionJSON(assistant, `,"version_id":"v1","version_name":"one"`), versionJSON(assistant, `,"version_id":"v2"`)
	var path string
	next := &stubTransport{answer: func(_ int, req *http.Request) (*http.Response, error) {
		path = req.URL.String()
		return reply(200, body(v2, v1)), nil
	}}
	versions, err := newClient(t, next).ListVersions(t.Context(), assistant)
	if err != nil || len(versions) != 2 || versions[0].ID != "v2" || versions[1].Name != "one" {
		t.Errorf("%+v %v", versions, err)
	}
	if path != "https://api.telnyx.test/v2/ai/assistants/assistant-1/versions" {
		t.Error(path)
	}
	for _, bad := range []string{body(versionJSON(assistant, "")), body(versionJSON("assistant-2", `,"version_id":"v1"`)), body("null"), body(v2, v1, v2), `{}`} {
		synctest.Test(t, func(t *testing.T) {
			_, err := newClient(t, always(200, bad)).ListVersions(t.Context(), assistant)
			wantError(t, err, KindMalformed)
		})
	}
}

// TestListVersionsReadsPages if Telnyx has them, and does not treat an incomplete list as complete.
func TestListVersionsReadsPages(t *testing.T) {
	const assistant = "assistant-1"
	version := func(id string) string { return versionJSON(assistant, `,"version_id":"`+id+`"`) }
	next := &stubTransport{answer: func(_ int, req *http.Request) (*http.Response, error) {
		if req.URL.Query().Get("page[number]") == "2" {
			return reply(200, listJSON(2, 2, 3, version("v1"))), nil
		}
		return reply(200, listJSON(1, 2, 3, version("v3"), version("v2"))), nil
	}}
	versions, err := newClient(t, next).ListVersions(t.Context(), assistant)
	if err != nil || len(versions) != 3 || versions[2].ID != "v1" {
		t.Errorf("%+v %v", versions, err)
	}
	synctest.Test(t, func(t *testing.T) {
		_, err := newClient(t, always(200, listJSON(1, 1, 3, version("v3")))).ListVersions(t.Context(), assistant)
		wantError(t, err, KindMalformed)
		_, err = newClient(t, paged(func(n, _ int, _ *http.Request) string { return listJSON(max(n, 1), 2, 2, version("v3")) })).ListVersions(t.Context(), assistant)
		wantError(t, err, KindMalformed)
		wantText(t, err.Error(), `"v3" came twice`)
	})
}

func FuzzDecodePage(f *testing.F) {
	f.Add([]byte(listJSON(1, 1, 1, testJSON("a", "x"))))
	f.Add([]byte(`{"data":[{}],"meta":{}}`))
	f.Add([]byte(`{"data":null,"meta":{"page_number":1.5}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		fuzzing.Bound(t)
		p, err := pageOf(wireTest.test)(body)
		if err == nil && (p.number < 0 || p.pages < 0 || p.total < 0 || p.items == nil) {
			t.Fatalf("%q: %+v", body, p)
		}
	})
}
