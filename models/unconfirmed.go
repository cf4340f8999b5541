package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
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

// ChangeUnconfirmed sets what was sent.
func (t *Tx) ChangeUnconfirmed(_ context.Context, siteID, id uuid.UUID, submission string) error {
	err := t.db.Exec(`update unconfirmed set submission = ? where site_id = ? and id = ?`, submission, siteID, id).Error
	if err != nil {
		return fmt.Errorf("change unconfirmed comment %s: %w", id, err)
	}
	return nil
}

// WithdrawUnconfirmed leaves nothing of a comment but that it was there.
func (t *Tx) WithdrawUnconfirmed(_ context.Context, siteID, id uuid.UUID, at time.Time) error {
	err := t.db.Exec(`update unconfirmed set email = null, address_hash = null, network_hash = null, submission = '', withdrawn_at = ?
		where site_id = ? and id = ?`, at, siteID, id).Error
	if err != nil {
		return fmt.Errorf("withdraw unconfirmed comment %s: %w", id, err)
	}
	return nil
}

// WipeUnconfirmed leaves nothing of whatever waits to be confirmed under an address, and answers of how many.
func (t *Tx) WipeUnconfirmed(_ context.Context, siteID uuid.UUID, addressHash []byte, at time.Time) (int, error) {
	wiped := t.db.Exec(`update unconfirmed set email = null, address_hash = null, network_hash = null, submission = '', withdrawn_at = ?
		where site_id = ? and address_hash = ?`, at, siteID, addressHash)
	if wiped.Error != nil {
		return 0, fmt.Errorf("erase unconfirmed comments: %w", wiped.Error)
	}
	return int(wiped.RowsAffected), nil
}

// DropUnconfirmed deletes a comment that is among the comments now.
func (t *Tx) DropUnconfirmed(_ context.Context, siteID, id uuid.UUID) error {
	err := t.db.Exec(`delete from unconfirmed where site_id = ? and id = ?`, siteID, id).Error
	if err != nil {
		return fmt.Errorf("drop unconfirmed comment %s: %w", id, err)
	}
	return nil
}
