package cache

import (
	"time"

	"github.com/google/uuid"

	"plenum/models"
)

// Outage says for how long pages are remembered while the database is away.
//
//	hints arrive ── break ──► the database answers? ── yes ──► nothing is remembered any more
//	     ▲                       │ not once since
//	     │ Up: all is forgotten  ▼
//	     └────────────── what was true when they broke, for Most
//
// While the database is away nothing can be decided, so what was true when hints ceased to arrive still is. Two things
// bound how far that goes. A removal that another process committed in the very moment in which the connection broke may
// not have been heard of. And where only this process is cut off, others go on deciding. Hence Most.
type Outage struct {
	Most time.Duration       // after the last hints; 0: nothing is answered while none arrive
	Ask  func() models.Heard // what was heard of the database
}

// Stale is what a remembered page was true as of.
type Stale struct {
	AsOf   time.Time
	Age    time.Duration // since then
	Locale string        // of the page
}

// loss is when hints ceased to arrive, and which question to the database was the last by then. Its answer may come in
// later, and says nothing of what was after.
type loss struct {
	at    time.Time
	asked uint64
}

// Outlast lets the cache remember. It is called before the first Up.
func (c *Cache) Outlast(o Outage) { c.outage = o }

// Down says that hints no longer arrive: until Up everything is read anew, but for what is remembered of an outage.
func (c *Cache) Down() {
	if !c.up.Load() {
		return
	}
	if c.outage.Most > 0 {
		c.lost.Store(&loss{c.now(), c.outage.Ask().Asked})
	}
	c.up.Store(false)
}

// stale says since when no hints arrive, if what was true then may be answered now: the database is away, and has not
// answered a question since. Where it has, something may have been decided of which nothing was heard.
func (c *Cache) stale() *Stale {
	lost := c.lost.Load()
	if lost == nil {
		return nil
	}
	age := c.now().Sub(lost.at)
	heard := c.outage.Ask()
	if !heard.Away || heard.Answered > lost.asked || age >= c.outage.Most {
		return nil
	}
	return &Stale{AsOf: lost.at, Age: age}
}

// remembered is the page of a site as it was when hints ceased to arrive, or nil.
func (c *Cache) remembered(key Key) *Page {
	s := c.stale()
	if s == nil || key.Site == uuid.Nil { // what belongs to no site is the program's own, and made as ever
		return nil
	}
	page, ok := c.pages.GetIfPresent(key)
	if !ok || !c.current(page) {
		return nil
	}
	copied := *page
	copied.Stale, s.Locale = s, key.Locale
	return &copied
}

func (c *Cache) rememberedSite(slug string) (models.Site, bool) {
	if c.stale() == nil {
		return models.Site{}, false
	}
	found, ok := c.sites.GetIfPresent(slug)
	return found.site, ok && c.fresh(found.state)
}
