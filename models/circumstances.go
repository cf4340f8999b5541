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

// Arrive takes the request's key and reads the circumstances, in one round trip. Another request under a live key gives
// ErrConflict. What the transaction asks after it is planned once for each connection.
func (t *Tx) Arrive(ctx context.Context, siteID uuid.UUID, a Arrival) (Circumstances, error) {
	batch, args := &pgx.Batch{}, pgx.NamedArgs{"site": siteID, "key": a.ArticleKey, "parent": a.ParentID,
		"address": a.Writer.AddressHash, "network": a.Writer.NetworkHash, "now": a.At, "event": a.Event}
	c := Circumstances{ID: a.ID}
	var articles []Article
	var parents []Comment
	batch.Queue(sqlPlanOnce)
	a.Key.queue(batch, siteID, claim{a.ID, a.At, &c.First})
	batch.Queue(`select coalesce(max(version), 0) from rule_versions where site_id = @site`, args).
		QueryRow(func(row pgx.Row) error { return row.Scan(&c.RulesVersion) })
	collect(batch, &articles, articleByKey, args)
	collect(batch, &c.Sanctions, sanctionsOn, args)
	queueWebhooksFor(batch, &c.Webhooks, args)
	if a.ParentID != nil {
		collect(batch, &parents, parentOf, args)
	}
	err := t.pgx.SendBatch(ctx, batch).Close()
	if err == nil && !c.First {
		c.ID, err = t.holder(ctx, siteID, a.Key)
	}
	if err != nil {
		return Circumstances{}, fmt.Errorf("arrival of a comment: %w", err)
	}
	if len(articles) > 0 {
		c.Article = articles[0]
	}
	if len(parents) > 0 {
		c.Parent = &parents[0]
	}
	return c, nil
}
