package handlers_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"

	"plenum/handlers"
	"plenum/models"
	"plenum/models/modeltest"
	"plenum/moderation"
	"plenum/static"
	"plenum/templates"
)

// The program may run where the clock is not on UTC; every time in an answer must be.
// Their heaps are small and short-lived: collected as often as a program's, they took a quarter of the time.
func TestMain(m *testing.M) {
	time.Local = time.FixedZone("elsewhere", 2*60*60)
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

// The people of every world. Each has an API token on the site, see world.tokens.
const (
	mia   = "mia@zeitung.example"   // moderator
	tom   = "tom@zeitung.example"   // moderator
	ida   = "ida@zeitung.example"   // editor
	ada   = "ada@zeitung.example"   // admin
	reads = "reads@zeitung.example" // moderator whose token may only read
	bea   = "bea@blatt.example"     // editor of the other site
)

const password = "open sesame"

// passwordHash is quickly compared: how costly that is of a password set here, the tests of moderation look at.
var passwordHash = sync.OnceValues(func() (string, error) {
	return argon2id.CreateHash(password, &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
})

var templateSet = sync.OnceValues(func() (*templates.Set, error) { return templates.New(static.URL) })

// world is the running product on a database of its own: a German site and an English one, their moderators, and a
// clock that only the test moves on (by a millisecond at each look, so that no two times are equal).
type world struct {
	*testing.T
	flow        *moderation.Flow
	product     *handlers.Product
	hears       *models.Store // of changes; nil: the flow's own
	server      *httptest.Server
	site, other models.Site
	origin      string
	tokens      map[string]string // by address
	editor      string            // whoever decides where a test does not say who
	articles    map[string]bool   // every key that was posted under
	clock       *atomic.Int64     // microseconds
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldWith(t)
}

// newWorldWith is a world whose product has options that a test changed.
func newWorldWith(t *testing.T, change ...func(*handlers.Options)) *world {
	t.Helper()
	t.Parallel()
	w := &world{T: t, origin: "https://zeitung.example", tokens: map[string]string{}, editor: ida, articles: map[string]bool{}, clock: new(atomic.Int64)}
	w.clock.Store(time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC).UnixMicro())
	w.flow = moderation.New(modeltest.Open(t), []byte("a secret of the tests"))
	w.flow.Now = func() time.Time { return time.UnixMicro(w.clock.Add(1000)) }
	w.flow.Unlimited = true
	w.serve(change...)
	w.site = w.newSite("zeitung", "de", w.origin, "https://www.zeitung.example:8443")
	w.other = w.newSite("blatt", "en", "https://blatt.example")
	for email, role := range map[string]string{mia: "moderator", tom: "moderator", ida: "editor", ada: "admin", reads: "moderator"} {
		w.join(w.site, email, role)
	}
	w.join(w.other, bea, "editor")
	return w
}

// serve starts the product under the address of its test server, with options that a test changed.
func (w *world) serve(change ...func(*handlers.Options)) {
	w.Helper()
	set, err := templateSet()
	w.must(err)
	w.server = httptest.NewUnstartedServer(nil)
	base := &url.URL{Scheme: "http", Host: w.server.Listener.Addr().String()}
	w.flow.Party, err = moderation.PartyOf(base)
	w.must(err)
	options := handlers.Options{Flow: w.flow, Templates: set, BaseURL: base, Log: slog.New(slog.DiscardHandler)}
	for _, c := range change {
		c(&options)
	}
	w.product = handlers.New(options)
	w.server.Config.Handler = w.product
	w.server.Start()
	w.Cleanup(w.server.Close)
	if w.hears == nil {
		w.listening(options.Flow.Store)
	} else {
		w.listening(w.hears)
	}
}

// listening lets the product hear of changes until the test ends, and so answer from memory.
func (w *world) listening(hears *models.Store) {
	w.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(w.Context()))
	product, done := w.product, make(chan struct{})
	go func() {
		defer close(done)
		product.Live(ctx, hears)
	}()
	w.Cleanup(func() { stop(); <-done })
	w.wait("the product to hear of changes", product.Listening)
}

// wait asks until the condition holds.
func (w *world) wait(what string, holds func() bool) {
	w.Helper()
	patience, tick := time.After(20*time.Second), time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-patience:
			w.Fatalf("waited in vain for %s", what)
		}
	}
}

func (w *world) newSite(slug, locale string, origins ...string) models.Site {
	w.Helper()
	site, err := w.flow.CreateSite(w.Context(), moderation.NewSite{Slug: slug, Name: slug, Locale: locale, Origins: origins})
	w.must(err)
	return site
}

// join makes a person a member of the site, with an API token.
func (w *world) join(site models.Site, email, role string) {
	w.Helper()
	hash, err := passwordHash()
	w.must(err)
	m := models.Moderator{ID: uuid.New(), Email: email, Name: "Name of " + role + " " + email[:3], PasswordHash: hash, Locale: "de", CreatedAt: w.flow.Now()}
	w.must(w.flow.Store.CreateModerator(w.Context(), m, site.ID, role))
	scope := models.ScopeWrite
	if email == reads {
		scope = models.ScopeRead
	}
	w.tokens[email], err = w.flow.CreateToken(w.Context(), site, email, scope)
	w.must(err)
}

// in is the same world in a subtest; abroad, on the other site.
func (w *world) in(t *testing.T) *world {
	same := *w
	same.T = t
	return &same
}

func (w *world) abroad() *world {
	same := *w
	same.site, same.other, same.editor = w.other, w.site, bea
	return &same
}

// pass moves the clock on.
func (w *world) pass(d time.Duration) { w.clock.Add(d.Microseconds()) }

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// actor is a person as moderation knows them on the site.
func (w *world) actor(email string) moderation.Actor {
	w.Helper()
	m, err := w.flow.Store.ModeratorByEmail(w.Context(), email)
	w.must(err)
	a, err := w.flow.SessionActor(w.Context(), w.site.ID, m)
	w.must(err)
	return a
}
