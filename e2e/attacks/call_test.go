package attacks

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/http/httpguts"
)

// answer is what came back, read to its end.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// caller calls the site. Whatever it sends, an answer of 500 or above fails the test.
type caller struct {
	*testing.T
	bearer  string // editor's token or manage token; empty: a reader
	headers map[string]string
}

func (c caller) do(method, address string, body any) answer {
	c.Helper()
	content, err := json.Marshal(body)
	if err != nil {
		c.Fatal(err)
	}
	q, err := http.NewRequestWithContext(c.Context(), method, plenum.Base+address, bytes.NewReader(content))
	if err != nil {
		c.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/json")
	if c.bearer != "" {
		q.Header.Set("Authorization", "Bearer "+c.bearer)
	}
	for name, value := range c.headers {
		if httpguts.ValidHeaderFieldValue(value) {
			q.Header.Set(name, value)
		}
	}
	return c.send(q)
}

func (c caller) send(q *http.Request) answer {
	c.Helper()
	a, err := http.DefaultTransport.RoundTrip(q)
	if err != nil {
		c.Fatalf("%s %s: %v", q.Method, q.URL, err)
	}
	defer a.Body.Close()
	content, err := io.ReadAll(a.Body)
	if err != nil {
		c.Fatal(err)
	}
	if a.StatusCode >= 500 {
		c.Errorf("%s %.200s: got %d: %.500s", q.Method, q.URL, a.StatusCode, content)
	}
	return answer{a.StatusCode, a.Header, content}
}

// get reads a page that has to be there.
func (c caller) get(address string) answer {
	c.Helper()
	a := c.do(http.MethodGet, address, nil)
	if a.status != http.StatusOK {
		c.Errorf("GET %.200s: got %d", address, a.status)
	}
	return a
}

// refused are the fields that a 422 names.
func (a answer) refused(t *testing.T) (fields []string) {
	t.Helper()
	var problem struct{ Errors []struct{ Field string } }
	if err := json.Unmarshal(a.body, &problem); err != nil {
		t.Fatalf("%d: %.300s", a.status, a.body)
	}
	for _, e := range problem.Errors {
		fields = append(fields, e.Field)
	}
	return fields
}

// query is an address with one value in it.
func query(path, name, value string) string { return path + "?" + name + "=" + url.QueryEscape(value) }

func api(parts ...string) string { return "/api/v1/sites/" + site + "/" + strings.Join(parts, "/") }
