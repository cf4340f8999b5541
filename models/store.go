package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Open connects to the database at url (a PostgreSQL connection string of the schema's owner). It makes no statement
// of its own, so it succeeds while the database is away.
func Open(ctx context.Context, url string) (*Store, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the database's address: %w", err)
	}
	cfg.ConnConfig.RuntimeParams["application_name"] = "plenum"
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	cfg.ConnConfig.ConnectTimeout = 2 * time.Second
	cfg.MaxConns = max(cfg.MaxConns, 16)
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return open(ctx, pool, url)
}

func open(_ context.Context, pool *pgxpool.Pool, url string) (*Store, error) {
	db, err := gorm.Open(postgres.New(postgres.Config{Conn: stdlib.OpenDBFromPool(pool)}), &gorm.Config{
		SkipDefaultTransaction: true,
		DisableAutomaticPing:   true,
		Logger:                 logger.Discard, // errors are returned, and logged once by whoever answers for them
	})
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	jobs, err := newEnqueuer()
	if err != nil {
		return nil, err
	}
	s := &Store{pool: pool, db: db, jobs: jobs, url: url, presence: newPresence()}
	s.Queries.run = s.serve
	return s, nil
}

// Close gives every connection back.
func (s *Store) Close() { s.pool.Close() }

// Pool is the pool that the job worker shares.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// Tx is one transaction. Its query methods see what it wrote.
type Tx struct {
	Queries
	db    *gorm.DB
	pgx   pgx.Tx
	jobs  enqueuer
	hints []Hint // at what it changes of what is public
}

// Serve runs f in one serving transaction for the site: all of it is committed, or none. An error of f rolls back and
// is returned as it is.
func (s *Store) Serve(ctx context.Context, siteID uuid.UUID, f func(tx *Tx) error) error {
	return s.serve(ctx, Scope{Sites: []uuid.UUID{siteID}}, f)
}

// Look is Serve for a look: all that f reads is of one moment, and it can change nothing.
func (s *Store) Look(ctx context.Context, siteID uuid.UUID, f func(tx *Tx) error) error {
	return s.begin(ctx, Scope{Sites: []uuid.UUID{siteID}}.opening(` isolation level repeatable read, read only`), f)
}

func (s *Store) serve(ctx context.Context, scope Scope, f func(tx *Tx) error) error {
	return s.begin(ctx, scope.opening(``), f)
}

// opening begins a serving transaction in one message. What it sets is local to the transaction, so it is fit for a
// pooler and leaves nothing on the connection.
func (s Scope) opening(mode string) string {
	sites, moderator := s.settings() // ids in hexadecimal: nothing in them needs a quote
	return `begin` + mode + `; select set_config('role', 'plenum_serve', true), ` + sqlTimeouts + `,
		set_config('app.site_ids', '` + sites + `', true), set_config('app.moderator_id', '` + moderator + `', true)`
}

// asOwner begins a transaction as the schema's owner, who passes row-level security: for the command line.
const asOwner = `begin`

// begin runs f in one transaction, which the statements of opening begin.
func (s *Store) begin(ctx context.Context, opening string, f func(tx *Tx) error) error {
	here := s.presence.now()
	conn, err := s.acquire(ctx, here)
	if err != nil {
		return fmt.Errorf("begin a transaction: %w", err)
	}
	defer conn.Close()
	var raw *pgx.Conn
	if err := conn.Raw(func(driver any) error { raw = driver.(*stdlib.Conn).Conn(); return nil }); err != nil {
		return fmt.Errorf("begin a transaction: %w", err)
	}
	socket := raw.PgConn().Conn()
	defer context.AfterFunc(here, func() { socket.SetDeadline(past) })() // f waits on contexts of its own
	tx := &Tx{jobs: s.jobs}
	tx.Queries.run = tx.join
	err = pgx.BeginTxFunc(ctx, raw, pgx.TxOptions{BeginQuery: opening}, func(ptx pgx.Tx) error {
		tx.db, tx.pgx = s.db.Session(&gorm.Session{NewDB: true, Context: ctx, SkipDefaultTransaction: true}), ptx
		tx.db.Statement.ConnPool = joined{conn}
		return f(tx)
	})
	if err == nil || Unavailable(err) { // a commit whose answer was lost may have been one
		s.committed(tx.hints)
	}
	return err
}

// past is a deadline that is over.
var past = time.Unix(1, 0)

// acquire waits for a connection: not for ever, and not for a database that is away.
func (s *Store) acquire(ctx, here context.Context) (*sql.Conn, error) {
	if here.Err() != nil {
		return nil, ErrAway
	}
	sqlDB, err := s.db.DB()
	if err != nil {
		return nil, err
	}
	patience, cancel := context.WithTimeout(ctx, acquireIn)
	defer cancel()
	defer context.AfterFunc(here, cancel)()
	conn, err := sqlDB.Conn(patience)
	if err != nil && ctx.Err() == nil && patience.Err() != nil {
		err = ErrAway
	}
	return conn, err
}

// join lets a query method run inside the open transaction. Whether the scope is the transaction's own is not asked
// again: row-level security answers with no rows where it is not.
func (t *Tx) join(_ context.Context, _ Scope, f func(tx *Tx) error) error { return f(t) }

func (s Scope) settings() (sites, moderator string) {
	for i, id := range s.Sites {
		if i > 0 {
			sites += ","
		}
		sites += id.String()
	}
	if s.Moderator != uuid.Nil {
		moderator = s.Moderator.String()
	}
	return sites, moderator
}
