package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// front stands before the program as a proxy does, over HTTP/1.1 and under a port of its own: with all the addresses that
// the program's pages name of themselves.
type front struct {
	base    string
	port    string
	away    atomic.Pointer[string] // what holds this in its address is answered that nobody is there
	refused atomic.Int64           // times that was said
	pages   map[string]string      // its own, by path
	mu      sync.Mutex
	streams []string // of events, that are open: the articles
	most    int      // that were at once
}

func newFront(t *testing.T) *front {
	t.Helper()
	program, err := url.Parse(plenum.base)
	if err != nil {
		t.Fatal(err)
	}
	f := &front{pages: map[string]string{}}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(q *httputil.ProxyRequest) {
			q.SetURL(program)
			q.Out.Header.Del("Accept-Encoding")
		},
		ModifyResponse: func(a *http.Response) error { return f.rename(a, ":"+program.Port()) },
		ErrorHandler:   func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }, // a stream was left
	}
	server := httptest.NewServer(f.before(proxy))
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	f.base, f.port = server.URL, server.URL[strings.LastIndex(server.URL, ":"):]
	return f
}

// in is an address of the program as it is here.
func (f *front) in(address string) string { return f.base + strings.TrimPrefix(address, plenum.base) }

// refuse answers 503 to whatever holds a part in its address, until it is told to refuse nothing.
func (f *front) refuse(part string) { f.away.Store(&part) }
func (f *front) refuseNothing()     { f.away.Store(nil) }

func (f *front) before(proxy http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if page, ok := f.pages[q.URL.Path]; ok {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, page)
			return
		}
		if part := f.away.Load(); part != nil && strings.Contains(q.URL.RequestURI(), *part) {
			f.refused.Add(1)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprint(w, `<!doctype html><html lang="de"><title>Gleich wieder da</title><main>Niemand da.</main>`)
			return
		}
		if strings.HasSuffix(q.URL.Path, "/events") {
			defer f.listens(q.URL.Query().Get("article"))()
		}
		proxy.ServeHTTP(w, q)
	})
}

// listens counts a stream as open until end is called.
func (f *front) listens(article string) (end func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.streams = append(f.streams, article)
	f.most = max(f.most, len(f.streams))
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		i := slices.Index(f.streams, article)
		f.streams = slices.Delete(f.streams, i, i+1)
	}
}

// listening reports whether streams of these articles are open, in this order, and no others.
func (f *front) listening(articles ...string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Equal(f.streams, articles)
}

func (f *front) rename(a *http.Response, port string) error {
	policy := a.Header.Get("Content-Security-Policy")
	a.Header.Set("Content-Security-Policy", strings.ReplaceAll(policy, port, f.port))
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		return nil
	}
	body, err := io.ReadAll(a.Body)
	if err != nil {
		return err
	}
	body = bytes.ReplaceAll(body, []byte(port), []byte(f.port))
	a.Header.Set("Content-Length", strconv.Itoa(len(body)))
	a.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}
