package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// host serves a page of a publisher, under an origin of its own.
func host(t *testing.T, page string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" { // a browser asks for an icon
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, page)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// A page that lists articles learns how many comments each has: in its language, in one question, and of nobody else.
func TestCountsAreFilledInOnAListOfArticles(t *testing.T) {
	want := counted(t)
	page := newTab(t)
	page.open(host(t, `<!doctype html><html lang="de-DE"><title>Übersicht</title>
		<p><a id="de" href="/radweg" data-plenum-count="radweg">Kommentare</a> <a id="again" data-plenum-count="radweg" data-number></a>
		<span lang="en" id="en" data-plenum-count="radweg"></span> <span lang="fr" id="fr" data-plenum-count="radweg"></span>
		<b id="none" data-plenum-count="nobody knows this & that"></b> <i id="empty" data-plenum-count="">bleibt</i></p>
		<script async src="`+plenum.base+`/embed.js" data-site="stadtanzeiger"></script>`))
	page.sees("#de", fmt.Sprintf("%d Kommentare", want))
	for id, text := range map[string]string{"again": fmt.Sprint(want), "en": fmt.Sprintf("%d comments", want), "fr": fmt.Sprint(want), "none": "0 Kommentare", "empty": "bleibt"} {
		if got := page.text("#" + id); got != text {
			t.Errorf("%s: got %q, want %q", id, got, text)
		}
	}
	if asked := page.questions(); len(asked) != 1 {
		t.Errorf("got %d questions for one page, want 1: %v", len(asked), asked)
	}
	page.leavesNothing()
}

// Three hundred articles need two questions, three hundred with long names as many as addresses may be long.
func TestCountsAreAskedForInAsFewQuestionsAsAddressesAllow(t *testing.T) {
	for name, want := range map[string]int{"%d": 2, "https://www.example.org/archiv/%d/" + strings.Repeat("ü", 50): 16} {
		list := ""
		for i := range 300 {
			list += `<b data-plenum-count="` + fmt.Sprintf(name, i) + `"></b>`
		}
		page := newTab(t)
		page.open(host(t, `<!doctype html><html lang="de"><title>Archiv</title>`+list+`<script async src="`+plenum.base+`/embed.js" data-site="stadtanzeiger"></script>`))
		until(t, "each is counted", func() bool {
			return eval[int](page, `[...document.querySelectorAll("b")].filter(b => b.textContent === "0 Kommentare").length`) == 300
		})
		asked := page.questions()
		if len(asked) > want {
			t.Errorf("%s: got %d questions, want %d", name, len(asked), want)
		}
		for _, address := range asked {
			if len(address) > 7200 {
				t.Errorf("%s: an address of %d characters, which a proxy may refuse", name, len(address))
			}
		}
	}
}

// What cannot be counted stays as it was written.
func TestAListStaysAsItIsWherePlenumDoesNotAnswer(t *testing.T) {
	page := newTab(t)
	page.expect(http.StatusNotFound)
	page.open(host(t, `<!doctype html><html lang="de"><title>Übersicht</title><p data-plenum-count="radweg">Kommentare</p>
		<script async src="`+plenum.base+`/embed.js" data-site="nobody"></script>`))
	until(t, "it has asked", func() bool { return len(page.questions()) == 1 })
	if got := page.text("p"); got != "Kommentare" {
		t.Errorf("got %q, want what was there", got)
	}
}

// questions are the addresses under which the page asked for counts.
func (b *tab) questions() (asked []string) {
	b.Helper()
	for _, address := range eval[[]string](b, `performance.getEntriesByType("resource").map(e => e.name)`) {
		if u, err := url.Parse(address); err == nil && strings.HasSuffix(u.Path, "/counts") {
			asked = append(asked, address)
		}
	}
	return asked
}
