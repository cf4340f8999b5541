package models

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// hintChannel is where replicas hear of each other.
const hintChannel = "plenum_hints"

// Hint says that something of a site changed. It is never the truth: whoever hears it reads the rows, and whoever was
// not listening compares the article's version. It is sent when its transaction commits, and holds no text of anybody's.
type Hint struct {
	SiteID  uuid.UUID `json:"site"`
	Article string    `json:"article,omitempty"` // the key of the article whose public thread changed
	Whole   bool      `json:"whole,omitempty"`   // the site's settings or rules changed: every page of it may look otherwise
	Ended   bool      `json:"ended,omitempty"`   // the site is no more

	gone  bool // something was taken down
	minor bool // it is no loss where a CDN shows it a while later
}

// tellOfSite hints at the site $1.
const tellOfSite = `select pg_notify('` + hintChannel + `', json_build_object('site', $1::uuid)::text)`

// TellDesk lets every desk that is open on the site know that something changed, once the transaction commits.
func (t *Tx) TellDesk(ctx context.Context, siteID uuid.UUID) error {
	if _, err := t.pgx.Exec(ctx, tellOfSite, siteID); err != nil {
		return fmt.Errorf("tell the desk: %w", err)
	}
	return nil
}

// hint notes what the transaction changed, so that this process knows when it commits. Everybody else is told by the
// triggers on articles, sites and rule_versions (00018_cache.sql).
func (t *Tx) hint(h Hint) { t.hints = append(t.hints, h) }

// OnCommit calls f with each change of what is public that a transaction of this store makes, once it is committed, or may
// have been, and before the call that made it returns: whoever writes and then reads here must not see what was before.
func (s *Store) OnCommit(f func(Hint)) {
	s.hearing.Lock()
	defer s.hearing.Unlock()
	s.onCommit = append(s.onCommit, f)
}

func (s *Store) committed(hints []Hint) {
	s.hearing.RLock()
	defer s.hearing.RUnlock()
	if len(hints) > 0 {
		s.Heard()
	}
	for _, h := range hints {
		for _, f := range s.onCommit {
			f(h)
		}
	}
}

// Listener is told of hints. Its functions are called one at a time, and the next hint waits for them.
type Listener struct {
	Up   func()     // hints arrive from now on; some may have been missed before
	Down func()     // none arrive until Up
	Hear func(Hint) // one arrived
}

// A connection that broke without a word is found out within the second in which a removal must be everywhere.
const (
	quietFor     = 400 * time.Millisecond // after which a connection that says nothing is asked whether it lives
	answerWithin = 600 * time.Millisecond // or it does not
	listenAgain  = time.Second            // before the next try
)

// Listen hears hints on a connection of its own until the context ends, and connects again whenever that breaks. The
// store must reach PostgreSQL without a pooler between, which would lose LISTEN without a word.
func (s *Store) Listen(ctx context.Context, l Listener) {
	for ctx.Err() == nil {
		if err := s.listen(ctx, l); err == nil {
			continue
		}
		l.Down()
		select {
		case <-ctx.Done():
		case <-time.After(listenAgain):
		}
	}
}

func (s *Store) listen(ctx context.Context, l Listener) error {
	config := s.pool.Config().ConnConfig.Copy()
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	defer hangUp(ctx, conn)
	if _, err := conn.Exec(ctx, "listen "+hintChannel); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	l.Up()
	for {
		n, err := wait(ctx, conn)
		if err != nil {
			return fmt.Errorf("listen: %w", err)
		}
		if n == nil {
			continue
		}
		var h Hint
		if err := json.Unmarshal([]byte(n.Payload), &h); err != nil {
			return fmt.Errorf("read a hint: %w", err)
		}
		l.Hear(h)
	}
}

// wait answers the next notification, or nil where nothing came for a while and the connection still lives.
func wait(ctx context.Context, conn *pgx.Conn) (*pgconn.Notification, error) {
	patience, cancel := context.WithTimeout(ctx, quietFor)
	defer cancel()
	n, err := conn.WaitForNotification(patience)
	if err != nil && ctx.Err() == nil && errors.Is(patience.Err(), context.DeadlineExceeded) {
		brief, cancel := context.WithTimeout(ctx, answerWithin)
		defer cancel()
		return nil, conn.Ping(brief)
	}
	return n, err
}

// hangUp closes a connection whose other side may be gone: it does not wait long for a farewell.
func hangUp(ctx context.Context, conn *pgx.Conn) {
	brief, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerWithin)
	defer cancel()
	conn.Close(brief)
}

// ThreadState is what changes of a public thread, without its comments.
type ThreadState struct {
	Version int64 `json:"version"`
	Total   int   `json:"total"` // approved comments
}

// ThreadStates answers the state of the thread of each key. One that nobody commented on is as one whose comments wait.
func (q Queries) ThreadStates(ctx context.Context, siteID uuid.UUID, keys []string) (map[string]ThreadState, error) {
	states := make(map[string]ThreadState, len(keys))
	for _, key := range keys {
		states[key] = ThreadState{Version: 1}
	}
	var rows []struct {
		Key string
		ThreadState
	}
	err := q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select a.key, a.version, (select count(*) from comments c where c.site_id = a.site_id and c.article_id = a.id
			and c.public_revision is not null) as total from articles a where a.site_id = ? and a.key = any (?)`, siteID, Strings(keys)).Scan(&rows).Error
	})
	if err != nil {
		return nil, fmt.Errorf("states of threads: %w", err)
	}
	for _, row := range rows {
		states[row.Key] = row.ThreadState
	}
	return states, nil
}

// Newest answers the id of the newest comment of each site that has one. Comments that come in send no hint, because
// a notification makes commits wait for each other: who wants to know of them asks.
func (q Queries) Newest(ctx context.Context, siteIDs []uuid.UUID) (map[uuid.UUID]uuid.UUID, error) {
	var rows []struct{ SiteID, ID uuid.UUID }
	err := q.run(ctx, Scope{Sites: siteIDs}, func(tx *Tx) error {
		return tx.db.Raw(`select c.site_id, c.id from unnest(cast(? as uuid[])) site (id) cross join lateral
			(select c.site_id, c.id from comments c where c.site_id = site.id order by c.id desc limit 1) c`, texts(siteIDs)).Scan(&rows).Error
	})
	if err != nil {
		return nil, fmt.Errorf("newest comments: %w", err)
	}
	newest := make(map[uuid.UUID]uuid.UUID, len(rows))
	for _, row := range rows {
		newest[row.SiteID] = row.ID
	}
	return newest, nil
}
