package models

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// What an erasure was of.
const (
	ErasedComment      = "comment" // confirmed or not
	ErasedAuthor       = "author"
	ErasedReport       = "report"
	ErasedSubscription = "subscription" // all of a follower's, under the follower's id
)

// Erasure says that something was erased: an id, and nothing of what it was.
type Erasure struct {
	SiteID    uuid.UUID `json:"site_id"`
	Kind      string    `json:"kind"`
	Subject   uuid.UUID `json:"subject"`
	CreatedAt time.Time `json:"created_at"`
}

// noteErasures adds to the list that a restored backup is brought up to.
func (t *Tx) noteErasures(ctx context.Context, siteID uuid.UUID, kind string, ids []uuid.UUID, at time.Time) error {
	_, err := t.pgx.Exec(ctx, `insert into erasures (site_id, kind, subject, created_at)
		select $1, $2, unnest($3::uuid[]), $4 on conflict do nothing`, siteID, kind, ids, at)
	if err != nil {
		return fmt.Errorf("note %d erasures: %w", len(ids), err)
	}
	return nil
}

// Erasures lists what was erased on a site, oldest first.
func (q Queries) Erasures(ctx context.Context, siteID uuid.UUID) (all []Erasure, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select * from erasures where site_id = ? order by created_at, kind, subject`, siteID).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("erasures of site %s: %w", siteID, err)
	}
	return all, nil
}

// Erased reports whether the site knows of the erasure.
func (q Queries) Erased(ctx context.Context, e Erasure) (bool, error) {
	err := q.at(ctx, e.SiteID, func(tx *Tx) error {
		var there bool
		return first(tx.db.Raw(`select true from erasures where site_id = ? and kind = ? and subject = ?`, e.SiteID, e.Kind, e.Subject).Scan(&there))
	})
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("erasure of %s %s: %w", e.Kind, e.Subject, err)
	}
	return true, nil
}
