package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Session is a signed-in browser. Only the SHA-256 of its token is stored.
type Session struct {
	TokenHash            []byte
	ModeratorID          uuid.UUID
	CreatedAt, ExpiresAt time.Time
}

// CreateSession stores a session.
func (q Queries) CreateSession(ctx context.Context, s Session) error {
	err := q.run(ctx, Scope{}, func(tx *Tx) error {
		// Not the hash first: GORM takes a slice behind a parenthesis for a list of values.
		return tx.db.Exec(`insert into sessions (moderator_id, token_hash, created_at, expires_at)
			values (@ModeratorID, @TokenHash, @CreatedAt, @ExpiresAt)`, s).Error
	})
	if err != nil {
		return fmt.Errorf("create a session: %w", err)
	}
	return nil
}

// SessionModerator finds who is signed in under the token's hash at the given time.
func (q Queries) SessionModerator(ctx context.Context, tokenHash []byte, now time.Time) (m Moderator, err error) {
	err = q.run(ctx, Scope{}, func(tx *Tx) error {
		return first(tx.db.Raw(`select m.* from sessions s join moderators m on m.id = s.moderator_id
			where s.token_hash = ? and s.expires_at > ?`, tokenHash, now).Scan(&m))
	})
	if err != nil {
		return Moderator{}, fmt.Errorf("session: %w", err)
	}
	return m, nil
}

// DeleteSession ends a session; one that is not there is ended already.
func (q Queries) DeleteSession(ctx context.Context, tokenHash []byte) error {
	err := q.run(ctx, Scope{}, func(tx *Tx) error {
		return tx.db.Exec(`delete from sessions where token_hash = ?`, tokenHash).Error
	})
	if err != nil {
		return fmt.Errorf("delete a session: %w", err)
	}
	return nil
}
