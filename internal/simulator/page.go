package simulator

import (
	"fmt"
	"strconv"
)

// Paging of the contract: page[number] from 1, page[size] 1 to 100.
const (
	defaultSize = 20
	maxSize     = 100
)

// page is the requested part of a list, and the fault that applies to it.
type page struct {
	number, size int
	fault        string
}

func (c *call) page() (page, error) {
	number, err := c.integer("page[number]", 1, 0)
	if err != nil {
		return page{}, err
	}
	size, err := c.integer("page[size]", defaultSize, maxSize)
	if err != nil {
		return page{}, err
	}
	return page{number, size, c.list}, nil
}

// integer reads a query parameter from 1 to maximum; 0 is no maximum.
func (c *call) integer(name string, fallback, maximum int) (int, error) {
	values, given := c.query[name]
	if !given {
		return fallback, nil
	}
	n, err := strconv.Atoi(values[len(values)-1])
	switch {
	case err != nil:
		return 0, unprocessable("int_parsing", "Input should be a valid integer, unable to parse string as an integer", "query", name)
	case n < 1:
		return 0, unprocessable("greater_than_equal", "Input should be greater than or equal to 1", "query", name)
	case maximum > 0 && n > maximum:
		return 0, unprocessable("less_than_equal", fmt.Sprintf("Input should be less than or equal to %d", maximum), "query", name)
	}
	return n, nil
}

// listReply is a page of a list in the form of the contract: data and meta.
func listReply[T any](p page, all []T, write func(T) any) object {
	total := len(all)
	pages := (total + p.size - 1) / p.size
	data := []any{}
	if p.number <= pages {
		from, to := p.rowRange(total)
		for _, item := range all[from:to] {
			data = append(data, write(item))
		}
	}
	return object{
		{"data", data},
		{"meta", object{
			{"total_pages", pages},
			{"total_results", total},
			{"page_number", p.number},
			{"page_size", p.size},
		}},
	}
}

// rowRange is the range of the items on the page.
func (p page) rowRange(total int) (from, to int) {
	from = (p.number - 1) * p.size
	if p.fault == bodyFirstPage {
		from = 0
	}
	to = min(from+p.size, total)
	if p.fault == bodyMoved && from > 0 {
		from, to = from-1, to-1
	}
	return from, to
}
