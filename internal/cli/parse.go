package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// parser stores a non-empty value or default in its field and returns the value as the gate understood it. Its error shows
// the value and says what is accepted. An error leaves the field unchanged.
type parser func(value string) (understood string, err error)

// Limits on accepted values. They keep mistakes, such as a whole file as an id, from reaching the API.
const (
	maxOpaque    = 255 // characters of a version or assistant id
	maxSuiteName = 100 // characters of a suite name
	maxPattern   = 255 // characters of a pattern for names of tests
	maxGateName  = 64  // characters of a gate's name
	maxRunKey    = 128 // characters of a run key
	maxCount     = 1_000_000_000
	maxShown     = 80 // characters of a value that an error shows
	maxNamed     = 3  // items of a list that an error shows
)

var (
	gateNamePattern = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	runKeyPattern   = regexp.MustCompile(`^[A-Za-z0-9._:/-]+$`)
)

// text stores a value unchanged if check accepts it.
func text(field *string, check func(string) error) parser {
	return func(value string) (string, error) {
		if err := check(value); err != nil {
			return "", err
		}
		*field = value
		return value, nil
	}
}

func anything(string) error { return nil }

func opaqueID(value string) error {
	switch {
	case !printable(value), utf8.RuneCountInString(value) > maxOpaque, value == ".", value == "..":
		return fmt.Errorf("%s is not an id: give one line of at most %d characters, as Telnyx shows it", quoted(value), maxOpaque)
	}
	return nil
}

func versionName(value string) error {
	if !printable(value) || utf8.RuneCountInString(value) > maxOpaque {
		return fmt.Errorf("%s is not the name of a version: give one line of at most %d characters, as Telnyx shows it", quoted(value), maxOpaque)
	}
	return nil
}

// gateName also refuses names whose files could overwrite those of another gate: a.ctrf.json is the CTRF report of gate a
// and would be the results file of gate a.ctrf.
func gateName(value string) error {
	lower := strings.ToLower(value) // some file systems ignore case
	switch {
	case looksLikeKey(value):
		return errKeyInPlace
	case strings.HasSuffix(lower, ".ctrf"), strings.HasSuffix(lower, ".comment"):
		return fmt.Errorf("%s: a name does not end in .ctrf or .comment, because its files would take the place of another gate's: give another name", quoted(value))
	}
	if len(value) > maxGateName || !gateNamePattern.MatchString(value) || value == "." || value == ".." {
		return fmt.Errorf("%s is not a name: give letters, digits, dots, underscores and hyphens, at most 64 and not dots alone", quoted(value))
	}
	return nil
}

func runKey(value string) error {
	if len(value) > maxRunKey || !runKeyPattern.MatchString(value) {
		return fmt.Errorf("%s is not a run key: give letters, digits and . _ : / -, at most 128", quoted(value))
	}
	return nil
}

// parseReportDir sets the field to "" for the word none.
func (in *Inputs) parseReportDir(value string) (string, error) {
	if value == noReports {
		in.ReportDir = ""
		return value, nil
	}
	if strings.EqualFold(value, noReports) {
		return "", fmt.Errorf("%s: write the word %s in lower case for no files", quoted(value), noReports)
	}
	if err := plainPath(value); err != nil {
		return "", err
	}
	if slices.ContainsFunc(strings.Split(filepath.ToSlash(value), "/"), looksLikeKey) {
		return "", errKeyInPlace
	}
	if !filepath.IsAbs(value) && !filepath.IsLocal(value) {
		return "", fmt.Errorf("%s leads out of the working directory: give a folder inside it, an absolute path, or none", quoted(value))
	}
	in.ReportDir = filepath.Clean(value)
	return in.ReportDir, nil
}

func (in *Inputs) parseBaseURL(value string) (string, error) {
	if value == simulatorURL {
		in.BaseURL = value
		return value, nil
	}
	u, err := telnyx.ParseBaseURL(value)
	if err != nil { // err shows the value without its possibly secret parts
		return "", fmt.Errorf("%w; or the word %s", err, simulatorURL)
	}
	in.BaseURL = u.String()
	return in.BaseURL, nil
}

func (in *Inputs) parseTestIDs(value string) (string, error) {
	ids := splitIDs(value)
	bad := slices.DeleteFunc(slices.Clone(ids), telnyx.ValidTestID)
	if len(bad) > 0 {
		return "", fmt.Errorf("%s is not a test id: give letters, digits, hyphens and underscores, at most 128, "+
			"separated by newlines, commas or blanks", quotedList(bad))
	}
	in.TestIDs = ids
	return strings.Join(ids, ", "), nil
}

func (in *Inputs) parseTestSuites(value string) (string, error) {
	suites := splitLines(value)
	bad := slices.DeleteFunc(slices.Clone(suites), func(s string) bool {
		return printable(s) && utf8.RuneCountInString(s) <= maxSuiteName
	})
	if len(bad) > 0 {
		return "", fmt.Errorf("%s is not a suite name: give at most %d characters without control characters, "+
			"separated by newlines, or by commas on a single line", quotedList(bad), maxSuiteName)
	}
	in.Suites = suites
	if strings.Contains(strings.Join(suites, ""), ",") {
		return strings.Join(suites, "\n") + "\n", nil
	}
	return strings.Join(suites, ", "), nil
}

// parseTestNames refuses a line of "!" alone, which takes out nothing.
func (in *Inputs) parseTestNames(value string) (string, error) {
	lines := splitLines(value)
	bad := slices.DeleteFunc(slices.Clone(lines), func(s string) bool {
		return printable(s) && utf8.RuneCountInString(s) <= maxPattern && strings.Trim(s, gate.TakesOut+" ") != ""
	})
	if len(bad) > 0 {
		return "", fmt.Errorf("%s is not a pattern for names: give one per line, at most %d characters without control characters, "+
			"with * for any text, ? for one character, and %s in front to take tests out", quotedList(bad), maxPattern, gate.TakesOut)
	}
	in.TestNames = lines
	return strings.Join(lines, "\n"), nil
}

func (in *Inputs) parseAdvisory(value string) (string, error) {
	names := splitLines(value)
	bad := slices.DeleteFunc(slices.Clone(names), printable)
	if len(bad) > 0 {
		return "", fmt.Errorf("%s is not a criterion's name: give names without control characters, one per line", quotedList(bad))
	}
	in.Advisory = names
	return strings.Join(names, "\n"), nil
}

func (in *Inputs) parseTranscripts(value string) (string, error) {
	kept, ok := map[string]gate.Transcripts{
		auto: gate.TranscriptsFailed, "none": gate.TranscriptsNone, "failed": gate.TranscriptsFailed, "all": gate.TranscriptsAll,
	}[value]
	if !ok {
		return "", fmt.Errorf("%s is none of the words auto, none, failed and all", quoted(value))
	}
	in.Transcripts, in.AutoTranscripts = kept, value == auto
	return value, nil
}

func (in *Inputs) parsePolicy(value string) (string, error) {
	p, err := outcome.ParsePolicy(value)
	if err != nil {
		return "", fmt.Errorf("%s is not a policy: %w", quoted(value), err)
	}
	in.Policy = p
	return p.Given(), nil
}

func duration(field *time.Duration) parser {
	return func(value string) (string, error) {
		d, err := time.ParseDuration(value)
		if err != nil || d <= 0 {
			return "", fmt.Errorf("%s is not a positive duration: give one with its unit, such as 90s, 30m or 1h30m", quoted(value))
		}
		*field = d
		return value, nil
	}
}

func number(field *int, least int) parser {
	return func(value string) (string, error) {
		n, err := strconv.ParseUint(value, 10, 31)
		if err != nil || int(n) < least || n > maxCount {
			return "", fmt.Errorf("%s is not an accepted number: give a whole number from %d to %d", quoted(value), least, maxCount)
		}
		*field = int(n)
		return strconv.FormatUint(n, 10), nil
	}
}

// autoOr also accepts the word auto, which sets the field to automatic.
func autoOr[T any](field *T, automatic T, other parser) parser {
	return func(value string) (string, error) {
		if value == auto {
			*field = automatic
			return value, nil
		}
		understood, err := other(value)
		if err != nil {
			return "", fmt.Errorf("%w, or the word %s", err, auto)
		}
		return understood, nil
	}
}

func boolean(field *bool) parser {
	return func(value string) (string, error) {
		b, err := strictBool(value)
		if err != nil {
			return "", err
		}
		*field = b
		return value, nil
	}
}

// strictBool accepts only true and false, because values such as yes, 1 or True may be mistakes.
func strictBool(value string) (bool, error) {
	switch value {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, errors.New(quoted(value) + " is neither true nor false: give one of these words, in lower case")
}

// printable reports whether value can be sent and shown unchanged: it must be valid UTF-8, because encoding/json replaces
// invalid bytes, without control characters or byte order marks.
func printable(value string) bool {
	return utf8.ValidString(value) && !strings.ContainsFunc(value, unicode.IsControl) && !strings.Contains(value, byteOrderMark)
}

// quoted returns a value in quotes on one line, and cuts a long one.
func quoted(value string) string {
	runes := 0
	for i := range value {
		if runes == maxShown {
			return strconv.Quote(value[:i]) + "..."
		}
		runes++
	}
	return strconv.Quote(value)
}

// quotedList returns the first few of the values in quotes, and how many more there are.
func quotedList(values []string) string {
	shown := make([]string, 0, maxNamed+1)
	for _, v := range values[:min(len(values), maxNamed)] {
		shown = append(shown, quoted(v))
	}
	list := strings.Join(shown, ", ")
	if more := len(values) - len(shown); more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return list
}

func (in *Inputs) parseBaselineRounds(value string) (string, error) {
	err := wholeNumber(outcome.MinRounds, outcome.MaxRounds, func(n int) { in.BaselineRounds = n })(value)
	return strconv.Itoa(in.BaselineRounds), err
}
