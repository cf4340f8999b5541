package models

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// ErrBehind says that migrations of this release are not applied.
var ErrBehind = errors.New("migrations are pending")

// Ready answers why the database can't serve this release: ErrAway, ErrBehind, or nil where it can.
func (s *Store) Ready(ctx context.Context) error {
	if s.presence.now().Err() != nil {
		return ErrAway
	}
	wanted, err := versions()
	if err != nil {
		return err
	}
	var applied int
	err = s.db.WithContext(ctx).Raw(`select count(distinct version_id) from goose_db_version where is_applied and version_id::text = any (?)`, wanted).Scan(&applied).Error
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &pg) && pg.Code == "42P01" || err == nil && applied < len(wanted): // undefined table: not one is
		return ErrBehind
	case err != nil:
		return fmt.Errorf("%w: %w", ErrAway, err)
	}
	return nil
}

// MinVersion is the oldest PostgreSQL that the schema runs on, as server_version_num has it.
const MinVersion = 140000

// Health is what a database says of itself.
type Health struct {
	Version                   string
	VersionNumber             int
	User                      string
	Fsync, SynchronousCommit  string
	FullPageWrites, Checksums string
	Clock                     time.Time
	RoleUsable                bool // plenum_serve and plenum_search are there, and this user may take them on
}

// Health asks the database for the settings that durability and the second wall depend on.
func (s *Store) Health(ctx context.Context) (h Health, err error) {
	err = first(s.db.WithContext(ctx).Raw(`select current_setting('server_version') as version,
		current_setting('server_version_num')::integer as version_number, quote_ident(current_user) as user,
		current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit,
		current_setting('full_page_writes') as full_page_writes, current_setting('data_checksums') as checksums, clock_timestamp() as clock,
		(select count(*) = 2 from pg_roles where rolname in ('plenum_serve', 'plenum_search') and pg_has_role(current_user, oid, 'member')) as role_usable`).Scan(&h))
	if err != nil {
		return Health{}, fmt.Errorf("health of the database: %w", err)
	}
	return h, nil
}
