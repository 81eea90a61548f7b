package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// form holds a JSON document against the Go type that it is for, more strictly than encoding/json does: no field that is
// always written is missing, none is there twice or in other letters, and nothing is null.
type form struct {
	tokens  *json.Decoder
	unknown string // the first field that this version does not know, with its path
}

// checkForm returns why a document has not the form of File, and the first field in it that is not known: one that a later
// version has added.
func checkForm(document []byte) (unknown string, err error) {
	s := form{tokens: json.NewDecoder(bytes.NewReader(document))}
	if err := s.value("", reflect.TypeFor[File]()); err != nil {
		return "", err
	}
	if _, err := s.tokens.Token(); !errors.Is(err, io.EOF) {
		return "", errors.New("there is more behind the JSON object")
	}
	return s.unknown, nil
}

func (s *form) value(at string, t reflect.Type) error {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	token, err := s.tokens.Token()
	if err != nil {
		return err
	}
	switch {
	case token == nil:
		return fmt.Errorf("%s is null", named(at))
	case t.Kind() == reflect.Struct && token == json.Delim('{'):
		return s.object(at, t)
	case t.Kind() == reflect.Slice && token == json.Delim('['):
		return s.list(at, t.Elem())
	case fitsKind(token, t.Kind()):
		return nil
	}
	return fmt.Errorf("%s is %s", named(at), describeToken(token))
}

func (s *form) object(at string, t reflect.Type) error {
	fields, always := fieldsOf(t)
	seen := map[string]bool{}
	for s.tokens.More() {
		token, err := s.tokens.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		path := strings.TrimPrefix(at+"."+name, ".")
		if seen[name] {
			return fmt.Errorf("%s is there twice", named(path))
		}
		seen[name] = true
		field, known := fields[name]
		if known {
			err = s.value(path, field)
		} else {
			err = s.pass(path, name, fields)
		}
		if err != nil {
			return err
		}
	}
	if _, err := s.tokens.Token(); err != nil {
		return err
	}
	for _, name := range always {
		if !seen[name] {
			return fmt.Errorf("%s is missing", named(strings.TrimPrefix(at+"."+name, ".")))
		}
	}
	return nil
}

// pass passes over a field that is not known, unless encoding/json would take it for one that is.
func (s *form) pass(path, name string, fields map[string]reflect.Type) error {
	for known := range fields {
		if strings.EqualFold(known, name) {
			return fmt.Errorf("%s is no field; %q is", named(path), known)
		}
	}
	if s.unknown == "" {
		s.unknown = path
	}
	var any json.RawMessage
	if err := s.tokens.Decode(&any); err != nil {
		return err
	}
	return nil
}

func (s *form) list(at string, t reflect.Type) error {
	for i := 0; s.tokens.More(); i++ {
		if err := s.value(fmt.Sprintf("%s[%d]", at, i), t); err != nil {
			return err
		}
	}
	if _, err := s.tokens.Token(); err != nil {
		return err
	}
	return nil
}

// fieldsOf are the JSON names of a struct's fields, and those of them that are always written.
func fieldsOf(t reflect.Type) (fields map[string]reflect.Type, always []string) {
	fields = map[string]reflect.Type{}
	for field := range t.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		fields[name] = field.Type
		if options != "omitempty" {
			always = append(always, name)
		}
	}
	return fields, always
}

func fitsKind(token json.Token, kind reflect.Kind) bool {
	switch token.(type) {
	case string:
		return kind == reflect.String
	case bool:
		return kind == reflect.Bool
	case float64:
		return kind == reflect.Int || kind == reflect.Int64 || kind == reflect.Float64
	}
	return false
}

func describeToken(token json.Token) string {
	switch token.(type) {
	case string:
		return "a text"
	case bool:
		return "true or false"
	case float64:
		return "a number"
	}
	if token == json.Delim('[') {
		return "a list"
	}
	return "an object"
}

func named(at string) string {
	if at == "" {
		return "the document"
	}
	return fmt.Sprintf("%.100q", at)
}
