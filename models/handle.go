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
	pgxuuid "github.com/vgarvardt/pgx-google-uuid/v5"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Pool is a bounded set of connections.
type Pool = pgxpool.Pool

// handle is a bounded pool of connections, and GORM on it.
type handle struct {
	pool *pgxpool.Pool
	db   *gorm.DB
}

func openHandle(ctx context.Context, url string, atLeast int32, tracer pgx.QueryTracer) (h handle, err error) {
	if h.pool, err = openPool(ctx, url, atLeast, tracer); err != nil {
		return h, err
	}
	h.db, err = gorm.Open(postgres.New(postgres.Config{Conn: stdlib.OpenDBFromPool(h.pool)}), &gorm.Config{
		SkipDefaultTransaction: true,
		DisableAutomaticPing:   true,
		Logger:                 logger.Discard, // errors are returned, and logged once by whoever answers for them
	})
	if err != nil {
		return h, fmt.Errorf("open the database: %w", err)
	}
	return h, nil
}

func openPool(ctx context.Context, url string, atLeast int32, tracer pgx.QueryTracer) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the database's address: %w", err)
	}
	cfg.ConnConfig.RuntimeParams["application_name"] = "plenum"
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	cfg.ConnConfig.ConnectTimeout = 2 * time.Second
	cfg.ConnConfig.Tracer = tracer
	cfg.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		pgxuuid.Register(conn.TypeMap())
		conn.TypeMap().RegisterDefaultPgType([]uuid.UUID(nil), "_uuid") // without prepared statements nobody tells pgx what it is
		return nil
	}
	if !sized(url) {
		cfg.MaxConns = 0
	}
	cfg.MaxConns = max(cfg.MaxConns, atLeast)
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return pool, nil
}

// sized reports whether the address says how large a pool may be. Where it does not, pgxpool takes the machine's cores.
func sized(url string) bool {
	cfg, err := pgx.ParseConfig(url)
	return err == nil && cfg.RuntimeParams["pool_max_conns"] != ""
}

// acquire waits for a connection: not for ever, and not for a database that is away.
func (h handle) acquire(ctx, here context.Context) (*sql.Conn, error) {
	if here.Err() != nil {
		return nil, ErrAway
	}
	sqlDB, err := h.db.DB()
	if err != nil {
		return nil, err
	}
	patience, cancel := context.WithTimeout(ctx, bear(ctx, acquireIn))
	defer cancel()
	defer context.AfterFunc(here, cancel)()
	conn, err := sqlDB.Conn(patience)
	if err != nil && ctx.Err() == nil && patience.Err() != nil {
		err = ErrAway
	}
	return conn, err
}
