package handlers_test

import (
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// public is every route that anybody may read, with the addresses to visit; & or ? is added by the visitor.
// Whoever adds a route adds it here or below.
var public = map[string]func(w *world) []string{
	"/api/openapi.json":                  only("/api/openapi.json?"),
	"/api/v1/sites/:site/thread":         ofArticles("/api/v1/sites/SITE/thread?", "article=", "", "&limit=1", "&sort=newest&limit=2", "&sort=top"),
	"/api/v1/sites/:site/counts":         ofArticles("/api/v1/sites/SITE/counts?", "article=", ""),
	"/api/v1/sites/:site/rules":          only("/api/v1/sites/SITE/rules?"),
	"/api/v1/sites/:site/rules/:version": only("/api/v1/sites/SITE/rules/1?"),
	"/api/v1/sites/:site/events":         ofArticles("/api/v1/sites/SITE/events?", "article=", ""),
	"/:site/":                            only("/SITE/?"),
	"/:site/thread":                      ofArticles("/SITE/thread?", "article=", "", "&limit=1", "&sort=newest&limit=2", "&sort=top&limit=1", "&fragment=1"),
	"/:site/transparency":                only("/SITE/transparency?"),
	"/api/v1/sites/:site/transparency":   only("/api/v1/sites/SITE/transparency?"),
	"/:site/privacy":                     only("/SITE/privacy?"),
	"/api/v1/sites/:site/privacy":        only("/api/v1/sites/SITE/privacy?"),
	"/:site/rules":                       only("/SITE/rules?", "/SITE/rules?version=1&"),
	"/:site/comments/:id/report":         ofComments("/SITE/comments/ID/report?"),
	"/:site/subscriptions":               ofArticles("/SITE/subscriptions?", "article=", ""),
	"/:site/feed.atom":                   ofArticles("/SITE/feed.atom?", "article=", ""),
	"/:site/feed.rss":                    ofArticles("/SITE/feed.rss?", "article=", ""),
	"/:site/feed.json":                   ofArticles("/SITE/feed.json?", "article=", ""),
	"/healthz":                           only("/healthz?"),
	"/readyz":                            only("/readyz?"),
	"/embed.js":                          only("/embed.js?"),
	"/wordpress.zip":                     only("/wordpress.zip?"),
	"/static/*file":                      only("/static/nothing.css?"),
}

// private is every other route; without credentials it says nothing.
var private = map[string]func(w *world) []string{
	"/api/v1/sites/:site/comments/:id":            ofComments("/api/v1/sites/SITE/comments/ID?"),
	"/api/v1/sites/:site/comments/:id/decisions":  ofComments("/api/v1/sites/SITE/comments/ID/decisions?"),
	"/api/v1/sites/:site/moderation/comments/:id": ofComments("/api/v1/sites/SITE/moderation/comments/ID?"),
	"/api/v1/sites/:site/queue":                   only("/api/v1/sites/SITE/queue?"),
	"/api/v1/sites/:site/queue/events":            only("/api/v1/sites/SITE/queue/events?"),
	"/api/v1/queue/events":                        only("/api/v1/queue/events?"),
	"/api/v1/sites/:site/staff":                   only("/api/v1/sites/SITE/staff?"),
	"/api/v1/queue":                               only("/api/v1/queue?"),
	"/api/v1/sites/:site/audit":                   only("/api/v1/sites/SITE/audit?"),
	"/:site/privacy/:id":                          only("/SITE/privacy/00000000-0000-7000-8000-000000000000?"),
	"/:site/comments/:id":                         ofComments("/SITE/comments/ID?"),
	"/:site/subscriptions/:id/confirm":            only("/SITE/subscriptions/00000000-0000-7000-8000-000000000000/confirm?"),
	"/:site/subscriptions/:id/end":                only("/SITE/subscriptions/00000000-0000-7000-8000-000000000000/end?"),
	"/:site/digests/:id/end":                      only("/SITE/digests/00000000-0000-7000-8000-000000000000/end?"),
	"/:site/followers/:id":                        only("/SITE/followers/00000000-0000-7000-8000-000000000000?"),
	"/api/v1/sites/:site/followers/:id":           only("/api/v1/sites/SITE/followers/00000000-0000-7000-8000-000000000000?"),
	"/:site/comments/:id/confirm":                 ofComments("/SITE/comments/ID/confirm?"),
	"/desk":                                       only("/desk?"),
	"/desk/signin":                                only("/desk/signin?"),
	"/api/v1/sites/:site/batches/:id":             only("/api/v1/sites/SITE/batches/00000000-0000-7000-8000-000000000000?"),
	"/desk/:site/batches/:id":                     only("/desk/SITE/batches/00000000-0000-7000-8000-000000000000?"),
	"/api/v1/sites/:site/sprees":                  only("/api/v1/sites/SITE/sprees?"),
	"/api/v1/sites/:site/sprees/decisions":        only("/api/v1/sites/SITE/sprees/decisions?"),
	"/desk/:site/sprees":                          only("/desk/SITE/sprees?"),
	"/api/v1/sites/:site/statistics":              only("/api/v1/sites/SITE/statistics?"),
	"/desk/:site/statistics":                      only("/desk/SITE/statistics?"),
	"/desk/:site/statistics.csv":                  only("/desk/SITE/statistics.csv?"),
	"/desk/:site/log":                             only("/desk/SITE/log?"),
	"/api/v1/sites/:site/words":                   only("/api/v1/sites/SITE/words?"),
	"/desk/:site/words":                           only("/desk/SITE/words?"),
	"/desk/:site/rules":                           only("/desk/SITE/rules?"),
	"/api/v1/preferences":                         only("/api/v1/preferences?"),
	"/api/v1/sessions":                            only("/api/v1/sessions?"),
	"/api/v1/passkeys":                            only("/api/v1/passkeys?"),
	"/desk/signon":                                only("/desk/signon?"),
	"/desk/signon/callback":                       only("/desk/signon/callback?"),
	"/desk/forgot":                                only("/desk/forgot?"),
	"/desk/password":                              only("/desk/password?"),
	"/desk/:site/webhooks":                        only("/desk/SITE/webhooks?"),
	"/desk/:site/webhooks/:id":                    ofComments("/desk/SITE/webhooks/ID?"),
	"/api/v1/sites/:site/webhooks":                only("/api/v1/sites/SITE/webhooks?"),
	"/api/v1/sites/:site/webhooks/:id/deliveries": ofComments("/api/v1/sites/SITE/webhooks/ID/deliveries?"),
	"/api/v1/sites/:site/settings":                only("/api/v1/sites/SITE/settings?"),
	"/desk/:site/settings":                        only("/desk/SITE/settings?"),
	"/api/v1/sites/:site/moderators":              only("/api/v1/sites/SITE/moderators?"),
	"/desk/:site/moderators":                      only("/desk/SITE/moderators?"),
	"/desk/second":                                only("/desk/second?"),
	"/desk/confirm":                               only("/desk/confirm?"),
	"/desk/security":                              only("/desk/security?"),
	"/desk/security/totp.png":                     only("/desk/security/totp.png?"),
	"/desk/preferences":                           only("/desk/preferences?"),
	"/api/v1/sites/:site/hints":                   only("/api/v1/sites/SITE/hints?"),
	"/desk/queue":                                 only("/desk/queue?"),
	"/desk/:site/queue":                           only("/desk/SITE/queue?"),
	"/desk/:site/comments/:id":                    ofComments("/desk/SITE/comments/ID?"),
	"/api/v1/sites/:site/authors/:id":             ofAuthors("/api/v1/sites/SITE/authors/ID?"),
	"/api/v1/sites/:site/articles":                only("/api/v1/sites/SITE/articles?"),
	"/desk/:site/authors/:id":                     ofAuthors("/desk/SITE/authors/ID?"),
	"/desk/:site/articles":                        only("/desk/SITE/articles?"),
}

func only(addresses ...string) func(*world) []string {
	return func(w *world) (all []string) {
		for _, a := range addresses {
			all = append(all, strings.ReplaceAll(a, "SITE", w.site.Slug))
		}
		return all
	}
}

// ofArticles is the address without an article, and with each that was posted under and each of the endings.
func ofArticles(address, parameter string, endings ...string) func(*world) []string {
	return func(w *world) []string {
		all := only(address)(w)
		for key := range w.articles {
			for _, ending := range endings {
				all = append(all, only(address)(w)[0]+parameter+url.QueryEscape(key)+ending+"&")
			}
		}
		return all
	}
}

// ofComments is the address of each comment of the site.
func ofComments(address string) func(*world) []string { return ofIDs(address, "id") }

// ofAuthors is the address of the author of each comment.
func ofAuthors(address string) func(*world) []string { return ofIDs(address, "author_id") }

func ofIDs(address, column string) func(*world) []string {
	return func(w *world) (all []string) {
		w.Helper()
		rows, err := w.flow.Store.Pool().Query(w.Context(), "select "+column+`::text from (select site_id, id, author_id from comments
			union all select site_id, id, id from unconfirmed) c where site_id = $1 order by id limit 12`, w.site.ID)
		w.must(err)
		defer rows.Close()
		for rows.Next() {
			var id string
			w.must(rows.Scan(&id))
			all = append(all, strings.ReplaceAll(only(address)(w)[0], "ID", id))
		}
		return all
	}
}

func TestEveryRouteIsKnownToBePublicOrNot(t *testing.T) {
	w := newWorld(t)
	var got []string
	for _, route := range w.product.Engine.Routes() {
		if route.Method == "GET" {
			got = append(got, route.Path)
			if (public[route.Path] == nil) == (private[route.Path] == nil) {
				t.Errorf("%s is neither among the public nor among the private routes, or among both", route.Path)
			}
		}
	}
	for _, routes := range []map[string]func(*world) []string{public, private} {
		for path := range routes {
			if !slices.Contains(got, path) {
				t.Errorf("%s is no route", path)
			}
		}
	}
}

var nextPage = regexp.MustCompile(`"next_cursor":"([^"]+)"|[?&;]cursor=([^"&#]+)`)

// mustNotAppear reads every public surface in each language, each encoding and page by page, and everything else
// without credentials, and reports where one of the texts appears.
func (w *world) mustNotAppear(texts ...string) {
	w.Helper()
	for _, routes := range []map[string]func(*world) []string{public, private} {
		for _, addresses := range routes {
			for _, address := range addresses(w) {
				w.sweep(address, texts)
				if address != "/api/openapi.json?" { // it speaks English only
					w.sweep(address+"locale=en", texts)
				}
			}
		}
	}
}

// appearsOn lists the public routes on which the text appears.
func (w *world) appearsOn(text string) (routes []string) {
	w.Helper()
	for route, addresses := range public {
		if slices.ContainsFunc(addresses(w), func(address string) bool { return strings.Contains(string(w.get(address).body), text) }) {
			routes = append(routes, route)
		}
	}
	slices.Sort(routes)
	return routes
}

func (w *world) sweep(address string, texts []string) {
	w.Helper()
	at := ""
	for range 50 {
		var seen string
		for _, encoding := range []string{"identity", "gzip", "br"} {
			a := w.get(address+at, header("Accept-Encoding", encoding))
			if a.status >= 500 || at != "" && a.status != 200 {
				w.Fatalf("%s: got %d", a.call, a.status)
			}
			body := html.UnescapeString(string(plain(w.T, a)))
			for _, text := range texts {
				if strings.Contains(body, text) {
					w.Fatalf("%q appears on %s (%s)", text, address+at, encoding)
				}
			}
			if seen = body; a.header.Get("Vary") == "" {
				break // the same in every encoding
			}
		}
		next := nextPage.FindStringSubmatch(seen)
		if next == nil {
			return
		}
		at = "&cursor=" + next[1] + next[2]
	}
	w.Errorf("%s does not end", address)
}
