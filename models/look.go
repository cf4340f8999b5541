package models

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// look is statements that only read, and what may be done while PostgreSQL reads: once, or not at all if it is not asked.
type look struct {
	*pgx.Batch
	meanwhile func() // nil: nothing
}

// look runs one in a transaction of its own and one round trip. Its statements are planned once.
func (s *Store) look(ctx context.Context, siteID uuid.UUID, l look) error {
	return s.lookOn(ctx, s.handle, siteID, l)
}

// consult is look for readers, see Readers.
func (s *Store) consult(ctx context.Context, siteID uuid.UUID, l look) error {
	return s.soonest(ctx, func(ctx context.Context, h handle) error { return s.lookOn(ctx, h, siteID, l) })
}

func (s *Store) lookOn(ctx context.Context, h handle, siteID uuid.UUID, l look) error {
	return s.connected(ctx, h, func(c connection) error {
		t := &transaction{conn: c.raw, kept: Scope{Sites: []uuid.UUID{siteID}}.opening(ofOneMoment, `, `+planOnce)(ctx), meanwhile: l.meanwhile}
		return t.run(ctx, func() error { return t.keep(ctx, l.Batch) })
	})
}

// look lets it run inside the open transaction.
func (t *Tx) look(ctx context.Context, _ uuid.UUID, l look) error {
	t.pgx.meanwhile = l.meanwhile
	return t.pgx.SendBatch(ctx, l.Batch).Close()
}
