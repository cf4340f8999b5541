package handlers_test

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"plenum/handlers/api"
	"plenum/moderation/markup"
)

var contract = sync.OnceValues(func() (*openapi3.T, error) { return openapi3.NewLoader().LoadFromData(api.Contract) })

// exchange is the request that an answer came to.
type exchange struct {
	method, path string
	sent         []byte
}

// hold reports where an answer is not what openapi.json says of it, or where a request that was accepted is not.
func (a answer) hold(x exchange) {
	a.Helper()
	doc, err := contract()
	if err != nil {
		a.Error(err)
		return
	}
	path, query, _ := strings.Cut(x.path, "?")
	operation := operationOf(doc, x.method, path)
	if operation == nil {
		operation = &openapi3.Operation{Responses: openapi3.NewResponses()} // 404, 405 and the like: problems, or nothing for OPTIONS
		if a.status < 400 && x.method != http.MethodOptions {
			a.Errorf("%s: got %d, but openapi.json has no such call", a.call, a.status)
		}
	}
	if a.status < 300 {
		a.holdRequest(operation, query, x.sent)
	}
	a.holdAnswer(doc, operation, x.method)
}

// unnamed are the statuses that any call may have, and that none lists.
var unnamed = map[int]bool{405: true, 421: true, 429: true, 500: true, 503: true}

func (a answer) holdAnswer(doc *openapi3.T, operation *openapi3.Operation, method string) {
	a.Helper()
	if method == http.MethodOptions {
		return
	}
	response := operation.Responses.Status(a.status)
	if response == nil && (unnamed[a.status] || operation.OperationID == "") {
		response = doc.Components.Responses["Other"]
	}
	if response == nil {
		a.Errorf("%s: openapi.json has no answer %d", a.call, a.status)
		return
	}
	for name, h := range response.Value.Headers {
		if h.Value.Required && a.header.Get(name) == "" {
			a.Errorf("%s: the answer %d has no header %s", a.call, a.status, name)
		}
	}
	if method == http.MethodHead || len(response.Value.Content) == 0 {
		if len(a.body) > 0 {
			a.Errorf("%s: got a body with %d: %.200s", a.call, a.status, a.body)
		}
		return
	}
	kind, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if media := response.Value.Content[kind]; err != nil || media == nil {
		a.Errorf("%s: got Content-Type %q with %d, which openapi.json does not have", a.call, kind, a.status)
	} else if a.header.Get("Content-Encoding") == "" && kind != "text/event-stream" {
		a.fits(media.Schema.Value, a.body)
	}
}

// holdRequest checks that a client which knows only openapi.json could have sent what was accepted.
func (a answer) holdRequest(operation *openapi3.Operation, query string, sent []byte) {
	a.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		a.Error(err)
	}
	for name := range values {
		if operation.OperationID != "" && operation.Parameters.GetByInAndName("query", name) == nil {
			a.Errorf("%s: openapi.json has no parameter %s", a.call, name)
		}
	}
	if operation.RequestBody != nil {
		a.fits(operation.RequestBody.Value.Content["application/json"].Schema.Value, measured(sent))
	}
}

// measured is a request with its text and address as they are stored: lengths and formats are those of that.
func measured(sent []byte) []byte {
	var fields map[string]any
	if json.Unmarshal(sent, &fields) != nil {
		return sent
	}
	if body, ok := fields["body"].(string); ok {
		fields["body"] = markup.Clean(body)
	}
	if author, ok := fields["author"].(map[string]any); ok && author["email"] != nil {
		author["email"] = strings.TrimSpace(author["email"].(string))
	}
	clean, err := json.Marshal(fields)
	if err != nil {
		return sent
	}
	return clean
}

func (a answer) fits(schema *openapi3.Schema, text []byte) {
	a.Helper()
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		a.Errorf("%s: %v in %.200s", a.call, err, text)
		return
	}
	fit, err := compile(schema)
	if err == nil {
		err = fit.Validate(value)
	}
	if err != nil {
		a.Errorf("%s: %d does not fit openapi.json: %v\n%.1000s", a.call, a.status, err, text)
	}
}

// compiled are the schemas that answers were held to: compiled again for each, they took a third of the tests' time.
var compiled sync.Map // *openapi3.Schema → *jsonschema.Schema

// compile reads a schema as what it is in OpenAPI 3.1, one of JSON Schema 2020-12, with its formats asserted.
func compile(schema *openapi3.Schema) (*jsonschema.Schema, error) {
	if made, ok := compiled.Load(schema); ok {
		return made.(*jsonschema.Schema), nil
	}
	doc, err := contract()
	if err != nil {
		return nil, err
	}
	const name = "https://plenum.example/schema.json"
	text, err := json.Marshal(map[string]any{"allOf": []any{schema}, "components": map[string]any{"schemas": doc.Components.Schemas}})
	if err != nil {
		return nil, err
	}
	resource, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(name, resource); err != nil {
		return nil, err
	}
	made, err := c.Compile(name)
	if err == nil {
		compiled.Store(schema, made)
	}
	return made, err
}

// operationOf finds what openapi.json says of a call; nil where it has no such call.
func operationOf(doc *openapi3.T, method, path string) *openapi3.Operation {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	var found *openapi3.Operation
	for template, item := range doc.Paths.Map() {
		// A path without variables goes before one with.
		if o := item.GetOperation(method); o != nil && matches(template, path) && (found == nil || !strings.Contains(template, "{id}")) {
			found = o
		}
	}
	return found
}

func matches(template, path string) bool {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		_, err := strconv.Atoi(got[i])
		if variable := strings.HasPrefix(want[i], "{"); !variable && want[i] != got[i] || want[i] == "{version}" && err != nil {
			return false
		}
	}
	return true
}
