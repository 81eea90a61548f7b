package telnyx

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// slowPages answers each page of 100 tests, t0 to t(total-1), after a second, and keeps how many it answered at the same
// time.
func slowPages(total int) (next *stubTransport, most *atomic.Int64) {
	var inside atomic.Int64
	most = new(atomic.Int64)
	return &stubTransport{answer: func(_ int, req *http.Request) (*http.Response, error) {
		now := inside.Add(1)
		defer inside.Add(-1)
		for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
			continue
		}
		time.Sleep(time.Second)
		number, _ := strconv.Atoi(req.URL.Query().Get("page[number]"))
		from := (number - 1) * 100
		items := manyTests(from, min(100, total-from))
		return reply(200, listJSON(number, (total+99)/100, total, items...)), nil
	}}, most
}

func TestListTestsReadsPagesTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next, most := slowPages(3950)
		tests, err := newClient(t, next).ListTests(t.Context(), TestFilter{})
		if err != nil || len(tests) != 3950 || next.n.Load() != 40 || most.Load() != pagesAtOnce {
			t.Fatalf("%d tests in %d requests, %d at the same time: %v", len(tests), next.n.Load(), most.Load(), err)
		}
		for i, test := range tests {
			if test.ID != fmt.Sprintf("t%d", i) {
				t.Fatalf("%s is number %d", test.ID, i)
			}
		}
	})
}

func TestFindTests(t *testing.T) {
	for _, tt := range []struct {
		total, ids int
		requests   int64
		fails      bool
	}{
		{total: 0, ids: 0, requests: 1},
		{total: 100, ids: 1, requests: 1},
		{total: 101, ids: 1, requests: 1, fails: true},
		{total: 300, ids: 15, requests: 3},
		{total: 301, ids: 15, requests: 1, fails: true},
		{total: 250, ids: 100, requests: 3},
	} {
		t.Run(fmt.Sprintf("%d of %d", tt.ids, tt.total), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				next, _ := slowPages(tt.total)
				var ids, want []string
				for i := range tt.ids {
					ids = append(ids, fmt.Sprintf("t%d", 2*i+1))
				}
				tests, err := newClient(t, next).FindTests(t.Context(), ids)
				if !tt.fails {
					want = ids
				}
				var got []string
				for _, test := range tests {
					got = append(got, test.ID)
				}
				if !slices.Equal(got, want) || next.n.Load() != tt.requests || (err != nil) != tt.fails {
					t.Errorf("%d tests in %d requests: %v", len(got), next.n.Load(), err)
				}
			})
		})
	}
}

// TestFindTestsFindsWhatThereIs, and neither more nor, unless it is a UUID, what differs in case.
func TestFindTestsFindsWhatThereIs(t *testing.T) {
	next := paged(func(number, _ int, req *http.Request) string {
		if query, _ := url.ParseQuery(req.URL.RawQuery); len(query) != 2 {
			t.Errorf("query %s", req.URL.RawQuery)
		}
		return listJSON(number, 1, 4, testJSON("a", "x"), testJSON("b", "x"), testJSON("c", "x"), testJSON(testA, "x"))
	})
	tests, err := newClient(t, next).FindTests(t.Context(), []string{"c", "B", "a", "d", strings.ToUpper(testA)})
	if err != nil || len(tests) != 3 || tests[0].ID != "a" || tests[1].ID != "c" || tests[2].ID != testA {
		t.Error(tests, err)
	}
}

// TestAPanicWhileAPageIsDecoded reaches the caller, who may guard against it.
func TestAPanicWhileAPageIsDecoded(t *testing.T) {
	defer func() {
		if p := fmt.Sprint(recover()); !strings.Contains(p, "boom") || !strings.Contains(p, "goroutine") {
			t.Errorf("recovered %s", p)
		}
	}()
	next := paged(func(number, _ int, _ *http.Request) string { return listJSON(number, 1, 0) })
	decode := func([]byte) (page[int], error) { panic("boom") }
	_, err := listing[int]{op: "list", path: "/list", decode: decode}.read(t.Context(), newClient(t, next))
	t.Error(err)
}

// TestAListEndsAtTheFirstFailure: its other pages are not waited for.
func TestAListEndsAtTheFirstFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		next := &stubTransport{answer: func(_ int, req *http.Request) (*http.Response, error) {
			switch req.URL.Query().Get("page[number]") {
			case "1":
				return reply(200, listJSON(1, 9, 900, manyTests(0, 100)...)), nil
			case "2":
				return reply(401, ""), nil
			}
			<-req.Context().Done()
			return nil, req.Context().Err()
		}}
		_, err := newClient(t, next).ListTests(t.Context(), TestFilter{})
		wantError(t, err, KindUnauthorized)
		if took := time.Since(began); took > time.Second {
			t.Errorf("took %s", took)
		}
	})
}

// TestLookUpsUnderWayAreBounded, of all lists together; one that waits ends with its context.
func TestLookUpsUnderWayAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next, most := slowPages(5000)
		client := newClient(t, next)
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				if _, err := client.ListTests(t.Context(), TestFilter{}); err != nil {
					t.Error(err)
				}
			})
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		time.Sleep(1500 * time.Millisecond)
		time.AfterFunc(10*time.Millisecond, func() { cancel(errors.New("enough")) })
		_, err := client.GetTest(ctx, testA)
		wantError(t, err, KindNotSent)
		wantText(t, err.Error(), "enough")
		all.Wait()
		if most.Load() != maxLookUps {
			t.Errorf("%d at the same time", most.Load())
		}
	})
}
