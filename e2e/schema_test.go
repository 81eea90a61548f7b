package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/assistant-gate/assistant-gate/report/results"
)

const schemaFile = "docs/results.schema.json"

// strictSchema is the published schema, but that it knows every field there is: readers pass over fields that were added, the
// tests must not pass over one that was forgotten.
var strictSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	document, err := schemaDocument()
	if err != nil {
		return nil, err
	}
	closeObjects(document)
	return compileSchema(document)
})

func schemaDocument() (map[string]any, error) {
	raw, err := os.ReadFile(repository(schemaFile))
	if err != nil {
		return nil, err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	return document.(map[string]any), nil
}

// workingDirectory is that of the repository. Scripts have their own, but run in this process.
var workingDirectory = sync.OnceValue(func() string {
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	return dir
})

func repository(path string) string { return filepath.Join(workingDirectory(), path) }

func compileSchema(document map[string]any) (*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("results.schema.json", document); err != nil {
		return nil, err
	}
	return c.Compile("results.schema.json")
}

// closeObjects forbids properties that are not named.
func closeObjects(value any) {
	switch v := value.(type) {
	case map[string]any:
		if _, object := v["properties"].(map[string]any); object {
			v["additionalProperties"] = false
		}
		for _, inner := range v {
			closeObjects(inner)
		}
	case []any:
		for _, inner := range v {
			closeObjects(inner)
		}
	}
}

// followsSchema returns nil if a results file follows the published schema and has no other fields.
func followsSchema(path string) error {
	schema, err := strictSchema()
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err == nil {
		err = schema.Validate(document)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func TestGoldenResultsFollowTheSchema(t *testing.T) {
	files, err := filepath.Glob("report/results/testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, file := range files {
		if err := followsSchema(file); err != nil {
			t.Error(err)
		}
	}
}

// TestPublishedSchemaIsTolerant: the schema accepts a field that a later version adds, and no other difference.
func TestPublishedSchemaIsTolerant(t *testing.T) {
	document, err := schemaDocument()
	if err != nil {
		t.Fatal(err)
	}
	published, err := compileSchema(document)
	if err != nil {
		t.Fatal(err)
	}
	strict, err := strictSchema()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		why               string
		change            func(map[string]any)
		published, strict bool
	}{
		{"as it is", func(map[string]any) {}, true, true},
		{"a new field", func(f map[string]any) { f["new"] = 1 }, true, false},
		{"a new field of a test", func(f map[string]any) { f["tests"].([]any)[0].(map[string]any)["new"] = 1 }, true, false},
		{"another schema", func(f map[string]any) { f["schema"] = 2 }, false, false},
		{"no verdict", func(f map[string]any) { delete(f, "verdict") }, false, false},
		{"a verdict of its own", func(f map[string]any) { f["verdict"] = "fine" }, false, false},
		{"a list that is null", func(f map[string]any) { f["notes"] = nil }, false, false},
		{"a time that is none", func(f map[string]any) { f["started_at"] = "yesterday" }, false, false},
	} {
		var file map[string]any
		raw, err := os.ReadFile("report/results/testdata/mixed.json")
		if err == nil {
			err = json.Unmarshal(raw, &file)
		}
		if err != nil {
			t.Fatal(err)
		}
		c.change(file)
		if got := published.Validate(normal(t, file)) == nil; got != c.published {
			t.Errorf("%s: the published schema accepts it: %t", c.why, got)
		}
		if got := strict.Validate(normal(t, file)) == nil; got != c.strict {
			t.Errorf("%s: the strict schema accepts it: %t", c.why, got)
		}
	}
}

func normal(t *testing.T, value any) any {
	t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// TestSchemaHasEveryField compares the schema with the Go types. The schema explains every field.
func TestSchemaHasEveryField(t *testing.T) {
	document, err := schemaDocument()
	if err != nil {
		t.Fatal(err)
	}
	root := schemaPart{t: t, definitions: document["$defs"].(map[string]any), used: map[string]bool{}}
	root.compare("results", document, reflect.TypeFor[results.File]())
	for name := range root.definitions {
		if !root.used[name] {
			t.Errorf("the definition %s is of no use", name)
		}
	}
	version := document["properties"].(map[string]any)["schema"].(map[string]any)["const"]
	if fmt.Sprint(version) != fmt.Sprint(results.Schema) || document["$id"] != fmt.Sprintf("urn:assistant-gate:results:%d", results.Schema) {
		t.Errorf("the schema is of version %v, %v; the code writes %d", version, document["$id"], results.Schema)
	}
}

type schemaPart struct {
	t           *testing.T
	definitions map[string]any
	used        map[string]bool
}

func (s schemaPart) compare(at string, schema map[string]any, typ reflect.Type) {
	if text, _ := schema["description"].(string); !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?\".") {
		s.t.Errorf("%s: no description, or none that is a sentence: %q", at, text)
	}
	properties, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	var fields, always []string
	for field := range typ.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		fields = append(fields, name)
		if options != "omitempty" && options != "omitzero" {
			always = append(always, name)
		}
		property, ok := properties[name].(map[string]any)
		if !ok {
			continue
		}
		s.property(at+"."+name, property, field.Type)
	}
	names := make([]string, 0, len(properties))
	for name := range properties {
		names = append(names, name)
	}
	wanted := make([]string, 0, len(required))
	for _, name := range required {
		wanted = append(wanted, name.(string))
	}
	for _, list := range [][]string{fields, always, names, wanted} {
		slices.Sort(list)
	}
	if diff := cmp.Diff(fields, names); diff != "" {
		s.t.Errorf("%s: fields differ (-code +schema):\n%s", at, diff)
	}
	if diff := cmp.Diff(always, wanted); diff != "" {
		s.t.Errorf("%s: fields that are always there differ (-code +schema):\n%s", at, diff)
	}
}

func (s schemaPart) property(at string, schema map[string]any, typ reflect.Type) {
	if name, ok := schema["$ref"].(string); ok {
		name = strings.TrimPrefix(name, "#/$defs/")
		definition := s.definitions[name].(map[string]any)
		if typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		if !s.used[name] {
			s.used[name] = true
			s.compare(at, definition, typ)
		}
		return
	}
	if text, _ := schema["description"].(string); text == "" && !strings.HasSuffix(at, "[]") {
		s.t.Errorf("%s: no description", at)
	}
	if typ.Kind() == reflect.Slice {
		if schema["type"] != "array" {
			s.t.Errorf("%s: a list in the code, %v in the schema", at, schema["type"])
			return
		}
		s.property(at+"[]", schema["items"].(map[string]any), typ.Elem())
		return
	}
	kinds := map[reflect.Kind]string{
		reflect.String: "string", reflect.Bool: "boolean", reflect.Int: "integer", reflect.Int64: "integer", reflect.Float64: "number",
	}
	if _, closed := schema["enum"]; closed || schema["const"] != nil {
		return
	}
	if schema["type"] != kinds[typ.Kind()] {
		s.t.Errorf("%s: %s in the code, %v in the schema", at, typ, schema["type"])
	}
}
