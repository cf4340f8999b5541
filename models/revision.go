package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Revision is one text of a comment, rendered once. It never changes, but that erasure empties it.
type Revision struct {
	SiteID, CommentID uuid.UUID
	Number            int
	Body              string // as typed
	HTML              string // by markup.Render
	MarkupVersion     int
	CreatedAt         time.Time
	Signals           []Signal `gorm:"-"` // what triage said of it; written with it
}

// Revision finds one text of a comment.
func (q Queries) Revision(ctx context.Context, siteID, commentID uuid.UUID, number int) (r Revision, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select * from revisions where site_id = ? and comment_id = ? and number = ?`,
			siteID, commentID, number).Scan(&r))
	})
	if err != nil {
		return Revision{}, fmt.Errorf("revision %d of comment %s: %w", number, commentID, err)
	}
	return r, nil
}

// Revisions lists the texts of a comment, oldest first.
func (q Queries) Revisions(ctx context.Context, siteID, commentID uuid.UUID) (all []Revision, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select * from revisions where site_id = ? and comment_id = ? order by number`,
			siteID, commentID).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("revisions of comment %s: %w", commentID, err)
	}
	return all, nil
}

func queueRevision(batch *pgx.Batch, r Revision) {
	batch.Queue(`insert into revisions (site_id, comment_id, number, body, html, markup_version, created_at)
		values ($1, $2, $3, $4, $5, $6, $7)`, r.SiteID, r.CommentID, r.Number, r.Body, r.HTML, r.MarkupVersion, r.CreatedAt)
	queueSignals(batch, r)
}
