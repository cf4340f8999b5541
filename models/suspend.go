package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// SuspendModerator takes every way in from a moderator at once, as the schema's owner: the password becomes passwordHash,
// sessions end, passkeys, links by mail and API tokens are gone. Roles stay, and so does an app of one-time codes. Each token's end is noted in the log of its site.
func (s *Store) SuspendModerator(ctx context.Context, id uuid.UUID, passwordHash string, now time.Time) error {
	err := s.begin(ctx, asOwner, func(tx *Tx) error {
		for _, statement := range []string{
			`update moderators set password_hash = @hash where id = @id`,
			`delete from passkeys where moderator_id = @id`,
			`delete from sessions where moderator_id = @id`,
			`delete from password_links where moderator_id = @id`,
			`with gone as (delete from api_tokens where moderator_id = @id returning site_id, scope)
				insert into staff_changes (site_id, id, action, moderator_id, detail, created_at) select site_id, gen_random_uuid(), 'revoke', @id, scope, @now from gone`,
		} {
			if err := tx.db.Exec(statement, sql.Named("id", id), sql.Named("hash", passwordHash), sql.Named("now", now)).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("suspend moderator %s: %w", id, err)
	}
	return nil
}
