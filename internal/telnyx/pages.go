package telnyx

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"
)

const (
	// pageSize is the largest page that Telnyx gives (Telnyx OpenAPI 2026-07-16, page[size]).
	pageSize = 100
	// maxPages limits a list, in case a server pages for ever.
	maxPages = 500
	// pagesAtOnce limits how many pages of a list are requested at the same time.
	pagesAtOnce = 16
	// maxListings limits how often to read a list that changes while it is read.
	maxListings = 3
)

// listing reads a list page by page.
type listing[T any] struct {
	op, path string
	query    url.Values                    // filters
	decode   func([]byte) (page[T], error) // several pages may be decoded at the same time
	id       func(T) string                // identifies items, compared like SameID
	limit    int                           // maximum number of items; 0: all
	pages    int                           // maximum number of pages; 0 or more than maxPages: maxPages
	trusted  bool                          // decides nothing, so contradictions do not matter
}

// page is one page of a list with its metadata.
type page[T any] struct {
	items  []T
	paged  bool // it has metadata; otherwise the list has no pages
	number int
	pages  int // number of pages
	total  int // items on all pages
}

// read returns the list.
func (l listing[T]) read(ctx context.Context, c *Client) ([]T, error) {
	return l.believed(ctx, c, func(ctx context.Context) ([]page[T], error) { return l.readAll(ctx, c) })
}

// readWhole returns a list that has no pages by the contract. If the answer has pages anyway, like every other list of Telnyx, it reads
// all.
func (l listing[T]) readWhole(ctx context.Context, c *Client) ([]T, error) {
	return l.believed(ctx, c, func(ctx context.Context) ([]page[T], error) {
		p, err := lookUp(ctx, c, call{op: l.op, path: l.path, query: l.query}, fromBody(l.decode))
		if err == nil && p.paged && (p.pages > 1 || p.total > len(p.items)) {
			return l.readAll(ctx, c)
		}
		return []page[T]{p}, err
	})
}

// believed returns a list. If the list contradicts itself (see doubt), it reads it again and finally refuses it; with patience, it reads
// until the context ends.
func (l listing[T]) believed(ctx context.Context, c *Client, read func(context.Context) ([]page[T], error)) ([]T, error) {
	hear := Patience(ctx)
	for try := 1; ; try++ {
		pages, err := read(hearingFailures(ctx, hear))
		if err != nil {
			return nil, err
		}
		doubt := l.doubt(pages)
		if doubt == nil || l.trusted {
			if hear != nil {
				hear(nil)
			}
			return l.wanted(pages), nil
		}
		refused := l.malformed(fmt.Errorf("the list was read %d times and contradicted itself each time, so items may be missing: %w", try, doubt))
		switch {
		case try < maxListings:
			continue // it may have changed while it was read
		case hear == nil:
			return nil, refused
		}
		hear(refused)
		if !c.pause(ctx, try) {
			return nil, refused
		}
	}
}

// hearingFailures is ctx for parts of a list: a part alone is not a usable answer yet.
func hearingFailures(ctx context.Context, hear func(error)) context.Context {
	if hear == nil {
		return ctx
	}
	return WithPatience(ctx, func(err error) {
		if err != nil {
			hear(err)
		}
	})
}

// wanted returns the items of the pages, up to the maximum.
func (l listing[T]) wanted(pages []page[T]) []T {
	items := itemsOf(pages)
	if l.limit > 0 {
		items = items[:min(l.limit, len(items))]
	}
	return items
}

// doubt returns why the pages cannot be parts of one list, or nil. The order of lists is not documented, and a list can change while it is
// read: then an item comes twice and another is missing. So no item may come twice, all pages must agree on the list's size, and if all
// were read there must be as many items.
func (l listing[T]) doubt(pages []page[T]) error {
	seen, items, first := make(map[string]bool), 0, pages[0]
	for _, p := range pages {
		if p.total != first.total || p.pages != first.pages {
			return fmt.Errorf("page %d counts %d items on %d pages, page %d counts %d on %d",
				first.number, first.total, first.pages, p.number, p.total, p.pages)
		}
		if l.trusted { // items may have no ids
			continue
		}
		for _, item := range p.items {
			id := IDKey(l.id(item))
			if seen[id] {
				return fmt.Errorf("%.100q came twice", id)
			}
			seen[id] = true
		}
		items += len(p.items)
	}
	if whole := len(pages) >= first.pages; first.paged && whole && items != first.total {
		return fmt.Errorf("it has %d items but counts %d", items, first.total)
	}
	return nil
}

func itemsOf[T any](pages []page[T]) []T {
	var items []T
	for _, p := range pages {
		items = append(items, p.items...)
	}
	return items
}

// readAll reads pages until there are enough items, or no more pages.
func (l listing[T]) readAll(ctx context.Context, c *Client) ([]page[T], error) {
	var pages []page[T]
	items := 0
	for next, last := 1, 1; next <= last; {
		more, err := l.readPages(ctx, c, next, last)
		if err != nil {
			return nil, err
		}
		pages = append(pages, more...)
		for _, p := range more {
			items += len(p.items)
		}
		if l.limit > 0 && items >= l.limit {
			break
		}
		next = last + 1
		if last, err = l.lastOf(pages[0].pages, next); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

// lastOf returns the last page to read after next.
func (l listing[T]) lastOf(pages, next int) (int, error) {
	last, bound := pages, maxPages
	if l.limit > 0 { // the next page may be enough
		last = min(last, next)
	}
	if l.pages > 0 {
		bound = min(bound, l.pages)
	}
	if last >= next && last > bound {
		return 0, l.malformed(fmt.Errorf("the list has more than %d pages", bound))
	}
	return last, nil
}

// readPages reads pages concurrently. It passes on a panic to the caller; errgroup would let it end the process without a report.
func (l listing[T]) readPages(ctx context.Context, c *Client, first, last int) ([]page[T], error) {
	pages, panics := make([]page[T], last-first+1), make([]string, last-first+1)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(pagesAtOnce)
	for i := range pages {
		group.Go(func() (err error) {
			defer func() {
				if p := recover(); p != nil {
					panics[i] = fmt.Sprintf("%v\n\n%s", p, debug.Stack())
				}
			}()
			pages[i], err = l.readPage(ctx, c, first+i)
			return err
		})
	}
	err := group.Wait()
	if i := slices.IndexFunc(panics, func(p string) bool { return p != "" }); i >= 0 {
		panic(panics[i])
	}
	return pages, err
}

func (l listing[T]) malformed(err error) error {
	return &Error{Op: l.op, Kind: KindMalformed, Status: http.StatusOK, Err: err}
}

func (l listing[T]) readPage(ctx context.Context, c *Client, number int) (page[T], error) {
	size := pageSize
	if l.limit > 0 {
		size = min(size, l.limit)
	}
	query := url.Values{"page[number]": {strconv.Itoa(number)}, "page[size]": {strconv.Itoa(size)}}
	for name, values := range l.query {
		query[name] = values
	}
	return lookUp(ctx, c, call{op: l.op, path: l.path, query: query}, fromBody(func(b []byte) (page[T], error) {
		p, err := l.decode(b)
		if err != nil {
			return page[T]{}, err
		}
		return p, p.check(number)
	}))
}

// check refuses a page other than the one asked for.
func (p page[T]) check(number int) error {
	if !p.paged {
		return errors.New("meta is missing")
	}
	if p.number != number {
		return fmt.Errorf("asked for page %d, got page %d", number, p.number)
	}
	return nil
}

// wireMeta is Meta of Telnyx OpenAPI 2026-07-16.
type wireMeta struct {
	Number *int `json:"page_number"`
	Pages  *int `json:"total_pages"`
	Total  *int `json:"total_results"`
}

var errNoData = errors.New("data is missing")

// pageOf decodes a page: data, and meta if there is one (PaginatedAssistantTestList and PaginatedTestRunList of Telnyx
// OpenAPI 2026-07-16).
func pageOf[W, T any](convert func(W) (T, error)) func([]byte) (page[T], error) {
	return func(body []byte) (page[T], error) {
		var answer struct {
			Data rows[W]   `json:"data"`
			Meta *wireMeta `json:"meta"`
		}
		if err := decode(body, &answer); err != nil {
			return page[T]{}, err
		}
		if answer.Data == nil {
			return page[T]{}, errNoData
		}
		items, err := each(answer.Data, convert)
		if err != nil {
			return page[T]{}, err
		}
		p := page[T]{items: items}
		if answer.Meta != nil {
			err = answer.Meta.into(&p.number, &p.pages, &p.total)
			p.paged = true
		}
		return p, err
	}
}

func (m wireMeta) into(number, pages, total *int) error {
	for _, count := range []struct {
		name       string
		from, into *int
	}{{"page_number", m.Number, number}, {"total_pages", m.Pages, pages}, {"total_results", m.Total, total}} {
		if count.from == nil || *count.from < 0 {
			return fmt.Errorf("meta: %s is missing or below 0", count.name)
		}
		*count.into = *count.from
	}
	return nil
}
