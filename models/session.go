package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// The proofs that a session was opened with.
const (
	FactorPassword = "password"
	FactorTOTP     = "totp"
	FactorRecovery = "recovery"
	FactorPasskey  = "passkey" // both factors at once

	FactorProvider    = "provider"     // the word of the identity provider
	FactorProviderTwo = "provider_two" // and it says that it asked for two
)

// Session is a signed-in browser. Only the SHA-256 of its token is stored.
type Session struct {
	ID                   uuid.UUID
	TokenHash            []byte
	ModeratorID          uuid.UUID
	Factor               string // the strongest proof that was given
	Device               string // what the browser calls itself
	CreatedAt, ExpiresAt time.Time
	SeenAt               time.Time // something was last done
	ConfirmedAt          time.Time // a proof was last given
}

// Seat is a session with who sits there, and what of a second factor they have and must have.
type Seat struct {
	Session
	Moderator  Moderator
	HasSecond  bool // an app, or a passkey
	HasPasskey bool
	MustHave   bool // a site that they serve demands it
}

// CreateSession stores a session. Its proof is of the time it begins, unless it says otherwise.
func (q Queries) CreateSession(ctx context.Context, s Session) error {
	if s.ConfirmedAt.IsZero() {
		s.ConfirmedAt = s.CreatedAt
	}
	err := q.run(ctx, Scope{}, func(tx *Tx) error {
		// Not the hash first: GORM takes a slice behind a parenthesis for a list of values.
		return tx.db.Exec(`insert into sessions (id, moderator_id, token_hash, factor, device, created_at, seen_at, confirmed_at, expires_at)
			values (@ID, @ModeratorID, @TokenHash, @Factor, @Device, @CreatedAt, @CreatedAt, @ConfirmedAt, @ExpiresAt)`, s).Error
	})
	if err != nil {
		return fmt.Errorf("create a session: %w", err)
	}
	return nil
}

// Seat finds who sits under the token's hash at the given time; nothing was done there since idle: nobody does.
func (q Queries) Seat(ctx context.Context, tokenHash []byte, now, idle time.Time) (s Seat, err error) {
	err = q.run(ctx, Scope{}, func(tx *Tx) error {
		if err := first(tx.db.Raw(`select * from sessions where token_hash = ? and expires_at > ? and seen_at > ?`, tokenHash, now, idle).Scan(&s.Session)); err != nil {
			return err
		}
		// Row-level security shows which sites are theirs only to whom the transaction names, from its next statement on.
		err := first(tx.db.Raw(`select m.*, set_config('app.moderator_id', m.id::text, true) from moderators m where id = ?`, s.ModeratorID).Scan(&s.Moderator))
		if err != nil {
			return err
		}
		var app bool
		err = tx.db.Raw(`select exists (select from totp_secrets where moderator_id = @id and confirmed_at is not null),
			exists (select from passkeys where moderator_id = @id),
			exists (select from memberships m join sites s on s.id = m.site_id where m.moderator_id = @id and s.second_factor = 'required')`,
			map[string]any{"id": s.ModeratorID}).Row().Scan(&app, &s.HasPasskey, &s.MustHave)
		s.HasSecond = app || s.HasPasskey
		return err
	})
	if err != nil {
		return Seat{}, fmt.Errorf("session: %w", err)
	}
	return s, nil
}

// TouchSession says that something was done.
func (q Queries) TouchSession(ctx context.Context, id uuid.UUID, now time.Time) error {
	return q.changeSession(ctx, "touch", `update sessions set seen_at = ? where id = ?`, now, id)
}

// ConfirmSession says that a proof was given, and keeps the strongest.
func (q Queries) ConfirmSession(ctx context.Context, id uuid.UUID, factor string, now time.Time) error {
	return q.changeSession(ctx, "confirm", `update sessions set seen_at = @now, confirmed_at = @now,
		factor = case when @factor = 'password' then factor else @factor end where id = @id`,
		map[string]any{"now": now, "factor": factor, "id": id})
}

// DeleteSession ends a session; one that is not there is ended already.
func (q Queries) DeleteSession(ctx context.Context, tokenHash []byte) error {
	return q.changeSession(ctx, "delete", `delete from sessions where token_hash = ?`, tokenHash)
}

// EndSession ends the session of that name, if it is the moderator's.
func (q Queries) EndSession(ctx context.Context, moderatorID, id uuid.UUID) error {
	return q.changeSession(ctx, "end", `delete from sessions where moderator_id = ? and id = ?`, moderatorID, id)
}

// EndSessions ends every session of a moderator but the one that is kept; uuid.Nil keeps none.
func (q Queries) EndSessions(ctx context.Context, moderatorID, keep uuid.UUID) error {
	return q.changeSession(ctx, "end others than", `delete from sessions where moderator_id = ? and id <> ?`, moderatorID, keep)
}

func (q Queries) changeSession(ctx context.Context, what, statement string, args ...any) error {
	err := q.run(ctx, Scope{}, func(tx *Tx) error { return tx.db.Exec(statement, args...).Error })
	if err != nil {
		return fmt.Errorf("%s a session: %w", what, err)
	}
	return nil
}

// Sessions lists where a moderator is signed in at the given time, the last used first.
func (q Queries) Sessions(ctx context.Context, moderatorID uuid.UUID, now, idle time.Time) (all []Session, err error) {
	err = q.run(ctx, Scope{}, func(tx *Tx) error {
		return tx.db.Raw(`select * from sessions where moderator_id = ? and expires_at > ? and seen_at > ? order by seen_at desc, id`,
			moderatorID, now, idle).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("sessions of %s: %w", moderatorID, err)
	}
	return all, nil
}
