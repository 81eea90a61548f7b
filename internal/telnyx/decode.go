package telnyx

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const (
	// maxRows limits the elements of a list in one answer.
	maxRows = maxPages * pageSize
	// maxCriteria limits the criteria of a rubric or a run. More is a malformed answer: a run could look better than it is if
	// only some of its criteria were known.
	maxCriteria = 1000
)

// decode reads an answer into a struct with tags. Names must match exactly. A name given twice in one object, at any depth, is an error:
// the two could contradict each other. Unknown members are allowed. Absent and null mean the same.
func decode(body []byte, into any) error {
	return explain(json.Unmarshal(body, into, jsontext.AllowInvalidUTF8(true)))
}

// explain words an error of the JSON library for users, without this package's types. It does not shorten names: a name may contain the
// API key, which is redacted only if it is complete.
func explain(err error) error {
	if errors.Is(err, jsontext.ErrDuplicateName) {
		syntax, _ := errors.AsType[*jsontext.SyntacticError](err)
		return fmt.Errorf("malformed JSON: %s is given twice", syntax.JSONPointer)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("not JSON: it ends too early")
	}
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return fmt.Errorf("not JSON: %w, at byte %d", syntax.Err, syntax.ByteOffset+1)
	}
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		if inner, ours := errors.AsType[listError](semantic.Err); ours {
			return fmt.Errorf("%s%w", where(semantic.JSONPointer), inner)
		}
		return fmt.Errorf("%s%s makes no sense there", where(semantic.JSONPointer), kindName(semantic.JSONKind))
	}
	return err
}

func kindName(kind jsontext.Kind) string {
	switch kind {
	case jsontext.KindBeginObject:
		return "an object"
	case jsontext.KindBeginArray:
		return "a list"
	case jsontext.KindString, jsontext.KindNumber:
		return "a " + kind.String()
	}
	return kind.String()
}

// where returns the place of a value as the start of a sentence, such as "/data/0/status: ".
func where(place jsontext.Pointer) string {
	if place == "" {
		return ""
	}
	return string(place) + ": "
}

// unwrap returns the object in an answer: the whole answer, or its "data" if the answer itself has no member id. The contract has
// some objects bare; Telnyx's general documentation promises the envelope for all, and third-party code has seen it.
func unwrap(body []byte, id string) ([]byte, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowInvalidUTF8(true))
	if dec.PeekKind() != jsontext.KindBeginObject {
		return body, nil // decode reports what is wrong with it
	}
	_, _ = dec.ReadToken()
	whole := body
	for dec.PeekKind() == jsontext.KindString {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, explain(err)
		}
		named := name.String()
		value, err := dec.ReadValue()
		switch {
		case err != nil:
			return nil, explain(err)
		case named == id && value.Kind() != jsontext.KindNull:
			return body, nil
		case named == "data" && value.Kind() == jsontext.KindBeginObject:
			whole = value.Clone()
		}
	}
	if end, err := dec.ReadToken(); err != nil || end.Kind() != jsontext.KindEndObject {
		return body, nil
	}
	if _, err := dec.ReadToken(); err != io.EOF {
		return body, nil
	}
	return whole, nil
}

// rows is a list in an answer; nil if it is absent or null.
type rows[T any] []T

// UnmarshalJSONFrom reads the list.
func (r *rows[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) (err error) {
	*r, err = readList[T](dec, maxRows)
	return err
}

// criteria is a rubric or its results; nil if it is absent or null.
type criteria[T any] []T

// UnmarshalJSONFrom reads the list.
func (c *criteria[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) (err error) {
	*c, err = readList[T](dec, maxCriteria)
	return err
}

// listError describes what is wrong with a list.
type listError string

func (e listError) Error() string { return string(e) }

// readList reads a list element by element, so that a list beyond its limit does not take memory. A null in it is an error: an element is
// missing.
func readList[T any](dec *jsontext.Decoder, limit int) ([]T, error) {
	begin, err := dec.ReadToken()
	switch {
	case err != nil:
		return nil, err
	case begin.Kind() == jsontext.KindNull:
		return nil, nil
	case begin.Kind() != jsontext.KindBeginArray:
		return nil, listError("no list")
	}
	list := []T{}
	for dec.PeekKind() != jsontext.KindEndArray {
		if dec.PeekKind() == jsontext.KindNull {
			return nil, listError(fmt.Sprintf("item %d of the list is null", len(list)+1))
		}
		if len(list) == limit {
			return nil, listError(fmt.Sprintf("more than %d items", limit))
		}
		var item T
		if err := json.UnmarshalDecode(dec, &item); err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	_, err = dec.ReadToken()
	return list, err
}

// each converts the rows of a list. One invalid row makes the list invalid: without it, the list would be incomplete.
func each[W, T any](list []W, convert func(W) (T, error)) ([]T, error) {
	all := make([]T, len(list))
	for i, row := range list {
		var err error
		if all[i], err = convert(row); err != nil {
			return nil, fmt.Errorf("item %d of the list: %w", i+1, err)
		}
	}
	return all, nil
}

// checkID refuses a missing or impossible id of a test or run.
func checkID(name, id string) error {
	if id == "" {
		return fmt.Errorf("%s is missing", name)
	}
	if !ValidTestID(id) {
		return fmt.Errorf("%s %.100q is not an id", name, id)
	}
	return nil
}
