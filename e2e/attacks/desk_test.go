package attacks

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// signIn opens a session at the desk, and answers its cookie.
func signIn(t *testing.T) *http.Cookie {
	t.Helper()
	form := url.Values{"email": {editor}, "password": {password}}
	q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, plenum.Base+"/desk/signin", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a := caller{T: t}.send(q)
	cookies := (&http.Response{Header: a.header}).Cookies()
	if len(cookies) == 0 {
		t.Fatalf("signing in: got %d and no cookie", a.status)
	}
	return cookies[0]
}

// readDesk reads a lane's list to its end, each comment in it, a search for each text, and the pages of figures and log.
func readDesk(t *testing.T, plants []*plant, lane string) {
	cookie := signIn(t)
	desk := caller{T: t, headers: map[string]string{"Cookie": cookie.Name + "=" + cookie.Value}}
	browser := newBrowser(t)
	browser.signIn(cookie)
	read := func(where, address string) *html.Node {
		root := parsePage(t, where, desk.get(address).body)
		inspect(t, where, root)
		return root
	}
	for at := "/desk/" + site + "/queue?state=" + lane; at != ""; {
		root := read("the lane "+lane, at)
		browser.visit("the lane "+lane, at)
		at = next(root)
	}
	for n, p := range plants {
		address := "/desk/" + site + "/comments/" + p.id + "?state=" + lane
		root := read(p.ID+" at the desk", address)
		if seen := visible(root); p.Visible != "" && !strings.Contains(seen, p.Visible) {
			t.Errorf("%s: %q is not to be seen at the desk", p.ID, p.Visible)
		}
		if n%sampled() == 0 {
			browser.visit(p.ID+" at the desk", address)
			search(desk, p)
		}
	}
	for _, page := range []string{"log", "statistics", "articles", "words", "rules"} {
		read(page, "/desk/"+site+"/"+page)
		browser.visit(page, "/desk/"+site+"/"+page)
	}
}

// search looks for the row's text, which may be no text that anybody can search for: then that is said.
func search(desk caller, p *plant) {
	desk.Helper()
	address := query("/desk/"+site+"/queue", "state", "all") + "&q=" + url.QueryEscape(cut(p.into("search_query", p.ID), 200))
	a := desk.do(http.MethodGet, address, nil)
	if a.status != http.StatusOK && a.status != http.StatusBadRequest {
		desk.Errorf("%s, searched for: got %d", p.ID, a.status)
	}
	inspect(desk.T, p.ID+", searched for", parsePage(desk.T, p.ID, a.body))
}

// next is the address of a list's next page; empty: there is none.
func next(root *html.Node) string {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "a" && attribute(n, "rel") == "next" {
			return attribute(n, "href")
		}
	}
	return ""
}
