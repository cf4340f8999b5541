package models

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// look runs statements that only read, in a transaction of their own and one round trip.
func (s *Store) look(ctx context.Context, siteID uuid.UUID, statements *pgx.Batch) error {
	return s.lookOn(ctx, s.handle, siteID, statements)
}

// consult is look for readers, see Readers.
func (s *Store) consult(ctx context.Context, siteID uuid.UUID, statements *pgx.Batch) error {
	return s.soonest(ctx, func(ctx context.Context, h handle) error { return s.lookOn(ctx, h, siteID, statements) })
}

func (s *Store) lookOn(ctx context.Context, h handle, siteID uuid.UUID, statements *pgx.Batch) error {
	return s.connected(ctx, h, func(c connection) error {
		sites, moderator := Scope{Sites: []uuid.UUID{siteID}}.settings()
		whole := &pgx.Batch{}
		whole.Queue(`begin` + ofOneMoment)
		whole.Queue(`select set_config('role', 'plenum_serve', true), set_config('lock_timeout', $3, true), `+sqlTimeouts+`,
			set_config('app.site_ids', $1, true), set_config('app.moderator_id', $2, true)`, sites, moderator, lockTimeout(ctx))
		whole.QueuedQueries = append(whole.QueuedQueries, statements.QueuedQueries...)
		whole.Queue(`commit`)
		err := c.raw.SendBatch(ctx, whole).Close()
		if err != nil && !c.raw.IsClosed() {
			_, failed := c.raw.Exec(ctx, `rollback`)
			err = errors.Join(err, failed)
		}
		return err
	})
}

// look lets statements run inside the open transaction.
func (t *Tx) look(ctx context.Context, _ uuid.UUID, statements *pgx.Batch) error {
	return t.pgx.SendBatch(ctx, statements).Close()
}
