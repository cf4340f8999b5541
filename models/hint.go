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
	Article string    `json:"article,omitempty"` // the key of the article whose public thread changed; empty: the desk alone is concerned
}

// tellOfThread hints at the thread of the article that a statement found as a (site_id, key).
const tellOfThread = `select pg_notify('` + hintChannel + `', json_build_object('site', a.site_id, 'article', a.key)::text) from a`

// tellOfSite hints at the site $1.
const tellOfSite = `select pg_notify('` + hintChannel + `', json_build_object('site', $1::uuid)::text)`

// TellDesk lets every desk that is open on the site know that something changed, once the transaction commits.
func (t *Tx) TellDesk(ctx context.Context, siteID uuid.UUID) error {
	if _, err := t.pgx.Exec(ctx, tellOfSite, siteID); err != nil {
		return fmt.Errorf("tell the desk: %w", err)
	}
	return nil
}

// TellThread lets every reader of the article's thread know that it changed, once the transaction commits.
func (t *Tx) TellThread(ctx context.Context, siteID, articleID uuid.UUID) error {
	if _, err := t.pgx.Exec(ctx, `with a as (select site_id, key from articles where site_id = $1 and id = $2) `+tellOfThread, siteID, articleID); err != nil {
		return fmt.Errorf("tell the thread: %w", err)
	}
	return nil
}

// Listener is told of hints. Its functions are called one at a time.
type Listener struct {
	Up   func()     // hints arrive from now on; some may have been missed before
	Hear func(Hint) // one arrived
}

const (
	quietFor    = 30 * time.Second // after which a connection that says nothing is asked whether it lives
	listenAgain = time.Second      // before the next try
)

// Listen hears hints on a connection of its own until the context ends, and connects again whenever that breaks. The
// store must reach PostgreSQL without a pooler between, which would lose LISTEN without a word.
func (s *Store) Listen(ctx context.Context, l Listener) {
	for ctx.Err() == nil {
		if err := s.listen(ctx, l); err == nil {
			continue
		}
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
	defer conn.Close(context.WithoutCancel(ctx))
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
		return nil, conn.Ping(ctx)
	}
	return n, err
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
