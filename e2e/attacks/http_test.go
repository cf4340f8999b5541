package attacks

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// hostileRequest is a request that no browser sends, and the answers that it may have.
type hostileRequest struct {
	ID        string          `json:"id"`
	Transport string          `json:"transport"`
	Request   json.RawMessage `json:"request"`
	Expect    struct{ Status []int }
}

// rawRequest is it on the wire. A body may be a recipe: S repeated N times, part after part.
type rawRequest struct {
	Method, Path, Body string
	Headers            map[string]string
	Base64             []byte `json:"body_b64"`
	Gen                []struct {
		S string
		N int
	}
}

// ownRequests are tried wherever the suite runs.
var ownRequests = []hostileRequest{
	request("two documents", `{"method":"POST","path":"{{COMMENT_POST}}","headers":{"Content-Type":"application/json"},"body":"{{VALID_COMMENT}}{{VALID_COMMENT}}"}`, 400),
	request("a field twice", `{"method":"POST","path":"{{COMMENT_POST}}","headers":{"Content-Type":"application/json"},"body":"{\"body\":\"a\",\"body\":\"b\"}"}`, 400, 422),
	request("its own status", `{"method":"POST","path":"{{COMMENT_POST}}","headers":{"Content-Type":"application/json"},"body":"{\"body\":\"a\",\"status\":\"approved\"}"}`, 400, 422),
	request("a form", `{"method":"POST","path":"{{COMMENT_POST}}","headers":{"Content-Type":"application/x-www-form-urlencoded"},"body":"body=a"}`, 415),
	request("another charset", `{"method":"POST","path":"{{COMMENT_POST}}","headers":{"Content-Type":"application/json; charset=utf-16"},"body":"{}"}`, 415),
	request("no UTF-8", `{"method":"POST","path":"{{COMMENT_POST}}","headers":{"Content-Type":"application/json"},"body_b64":"eyJib2R5Ijoi/yJ9"}`, 400, 422),
	request("deep", `{"method":"POST","path":"{{COMMENT_POST}}","headers":{"Content-Type":"application/json"},"gen":[{"s":"[","n":60000}]}`, 400, 413, 422),
	request("large", `{"method":"POST","path":"{{COMMENT_POST}}","headers":{"Content-Type":"application/json"},"gen":[{"s":"{\"body\":\"","n":1},{"s":"a","n":200000},{"s":"\"}","n":1}]}`, 413),
	request("a path upwards", `{"method":"GET","path":"/static/../../etc/passwd","headers":{}}`, 400, 404),
	request("another host", `{"method":"GET","path":"/","headers":{"Host":"evil.example"}}`, 421),
	request("a method of its own", `{"method":"BREW","path":"{{COMMENT_LIST}}","headers":{}}`, 404, 405),
}

func request(id, raw string, status ...int) hostileRequest {
	return hostileRequest{ID: id, Transport: "client", Request: json.RawMessage(raw), Expect: struct{ Status []int }{status}}
}

// contracted are rows whose expectation is another than our contract's: a reader's call has no account, so that it reads
// no credentials, and no cookie that a page elsewhere could ride on.
var contracted = map[string][]int{
	"http-hdr-26": {202}, "http-hdr-41": {202},
}

// inside are words that only our own insides would say.
var inside = regexp.MustCompile(`goroutine \d|panic:|SQLSTATE|pgx|gorm|\.go:\d`)

// Requests that no browser sends get an answer that says so, never one of ours about a fault, and nothing from inside.
func TestHostileRequestsAreRefusedInOrder(t *testing.T) {
	requests := slices.Clone(ownRequests)
	if folder := os.Getenv("PLENUM_ATTACKS"); folder != "" {
		content, err := os.ReadFile(filepath.Join(folder, "http.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		for lines := json.NewDecoder(bytes.NewReader(content)); lines.More(); {
			var h hostileRequest
			if err := lines.Decode(&h); err != nil {
				t.Fatal(err)
			}
			requests = append(requests, h)
		}
	}
	sent := 0
	for _, h := range requests {
		var r rawRequest
		raw := fill(string(h.Request))
		if h.Transport != "client" || strings.Contains(raw, "{{") || json.Unmarshal([]byte(raw), &r) != nil {
			continue // of a flow, or below HTTP: other tests play those
		}
		sent++
		t.Run(h.ID, func(t *testing.T) { h.try(t, r) })
	}
	t.Logf("%d of %d requests are of one call and were sent", sent, len(requests))
}

func (h hostileRequest) try(t *testing.T, r rawRequest) {
	body := []byte(r.Body + string(r.Base64))
	for _, part := range r.Gen {
		body = append(body, strings.Repeat(part.S, part.N)...)
	}
	q, err := http.NewRequestWithContext(t.Context(), r.Method, plenum.Base, bytes.NewReader(body))
	if err != nil {
		return // not even the client sends it
	}
	q.URL.Opaque = r.Path
	for name, value := range r.Headers {
		q.Header.Set(name, value)
		if name == "Host" {
			q.Host = value
		}
	}
	want := h.Expect.Status
	if ours, ok := contracted[h.ID]; ok {
		want = ours
	}
	a := caller{T: t}.send(q)
	if len(want) > 0 && !slices.Contains(want, a.status) {
		t.Errorf("got %d, want one of %v: %.300s", a.status, want, a.body)
	}
	if found := inside.Find(a.body); found != nil {
		t.Errorf("the answer says %q", found)
	}
	early := a.status == http.StatusBadRequest || a.status == http.StatusRequestHeaderFieldsTooLarge // which net/http answers itself
	if got := a.header.Get("X-Content-Type-Options"); got != "nosniff" && !early {
		t.Errorf("got X-Content-Type-Options %q", got)
	}
	if got := a.header.Get("Access-Control-Allow-Origin"); got == q.Header.Get("Origin") && got != "" && got != origin {
		t.Errorf("any origin is allowed by name: %q", got)
	}
}

// fill puts this program's own names where a row has a placeholder.
func fill(raw string) string {
	valid := `{"article":{"key":"http"},"author":{"name":"Jana"},"body":"Die Ampel fehlt in dem Plan.","rules_version":1}`
	quoted := strings.Trim(strconv.Quote(valid), `"`)
	raw = strings.NewReplacer("{{COMMENT_POST}}", api("comments"), "{{COMMENT_LIST}}", api("thread")+"?article=http", "{{VALID_COMMENT}}", quoted,
		"{{ALLOWED_ORIGIN}}", origin, "{{HOST}}", strings.TrimPrefix(plenum.Base, "http://"), "{{SITE}}", site,
		"{{STATIC}}", "/static/", "{{FEED}}", "/"+site+"/feed.atom").Replace(raw)
	return repeats.ReplaceAllStringFunc(raw, func(m string) string {
		parts := repeats.FindStringSubmatch(m)
		n, err := strconv.Atoi(parts[2])
		if err != nil {
			return m
		}
		return strings.Repeat(parts[1], n)
	})
}

var repeats = regexp.MustCompile(`\{\{REPEAT:(.*?):(\d+)\}\}`)
