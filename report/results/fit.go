package results

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// MaxBytes bounds a results file, in bytes: what is written can be read back. It is many times what a thousand tests with all
// their conversations come to.
const MaxBytes = 256 << 20

// portion is a part of the texts that runs have left. A results file that would be too large leaves portions out, one after the
// other, as much of each as it takes.
type portion struct {
	what  string
	of    func(Attempt) bool
	size  func(Attempt) int // in the file, at most
	omit  func(*Attempt)
	total int // bytes of all runs
	spare int // bytes to leave out, from the first test on
}

// portions are in the order in which they are left out: what is missed the least comes first. What decides stays: ids, times,
// states and criteria.
func portions() []*portion {
	passed := func(a Attempt) bool { return a.State == string(outcome.StatePassed) }
	other := func(a Attempt) bool { return !passed(a) }
	return []*portion{
		{what: "logs of runs that passed", of: passed, size: logsSize, omit: omitLogs},
		{what: "logs of other runs", of: other, size: logsSize, omit: omitLogs},
		{what: "conversations of runs that passed", of: passed, size: transcriptSize, omit: omitTranscript},
		{what: "conversations of other runs", of: other, size: transcriptSize, omit: omitTranscript},
	}
}

func logsSize(a Attempt) int {
	const field = 40 // name and indent, which go with the logs
	if a.Logs == "" {
		return 0
	}
	return field + jsonSize(a.Logs)
}

func omitLogs(a *Attempt) { a.Logs = "" }

// transcriptSize counts names and indents with more than they take.
func transcriptSize(a Attempt) int {
	const message, call = 400, 250
	n := 0
	for _, m := range a.Transcript {
		n += message + jsonSize(m.Role) + jsonSize(m.Text)
		for _, c := range m.ToolCalls {
			n += call + jsonSize(c.Name) + jsonSize(c.Arguments)
		}
	}
	return n
}

func omitTranscript(a *Attempt) {
	if len(a.Transcript) > 0 {
		a.Transcript, a.NoTranscript = []Message{}, "the conversation was left out, because the results file would be too large"
	}
}

// jsonSize is how many bytes a text takes in the file, at most.
func jsonSize(s string) int {
	const escaped = len(`\u0000`)
	n := len(s) + len(`""`)
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ', c == '"', c == '\\', c == '<', c == '>', c == '&', c == 0x7f:
			n += escaped - 1
		case c == 0xe2: // U+2028 and U+2029 are escaped, and begin so
			n += escaped - 3
		}
	}
	return n
}

// runsOf are all runs of a test.
func runsOf(t *Test) []*Attempt {
	var runs []*Attempt
	for _, list := range [][]Attempt{t.Attempts, t.Compared, t.Baseline} {
		for i := range list {
			runs = append(runs, &list[i])
		}
	}
	return runs
}

// fitting writes results that are not larger than they may be.
type fitting struct {
	outcome  *outcome.Outcome
	maxText  int // bytes of a single text
	portions []*portion
	notes    []string
}

// resultsWithin writes the results in so many bytes at most.
func resultsWithin(w io.Writer, o *outcome.Outcome, maxBytes int) error {
	for _, maxText := range []int{maxTextBytes, 1000, 200} {
		f := &fitting{outcome: o, maxText: maxText, portions: portions()}
		bare := &counting{left: maxBytes}
		err := f.write(bare, f.bare)
		if errors.Is(err, errTooLarge) {
			continue
		}
		if err != nil {
			return err
		}
		if f.spare(bare.left) {
			return f.write(w, f.thinned)
		}
	}
	return fmt.Errorf("they are larger than %d MiB, even without logs and conversations: select fewer tests", maxBytes>>20)
}

func (f *fitting) write(w io.Writer, change func(*Test)) error {
	file := resultsFile(f.outcome)
	file.Notes = append(file.Notes, f.notes...)
	return writeFile(w, file, f.outcome, func(t *Test) {
		change(t)
		if f.maxText < maxTextBytes {
			shorten(reflect.ValueOf(t).Elem(), f.maxText)
		}
	})
}

// bare takes all portions from a test, and counts what they come to.
func (f *fitting) bare(t *Test) {
	for _, a := range runsOf(t) {
		for _, p := range f.portions {
			if p.of(*a) {
				p.total += p.size(*a)
				p.omit(a)
			}
		}
	}
}

// noteSize is the room for the note that says what is left out.
const noteSize = 1000

// spare finds how much of each portion is left out, if so many bytes are left for all of them. It reports whether that is enough.
func (f *fitting) spare(left int) bool {
	over := -left
	for _, p := range f.portions {
		over += p.total
	}
	if over <= 0 && f.maxText == maxTextBytes {
		return true
	}
	if left < noteSize {
		return false
	}
	over += noteSize
	var said []string
	for _, p := range f.portions {
		p.spare = max(0, min(over, p.total))
		over -= p.spare
		switch {
		case p.spare == 0:
		case p.spare < p.total:
			said = append(said, "some "+p.what)
		default:
			said = append(said, "the "+p.what)
		}
	}
	if f.maxText < maxTextBytes {
		said = append(said, fmt.Sprintf("what is longer than %d bytes of a text", f.maxText))
	}
	f.notes = []string{"this file leaves out, because it would be too large to be read back: " + strings.Join(said, ", ")}
	return true
}

// thinned takes from a test what its portions can spare.
func (f *fitting) thinned(t *Test) {
	for _, a := range runsOf(t) {
		for _, p := range f.portions {
			if p.spare > 0 && p.of(*a) {
				p.spare -= p.size(*a)
				p.omit(a)
			}
		}
	}
}

// shorten cuts every text in v.
func shorten(v reflect.Value, maxBytes int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(safe.CutText(v.String(), maxBytes))
	case reflect.Slice:
		for i := range v.Len() {
			shorten(v.Index(i), maxBytes)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			shorten(v.Field(i), maxBytes)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			shorten(v.Elem(), maxBytes)
		}
	}
}

var errTooLarge = errors.New("larger than a results file may be")

// counting is a writer that only counts, up to a limit.
type counting struct{ left int }

func (c *counting) Write(p []byte) (int, error) {
	if c.left -= len(p); c.left < 0 {
		return 0, errTooLarge
	}
	return len(p), nil
}
