package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// TOTP is a moderator's secret for one-time passwords. It counts once it is confirmed.
type TOTP struct {
	ModeratorID uuid.UUID
	Sealed      []byte // under PLENUM_SECRET
	LastStep    int64  // of the last code that was taken
	CreatedAt   time.Time
	ConfirmedAt *time.Time
}

// LockModerator finds a moderator and lets nobody else change them before the end of the transaction.
func (t *Tx) LockModerator(_ context.Context, id uuid.UUID) (m Moderator, err error) {
	if err = first(t.db.Raw(`select * from moderators where id = ? for no key update`, id).Scan(&m)); err != nil {
		return Moderator{}, fmt.Errorf("lock moderator %s: %w", id, err)
	}
	return m, nil
}

// CountWrongCodes keeps how many codes in a row were wrong, and when the next may be tried.
func (q Queries) CountWrongCodes(ctx context.Context, m Moderator) error {
	return q.own(ctx, "count wrong codes", `update moderators set wrong_codes = @WrongCodes, codes_after = @CodesAfter where id = @ID`, m)
}

// TOTP finds a moderator's secret.
func (q Queries) TOTP(ctx context.Context, moderatorID uuid.UUID) (t TOTP, err error) {
	err = q.run(ctx, Scope{}, func(tx *Tx) error {
		return first(tx.db.Raw(`select * from totp_secrets where moderator_id = ?`, moderatorID).Scan(&t))
	})
	if err != nil {
		return TOTP{}, fmt.Errorf("totp of %s: %w", moderatorID, err)
	}
	return t, nil
}

// PutTOTP keeps a new secret in the place of one that was not confirmed. A confirmed one stays: ErrConflict.
func (q Queries) PutTOTP(ctx context.Context, t TOTP) error {
	err := q.run(ctx, Scope{}, func(tx *Tx) error {
		done := tx.db.Exec(`insert into totp_secrets (moderator_id, sealed, created_at) values (@ModeratorID, @Sealed, @CreatedAt)
			on conflict (moderator_id) do update set sealed = excluded.sealed, created_at = excluded.created_at, last_step = 0
			where totp_secrets.confirmed_at is null`, t)
		if done.Error == nil && done.RowsAffected == 0 {
			return ErrConflict
		}
		return done.Error
	})
	if err != nil {
		return fmt.Errorf("put a totp secret: %w", err)
	}
	return nil
}

// TakeCode says that the code of a step was used, and that the secret counts from now on. ErrConflict: it was used before.
func (q Queries) TakeCode(ctx context.Context, moderatorID uuid.UUID, step int64, now time.Time) error {
	err := q.run(ctx, Scope{}, func(tx *Tx) error {
		done := tx.db.Exec(`update totp_secrets set last_step = ?, confirmed_at = coalesce(confirmed_at, ?) where moderator_id = ? and last_step < ?`,
			step, now, moderatorID, step)
		if done.Error == nil && done.RowsAffected == 0 {
			return ErrConflict
		}
		return done.Error
	})
	if err != nil {
		return fmt.Errorf("take a code: %w", err)
	}
	return nil
}

// DeleteTOTP takes a moderator's secret away.
func (q Queries) DeleteTOTP(ctx context.Context, moderatorID uuid.UUID) error {
	return q.own(ctx, "delete a totp secret", `delete from totp_secrets where moderator_id = ?`, moderatorID)
}

// PutRecoveryCodes keeps new codes by their hashes, in the place of all there were.
func (q Queries) PutRecoveryCodes(ctx context.Context, moderatorID uuid.UUID, hashes [][]byte, now time.Time) error {
	err := q.run(ctx, Scope{}, func(tx *Tx) error {
		err := tx.db.Exec(`delete from recovery_codes where moderator_id = ?`, moderatorID).Error
		for _, hash := range hashes {
			if err == nil {
				err = tx.db.Exec(`insert into recovery_codes (moderator_id, code_hash, created_at) values (?, ?, ?)`, moderatorID, hash, now).Error
			}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("put recovery codes: %w", err)
	}
	return nil
}

// RecoveryCodesLeft counts the codes that were not used.
func (q Queries) RecoveryCodesLeft(ctx context.Context, moderatorID uuid.UUID) (left int, err error) {
	err = q.run(ctx, Scope{}, func(tx *Tx) error {
		return tx.db.Raw(`select count(*) from recovery_codes where moderator_id = ? and used_at is null`, moderatorID).Scan(&left).Error
	})
	if err != nil {
		return 0, fmt.Errorf("recovery codes: %w", err)
	}
	return left, nil
}

// UseRecoveryCode uses one up; ErrNotFound where it is none, or was used.
func (q Queries) UseRecoveryCode(ctx context.Context, moderatorID uuid.UUID, hash []byte, now time.Time) error {
	err := q.run(ctx, Scope{}, func(tx *Tx) error {
		return first(tx.db.Exec(`update recovery_codes set used_at = ? where moderator_id = ? and code_hash = ? and used_at is null`, now, moderatorID, hash))
	})
	if err != nil {
		return fmt.Errorf("recovery code: %w", err)
	}
	return nil
}

// own changes what belongs to a moderator and to no site.
func (q Queries) own(ctx context.Context, what, statement string, args ...any) error {
	err := q.run(ctx, Scope{}, func(tx *Tx) error { return tx.db.Exec(statement, args...).Error })
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
