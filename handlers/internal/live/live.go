// Package live brings what changed to the event streams that are open: readers on a thread, moderators at the desk.
// Hints come from PostgreSQL, so every replica hears of what any of them did; what a stream says is read from the rows.
package live

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	"plenum/models"
)

const (
	askEvery = 2 * time.Second // for comments that came in, while a desk is open
	most     = 20_000          // streams that one process keeps open
)

// ErrFull says that as many streams are open as may be.
var ErrFull = errors.New("too many open streams")

// Hub knows the open streams of this process.
type Hub struct {
	store   *models.Store
	log     *slog.Logger
	mu      sync.Mutex
	threads map[thread]streams
	desks   map[uuid.UUID]streams
	newest  map[uuid.UUID]uuid.UUID // comment of each site with an open desk, as it was last seen
	open    int
	asked   singleflight.Group // for the state of a thread
	news    news               // heard and not yet told
	wake    chan struct{}      // there is some
	life    context.Context    // of all streams
	stop    context.CancelFunc
}

// thread is the article of a site, by its key.
type thread struct {
	site uuid.UUID
	key  string
}

func (t thread) name() string { return t.site.String() + t.key }

type streams map[*Stream]struct{}

// Stream is what one listener is told. C holds the latest state only: whoever is slow misses what is no longer true.
type Stream struct {
	C     chan models.ThreadState // of a desk: zero values, which say that something changed
	last  int64                   // the newest version told of a thread
	life  context.Context
	end   context.CancelFunc
	leave func()
}

// Done is closed when the stream is to end.
func (s *Stream) Done() <-chan struct{} { return s.life.Done() }

// Close ends the stream.
func (s *Stream) Close() { s.leave() }

// tellThread passes over what is older than what was told already. The hub is locked.
func (s *Stream) tellThread(state models.ThreadState) {
	if state.Version > s.last {
		s.last = state.Version
		s.tell(state)
	}
}

func (s *Stream) tell(state models.ThreadState) {
	for {
		select {
		case s.C <- state:
			return
		default:
		}
		select {
		case <-s.C:
		default:
		}
	}
}

// NewHub makes a hub that reads from the store. It hears of nothing before Run.
func NewHub(store *models.Store, log *slog.Logger) *Hub {
	h := &Hub{store: store, log: log, threads: map[thread]streams{}, desks: map[uuid.UUID]streams{}, newest: map[uuid.UUID]uuid.UUID{},
		news: news{}, wake: make(chan struct{}, 1)}
	h.life, h.stop = context.WithCancel(context.Background())
	return h
}

// Stop ends all streams.
func (h *Hub) Stop() { h.stop() }

// Open is how many streams are open.
func (h *Hub) Open() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.open
}

// Thread opens a stream of the states of an article's thread, which begins with the one now.
func (h *Hub) Thread(ctx context.Context, siteID uuid.UUID, key string) (*Stream, error) {
	at := thread{siteID, key}
	s, err := h.join(func(s *Stream) {
		if h.threads[at] == nil {
			h.threads[at] = streams{}
		}
		h.threads[at][s] = struct{}{}
	}, func(s *Stream) {
		if delete(h.threads[at], s); len(h.threads[at]) == 0 {
			delete(h.threads, at)
		}
	})
	if err != nil {
		return nil, err
	}
	state, err := h.now(ctx, at)
	if err != nil {
		s.Close()
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	s.tellThread(state)
	return s, nil
}

// now is the state of a thread at some time after the call: all who come at once, as after a restart, are told by the same
// question. One that was under way already may be answered from before, and what changed since then was told to those
// only who were here; so after it another is asked.
func (h *Hub) now(ctx context.Context, at thread) (models.ThreadState, error) {
	ask := func() (any, error) {
		states, err := h.store.ThreadStates(context.WithoutCancel(ctx), at.site, []string{at.key})
		return states[at.key], err
	}
	state, err, shared := h.asked.Do(at.name(), ask)
	if shared && err == nil {
		state, err, _ = h.asked.Do(at.name(), ask)
	}
	if err != nil {
		return models.ThreadState{}, err
	}
	return state.(models.ThreadState), nil
}

// Desk opens a stream of the changes on some sites.
func (h *Hub) Desk(siteIDs []uuid.UUID) (*Stream, error) {
	return h.join(func(s *Stream) {
		for _, id := range siteIDs {
			if h.desks[id] == nil {
				h.desks[id] = streams{}
			}
			h.desks[id][s] = struct{}{}
		}
	}, func(s *Stream) {
		for _, id := range siteIDs {
			if delete(h.desks[id], s); len(h.desks[id]) == 0 {
				delete(h.desks, id)
				delete(h.newest, id)
			}
		}
	})
}

func (h *Hub) join(enter, leave func(*Stream)) (*Stream, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.open >= most {
		return nil, ErrFull
	}
	s := &Stream{C: make(chan models.ThreadState, 1)}
	s.life, s.end = context.WithCancel(h.life)
	s.leave = sync.OnceFunc(func() {
		s.end()
		h.mu.Lock()
		defer h.mu.Unlock()
		leave(s)
		h.open--
	})
	enter(s)
	h.open++
	return s, nil
}
