package models

import (
	"context"

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
		t := &transaction{conn: c.raw, kept: Scope{Sites: []uuid.UUID{siteID}}.opening(ofOneMoment)(ctx)}
		return t.run(ctx, func() error { return t.keep(ctx, statements) })
	})
}

// look lets statements run inside the open transaction.
func (t *Tx) look(ctx context.Context, _ uuid.UUID, statements *pgx.Batch) error {
	return t.pgx.SendBatch(ctx, statements).Close()
}
