package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Arrival is a comment that is about to be written: where, in answer to what, by whom, and by which request.
type Arrival struct {
	ID         uuid.UUID
	Key        Key
	Event      string // that webhooks are told of
	ArticleKey string
	ParentID   *uuid.UUID
	Writer     Writer
	At         time.Time
}

// Circumstances are what decides whether a comment may be written, and who is told of it.
type Circumstances struct {
	ID           uuid.UUID   // of the comment; if not First, of the one that an earlier request with this key has written
	First        bool        // the key was free, and is taken now
	RulesVersion int         // in force
	Article      Article     // zero: nobody has named it before
	Parent       *Comment    // with its place and state only; nil: none, or none that is there
	Sanctions    []Sanction  // that stand against the writer, oldest first
	Webhooks     []uuid.UUID // that want to be told of the event
}

const parentOf = `select site_id, id, article_id, root_id, path, depth, status from comments where site_id = @site and id = @parent`

// queue adds to a batch that the circumstances are read, but for the key.
func (a Arrival) queue(batch *pgx.Batch, siteID uuid.UUID, c *Circumstances) {
	args := named{"site": siteID, "key": a.ArticleKey, "parent": a.ParentID, "address": a.Writer.AddressHash, "network": a.Writer.NetworkHash,
		"now": a.At, "event": a.Event}
	c.ID = a.ID
	batch.Queue(`select coalesce(max(version), 0), array(`+webhooksFor+`) from rule_versions where site_id = @site`, args).
		QueryRow(func(row pgx.Row) error { return row.Scan(&c.RulesVersion, &c.Webhooks) })
	collectFirst(batch, func(found Article) { c.Article = found }, articleByKey, args)
	collect(batch, &c.Sanctions, sanctionsOn, args)
	if a.ParentID != nil {
		collectFirst(batch, func(found Comment) { c.Parent = &found }, parentOf, args)
	}
}

// Arrive takes the request's key and reads the circumstances, in one round trip. Another request under a live key gives
// ErrConflict. What the transaction asks after it is planned once for each connection.
func (t *Tx) Arrive(ctx context.Context, siteID uuid.UUID, a Arrival) (c Circumstances, err error) {
	batch := &pgx.Batch{}
	batch.Queue(sqlPlanOnce)
	a.Key.queue(batch, siteID, claim{a.ID, a.At, &c.First})
	a.queue(batch, siteID, &c)
	err = t.pgx.SendBatch(ctx, batch).Close()
	if err == nil && !c.First {
		c.ID, err = t.holder(ctx, siteID, a.Key)
	}
	if err != nil {
		return Circumstances{}, fmt.Errorf("arrival of a comment: %w", err)
	}
	return c, nil
}

// Ahead reads the circumstances before the transaction, together with what surrounds the text, in one round trip. They are
// those of the first request with its key, as nearly every one is: whether it is TakeFreeKey finds out. Meanwhile is as in
// Surroundings.
func (q Queries) Ahead(ctx context.Context, siteID uuid.UUID, a Arrival, v Vicinity, meanwhile func()) (c Circumstances, s Surroundings, err error) {
	batch := &pgx.Batch{}
	a.queue(batch, siteID, &c)
	v.queue(batch, siteID, &s)
	if err := q.look(ctx, siteID, look{batch, meanwhile}); err != nil {
		return Circumstances{}, Surroundings{}, fmt.Errorf("what a comment meets: %w", err)
	}
	if c.First = true; c.Article.ID != uuid.Nil {
		s.Article = &c.Article
	}
	return c, s, nil
}
