package results

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Read reads a NAME.json back into the outcome that it was written of. The file may be anything. If it is not what a gate of
// this Schema writes, there is an error that says why. If it is, but contradicts itself, the outcome has a problem that says
// so: it is never green.
//
// What runs have said goes to the archive; nil leaves it in the outcome.
func Read(r io.Reader, archive outcome.Archive) (*outcome.Outcome, error) {
	document, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot be read: %w", err)
	case len(document) > MaxBytes:
		return nil, fmt.Errorf("is larger than %d MiB: no gate writes that", MaxBytes>>20)
	case !utf8.Valid(document):
		return nil, errors.New("is not JSON: it is not valid UTF-8")
	}
	if err := checkSchema(document); err != nil {
		return nil, err
	}
	var f File
	if err := json.Unmarshal(document, &f); err != nil {
		return nil, decodeError(document, err)
	}
	o, err := outcomeOf(f)
	if err != nil {
		return nil, notResults(err)
	}
	unknown, different, err := roundTrip(document, o)
	if err != nil {
		return nil, notResults(err)
	}
	found := append(contradictions(o), different...)
	if unknown != "" {
		o.Warnings = append(o.Warnings, fmt.Sprintf("the results of assistant-gate %s have a field that this version does not know (%q) and passes over: "+
			"use the same version for all steps", o.GateVersion, unknown))
	}
	for _, text := range found[:min(len(found), maxContradictions)] {
		o.AddProblem(outcome.VerdictInconclusive, contradictory+text+"; nothing in them is evidence")
	}
	if archive != nil {
		moveTexts(o, archive)
	}
	return o, nil
}

// contradictory begins the text of the problem of results that contradict themselves.
const contradictory = "the results contradict themselves: "

// Contradiction returns how results that were read contradict themselves, or nothing.
func Contradiction(o *outcome.Outcome) string {
	for _, p := range o.Problems {
		if _, what, ok := strings.Cut(p.Text, contradictory); ok { // of merged results, the leg comes first
			return what
		}
	}
	return ""
}

func moveTexts(o *outcome.Outcome, archive outcome.Archive) {
	for i := range o.Results {
		r := &o.Results[i]
		for _, runs := range [][]outcome.Attempt{r.Attempts, r.Compared, r.Baseline} {
			for j := range runs {
				runs[j].MoveTo(archive)
			}
		}
	}
}

func notResults(err error) error {
	return fmt.Errorf("is not a results file of assistant-gate: %w", err)
}

// decodeError says what is wrong with a document that cannot be decoded.
func decodeError(document []byte, err error) error {
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		switch {
		case syntax.ByteOffset >= int64(len(bytes.TrimSpace(document))):
			return errors.New("is not complete JSON: it ends too early")
		case errors.Is(err, jsontext.ErrDuplicateName):
			return notResults(fmt.Errorf("%.100q is there twice", syntax.JSONPointer))
		}
		return fmt.Errorf("is not JSON: %w", err)
	}
	if kind, ok := errors.AsType[*json.SemanticError](err); ok && kind.JSONPointer != "" {
		return notResults(fmt.Errorf("%.100q is not the kind of value that belongs there", kind.JSONPointer))
	}
	return notResults(errors.New("it is not a JSON object"))
}

// checkSchema checks the version of the form before anything else.
func checkSchema(document []byte) error {
	var head struct {
		Schema jsontext.Value `json:"schema"`
	}
	if err := json.Unmarshal(document, &head); err != nil {
		return decodeError(document, err)
	}
	switch head.Schema.Kind() {
	case jsontext.KindInvalid, jsontext.KindNull:
		return notResults(errors.New("it names no schema"))
	case jsontext.KindNumber:
	default:
		return notResults(errors.New("its schema is not a number"))
	}
	n, err := strconv.ParseInt(string(head.Schema), 10, 64)
	switch {
	case err == nil && n == Schema:
		return nil
	case err == nil && n > Schema:
		return fmt.Errorf("has schema %d, this version of assistant-gate reads %d: it was written by a newer one; use the same version for all steps", n, Schema)
	}
	return fmt.Errorf("has schema %.20s, this version of assistant-gate reads %d: use the same version for all steps", head.Schema, Schema)
}
