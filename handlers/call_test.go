package handlers_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"plenum/moderation"
)

// option changes a request before it is sent.
type option func(*http.Request)

func header(name, value string) option {
	return func(q *http.Request) { q.Header.Set(name, value) }
}

func token(t string) option { return header("Authorization", "Bearer "+t) }

func key(k string) option { return header("Idempotency-Key", k) }

// host sets the name under which the product is asked.
func host(h string) option { return func(q *http.Request) { q.Host = h } }

// as speaks through the person's API token.
func (w *world) as(email string) option { return token(w.tokens[email]) }

// session signs a person in to the desk and speaks through their cookie.
func (w *world) session(email string) option {
	w.Helper()
	token, _, err := w.flow.SignIn(w.Context(), moderation.Credentials{Email: email, Password: password})
	w.must(err)
	return header("Cookie", "__Host-plenum="+token)
}

// answer is what came back, read to its end.
type answer struct {
	*testing.T
	call   string
	status int
	header http.Header
	body   []byte
}

// do sends a request and holds what comes back from /api to openapi.json. A body that is a string or bytes is sent as
// it is, anything else as JSON. No redirect is followed, nothing is decompressed. It may be called from any goroutine.
func (w *world) do(method, path string, body any, options ...option) answer {
	w.Helper()
	content := encoded(w.T, body)
	q, err := http.NewRequestWithContext(w.Context(), method, w.server.URL, bytes.NewReader(content))
	if err != nil {
		w.Error(err)
		return answer{T: w.T}
	}
	if q.URL.Opaque = path; strings.HasPrefix(path, "//") { // as it is written, whatever it is
		q.URL.Opaque, q.URL.Path = "", path
	}
	q.Header.Set("Accept-Encoding", "identity")
	if body != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	for _, change := range options {
		change(q)
	}
	r, err := w.server.Client().Transport.RoundTrip(q)
	if err != nil {
		w.Errorf("%s %s: %v", method, path, err)
		return answer{T: w.T}
	}
	defer r.Body.Close()
	a := answer{T: w.T, call: method + " " + path, status: r.StatusCode, header: r.Header}
	stream := io.Reader(r.Body)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "text/event-stream") { // which does not end: what it begins with
		stream = &untilEvent{from: r.Body}
	}
	if a.body, err = io.ReadAll(stream); err != nil {
		w.Errorf("%s: read the answer: %v", a.call, err)
	}
	if strings.HasPrefix(path, "/api/") {
		a.hold(exchange{method: method, path: path, sent: content})
	}
	return a
}

// untilEvent ends after the first event.
type untilEvent struct {
	from io.Reader
	seen []byte
}

func (u *untilEvent) Read(p []byte) (int, error) {
	if i := bytes.Index(u.seen, []byte("event: ")); i >= 0 && bytes.Contains(u.seen[i:], []byte("\n\n")) {
		return 0, io.EOF
	}
	n, err := u.from.Read(p)
	u.seen = append(u.seen, p[:n]...)
	return n, err
}

func (w *world) get(path string, options ...option) answer {
	w.Helper()
	return w.do("GET", path, nil, options...)
}

func encoded(t *testing.T, body any) []byte {
	t.Helper()
	switch b := body.(type) {
	case nil:
		return nil
	case string:
		return []byte(b)
	case []byte:
		return b
	}
	content, err := json.Marshal(body)
	if err != nil {
		t.Error(err)
	}
	return content
}

// want ends the test unless the answer has the status.
func (a answer) want(status int) answer {
	a.Helper()
	if a.status != status {
		a.Fatalf("%s: got %d %.500s, want %d", a.call, a.status, a.body, status)
	}
	return a
}

// into reads the body as JSON.
func (a answer) into(v any) {
	a.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		a.Fatalf("%s: %v in %.500s", a.call, err, a.body)
	}
}

// read is into for a value that the test names only once.
func read[T any](a answer) (v T) {
	a.Helper()
	a.into(&v)
	return v
}

// problem is a problem document.
type problem struct {
	Title, Detail string
	Status        int
	Errors        []struct{ Field, Code, Message string }
	Rules         *struct{ Version int }
	Comment       *struct {
		ID, Status string
		Version    int
		Decisions  []struct{ Action string }
	}
}

// refused reads the problem document of the status.
func (a answer) refused(status int) (p problem) {
	a.Helper()
	a.want(status)
	if got, want := a.header.Get("Content-Type"), "application/problem+json"; got != want {
		a.Errorf("%s: got Content-Type %q, want %q", a.call, got, want)
	}
	a.into(&p)
	return p
}

// names reports whether exactly this one field is refused, for this reason.
func (p problem) names(field, code string) bool {
	return len(p.Errors) == 1 && p.Errors[0].Field == field && p.Errors[0].Code == code
}
