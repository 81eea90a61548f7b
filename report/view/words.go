package view

import (
	"fmt"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// Plural is a number with its noun.
func Plural(n int, one, many string) string {
	return strconv.Itoa(n) + " " + Agree(n, one, many)
}

// Agree is the form of a word for n things.
func Agree(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// Also adds a number with its word to a sentence, unless the number is zero.
func Also(n int, word string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %d %s", n, word)
}

// Capitalize begins a text with a capital if it begins with a letter.
func Capitalize(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if first == utf8.RuneError { // nothing, or not a letter
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
