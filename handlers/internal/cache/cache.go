// Package cache keeps what readers are answered in memory, rendered and compressed, until what it shows changes.
//
//	request ── Spelled(address) ─ hit ──────────────────────────────────► bytes
//	               │ miss                                                   ▲
//	               ▼                                                        │
//	         the handler reads what is asked for ── Page(key) ─ hit ────────┤
//	                                                   │ miss, one at a time│
//	                                                   └── load ────────────┘
//
// A page is true as long as the marks of what it shows are as they were before it was loaded, see marks.go; hints from
// PostgreSQL move the marks. While no hints arrive nothing is answered from memory, unless the database itself is away,
// see outage.go.
package cache

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/maypok86/otter/v2"

	"plenum/models"
)

// Key is what is asked for. Two addresses that mean the same have the same key.
type Key struct {
	Site                  uuid.UUID
	Call, Locale, Meaning string
	Encoding              string // of the bytes
}

// Page is an answer as it is sent.
type Page struct {
	Fields []Field // of its header; they are shared by all answers and never written to
	Body   []byte
	Tag    string    // the ETag
	Until  time.Time // when it is no longer true by itself; zero: never
	Stale  *Stale    // nil: it is true now
	state  stamp
}

// Field is a field of a header.
type Field struct {
	Name   string // in the canonical form of net/http
	Values []string
}

// Cache is safe for concurrent use.
type Cache struct {
	pages     *otter.Cache[Key, *Page]
	spellings *otter.Cache[spelling, meaning]
	sites     *otter.Cache[string, lookedUp]
	now       func() time.Time
	outage    Outage
	lost      atomic.Pointer[loss] // of the hints, when they last ceased to arrive; nil: they never did
	marks
}

// spelling is an address as it was written, in one encoding.
type spelling struct{ uri, encoding string }

type meaning struct {
	key   Key
	state stamp
}

type lookedUp struct {
	site  models.Site
	state stamp
}

// What the cache holds beside the bytes of pages.
const (
	maxSpellings = 8 << 20 // bytes
	maxSites     = 10_000
	perEntry     = 512 // bytes that an entry takes beside its texts
)

// New makes a cache of so many bytes. It answers nothing before Up.
func New(bytes int, now func() time.Time) *Cache {
	return &Cache{now: now,
		pages: otter.Must(&otter.Options[Key, *Page]{MaximumWeight: uint64(bytes), Weigher: func(k Key, p *Page) uint32 {
			return uint32(len(p.Body) + len(k.Meaning) + perEntry)
		}}),
		spellings: otter.Must(&otter.Options[spelling, meaning]{MaximumWeight: maxSpellings, Weigher: func(s spelling, m meaning) uint32 {
			return uint32(len(s.uri) + len(m.key.Meaning) + perEntry)
		}}),
		sites: otter.Must(&otter.Options[string, lookedUp]{MaximumSize: maxSites}),
	}
}

// Page answers the page of the key: from memory, or by load, which runs once for all who ask meanwhile. The articles are
// those whose threads show in it; none: all of the site's. It is as it was after the call began, or later.
func (c *Cache) Page(ctx context.Context, key Key, articles []string, load func() (*Page, error)) (*Page, error) {
	if !c.up.Load() {
		if page := c.remembered(key); page != nil {
			return page, nil
		}
		return load()
	}
	loader := otter.LoaderFunc[Key, *Page](func(context.Context, Key) (*Page, error) {
		before := c.stamp(key.Site, articles)
		page, err := load()
		if err != nil {
			return nil, err
		}
		kept := *page
		kept.state = before
		return &kept, nil
	})
	page, err := c.pages.Get(ctx, key, loader)
	if err != nil || c.current(page) {
		return page, err
	}
	// It was there already, or on its way before this call. Whatever is loaded from here on is not.
	c.pages.Invalidate(key)
	return c.pages.Get(ctx, key, loader)
}

func (c *Cache) current(p *Page) bool {
	return c.fresh(p.state) && (p.Until.IsZero() || c.now().Before(p.Until))
}

// Spelled answers the page of an address that is known to the letter, or nil. It reads nothing but memory.
func (c *Cache) Spelled(uri, encoding string) *Page {
	m, ok := c.spellings.GetIfPresent(spelling{uri, encoding})
	if !ok || !c.fresh(m.state) {
		return nil
	}
	if !c.up.Load() {
		return c.remembered(m.key)
	}
	page, ok := c.pages.GetIfPresent(m.key)
	if !ok || !c.current(page) {
		return nil
	}
	return page
}

// Read begins the reading of an address: what it means depends on the settings of sites.
func (c *Cache) Read(uri string) Reading { return Reading{uri, c.settings()} }

// Reading is an address whose meaning is yet to be found.
type Reading struct {
	uri    string
	before stamp
}

// Means keeps what the address was found to mean. Of very long ones nothing is kept.
func (c *Cache) Means(r Reading, key Key) {
	if c.up.Load() && len(r.uri) <= maxURI {
		c.spellings.Set(spelling{r.uri, key.Encoding}, meaning{key, r.before})
	}
}

const maxURI = 4096

// Site answers the site with the slug: from memory, or by load.
func (c *Cache) Site(ctx context.Context, slug string, load func() (models.Site, error)) (models.Site, error) {
	if !c.up.Load() {
		if site, ok := c.rememberedSite(slug); ok {
			return site, nil
		}
		return load()
	}
	loader := otter.LoaderFunc[string, lookedUp](func(context.Context, string) (lookedUp, error) {
		before := c.settings()
		site, err := load()
		return lookedUp{site, before}, err
	})
	found, err := c.sites.Get(ctx, slug, loader)
	if err != nil || c.fresh(found.state) {
		return found.site, err
	}
	c.sites.Invalidate(slug)
	found, err = c.sites.Get(ctx, slug, loader)
	return found.site, err
}

// Held is the memory that pages take, in bytes.
func (c *Cache) Held() uint64 {
	c.pages.CleanUp()
	return c.pages.WeightedSize()
}
