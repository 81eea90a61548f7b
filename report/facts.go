package report

import (
	_ "embed"
)

// fact is a name with its value.
type fact struct {
	Name, Value string
	Link        bool // the value is the address of a page
}
