package models

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Batch is several comments decided together, each with an entry of its own.
type Batch struct {
	SiteID, ID, ModeratorID uuid.UUID
	Action                  string
	Rules                   Strings
	Statement, Note         string
	FromTemplate            bool
	Undoes                  *uuid.UUID // the batch that this one takes back
	SpreeOf                 *uuid.UUID // whose decisions of a time it takes back
	CreatedAt               time.Time
	FinishedAt              *time.Time
	CalledOff               int // of what this one takes back: what had not had its turn
	Total, Done, Refused    int // counted, not stored
}

// BatchItem is one comment of a batch. Outcome is nil until it was its turn.
type BatchItem struct {
	Position         int
	CommentID        uuid.UUID
	Version          int // that was shown
	Action           string
	Outcome, Refusal *string
}

// The outcomes of a batch's items.
const (
	ItemDone    = "done"
	ItemRefused = "refused"
)

// CalledOff is the refusal of an item whose batch was taken back before its turn.
const CalledOff = "refusal.batch_called_off"

// CreateBatch writes down what is to be decided together. A batch that is taken back already gives ErrConflict; a comment
// that the site does not have, ErrNotFound.
func (t *Tx) CreateBatch(ctx context.Context, b Batch, items []BatchItem) error {
	batch := &pgx.Batch{} // because GORM does not pipeline
	batch.Queue(`insert into batches (site_id, id, moderator_id, action, rules, statement, note, from_template, undoes, spree_of, called_off, created_at)
		values ($1, $2, $3, $4, coalesce($5::text[], '{}'), $6, $7, $8, $9, $10, $11, $12)`, b.SiteID, b.ID, b.ModeratorID, b.Action, []string(b.Rules),
		b.Statement, b.Note, b.FromTemplate, b.Undoes, b.SpreeOf, b.CalledOff, b.CreatedAt)
	for i, item := range items {
		batch.Queue(`insert into batch_items (site_id, batch_id, position, comment_id, version, action) values ($1, $2, $3, $4, $5, $6)`,
			b.SiteID, b.ID, i+1, item.CommentID, item.Version, item.Action)
	}
	err := t.pgx.SendBatch(ctx, batch).Close()
	var refused *pgconn.PgError
	switch {
	case !errors.As(err, &refused):
	case refused.ConstraintName == "batches_undone_once":
		err = ErrConflict
	case refused.ConstraintName == "batch_items_site_id_comment_id_fkey":
		err = ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("create a batch: %w", err)
	}
	return nil
}

// Batch finds a batch with how far it got.
func (q Queries) Batch(ctx context.Context, siteID, id uuid.UUID) (b Batch, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select b.*, (select count(*) from batch_items i where i.site_id = b.site_id and i.batch_id = b.id) as total,
			(select count(*) from batch_items i where i.site_id = b.site_id and i.batch_id = b.id and i.outcome = 'done') as done,
			(select count(*) from batch_items i where i.site_id = b.site_id and i.batch_id = b.id and i.outcome = 'refused') as refused
			from batches b where b.site_id = ? and b.id = ?`, siteID, id).Scan(&b))
	})
	if err != nil {
		return Batch{}, fmt.Errorf("batch %s: %w", id, err)
	}
	return b, nil
}

// BatchItems lists items of a batch after a position: those with the outcome, or with "" those whose turn is yet to come.
func (q Queries) BatchItems(ctx context.Context, siteID, id uuid.UUID, outcome string, after, limit int) (items []BatchItem, err error) {
	which := `outcome is null`
	if outcome != "" {
		which = `outcome = @outcome`
	}
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select * from batch_items where site_id = @site and batch_id = @batch and position > @after and `+which+` order by position limit @limit`,
			map[string]any{"site": siteID, "batch": id, "after": after, "outcome": outcome, "limit": limit}).Scan(&items).Error
	})
	if err != nil {
		return nil, fmt.Errorf("items of batch %s: %w", id, err)
	}
	return items, nil
}

// TakeTurn marks an item as done, in the transaction that decides it, and reports whether it was its turn: it is not where
// it had one, or its batch was taken back. Whoever takes the batch back waits for the transaction's end.
func (t *Tx) TakeTurn(ctx context.Context, siteID, batchID uuid.UUID, position int) (bool, error) {
	tag, err := t.pgx.Exec(ctx, `update batch_items set outcome = 'done' where site_id = $1 and batch_id = $2 and position = $3 and outcome is null`,
		siteID, batchID, position)
	if err != nil {
		return false, fmt.Errorf("take turn %d of batch %s: %w", position, batchID, err)
	}
	return tag.RowsAffected() == 1, nil
}

// RefuseItem says why an item was not decided, if it has had no turn yet.
func (q Queries) RefuseItem(ctx context.Context, siteID, batchID uuid.UUID, position int, refusal string) error {
	return q.ofSite(ctx, siteID, "refuse an item", `update batch_items set outcome = 'refused', refusal = ?
		where site_id = ? and batch_id = ? and position = ? and outcome is null`, refusal, siteID, batchID, position)
}

// CallOff ends a batch: what has had no turn yet gets none. It answers how much that is.
func (t *Tx) CallOff(ctx context.Context, siteID, batchID uuid.UUID) (int, error) {
	tag, err := t.pgx.Exec(ctx, `update batch_items set outcome = 'refused', refusal = $3 where site_id = $1 and batch_id = $2 and outcome is null`,
		siteID, batchID, CalledOff)
	if err != nil {
		return 0, fmt.Errorf("call off batch %s: %w", batchID, err)
	}
	return int(tag.RowsAffected()), nil
}

// FinishBatch says that each item had its turn, and forgets what the moderator wrote.
func (q Queries) FinishBatch(ctx context.Context, siteID, id uuid.UUID, at time.Time) error {
	err := q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Exec(`update batches set finished_at = ?, statement = '', note = '' where site_id = ? and id = ? and finished_at is null`,
			at, siteID, id).Error
	})
	if err != nil {
		return fmt.Errorf("finish batch %s: %w", id, err)
	}
	return nil
}

// BatchEntries lists what a batch has decided, its last item first: the newest entry on each.
func (q Queries) BatchEntries(ctx context.Context, siteID, batchID uuid.UUID) (all []Entry, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select distinct on (i.position) l.* from batch_items i
				join ledger l on l.site_id = i.site_id and l.batch_id = i.batch_id and l.comment_id = i.comment_id
			where i.site_id = ? and i.batch_id = ? and i.outcome = 'done' order by i.position desc, l.seq desc`, siteID, batchID).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("entries of batch %s: %w", batchID, err)
	}
	return all, nil
}

// Branch lists a comment with everything below it, in reading order, whatever its state: at most limit of them.
func (q Queries) Branch(ctx context.Context, siteID uuid.UUID, c Comment, limit int) (all []Comment, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select * from comments where site_id = @site and article_id = @article and substring(path, 1, @length) = @path
			order by path limit @limit`, map[string]any{"site": siteID, "article": c.ArticleID, "length": len(c.Path), "path": c.Path, "limit": limit}).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("branch of comment %s: %w", c.ID, err)
	}
	return all, nil
}

// BranchSize counts what is public or waits below a comment, up to limit.
func (q Queries) BranchSize(ctx context.Context, siteID uuid.UUID, c Comment, limit int) (n int, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select count(*) from (select from comments where site_id = @site and article_id = @article and id <> @id
			and substring(path, 1, @length) = @path and status in ('approved', 'pending') limit @limit) below`,
			map[string]any{"site": siteID, "article": c.ArticleID, "id": c.ID, "length": len(c.Path), "path": c.Path, "limit": limit}).Scan(&n).Error
	})
	if err != nil {
		return 0, fmt.Errorf("replies below comment %s: %w", c.ID, err)
	}
	return n, nil
}
