package models

import (
	"context"
	"io/fs"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// OpenTraced is Open, with somebody who sees each statement before it is sent.
func OpenTraced(ctx context.Context, url string, tracer pgx.QueryTracer) (*Store, error) {
	return open(ctx, url, tracer)
}

// ServeAll is Serve with rows of several sites in sight, as for a desk that spans them: only the first wall, the site
// in each query, stands between them.
func (s *Store) ServeAll(ctx context.Context, sites []uuid.UUID, f func(tx *Tx) error) error {
	return s.serve(ctx, Scope{Sites: sites}, f)
}

// FingerprintOf is Fingerprint of other migrations.
func FingerprintOf(files fs.FS) string { return fingerprint(files) }

// Named is a statement's arguments by their names.
type Named = named

// LookUp runs statements that only read, for one site.
func LookUp(ctx context.Context, s *Store, siteID uuid.UUID, statements *pgx.Batch) error {
	return s.look(ctx, siteID, look{statements, nil})
}

// Kept runs statements whose answers nobody waits for, in a transaction of their own.
func Kept(ctx context.Context, s *Store, siteID uuid.UUID, statements *pgx.Batch) error {
	return s.Serve(ctx, siteID, func(tx *Tx) error { return tx.pgx.keep(ctx, statements) })
}

// Raw is the connection's own transaction, for tests that look behind the walls.
func (t *Tx) Raw() pgx.Tx { return t.pgx }

// MigrateBy is Migrate by other steps than this release's.
func (s *Store) MigrateBy(ctx context.Context, steps fs.FS) ([]int64, error) {
	return s.migrateBy(ctx, steps)
}

// Skew makes the local clock of a store wrong by so much.
func (s *Store) Skew(by time.Duration) {
	s.presence.local = func() time.Time { return time.Now().Add(by) }
}
