package live

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"plenum/models"
)

// Hear takes a hint in, to be told by Run. It never waits.
func (h *Hub) Hear(hint models.Hint) {
	h.mu.Lock()
	if hint.Ended {
		h.end(hint.SiteID)
	}
	h.news.add(hint)
	h.mu.Unlock()
	h.alert()
}

// end ends every stream of the site. Who listens to the desks of others too asks again, and is given those. The hub is locked.
func (h *Hub) end(site uuid.UUID) {
	for at, listening := range h.threads {
		if at.site == site {
			listening.end()
		}
	}
	h.desks[site].end()
}

func (all streams) end() {
	for s := range all {
		s.end()
	}
}

// Missed says that some hints may have been missed: whatever anybody here listens to is read again.
func (h *Hub) Missed() {
	h.mu.Lock()
	for at := range h.threads {
		h.news.add(models.Hint{SiteID: at.site, Article: at.key})
	}
	for id := range h.desks {
		h.news.add(models.Hint{SiteID: id})
	}
	h.mu.Unlock()
	h.alert()
}

func (h *Hub) alert() {
	select {
	case h.wake <- struct{}{}:
	default: // it is awake
	}
}

// Run tells the open streams what was heard until the context ends.
func (h *Hub) Run(ctx context.Context) {
	ask := time.NewTicker(askEvery)
	defer ask.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.wake:
			h.tellAll(ctx, h.takeNews())
		case <-ask.C:
			h.look(ctx)
		}
	}
}

// news is what changed: desks of sites, and the threads of their articles.
type news map[uuid.UUID]map[string]bool

func (n news) add(hint models.Hint) {
	if n[hint.SiteID] == nil {
		n[hint.SiteID] = map[string]bool{}
	}
	if hint.Article != "" {
		n[hint.SiteID][hint.Article] = true
	}
}

// takeNews takes everything that has arrived by now, so that a burst is read once.
func (h *Hub) takeNews() news {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := h.news
	h.news = news{}
	return n
}

func (h *Hub) tellAll(ctx context.Context, n news) {
	for site, keys := range n {
		h.tellDesk(site)
		if err := h.tellThreads(ctx, site, keys); err != nil && !errors.Is(err, context.Canceled) {
			h.log.Warn("live events", "site", site, "err", err)
		}
	}
}

func (h *Hub) tellDesk(site uuid.UUID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.desks[site] {
		s.tell(models.ThreadState{})
	}
}

// tellThreads reads each thread that somebody here is on once, however many they are.
func (h *Hub) tellThreads(ctx context.Context, site uuid.UUID, keys map[string]bool) error {
	var wanted []string
	h.mu.Lock()
	for key := range keys {
		if len(h.threads[thread{site, key}]) > 0 {
			wanted = append(wanted, key)
		}
	}
	h.mu.Unlock()
	if len(wanted) == 0 {
		return nil
	}
	states, err := h.store.ThreadStates(ctx, site, wanted)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for key, state := range states {
		for s := range h.threads[thread{site, key}] {
			s.tellThread(state)
		}
	}
	return nil
}

// look asks whether comments came in where a desk is open.
func (h *Hub) look(ctx context.Context) {
	h.mu.Lock()
	var sites []uuid.UUID
	for id := range h.desks {
		sites = append(sites, id)
	}
	h.mu.Unlock()
	if len(sites) == 0 {
		return
	}
	newest, err := h.store.Newest(ctx, sites)
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			h.log.Warn("live events", "err", err)
		}
		return
	}
	for _, site := range h.changed(newest) {
		h.tellDesk(site)
	}
}

// changed keeps what was seen, and answers the sites that had something else before.
func (h *Hub) changed(newest map[uuid.UUID]uuid.UUID) (sites []uuid.UUID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for site, id := range newest {
		if h.desks[site] == nil { // its last page was left meanwhile
			continue
		}
		if last, seen := h.newest[site]; seen && last != id {
			sites = append(sites, site)
		}
		h.newest[site] = id
	}
	return sites
}
