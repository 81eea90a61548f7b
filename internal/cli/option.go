package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// option is a flag that only one command has; unlike an input it can be given in no other way.
type option struct {
	name        string
	placeholder string // stands for the value in the help; empty: a switch
	help        string
	set         func(value string) error

	given []string
}

// Set keeps a value that the flag was given.
func (o *option) Set(value string) error {
	o.given = append(o.given, value)
	return nil
}

// Type is what stands for the value in the help.
func (o *option) Type() string { return cmp.Or(o.placeholder, typeSwitch) }

// String is empty, because the help names the default in its own words.
func (o *option) String() string { return "" }

// read sets what the option is for. A flag that was given twice is refused: which of the two was meant is anybody's guess.
func (o *option) read() (problem string) {
	switch len(o.given) {
	case 0:
		return ""
	case 1:
		if err := o.set(strings.TrimSpace(o.given[0])); err != nil {
			return fmt.Sprintf("--%s: %v", o.name, err)
		}
		return ""
	}
	return fmt.Sprintf("--%s is given more than once: give it once", o.name)
}

func toggle(field *bool) func(string) error {
	return func(value string) (err error) {
		*field, err = strictBool(value)
		return err
	}
}

func oneOf(field *string, words ...string) func(string) error {
	return func(value string) error {
		if !slices.Contains(words, value) {
			return fmt.Errorf("%s is not accepted: give %s", quoted(value), strings.Join(words, " or "))
		}
		*field = value
		return nil
	}
}

// file sets the field even if the path is refused: the file was not left out.
func file(field *string) func(string) error {
	return func(value string) error {
		*field = value
		return plainPath(value)
	}
}

func maxAge(field *time.Duration) func(string) error {
	return func(value string) error {
		_, err := duration(field)(value)
		return err
	}
}

// wholeNumber accepts numbers from least to greatest.
func wholeNumber(least, greatest int, set func(int)) func(string) error {
	return func(value string) error {
		n, err := strconv.Atoi(value)
		if err != nil || n < least || n > greatest {
			return fmt.Errorf("%s is not accepted: give a whole number from %d to %d", quoted(value), least, greatest)
		}
		set(n)
		return nil
	}
}
