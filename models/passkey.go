package models

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Where a passkey is kept: on one device, or by a provider on several.
const (
	KeptOnDevice = "device"
	KeptSynced   = "synced"
)

// Passkey is a moderator's WebAuthn credential.
type Passkey struct {
	ID, ModeratorID uuid.UUID
	CredentialID    []byte // the authenticator's name for it
	PublicKey       []byte // COSE_Key
	Name            string // its owner's
	Kept            string // device or synced
	SignCount       uint32 // of its last use; 0: it does not count
	Transports      string // how a browser reaches it, by spaces
	CreatedAt       time.Time
	UsedAt          *time.Time
	CopiedAt        *time.Time // it answered with a count that was used before
}

// Ways are the transports one by one.
func (p Passkey) Ways() []string { return strings.Fields(p.Transports) }

// Passkeys lists a moderator's, the oldest first.
func (q Queries) Passkeys(ctx context.Context, moderatorID uuid.UUID) (all []Passkey, err error) {
	err = q.run(ctx, Scope{}, func(tx *Tx) error {
		return tx.db.Raw(`select * from passkeys where moderator_id = ? order by created_at, id`, moderatorID).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("passkeys of %s: %w", moderatorID, err)
	}
	return all, nil
}

// PasskeyOwner finds whose the credential is.
func (q Queries) PasskeyOwner(ctx context.Context, credentialID []byte) (m Moderator, err error) {
	err = q.run(ctx, Scope{}, func(tx *Tx) error {
		return first(tx.db.Raw(`select m.* from moderators m join passkeys p on p.moderator_id = m.id where p.credential_id = ?`, credentialID).Scan(&m))
	})
	if err != nil {
		return Moderator{}, fmt.Errorf("owner of a passkey: %w", err)
	}
	return m, nil
}

// CreatePasskey keeps a new one. ErrConflict: somebody has that credential already.
func (q Queries) CreatePasskey(ctx context.Context, p Passkey) error {
	err := q.run(ctx, Scope{}, func(tx *Tx) error {
		done := tx.db.Exec(`insert into passkeys (id, moderator_id, credential_id, public_key, name, kept, sign_count, transports, created_at)
			values (@ID, @ModeratorID, @CredentialID, @PublicKey, @Name, @Kept, @SignCount, @Transports, @CreatedAt) on conflict (credential_id) do nothing`, p)
		return taken(done.Error, done.RowsAffected)
	})
	if err != nil {
		return fmt.Errorf("create a passkey: %w", err)
	}
	return nil
}

// UsePasskey says that one was used, by the count that it gave and by the time in UsedAt. ErrConflict: a count that does not grow
// was used before (§6.1.1), or the passkey is gone.
func (q Queries) UsePasskey(ctx context.Context, p Passkey) error {
	err := q.run(ctx, Scope{}, func(tx *Tx) error {
		done := tx.db.Exec(`update passkeys set sign_count = @SignCount, used_at = @UsedAt
			where id = @ID and (sign_count < @SignCount or sign_count = 0 and cast(@SignCount as bigint) = 0)`, p)
		return taken(done.Error, done.RowsAffected)
	})
	if err != nil {
		return fmt.Errorf("use passkey %s: %w", p.ID, err)
	}
	return nil
}

// MarkCopied says that there may be two of a passkey, since the first time that it seemed so.
func (q Queries) MarkCopied(ctx context.Context, id uuid.UUID, now time.Time) error {
	return q.own(ctx, "mark a passkey", `update passkeys set copied_at = coalesce(copied_at, ?) where id = ?`, now, id)
}

// RenamePasskey gives a moderator's passkey another name.
func (q Queries) RenamePasskey(ctx context.Context, moderatorID, id uuid.UUID, name string) (p Passkey, err error) {
	err = q.run(ctx, Scope{}, func(tx *Tx) error {
		return first(tx.db.Raw(`update passkeys set name = ? where moderator_id = ? and id = ? returning *`, name, moderatorID, id).Scan(&p))
	})
	if err != nil {
		return Passkey{}, fmt.Errorf("rename passkey %s: %w", id, err)
	}
	return p, nil
}

// DeletePasskey takes a moderator's passkey away; ErrNotFound where it is not theirs.
func (q Queries) DeletePasskey(ctx context.Context, moderatorID, id uuid.UUID) error {
	err := q.run(ctx, Scope{}, func(tx *Tx) error {
		return first(tx.db.Exec(`delete from passkeys where moderator_id = ? and id = ?`, moderatorID, id))
	})
	if err != nil {
		return fmt.Errorf("delete passkey %s: %w", id, err)
	}
	return nil
}

// DeletePasskeys takes all of a moderator's away.
func (q Queries) DeletePasskeys(ctx context.Context, moderatorID uuid.UUID) error {
	return q.own(ctx, "delete passkeys", `delete from passkeys where moderator_id = ?`, moderatorID)
}

// taken is ErrConflict where a statement did nothing.
func taken(failed error, rows int64) error {
	if failed == nil && rows == 0 {
		return ErrConflict
	}
	return failed
}
