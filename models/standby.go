package models

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// standby is a streaming replica, which answers readers as far as it has caught up with what this process has heard of.
type standby struct {
	handle
	hearing atomic.Bool
	heard   atomic.Int64 // hints so far

	mu     sync.Mutex
	known  int64     // of heard, those that a position in the log is known for
	wanted string    // that position: a pg_lsn
	shun   time.Time // until when it is not asked, because it did not answer
}

const (
	shunFor    = 5 * time.Second
	answerSoon = time.Second // or the primary is asked instead
)

// ReadFrom sends what readers ask for to the streaming replica at url, as far as it has caught up. It is called before the
// store is used, and needs somebody who tells the store of hints, by Hearing and Heard: until then the primary answers.
func (s *Store) ReadFrom(ctx context.Context, url string) error {
	h, err := openHandle(ctx, url, forReaders, nil)
	if err != nil {
		return fmt.Errorf("the replica: %w", err)
	}
	s.standby = &standby{handle: h}
	return nil
}

// Heard says that something has changed: what is read from here on is not from before. It must be called before anybody
// forgets what was read until then.
func (s *Store) Heard() {
	if s.standby != nil {
		s.standby.heard.Add(1)
	}
}

// Hearing says that hints arrive from now on, or that they do not.
func (s *Store) Hearing(hints bool) {
	if s.standby != nil {
		s.standby.heard.Add(1) // some may have been missed
		s.standby.hearing.Store(hints)
	}
}

// Readers are the queries of what the public may see, for whoever does not ask for what they have just written: they may
// be answered by a replica, and never wait for those who write.
func (s *Store) Readers() Queries { return Queries{s.read, s.consult} }

// Read is Look for readers, see Readers.
func (s *Store) Read(ctx context.Context, siteID uuid.UUID, f func(tx *Tx) error) error {
	return s.read(ctx, Scope{Sites: []uuid.UUID{siteID}}, f)
}

func (s *Store) read(ctx context.Context, scope Scope, f func(tx *Tx) error) error {
	return s.soonest(ctx, func(ctx context.Context, h handle) error { return s.on(ctx, h, scope.opening(ofOneMoment, ""), f) })
}

// soonest runs f where it is answered soonest. What f collects it must begin anew: after a replica that fails in the middle
// it is called again.
func (s *Store) soonest(ctx context.Context, f func(context.Context, handle) error) error {
	if s.standby != nil && s.caughtUp(ctx) {
		soon, cancel := context.WithTimeout(ctx, answerSoon)
		defer cancel()
		err := f(soon, s.standby.handle)
		if err == nil || soon.Err() == nil && !Unavailable(err) || ctx.Err() != nil {
			return err
		}
		s.standby.leave(s.presence.local())
	}
	return f(ctx, s.readers)
}

// leave lets the replica alone for a while.
func (r *standby) leave(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shun = now.Add(shunFor)
}

// caughtUp reports whether the replica has all that this process has heard of. Of a server that is no replica any more,
// nobody knows what it has.
func (s *Store) caughtUp(ctx context.Context) bool {
	r := s.standby
	ctx, cancel := context.WithTimeout(ctx, answerSoon)
	defer cancel()
	wanted, ok := s.wanted(ctx)
	if !ok {
		return false
	}
	var there bool
	err := r.pool.QueryRow(ctx, `select pg_is_in_recovery() and pg_last_wal_replay_lsn() >= $1::text::pg_lsn`, wanted).Scan(&there)
	if err != nil {
		r.leave(s.presence.local())
	}
	return err == nil && there
}

// wanted is a position in the primary's log that lies behind every change heard of. Hints come after their commit, so the
// log's end, asked for afterwards, will do.
func (s *Store) wanted(ctx context.Context) (lsn string, ok bool) {
	r := s.standby
	if !r.hearing.Load() || s.presence.now().Err() != nil {
		return "", false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.presence.local().Before(r.shun) {
		return "", false
	}
	heard := r.heard.Load()
	if r.known == heard && r.wanted != "" {
		return r.wanted, true
	}
	err := s.readers.pool.QueryRow(ctx, `select pg_current_wal_insert_lsn()::text`).Scan(&r.wanted)
	if err != nil {
		r.wanted = ""
		return "", false
	}
	r.known = heard
	return r.wanted, true
}
