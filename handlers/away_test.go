package handlers_test

import (
	"context"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"plenum/handlers"
	"plenum/models"
	"plenum/models/modeltest"
	"plenum/models/modeltest/wire"
	"plenum/moderation"
)

// wired is a world whose product reaches its database by way of a wire, hears of changes by way of another, and watches
// the database as serve does. down is closed when it was noticed that the database is gone, and up when it is back.
type wired struct {
	*world
	wire, ears *wire.Wire
	watched    *models.Store
	down, up   chan struct{}
}

func newWired(t *testing.T, change ...func(*handlers.Options)) *wired {
	t.Helper()
	w := newWorld(t)
	url, between := modeltest.Wired(t, w.url())
	heard, ears := modeltest.Wired(t, w.url())
	store := w.store(url)
	w.hears = w.store(heard)
	flow := moderation.New(store, []byte("a secret of the tests"))
	flow.Now = w.flow.Now
	w.serve(append(change, func(o *handlers.Options) { o.Flow, flow.Party = flow, w.flow.Party })...)
	out := &wired{w, between, ears, store, make(chan struct{}), make(chan struct{})}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		store.Watch(ctx, models.Watcher{Away: func(error) { close(out.down) }, Back: func() { close(out.up) }})
	}()
	t.Cleanup(func() { stop(); <-done })
	return out
}

func (w *wired) wait(what string, happened <-chan struct{}) {
	w.Helper()
	select {
	case <-happened:
	case <-time.After(10 * time.Second):
		w.Fatalf("it was not noticed that the database is %s", what)
	}
}

// freeze takes the database away without a word, thaw brings it back.
func (w *wired) freeze() { w.wire.Freeze(); w.ears.Freeze() }
func (w *wired) thaw()   { w.wire.Thaw(); w.ears.Thaw() }

// ownBytes are the routes that need no database: they are answered as ever.
var ownBytes = []string{"/healthz", "/static/*file", "/embed.js", "/wordpress.zip", "/api/openapi.json", "/desk/signin", "/desk/signon", "/desk/signon/callback", "/desk/forgot"}

// While the database is away every route says so within two seconds and names when to ask again, and all is as before
// once it is back.
func TestEveryRouteSaysThatTheDatabaseIsAway(t *testing.T) {
	w := newWired(t)
	p := w.published("steht da")
	cookie := w.session(mia)
	w.get("/readyz").want(200)
	w.get("/zeitung/thread?article=" + article).want(200)
	w.freeze()
	defer w.thaw()
	w.away("GET", "/zeitung/thread?article=another", cookie) // one that is in memory is trusted for another second
	w.wait("gone", w.down)
	w.world.wait("memory to be trusted no longer", func() bool { return !w.product.Listening() })
	asked := 0
	for _, route := range w.product.Engine.Routes() {
		if route.Method == "OPTIONS" || slices.Contains(ownBytes, route.Path) {
			continue
		}
		asked++
		path := strings.NewReplacer(":site", "zeitung", ":id", p.ID, ":version", "1").Replace(route.Path)
		w.away(route.Method, path+"?article="+article+"&token="+p.Token, cookie)
	}
	if asked < 60 {
		t.Errorf("asked %d routes: something is wrong with this test", asked)
	}
	w.get("/healthz").want(200)
	w.get("/embed.js").want(200)
	if a := w.get("/readyz").want(503); !strings.Contains(string(a.body), "database away") {
		t.Errorf("got %s, want the reason", a.body)
	}
	w.thaw()
	w.wait("back", w.up)
	w.get("/readyz").want(200)
	w.get("/zeitung/thread?article=" + article).want(200)
}

// Somebody holds every table, and with them every connection: each route says so, to all who ask at once.
func TestEveryRouteSaysThatItWaitsInVain(t *testing.T) {
	w := newWorld(t)
	p := w.published("steht da")
	cookie := w.session(mia)
	tx, err := w.flow.Store.Pool().Begin(t.Context())
	w.must(err)
	defer func() { w.must(tx.Rollback(context.Background())) }()
	_, err = tx.Exec(t.Context(), `do $$ begin execute (select 'lock table ' || string_agg(format('%I', tablename), ', ') || ' in access exclusive mode'
		from pg_tables where schemaname = 'public' and tablename <> 'goose_db_version'); end $$`)
	w.must(err)
	var asked sync.WaitGroup
	var away atomic.Int64
	for _, route := range w.product.Engine.Routes() {
		asked.Go(func() {
			path := strings.NewReplacer(":site", "zeitung", ":id", p.ID, ":version", "1").Replace(route.Path)
			q := httptest.NewRequestWithContext(t.Context(), route.Method, w.server.URL+path+"?article="+article+"&token="+p.Token, strings.NewReader("{}"))
			q.Header.Set("Content-Type", "application/json")
			cookie(q)
			a, start := httptest.NewRecorder(), time.Now()
			w.product.ServeHTTP(a, q)
			if took := time.Since(start); took > 4*time.Second { // who is alone is answered after 1.6, and here all ask at once
				t.Errorf("%s %s: an answer after %s, want two seconds", route.Method, route.Path, took)
			}
			if a.Code == 503 && a.Header().Get("Retry-After") != "" {
				away.Add(1)
			} else if a.Code >= 500 {
				t.Errorf("%s %s: got %d without Retry-After", route.Method, route.Path, a.Code)
			}
		})
	}
	asked.Wait()
	if away.Load() < 60 {
		t.Errorf("got %d times 503: something is wrong with this test", away.Load())
	}
}

// away wants a request to be answered that the database is away.
func (w *wired) away(method, path string, options ...option) {
	w.Helper()
	start := time.Now()
	a := w.do(method, path, draft{}, options...)
	if took := time.Since(start); a.status != 503 || a.header.Get("Retry-After") == "" || took > 2*time.Second {
		w.Errorf("%s: got %d, Retry-After %q after %s, want 503 within two seconds", a.call, a.status, a.header.Get("Retry-After"), took)
	}
}

func TestReadinessTellsWhyNot(t *testing.T) {
	w := newWorld(t)
	w.get("/readyz").want(200)
	_, err := w.flow.Store.Pool().Exec(t.Context(), `delete from goose_db_version where version_id = 10`)
	w.must(err)
	if a := w.get("/readyz").want(503); !strings.Contains(string(a.body), "migrations pending") || a.header.Get("Retry-After") == "" {
		t.Errorf("got %s %v, want the reason and when to ask again", a.body, a.header)
	}
	w.product.Stop()
	if a := w.get("/readyz").want(503); !strings.Contains(string(a.body), "stopping") {
		t.Errorf("got %s, want the reason", a.body)
	}
	w.get("/healthz").want(200)
}
