package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

func TestTheContractIsAValidOpenAPI31Document(t *testing.T) {
	doc, err := contract()
	if err != nil {
		t.Fatal(err)
	}
	if !doc.IsOpenAPI31OrLater() {
		t.Errorf("got version %s, want 3.1", doc.OpenAPI)
	}
	if err := doc.Validate(t.Context(), openapi3.EnableExamplesValidation(), openapi3.EnableSchemaDefaultsValidation()); err != nil {
		t.Error(err)
	}
}

func TestEveryRouteBelowAPIIsInTheContractAndTheOtherWayRound(t *testing.T) {
	w := newWorld(t)
	doc, err := contract()
	w.must(err)
	var got, want []string
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			want = append(want, method+" "+path)
		}
	}
	for _, route := range w.product.Engine.Routes() {
		if strings.HasPrefix(route.Path, "/api/") && route.Method != http.MethodHead && route.Method != http.MethodOptions {
			got = append(got, route.Method+" "+inBraces(route.Path))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got routes\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// inBraces writes :site as {site}.
func inBraces(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}

func TestEveryOperationCanBecomeAMethodOfAClient(t *testing.T) {
	doc, err := contract()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for path, item := range doc.Paths.Map() {
		for method, o := range item.Operations() {
			if o.OperationID == "" || seen[o.OperationID] || o.Summary == "" || o.Security == nil || len(o.Tags) != 1 {
				t.Errorf("%s %s: needs an operationId of its own, a summary, one tag and its security", method, path)
			}
			seen[o.OperationID] = true
		}
	}
}

func TestEveryObjectOfTheContractNamesAllItHolds(t *testing.T) {
	doc, err := contract()
	if err != nil {
		t.Fatal(err)
	}
	for name, schema := range doc.Components.Schemas {
		s := schema.Value
		closed := s.AdditionalProperties.Has != nil && !*s.AdditionalProperties.Has
		if len(s.Properties) > 0 && (!closed || len(s.Required) == 0) {
			t.Errorf("%s: needs additionalProperties false and a list of what is required", name)
		}
	}
}

func TestTheContractIsServedToAnybody(t *testing.T) {
	w := newWorld(t)
	if got := read[struct{ OpenAPI string }](w.get("/api/openapi.json").want(200)).OpenAPI; !strings.HasPrefix(got, "3.1") {
		t.Errorf("got version %q, want 3.1", got)
	}
}
