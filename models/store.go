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
	"gorm.io/gorm"
)

// How many connections each pool holds at most, or pool_max_conns of the address, if that is more. Readers and the job
// worker have their own, so that a crowd of the ones, or a night's work of the other, never keeps an author or a moderator
// waiting.
const (
	forRequests = 16
	forReaders  = 8
	forJobs     = 8
)

// Open connects to the database at url (a PostgreSQL connection string of the schema's owner). It makes no statement
// of its own, so it succeeds while the database is away.
func Open(ctx context.Context, url string) (*Store, error) { return open(ctx, url, nil) }

// open is Open, with somebody who sees each statement before it is sent; nil: nobody.
func open(ctx context.Context, url string, tracer pgx.QueryTracer) (*Store, error) {
	requests, err := openHandle(ctx, url, forRequests, tracer)
	if err != nil {
		return nil, err
	}
	readers, err := openHandle(ctx, url, forReaders, tracer)
	if err != nil {
		return nil, err
	}
	working, err := openPool(ctx, url, forJobs, tracer)
	if err != nil {
		return nil, err
	}
	s := &Store{handle: requests, readers: readers, working: working, url: url, presence: newPresence()}
	if s.jobs, err = newEnqueuer(s.Now); err != nil {
		return nil, err
	}
	s.Queries = Queries{s.serve, s.look}
	return s, nil
}

// Close gives every connection back.
func (s *Store) Close() {
	for _, p := range s.pools() {
		p.Close()
	}
	if s.standby != nil {
		s.standby.pool.Close()
	}
}

// pools are all that lead to the primary.
func (s *Store) pools() []*pgxpool.Pool { return []*pgxpool.Pool{s.pool, s.readers.pool, s.working} }

// reset gives up every connection, those in use once they are given back.
func (s *Store) reset() {
	for _, p := range s.pools() {
		p.Reset()
	}
}

// Pool is the pool of requests that are no reader's, and of whatever else works with the store.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// JobPool is the pool of the job worker.
func (s *Store) JobPool() *pgxpool.Pool { return s.working }

// ReaderPool is the pool of readers' requests.
func (s *Store) ReaderPool() *pgxpool.Pool { return s.readers.pool }

// Tx is one transaction. Its query methods see what it wrote.
type Tx struct {
	Queries
	db    *gorm.DB
	pgx   *transaction
	jobs  enqueuer
	hints []Hint              // at what it changes of what is public
	cdns  map[uuid.UUID]*Site // that were asked for, see purge; nil: none is told
}

// Serve runs f in one serving transaction for the site: all of it is committed, or none. An error of f rolls back and
// is returned as it is.
func (s *Store) Serve(ctx context.Context, siteID uuid.UUID, f func(tx *Tx) error) error {
	return s.serve(ctx, Scope{Sites: []uuid.UUID{siteID}}, f)
}

// Look is Serve for a look: all that f reads is of one moment, and it can change nothing.
func (s *Store) Look(ctx context.Context, siteID uuid.UUID, f func(tx *Tx) error) error {
	return s.begin(ctx, Scope{Sites: []uuid.UUID{siteID}}.opening(ofOneMoment, ""), f)
}

var ofOneMoment = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

func (s *Store) serve(ctx context.Context, scope Scope, f func(tx *Tx) error) error {
	return s.begin(ctx, scope.opening(pgx.TxOptions{}, ""), f)
}

// opening makes the statements that begin a transaction, once there is a connection.
type opening func(ctx context.Context) *pgx.Batch

// opening begins a serving transaction. What it sets, and more to set, is local to the transaction, so it is fit for a
// pooler and leaves nothing on the connection.
func (s Scope) opening(options pgx.TxOptions, more string) opening {
	sites, moderator := s.settings()
	return func(ctx context.Context) *pgx.Batch {
		batch := beginning(options)
		batch.Queue(`select set_config('role', 'plenum_serve', true), set_config('lock_timeout', $3, true), `+sqlTimeouts+`,
			set_config('app.site_ids', $1, true), set_config('app.moderator_id', $2, true)`+more, sites, moderator, lockTimeout(ctx))
		return batch
	}
}

// asOwner begins a transaction as the schema's owner, who passes row-level security: for the command line.
func asOwner(context.Context) *pgx.Batch { return beginning(pgx.TxOptions{}) }

func beginning(options pgx.TxOptions) *pgx.Batch {
	batch := &pgx.Batch{}
	batch.BeginTx(options)
	return batch
}

// begin runs f in one transaction.
func (s *Store) begin(ctx context.Context, o opening, f func(tx *Tx) error) error {
	return s.on(ctx, s.handle, o, f)
}

// on is begin on one of the handles.
func (s *Store) on(ctx context.Context, h handle, o opening, f func(tx *Tx) error) error {
	return s.connected(ctx, h, func(c connection) error { return s.within(ctx, c, o, f) })
}

// connection is one to the database, as GORM and as pgx know it.
type connection struct {
	conn *sql.Conn
	raw  *pgx.Conn
	db   *gorm.DB
}

// connected runs f on a connection that nobody else uses meanwhile.
func (s *Store) connected(ctx context.Context, h handle, f func(connection) error) error {
	here := s.presence.now()
	conn, err := h.acquire(ctx, here)
	if err != nil {
		return fmt.Errorf("begin a transaction: %w", err)
	}
	defer conn.Close()
	c := connection{conn: conn, db: h.db}
	if err := conn.Raw(func(driver any) error { c.raw = driver.(*stdlib.Conn).Conn(); return nil }); err != nil {
		return fmt.Errorf("begin a transaction: %w", err)
	}
	socket := c.raw.PgConn().Conn()
	defer context.AfterFunc(here, func() { socket.SetDeadline(past) })() // f waits on contexts of its own
	return f(c)
}

// within runs f in one transaction on the connection.
func (s *Store) within(ctx context.Context, c connection, o opening, f func(tx *Tx) error) error {
	tx := &Tx{jobs: s.jobs, pgx: &transaction{conn: c.raw, kept: o(ctx)}}
	tx.Queries = Queries{tx.join, tx.look}
	tx.db = c.db.Session(&gorm.Session{NewDB: true, Context: ctx, SkipDefaultTransaction: true})
	tx.db.Statement.ConnPool = joined{c.conn, tx.pgx}
	err := tx.pgx.run(ctx, func() error {
		if err := f(tx); err != nil {
			return err
		}
		return tx.purge(ctx, s.presence.local())
	})
	if err == nil || Unavailable(err) { // a commit whose answer was lost may have been one
		s.committed(tx.hints)
	}
	return err
}

// CatchUp sends what was to go with the next message. An error of it is one of the transaction.
func (t *Tx) CatchUp(ctx context.Context) error { return t.pgx.catchUp(ctx) }

// past is a deadline that is over.
var past = time.Unix(1, 0)

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
