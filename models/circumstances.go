package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Arrival is a comment that is about to be written: where, in answer to what, and by whom.
type Arrival struct {
	ArticleKey string
	ParentID   *uuid.UUID
	Writer     Writer
	At         time.Time
}

// Circumstances are what decides whether a comment may be written.
type Circumstances struct {
	RulesVersion int        // in force
	Article      Article    // zero: nobody has named it before
	Parent       *Comment   // with its place and state only; nil: none, or none that is there
	Sanctions    []Sanction // that stand against the writer, oldest first
}

const parentOf = `select site_id, id, article_id, root_id, path, depth, status from comments where site_id = @site and id = @parent`

// Circumstances reads them in one round trip. What the transaction asks after it is planned once for each connection.
func (t *Tx) Circumstances(ctx context.Context, siteID uuid.UUID, a Arrival) (c Circumstances, err error) {
	batch, args := &pgx.Batch{}, pgx.NamedArgs{"site": siteID, "key": a.ArticleKey, "parent": a.ParentID,
		"address": a.Writer.AddressHash, "network": a.Writer.NetworkHash, "now": a.At}
	var articles []Article
	var parents []Comment
	batch.Queue(sqlPlanOnce)
	batch.Queue(`select coalesce(max(version), 0) from rule_versions where site_id = @site`, args).
		QueryRow(func(row pgx.Row) error { return row.Scan(&c.RulesVersion) })
	collect(batch, &articles, articleByKey, args)
	collect(batch, &c.Sanctions, sanctionsOn, args)
	if a.ParentID != nil {
		collect(batch, &parents, parentOf, args)
	}
	if err := t.pgx.SendBatch(ctx, batch).Close(); err != nil {
		return Circumstances{}, fmt.Errorf("circumstances of a comment: %w", err)
	}
	if len(articles) > 0 {
		c.Article = articles[0]
	}
	if len(parents) > 0 {
		c.Parent = &parents[0]
	}
	return c, nil
}
