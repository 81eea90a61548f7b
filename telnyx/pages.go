package telnyx

import (
	"context"
	"encoding/json"
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
	query    url.Values                // filters
	items    func(fields) ([]T, error) // of a page; where most is 0, several pages may be decoded at the same time
	id       func(T) string            // items with the same id count once
	most     int                       // how many items are wanted; 0: all, and the list must be complete
	pages    int                       // how many pages are read at most; 0, and whatever is more: maxPages
}

// page is one page of a list with its meta data.
type page[T any] struct {
	items  []T
	number int
	pages  int // how many there are
	total  int // items on all of them
}

// read returns the list. A list that cannot be known to be complete is an error where all of it is wanted.
func (l listing[T]) read(ctx context.Context, c *Client) ([]T, error) {
	for range maxListings {
		items, changed, err := l.readOnce(ctx, c)
		if err != nil || !changed {
			return items, err
		}
	}
	return nil, l.malformed("the list changed each time while it was read")
}

// readOnce reads all pages. changed is true where the number of items changed in between: then an item may have moved
// from one page to another unseen.
func (l listing[T]) readOnce(ctx context.Context, c *Client) (items []T, changed bool, err error) {
	seen := make(map[string]bool)
	total, read := 0, 0
	for next, last := 1, 1; next <= last; {
		pages, err := l.readPages(ctx, c, next, last)
		if err != nil {
			return nil, false, err
		}
		for _, p := range pages {
			if l.most == 0 && p.number > 1 && p.total != total {
				return nil, true, nil
			}
			total, read = p.total, read+len(p.items)
			for _, item := range p.items {
				if !seen[l.id(item)] {
					seen[l.id(item)] = true
					items = append(items, item)
				}
			}
		}
		if l.most > 0 && len(items) >= l.most {
			return items[:l.most], false, nil
		}
		next = last + 1
		if last, err = l.lastOf(pages[len(pages)-1]); err != nil {
			return nil, false, err
		}
	}
	return l.complete(items, read, total)
}

// lastOf is the last page that is to be read, going by the page that was read last.
func (l listing[T]) lastOf(p page[T]) (int, error) {
	last, bound := p.pages, maxPages
	if l.most > 0 { // the next page may be enough
		last = min(last, p.number+1)
	}
	if l.pages > 0 {
		bound = min(bound, l.pages)
	}
	if last > p.number && last > bound {
		return 0, l.malformed(fmt.Sprintf("the list has more than %d pages", bound))
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

// complete refuses a list with fewer items than its meta data promise.
func (l listing[T]) complete(items []T, read, total int) ([]T, bool, error) {
	if l.most == 0 && read < total {
		return nil, false, l.malformed(fmt.Sprintf("the list ended after %d of %d items", read, total))
	}
	return items, false, nil
}

func (l listing[T]) malformed(what string) error {
	return &Error{Op: l.op, Kind: KindMalformed, Status: http.StatusOK, Err: errors.New(what)}
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
	var p page[T]
	err := c.look(ctx, l.op, l.path, query, func(_ http.Header, body []byte) (err error) {
		p, err = decodePage(body, l.items)
		if err == nil && p.number != number {
			err = fmt.Errorf("asked for page %d, page %d came", number, p.number)
		}
		return err
	})
	return p, err
}

// decodePage decodes a page: data and meta (PaginatedAssistantTestList, PaginatedTestRunList and Meta of Telnyx OpenAPI
// 2026-07-16).
func decodePage[T any](body []byte, items func(fields) ([]T, error)) (page[T], error) {
	f, err := parseFields(body)
	if err != nil {
		return page[T]{}, err
	}
	var p page[T]
	if p.items, err = items(f); err != nil {
		return page[T]{}, err
	}
	meta, err := members(f.raw("meta"))
	if err != nil {
		return page[T]{}, fmt.Errorf("meta: %w", err)
	}
	for _, count := range []struct {
		name string
		into *int
	}{{"page_number", &p.number}, {"total_pages", &p.pages}, {"total_results", &p.total}} {
		if *count.into, err = meta.requiredCount(count.name); err != nil {
			return page[T]{}, fmt.Errorf("meta: %w", err)
		}
	}
	return p, nil
}

// objects decodes the elements of data that are objects. One that makes no sense spoils the list: a list without it would
// be short. decode keeps no part of the fields: the next element's take their place.
func objects[T any](decode func(fields) (T, error)) func(fields) ([]T, error) {
	return func(list fields) ([]T, error) {
		var f fields
		return elements(func(raw json.RawMessage) (_ T, err error) {
			if f, err = appendMembers(f[:0], raw); err != nil {
				var none T
				return none, err
			}
			return decode(f)
		})(list)
	}
}

// elements decodes the elements of data.
func elements[T any](decode func(json.RawMessage) (T, error)) func(fields) ([]T, error) {
	return func(f fields) ([]T, error) {
		if !f.has("data") {
			return nil, errors.New("data is missing")
		}
		list, err := f.list("data")
		if err != nil {
			return nil, err
		}
		all := make([]T, len(list))
		for i, raw := range list {
			if all[i], err = decode(raw); err != nil {
				return nil, fmt.Errorf("item %d of the list: %w", i+1, err)
			}
		}
		return all, nil
	}
}
