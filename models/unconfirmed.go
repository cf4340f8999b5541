package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Unconfirmed is a comment whose author must first confirm the address. It is among no comments yet.
type Unconfirmed struct {
	SiteID, ID   uuid.UUID
	ArticleKey   string
	Locale       string     // of the mail
	Email        *string    // nil once it is withdrawn, as all that follows is empty
	AddressHash  []byte     // 32 bytes
	NetworkHash  []byte     // 32 bytes; nil: not known
	RulesVersion int        // that the author was shown
	Submission   string     // JSON
	CreatedAt    time.Time  // when it was sent
	ExpiresAt    time.Time  // when it is deleted, unless it is confirmed before
	WithdrawnAt  *time.Time // by its author
}

// InsertUnconfirmed keeps a comment until its author confirms it.
func (t *Tx) InsertUnconfirmed(_ context.Context, u Unconfirmed) error {
	err := t.db.Exec(`insert into unconfirmed (site_id, id, article_key, locale, email, address_hash, network_hash, rules_version, submission, created_at, expires_at)
		values (@SiteID, @ID, @ArticleKey, @Locale, @Email, @AddressHash, @NetworkHash, @RulesVersion, @Submission, @CreatedAt, @ExpiresAt)`, u).Error
	if err != nil {
		return fmt.Errorf("keep unconfirmed comment %s: %w", u.ID, err)
	}
	return nil
}

// Unconfirmed finds a comment that waits to be confirmed, or was withdrawn before it was.
func (q Queries) Unconfirmed(ctx context.Context, siteID, id uuid.UUID) (Unconfirmed, error) {
	return q.unconfirmed(ctx, `select * from unconfirmed where site_id = ? and id = ?`, siteID, id)
}

// LockUnconfirmed is Unconfirmed, and keeps everybody else from changing it until the transaction ends.
func (t *Tx) LockUnconfirmed(ctx context.Context, siteID, id uuid.UUID) (Unconfirmed, error) {
	return t.unconfirmed(ctx, `select * from unconfirmed where site_id = ? and id = ? for update`, siteID, id)
}

func (q Queries) unconfirmed(ctx context.Context, query string, siteID, id uuid.UUID) (u Unconfirmed, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error { return first(tx.db.Raw(query, siteID, id).Scan(&u)) })
	if err != nil {
		return Unconfirmed{}, fmt.Errorf("unconfirmed comment %s: %w", id, err)
	}
	return u, nil
}

// UnconfirmedBy lists what waits to be confirmed under an address, oldest first.
func (q Queries) UnconfirmedBy(ctx context.Context, siteID uuid.UUID, addressHash []byte) (all []Unconfirmed, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select * from unconfirmed where site_id = ? and address_hash = ? order by created_at, id`, siteID, addressHash).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("unconfirmed comments by an address: %w", err)
	}
	return all, nil
}

// ChangeUnconfirmed sets what was sent.
func (t *Tx) ChangeUnconfirmed(_ context.Context, siteID, id uuid.UUID, submission string) error {
	err := t.db.Exec(`update unconfirmed set submission = ? where site_id = ? and id = ?`, submission, siteID, id).Error
	if err != nil {
		return fmt.Errorf("change unconfirmed comment %s: %w", id, err)
	}
	return nil
}

// WithdrawUnconfirmed leaves nothing of a comment but that it was there.
func (t *Tx) WithdrawUnconfirmed(ctx context.Context, siteID, id uuid.UUID, at time.Time) error {
	_, err := t.wipeUnconfirmed(ctx, `id = $3`, siteID, at, id)
	return err
}

// WipeUnconfirmed leaves nothing of whatever waits to be confirmed under an address, and answers of how many.
func (t *Tx) WipeUnconfirmed(ctx context.Context, siteID uuid.UUID, addressHash []byte, at time.Time) (int, error) {
	return t.wipeUnconfirmed(ctx, `address_hash = $3`, siteID, at, addressHash)
}

// wipeUnconfirmed empties what a condition on $3 holds for. The keys go too, as they are made of the texts. Among the
// erasures it stands as a comment: in a backup it may be one, or have been confirmed since.
func (t *Tx) wipeUnconfirmed(ctx context.Context, condition string, siteID uuid.UUID, at time.Time, which any) (int, error) {
	rows, err := t.pgx.Query(ctx, `update unconfirmed set email = null, address_hash = null, network_hash = null, submission = '', withdrawn_at = $2
		where site_id = $1 and withdrawn_at is null and `+condition+` returning id`, siteID, at, which)
	if err != nil {
		return 0, fmt.Errorf("erase unconfirmed comments: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err == nil {
		_, err = t.pgx.Exec(ctx, `delete from idempotency_keys where site_id = $1 and result = any($2)`, siteID, ids)
	}
	if err != nil {
		return 0, fmt.Errorf("erase unconfirmed comments: %w", err)
	}
	return len(ids), t.noteErasures(ctx, siteID, ErasedComment, ids, at)
}

// DropUnconfirmed deletes a comment that is among the comments now.
func (t *Tx) DropUnconfirmed(_ context.Context, siteID, id uuid.UUID) error {
	err := t.db.Exec(`delete from unconfirmed where site_id = ? and id = ?`, siteID, id).Error
	if err != nil {
		return fmt.Errorf("drop unconfirmed comment %s: %w", id, err)
	}
	return nil
}
