package scale

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// What docs/embedding.md has nginx do, as it stands there: it asks Plenum by a name, for each article of a page by itself, and
// serves the page without where Plenum is away.
func TestAPageIncludesItsThreadsAsTheDocsSay(t *testing.T) {
	needs(t, nginx)
	s := newStage(t)
	plenum := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, no-cache")
		fmt.Fprintf(w, "[%s %s %s]", r.URL.Path, r.FormValue("fragment"), r.FormValue("article"))
	}))
	defer plenum.Close()
	docs, err := os.ReadFile("../../docs/embedding.md")
	s.must(err)
	_, block, _ := strings.Cut(string(docs), "```nginx\n")
	block, _, found := strings.Cut(block, "```")
	cache, routes, laid := strings.Cut(block, "\n\n")
	if !found || !laid {
		t.Fatalf("no configuration of nginx in docs/embedding.md: %q", block)
	}
	cache = strings.Replace(cache, "/var/cache/nginx/plenum", s.folder+"/cache", 1)
	routes = strings.Replace(routes, "https://comments.example.org", strings.Replace(plenum.URL, "127.0.0.1", "localhost", 1), 1)
	include := `<!--# include virtual="/plenum-fragment?article=%s" -->`
	s.write("page.html", "<p>Page</p>"+fmt.Sprintf(include, "bridge")+fmt.Sprintf(include, "https%3A%2F%2Fwww.example.org%2F%3Fa%3D1%26b%3D2"))
	front := newProxy(s)
	front.lay(cache, "proxy_buffering on; root "+s.folder+";\n"+routes) // what is not buffered is not kept

	page := func(name string) string {
		answer, err := http.Get(front.base() + "/" + name)
		s.must(err)
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		s.must(err)
		return string(body)
	}
	want := "<p>Page</p>[/SITE/thread 1 bridge][/SITE/thread 1 https://www.example.org/?a=1&b=2]"
	if got := page("page.html"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	plenum.Close()
	if got := page("page.html"); got != want {
		t.Errorf("got %q of the minute before, want %q", got, want)
	}
	s.write("other.html", "<p>Other</p>"+fmt.Sprintf(include, "other"))
	if got := page("other.html"); got != "<p>Other</p>" {
		t.Errorf("got %q while Plenum is away, want the page alone", got)
	}
}
