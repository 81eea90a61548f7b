package cli

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// option is a flag of a single command. Unlike an input, it has no environment variable.
type option struct {
	name        string
	placeholder string // for the value in the help; empty: a switch
	help        string
	set         func(value string) error

	given []string
}

// Set stores a value of the flag. It checks nothing, because read checks all values.
func (o *option) Set(value string) error {
	o.given = append(o.given, value)
	return nil
}

// Type returns the placeholder for the value in the help.
func (o *option) Type() string { return cmp.Or(o.placeholder, typeSwitch) }

// String returns nothing, because the help text already names the default.
func (o *option) String() string { return "" }

// read checks the value and sets the option. It refuses a flag that was given twice, because the intended value is unclear.
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

// file sets the field even if it refuses the path, so that the file is not also reported as missing.
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

// percentage accepts a share above 0 and below 100 percent, such as 5%, and stores it as a fraction.
func percentage(field *float64) func(string) error {
	return func(value string) error {
		number := strings.TrimSpace(strings.TrimSuffix(value, "%"))
		percent, err := strconv.ParseFloat(number, 64)
		if err != nil || !decimal.MatchString(number) || percent <= 0 || percent >= 100 {
			return fmt.Errorf("%s is not accepted: give a percentage above 0 and below 100, such as 5%%", quoted(value))
		}
		*field = percent / 100
		return nil
	}
}

// decimal is a number without sign and exponent.
var decimal = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{1,6})?$`)
