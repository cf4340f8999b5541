package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// PasswordLink lets a moderator set a password, once. Only the SHA-256 of its token is stored.
type PasswordLink struct {
	ID, ModeratorID      uuid.UUID
	TokenHash            []byte
	CreatedAt, ExpiresAt time.Time
}

// CreatePasswordLink keeps a link; the same one again is kept already.
func (q Queries) CreatePasswordLink(ctx context.Context, l PasswordLink) error {
	return q.own(ctx, "create a password link", `insert into password_links (id, moderator_id, token_hash, created_at, expires_at)
		values (@ID, @ModeratorID, @TokenHash, @CreatedAt, @ExpiresAt) on conflict (id) do nothing`, l)
}

// LinkOwner finds who may set a password by the link at the given time.
func (q Queries) LinkOwner(ctx context.Context, tokenHash []byte, now time.Time) (m Moderator, err error) {
	err = q.run(ctx, Scope{}, func(tx *Tx) error {
		return first(tx.db.Raw(`select m.* from password_links l join moderators m on m.id = l.moderator_id
			where l.token_hash = ? and l.used_at is null and l.expires_at > ?`, tokenHash, now).Scan(&m))
	})
	if err != nil {
		return Moderator{}, fmt.Errorf("password link: %w", err)
	}
	return m, nil
}

// UsePasswordLinks uses up every link of a moderator; ErrNotFound where the named one was used meanwhile.
func (q Queries) UsePasswordLinks(ctx context.Context, moderatorID uuid.UUID, tokenHash []byte, now time.Time) error {
	err := q.run(ctx, Scope{}, func(tx *Tx) error {
		done := tx.db.Exec(`update password_links set used_at = @now where token_hash = @hash and used_at is null and expires_at > @now`,
			map[string]any{"now": now, "hash": tokenHash})
		if err := first(done); err != nil {
			return err
		}
		return tx.db.Exec(`delete from password_links where moderator_id = ? and used_at is null`, moderatorID).Error
	})
	if err != nil {
		return fmt.Errorf("use a password link: %w", err)
	}
	return nil
}
