package handlers_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"plenum/models"
	"plenum/models/modeltest"
	"plenum/moderation"
)

// replica is another process on the same database, so to speak.
func (w *world) replica(store *models.Store) *world {
	w.Helper()
	other := *w
	other.flow = moderation.New(store, []byte("a secret of the tests"))
	other.flow.Now = w.flow.Now
	other.serve()
	return &other
}

func (w *world) store(url string) *models.Store {
	w.Helper()
	store, err := models.Open(w.Context(), url)
	w.must(err)
	w.Cleanup(store.Close)
	return store
}

func (w *world) url() string { return w.flow.Store.Pool().Config().ConnString() }

// without takes every connection to the database away while f runs.
func (w *world) without(f func()) {
	w.Helper()
	var held []*pgxpool.Conn
	for range w.flow.Store.Pool().Config().MaxConns {
		conn, err := w.flow.Store.Pool().Acquire(w.Context())
		w.must(err)
		held = append(held, conn)
	}
	defer func() {
		for _, conn := range held {
			conn.Release()
		}
	}()
	f()
}

// soon asks with little patience, because a read that needs the database would wait for good.
func soon(q *http.Request) {
	// The test ends with the request: nothing is left to cancel.
	ctx, cancel := context.WithTimeout(q.Context(), 10*time.Second)
	context.AfterFunc(q.Context(), cancel)
	*q = *q.WithContext(ctx)
}

// shared are addresses of everything that is answered from memory, each with another that means the same.
func shared(w *world) map[string]string {
	key := "article=" + article
	return map[string]string{
		w.api("/thread?" + key):                 w.api("/thread?sort=oldest&limit=100&" + key),
		w.api("/thread?sort=newest&" + key):     w.api("/thread?" + key + "&sort=newest&limit=100"),
		w.api("/counts?article=b&" + key):       w.api("/counts?" + key + "&article=b&article=b"),
		w.api("/rules"):                         w.api("/rules?locale=de"),
		"/zeitung/thread?" + key:                "/zeitung/thread?locale=de&" + key + "&sort=oldest",
		"/zeitung/thread?title=A&" + key:        "/zeitung/thread?" + key + "&title=A",
		"/zeitung/thread?fragment=1&" + key:     "/zeitung/thread?" + key + "&fragment=1",
		"/zeitung/":                             "/zeitung/?locale=de",
		"/zeitung/rules":                        "/zeitung/rules?version=",
		"/zeitung/feed.atom":                    "/zeitung/feed.atom?article=",
		"/zeitung/feed.rss?" + key:              "/zeitung/feed.rss?locale=de&" + key,
		"/zeitung/feed.json?" + key:             "/zeitung/feed.json?" + key + "&",
		"/api/openapi.json":                     "/api/openapi.json?",
		"/zeitung/thread?" + key + "&locale=en": "/zeitung/thread?locale=en&" + key,
	}
}

func TestAnAnswerFromMemoryNeedsNoDatabase(t *testing.T) {
	w := newWorld(t)
	w.published("steht da")
	before := map[string]answer{}
	for address := range shared(w) {
		for _, encoding := range []string{"identity", "gzip", "br"} {
			before[address+encoding] = w.get(address, header("Accept-Encoding", encoding)).want(200)
		}
	}
	w.without(func() {
		for address, same := range shared(w) {
			for _, encoding := range []string{"identity", "gzip", "br"} {
				was := before[address+encoding]
				for _, spelled := range []string{address, same} {
					a := w.get(spelled, soon, header("Accept-Encoding", encoding)).want(200)
					if string(a.body) != string(was.body) || a.header.Get("ETag") != was.header.Get("ETag") ||
						a.header.Get("Content-Security-Policy") != was.header.Get("Content-Security-Policy") {
						t.Errorf("%s: got another answer from memory", a.call)
					}
				}
				w.get(address, soon, header("Accept-Encoding", encoding), header("If-None-Match", was.header.Get("ETag"))).want(304)
				head := w.do("HEAD", address, nil, soon, header("Accept-Encoding", encoding)).want(200)
				if got, want := head.header.Get("Content-Length"), strconv.Itoa(len(was.body)); got != want || len(head.body) > 0 {
					t.Errorf("%s: got a HEAD with %s of %s bytes", head.call, got, want)
				}
			}
		}
	})
}

func TestWhatIsPersonalOrOfTheMomentIsNotKept(t *testing.T) {
	w := newWorld(t)
	p := w.published("steht da")
	for _, address := range []string{w.api("/comments/" + p.ID), "/zeitung/comments/" + p.ID + "?token=" + p.Token, "/zeitung/thread"} {
		a := w.get(address, token(p.Token))
		if got := a.header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: got Cache-Control %q, want no-store", a.call, got)
		}
	}
	a := w.do("POST", "/zeitung/thread?article="+article, "name=&body=", header("Content-Type", "application/x-www-form-urlencoded")).want(422)
	if got := a.header.Get("Cache-Control"); got != "no-store" || a.header.Get("ETag") != "" {
		t.Errorf("a form with errors: got %v", a.header)
	}
}

func TestARemovalIsOutOfTheMemoryOfEveryReplica(t *testing.T) {
	w := newWorld(t)
	there := w.replica(w.store(w.url()))
	p := w.published("verschwindet gleich")
	addresses := []string{w.api("/thread?article=" + article), "/zeitung/thread?article=" + article, "/zeitung/", "/zeitung/feed.atom",
		"/zeitung/feed.rss?article=" + article, "/zeitung/thread?fragment=1&article=" + article}
	for _, address := range addresses {
		there.wait(address+" to show the comment", func() bool { return strings.Contains(string(there.get(address).body), "verschwindet") })
	}
	w.decide(p, "remove", "topic")
	for _, address := range addresses {
		if strings.Contains(string(w.get(address).body), "verschwindet") {
			t.Errorf("%s shows it where it was removed", address)
		}
		there.wait(address+" to be without the comment", func() bool { return !strings.Contains(string(there.get(address).body), "verschwindet") })
	}
}

func TestEveryReplicaHearsOfSettingsAndRules(t *testing.T) {
	w := newWorld(t)
	there := w.replica(w.store(w.url()))
	address := w.api("/thread?article=" + article)
	if got := there.get(address).header.Get("Cache-Control"); got != "public, no-cache" {
		t.Errorf("got Cache-Control %q of a site that set nothing", got)
	}
	seconds := 60
	_, err := w.flow.SetSite(w.Context(), w.site, moderation.SiteChange{Numbers: map[string]int{"shared_cache_seconds": seconds}})
	w.must(err)
	want := "public, max-age=0, must-revalidate, s-maxage=60"
	if got := w.get(address).header.Get("Cache-Control"); got != want {
		t.Errorf("got Cache-Control %q, want %q", got, want)
	}
	there.wait("the new lifetime", func() bool { return there.get(address).header.Get("Cache-Control") == want })
	w.publishRules("anders")
	there.wait("the new rules", func() bool { return strings.Contains(string(there.get(address).body), `"rules_version":2`) })
	there.wait("the new rules", func() bool { return strings.Contains(string(there.get("/zeitung/rules").body), "anders topic") })
}

func TestPagesNameWhatACDNDropsThemBy(t *testing.T) {
	w := newWorld(t)
	w.published("steht da")
	pages := map[string][]string{"/zeitung/thread?article=" + article: {article}, "/zeitung/thread?fragment=1&article=" + article: {article},
		w.api("/thread?article=" + article): {article}, w.api("/counts?article=" + article + "&article=b"): {"b", article},
		"/zeitung/feed.atom?article=" + article: {article}, "/zeitung/feed.atom": nil, "/zeitung/": nil, "/zeitung/rules": nil, w.api("/rules"): nil}
	for address := range pages {
		if h := w.get(address).header; h.Get("Cache-Tag") != "" || h.Get("Surrogate-Key") != "" {
			t.Errorf("%s: got %v of a site that tells no CDN", address, h)
		}
	}
	_, err := w.flow.SetSite(t.Context(), w.site, moderation.SiteChange{Purge: &moderation.Purging{Address: "https://cdn.example/"}})
	w.must(err)
	for address, articles := range pages {
		for _, encoding := range []string{"identity", "gzip"} { // made anew, and made of what is in memory
			h, tags := w.get(address, header("Accept-Encoding", encoding)).header, w.site.Tags(articles)
			if h.Get("Cache-Tag") != strings.Join(tags, ",") || h.Get("Surrogate-Key") != strings.Join(tags, " ") {
				t.Errorf("%s, %s: got %q and %q, want %v", address, encoding, h.Get("Cache-Tag"), h.Get("Surrogate-Key"), tags)
			}
		}
	}
	for _, address := range []string{"/desk/signin", "/api/openapi.json", "/embed.js", "/blatt/", "/zeitung/nothing"} {
		if h := w.get(address).header; h.Get("Cache-Tag") != "" {
			t.Errorf("%s: got %q", address, h.Get("Cache-Tag"))
		}
	}
}

func TestAThreadClosesInMemoryAtItsTime(t *testing.T) {
	w := newWorld(t)
	w.published("steht da")
	at := w.flow.Now().Add(time.Hour)
	w.do("PUT", w.api("/articles"), draft{"key": article, "url": article, "title": "Der Artikel", "closes_at": at.UTC().Format(time.RFC3339)}, w.as(ida)).want(200)
	open := func() bool {
		return strings.Contains(string(w.get(w.api("/thread?article="+article)).body), `"state":"open"`)
	}
	if !open() {
		t.Error("closed before its time")
	}
	w.pass(time.Hour)
	if open() {
		t.Error("open after its time")
	}
}

func TestMemoryIsNotTrustedWhileNothingIsHeardOfChanges(t *testing.T) {
	w := newWorld(t)
	address, between := modeltest.Wired(t, w.url())
	there := w.replicaListening(w.store(w.url()), w.store(address))
	p := w.published("verschwindet gleich")
	address = w.api("/thread?article=" + article)
	there.wait("the comment", func() bool { return strings.Contains(string(there.get(address).body), "verschwindet") })
	between.Freeze()
	defer between.Thaw()
	w.decide(p, "remove", "topic")
	there.wait("the silence to be noticed", func() bool { return !there.product.Listening() })
	if strings.Contains(string(there.get(address).body), "verschwindet") {
		t.Error("a removed comment was answered from memory while nothing is heard")
	}
}

// replicaListening is replica with another way to hear of changes.
func (w *world) replicaListening(store, listening *models.Store) *world {
	w.Helper()
	other := *w
	other.hears = listening
	return other.replica(store)
}
