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
	// maxPages bounds a list, so that a server that pages for ever is found out.
	maxPages = 500
	// pagesAtOnce is how many pages of a list are asked for at the same time.
	pagesAtOnce = 16
	// maxListings is how often a list is read that changes while it is read.
	maxListings = 3
)

// listing reads a list page by page.
type listing[T any] struct {
	op, path string
	query    url.Values                    // filters
	decode   func([]byte) (page[T], error) // several pages may be decoded at the same time
	id       func(T) string                // what tells items apart; ids are compared as SameID does
	most     int                           // how many items are wanted; 0: all
	pages    int                           // how many pages are read at most; 0, and whatever is more: maxPages
	trusted  bool                          // nothing is decided by it: what contradicts itself is good enough
}

// page is one page of a list with its meta data.
type page[T any] struct {
	items  []T
	paged  bool // it has meta data; without, the list has no pages
	number int
	pages  int // how many there are
	total  int // items on all of them
}

// read returns the list.
func (l listing[T]) read(ctx context.Context, c *Client) ([]T, error) {
	return l.believed(ctx, c, func(ctx context.Context) ([]page[T], error) { return l.readAll(ctx, c) })
}

// readWhole returns a list that has no pages by the contract. If the answer has some all the same, as every other list of
// Telnyx has, all are read.
func (l listing[T]) readWhole(ctx context.Context, c *Client) ([]T, error) {
	return l.believed(ctx, c, func(ctx context.Context) ([]page[T], error) {
		p, err := lookUp(ctx, c, call{op: l.op, path: l.path, query: l.query}, fromBody(l.decode))
		if err == nil && p.paged && (p.pages > 1 || p.total > len(p.items)) {
			return l.readAll(ctx, c)
		}
		return []page[T]{p}, err
	})
}

// believed returns what a list holds, read again if it contradicts itself (see doubt), and in the end refused. With patience it
// is read until the context ends.
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
			continue // it may have changed just then
		case hear == nil:
			return nil, refused
		}
		hear(refused)
		if !c.pause(ctx, try) {
			return nil, refused
		}
	}
}

// hearingFailures is ctx for parts of a list: that a part came is not a usable answer yet.
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

// wanted are the items of the pages, as many as are wanted.
func (l listing[T]) wanted(pages []page[T]) []T {
	items := itemsOf(pages)
	if l.most > 0 {
		items = items[:min(l.most, len(items))]
	}
	return items
}

// doubt is why the pages cannot be parts of one list, nil if they can. No order of lists is documented, and a list can change
// while it is read: then an item comes twice, and another one not at all. So no item may come twice, all pages must say
// the same of the list, and if all of them were read there must be as many items as they say.
func (l listing[T]) doubt(pages []page[T]) error {
	seen, items, first := make(map[string]bool), 0, pages[0]
	for _, p := range pages {
		if p.total != first.total || p.pages != first.pages {
			return fmt.Errorf("page %d says %d items on %d pages, page %d says %d on %d",
				first.number, first.total, first.pages, p.number, p.total, p.pages)
		}
		if l.trusted { // its items may have no ids
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
		return fmt.Errorf("it has %d items and says %d", items, first.total)
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
		if l.most > 0 && items >= l.most {
			break
		}
		next = last + 1
		if last, err = l.lastOf(pages[0].pages, next); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

// lastOf is the last of the pages that are to be read from next on.
func (l listing[T]) lastOf(pages, next int) (int, error) {
	last, bound := pages, maxPages
	if l.most > 0 { // the next page may be enough
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

// readPages reads pages at the same time. A panic comes out of it, as if the caller had read them: errgroup would let it end
// the process, and no report be written.
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
	if l.most > 0 {
		size = min(size, l.most)
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

// check refuses a page that is not the one that was asked for.
func (p page[T]) check(number int) error {
	if !p.paged {
		return errors.New("meta is missing")
	}
	if p.number != number {
		return fmt.Errorf("asked for page %d, page %d came", number, p.number)
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
