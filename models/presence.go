package models

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// ErrAway says that the database does not answer at the moment.
var ErrAway = errors.New("the database does not answer")

// Together they bound how long a request waits for a database that is gone without a word: under two seconds.
const (
	askEvery = 250 * time.Millisecond
	answerIn = 1400 * time.Millisecond
)

// presence knows whether the database answers. While it does not, transactions under way are cut off and none begins.
type presence struct {
	mu      sync.Mutex
	here    context.Context // ends when the database goes
	leave   context.CancelFunc
	asked   uint64 // how many questions so far
	answers uint64 // the number of the last that was answered

	local  func() time.Time
	offset atomic.Int64 // nanoseconds that the local clock is behind the database's; 0: too little to matter
}

func newPresence() *presence {
	p := &presence{local: time.Now}
	p.here, p.leave = context.WithCancel(context.Background())
	return p
}

// next is the number of the next question.
func (p *presence) next() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	return p.asked
}

// set notes whether a question was answered, and reports whether that is news.
func (p *presence) set(question uint64, answers bool) (changed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	changed = answers != (p.here.Err() == nil)
	switch {
	case !answers:
		p.leave()
	case changed:
		p.here, p.leave = context.WithCancel(context.Background())
	}
	if answers {
		p.answers = question
	}
	return changed
}

// now is a context that ends when the database goes; it has ended while it is away.
func (p *presence) now() context.Context {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.here
}

// Heard is what whoever watches the database has heard of it: the number of the last question, of the last that was
// answered, and whether it is away now. As long as no later question is answered, nothing was heard of it since.
type Heard struct {
	Asked, Answered uint64
	Away            bool
}

// Presence is what was heard of the database so far.
func (s *Store) Presence() Heard {
	p := s.presence
	p.mu.Lock()
	defer p.mu.Unlock()
	return Heard{p.asked, p.answers, p.here.Err() != nil}
}

// tolerated is how far clocks may differ before it matters.
const tolerated = 500 * time.Millisecond

// compare holds the local clock, read before and after, to the database's.
func (p *presence) compare(before, theirs, after time.Time) {
	uncertain := after.Sub(before) / 2
	offset := theirs.Sub(before.Add(uncertain))
	if (offset - time.Duration(p.offset.Load())).Abs() < tolerated+uncertain {
		return
	}
	if offset.Abs() < tolerated {
		offset = 0
	}
	p.offset.Store(int64(offset))
}

// Now is the time by the database's clock, once somebody watches it: a replica whose own clock is wrong would take what
// others hold for given back, or hold it for too long.
func (s *Store) Now() time.Time {
	return s.presence.local().Add(time.Duration(s.presence.offset.Load()))
}

// NewID makes a UUIDv7 by the same clock: what is listed by its ids is in the order of making, whichever replica made it.
func (s *Store) NewID() uuid.UUID {
	id := uuid.Must(uuid.NewV7())
	if offset := time.Duration(s.presence.offset.Load()); offset != 0 {
		// RFC 9562 §5.7: the first 48 bits are the milliseconds since 1970
		at := int64(binary.BigEndian.Uint64(id[:])>>16) + offset.Milliseconds()
		binary.BigEndian.PutUint64(id[:], uint64(at)<<16|uint64(binary.BigEndian.Uint16(id[6:])))
	}
	return id
}

// SetClock compares the local clock with the database's once: for whoever does something before Watch, or without it.
func (s *Store) SetClock(ctx context.Context) error {
	conn, err := s.ask(ctx, nil)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// Watcher is told when the database goes and comes back.
type Watcher struct {
	Away func(why error)
	Back func()
}

// Watch asks the database on a connection of its own whether it answers, until the context ends. A store that nobody
// watches takes its database for present, and learns the contrary from each call.
func (s *Store) Watch(ctx context.Context, w Watcher) {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	var conn *pgx.Conn
	for {
		question := s.presence.next()
		var err error
		conn, err = s.ask(ctx, conn)
		if ctx.Err() != nil {
			break
		}
		s.found(question, err, w)
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	if conn != nil {
		conn.Close(context.WithoutCancel(ctx))
	}
}

// found notes whether the database answered. Before anybody is let in again, the connections of the time before are
// given up: they may be dead.
func (s *Store) found(question uint64, away error, w Watcher) {
	if away == nil && s.presence.now().Err() != nil {
		s.reset()
	}
	switch changed := s.presence.set(question, away == nil); {
	case changed && away != nil:
		w.Away(away)
	case changed:
		w.Back()
	}
}

// ask asks the time on the connection, or on a new one, and answers the one to go on with.
func (s *Store) ask(ctx context.Context, conn *pgx.Conn) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, answerIn)
	defer cancel()
	var err error
	if conn == nil || conn.IsClosed() {
		if conn, err = pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig.Copy()); err != nil {
			return nil, fmt.Errorf("ask the database: %w", err)
		}
	}
	var theirs time.Time
	before := s.presence.local()
	if err = conn.QueryRow(ctx, `select clock_timestamp()`).Scan(&theirs); err == nil {
		s.presence.compare(before, theirs, s.presence.local())
		return conn, nil
	}
	gone, stop := context.WithCancel(ctx)
	stop() // no goodbye to somebody who does not answer
	return nil, errors.Join(fmt.Errorf("ask the database: %w", err), conn.Close(gone))
}
