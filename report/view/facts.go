package view

import (
	_ "embed"
)

// Fact is a name with its value.
type Fact struct {
	Name, Value string
	Link        bool // the value is the address of a page
}
