package handlers

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/cache"
	"plenum/handlers/internal/live"
	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/handlers/ops"
	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

// Options is what the product needs to answer requests.
type Options struct {
	Flow      *moderation.Flow
	Templates *templates.Set
	BaseURL   *url.URL       // absolute, without a path; the only host that is answered
	Proxies   []netip.Prefix // that are believed who asked; none: whoever connects is who asks
	Log       *slog.Logger
	Metrics   *ops.Metrics                     // nil: nothing is counted
	Demo      map[string]templates.DemoArticle // empty: no demo
	CacheSize int                              // bytes of memory for what readers are answered; 0: 64 MiB
	Stale     time.Duration                    // for which that is answered, marked, while the database is away; 0: not at all
}

const defaultCacheSize = 64 << 20

// Product is the whole of it as one http.Handler.
type Product struct {
	http.Handler
	Engine *gin.Engine // inside the walls: for tests that walk the routes
	ops    *ops.Handler
	hub    *live.Hub
	cache  *cache.Cache
	store  *models.Store
}

// Live hears of changes until the context ends: what is no longer true is dropped from memory, and open event streams
// are told. Without it, nothing is answered from memory. The store must have no pooler before it.
func (p *Product) Live(ctx context.Context, listening *models.Store) {
	var telling sync.WaitGroup
	telling.Go(func() { p.hub.Run(ctx) })
	listening.Listen(ctx, models.Listener{
		Up:   func() { p.store.Hearing(true); p.cache.Up(); p.hub.Missed() },
		Down: func() { p.store.Hearing(false); p.cache.Down() },
		Hear: func(h models.Hint) { p.store.Heard(); p.cache.Hear(h); p.hub.Hear(h) },
	})
	telling.Wait()
}

// Listening reports whether this process hears of changes, and so answers from memory.
func (p *Product) Listening() bool { return p.cache.Live() }

// Stop makes /readyz say no, so that no new requests are sent here, and ends the event streams.
func (p *Product) Stop() {
	p.ops.Stop()
	p.hub.Stop()
}

// New puts the product together.
func New(o Options) *Product {
	gin.SetMode(gin.ReleaseMode)
	memory := cache.New(cmp.Or(o.CacheSize, defaultCacheSize), o.Flow.Now)
	memory.Outlast(cache.Outage{Most: o.Stale, Ask: o.Flow.Store.Presence})
	o.Flow.Store.OnCommit(memory.Hear)
	r := &respond.Responder{Templates: o.Templates, Log: o.Log, NewID: o.Flow.NewID, Cache: memory}
	hub := live.NewHub(o.Flow.Store, o.Log)
	if o.Metrics != nil {
		o.Metrics.Streams(hub.Open)
		o.Metrics.Memory(memory.Held, memory.Live)
	}
	e := engine(o, r)
	near := r.Page((&request.Asker{Flow: o.Flow, Cache: memory}).Near)
	e.NoRoute(near, r.NotFound)
	e.NoMethod(near, r.NoMethod)
	operations := routes(e, o, r, hub)
	refused, misdirected := engine(o, r), engine(o, r)
	refused.NoRoute(near, r.NotFound)
	misdirected.NoRoute(r.Misdirected)
	w := wall{inside: e, refused: refused, misdirected: misdirected, base: o.BaseURL}
	return &Product{Handler: w.around(), Engine: e, ops: operations, hub: hub, cache: memory, store: o.Flow.Store}
}

// engine logs and counts each request, and survives a panic.
func engine(o Options, r *respond.Responder) *gin.Engine {
	e := gin.New()
	e.RedirectTrailingSlash, e.RedirectFixedPath, e.HandleMethodNotAllowed = false, false, true
	e.Use(r.Requests(time.Now))
	if o.Metrics != nil {
		e.Use(o.Metrics.Requests(time.Now))
	}
	e.Use(recovered(r), request.Proxies(o.Proxies).Network)
	return e
}
