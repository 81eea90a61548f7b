package acceptance

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

const (
	// documentVariable names the description of the API (Telnyx OpenAPI).
	documentVariable = "TELNYX_OPENAPI"
	// keyDocument is looked for beside it: the same test endpoints with the header that Telnyx's SDKs have sent since
	// 2026-08-21.
	keyDocument = "openapi-idempotency.json"
	// realServer is the root of the API that the documents describe.
	realServer = "https://api.telnyx.com/v2"
)

// document is a description of the API, ready to find the operation of a request at any host.
type document struct {
	name   string
	spec   *openapi3.T
	router routers.Router
}

// documents are the descriptions that every exchange is held against.
type documents struct {
	main document
	keys *document // nil where it is not there
}

// documentsOnce reads the documents for all tests together. They are not changed afterwards.
var documentsOnce = sync.OnceValues(readDocuments)

// loadDocuments returns the descriptions, or skips the test where there are none.
func loadDocuments(t *testing.T) documents {
	t.Helper()
	if os.Getenv(documentVariable) == "" {
		t.Skip(documentVariable + " is not set: name the file of Telnyx's OpenAPI description to hold the client and the simulator against it")
	}
	docs, err := documentsOnce()
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

func readDocuments() (docs documents, err error) {
	path := os.Getenv(documentVariable)
	if docs.main, err = readDocument(path); err != nil {
		return docs, err
	}
	beside := filepath.Join(filepath.Dir(path), keyDocument)
	if _, err := os.Stat(beside); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return docs, nil
		}
		return docs, err
	}
	keys, err := readDocument(beside)
	docs.keys = &keys
	return docs, err
}

func readDocument(path string) (document, error) {
	spec, err := openapi3.NewLoader().LoadFromFile(path)
	if err != nil {
		return document{}, fmt.Errorf("load %s: %w", path, err)
	}
	dropOtherPaths(spec)
	if err := spec.Validate(context.Background(), openapi3.DisableExamplesValidation()); err != nil {
		return document{}, fmt.Errorf("%s is not a valid OpenAPI document: %w", path, err)
	}
	if len(spec.Servers) != 1 || spec.Servers[0].URL != realServer {
		return document{}, fmt.Errorf("%s does not describe the server %s", path, realServer)
	}
	if err := closeSchemas(spec); err != nil {
		return document{}, fmt.Errorf("%s: %w", path, err)
	}
	spec.Servers = openapi3.Servers{{URL: "/v2"}} // at any host; the recorder checks the host
	router, err := gorillamux.NewRouter(spec)
	if err != nil {
		return document{}, fmt.Errorf("%s: %w", path, err)
	}
	return document{name: filepath.Base(path), spec: spec, router: router}, nil
}

// ownPaths are those of assistants, their tests and conversations, without the words beside ids (/ai/assistants/tags).
var ownPaths = regexp.MustCompile(`^/ai/(assistants|conversations)(/tests.*|/\{.*)?$`)

// dropOtherPaths leaves the paths that are of use here: the whole of Telnyx's description has mistakes in other parts, such
// as an operation id that is given twice.
func dropOtherPaths(spec *openapi3.T) {
	for path := range spec.Paths.Map() {
		if !ownPaths.MatchString(path) {
			spec.Paths.Delete(path)
		}
	}
}

// closeSchemas forbids the fields that an object schema does not name. JSON Schema lets every other field pass, so that
// a misspelt optional one would look right; here a field that is not described is a departure.
func closeSchemas(spec *openapi3.T) error {
	for name, ref := range spec.Components.Schemas {
		if err := closeTree(ref); err != nil {
			return fmt.Errorf("schema %s: %w", name, err)
		}
	}
	for path, item := range spec.Paths.Map() {
		for method, operation := range item.Operations() {
			for _, media := range bodiesOf(operation) {
				if err := closeTree(media.Schema); err != nil {
					return fmt.Errorf("%s %s: %w", method, path, err)
				}
			}
		}
	}
	return nil
}

// bodiesOf returns the request's and the answers' bodies. A reference with a title of its own beside it is a copy, not
// the component's schema.
func bodiesOf(operation *openapi3.Operation) (bodies []*openapi3.MediaType) {
	contents := []openapi3.Content{}
	if operation.RequestBody != nil {
		contents = append(contents, operation.RequestBody.Value.Content)
	}
	for _, response := range operation.Responses.Map() {
		contents = append(contents, response.Value.Content)
	}
	for _, content := range contents {
		for _, media := range content {
			if media.Schema != nil {
				bodies = append(bodies, media)
			}
		}
	}
	return bodies
}

func closeTree(ref *openapi3.SchemaRef) error {
	closed := false
	parts := map[*openapi3.Schema]bool{} // of an allOf: what one does not name another may
	return ref.WalkSubtree(func(_ string, ref *openapi3.SchemaRef) error {
		s := ref.Value
		for _, part := range s.AllOf {
			parts[part.Value] = true
		}
		open := s.AdditionalProperties.Has == nil && s.AdditionalProperties.Schema == nil
		composed := len(s.AllOf)+len(s.AnyOf)+len(s.OneOf) > 0
		if len(s.Properties) > 0 && open && !composed && !parts[s] {
			s.AdditionalProperties.Has = &closed
		}
		return nil
	})
}

// uuidForm is the format "uuid", which the library does not check by itself.
var uuidForm = regexp.MustCompile(openapi3.FormatOfStringForUUIDOfRFC9562)

func checkUUID(text string) error {
	if !uuidForm.MatchString(text) {
		return fmt.Errorf("%q is not a UUID", text)
	}
	return nil
}
