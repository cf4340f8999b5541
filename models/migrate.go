package models

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migration is one step of the schema. AppliedAt is zero while it waits.
type Migration struct {
	Version   int64     `json:"version"`
	Name      string    `json:"name"`
	AppliedAt time.Time `json:"applied_at,omitzero"`
}

// A step that waits for a lock holds up everybody who comes after it, so it waits for a moment only, and is tried again.
const (
	stepWaits = "300ms"
	stepTries = 40
	stepPause = 500 * time.Millisecond
)

// Migrate brings the schema up to this release: the job queue's tables first, then ours. Any number of processes may
// call it at once: one works under an advisory lock, the others wait for it. It answers the versions it applied. A step
// that was interrupted left nothing behind, and is applied by the next call.
func (s *Store) Migrate(ctx context.Context) ([]int64, error) {
	steps, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return s.migrateBy(ctx, steps)
}

func (s *Store) migrateBy(ctx context.Context, steps fs.FS) (applied []int64, err error) {
	config := s.pool.Config()
	config.MinConns, config.MaxConns = 0, 4
	config.ConnConfig.RuntimeParams["lock_timeout"] = stepWaits
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	defer pool.Close()
	err = alone(ctx, pool, func() error {
		for try := 1; ; try++ {
			more, err := migrate(ctx, pool, steps)
			applied = append(applied, more...)
			var pg *pgconn.PgError
			if try == stepTries || !errors.As(err, &pg) || pg.Code != "55P03" { // lock_not_available
				return err
			}
			select {
			case <-ctx.Done():
				return err
			case <-time.After(stepPause):
			}
		}
	})
	return applied, err
}

// alone runs do while no other process migrates.
func alone(ctx context.Context, pool *pgxpool.Pool, do func() error) error {
	sqlDB := stdlib.OpenDBFromPool(pool)
	defer sqlDB.Close()
	conn, err := sqlDB.Conn(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer conn.Close()
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 120))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := locker.SessionLock(ctx, conn); err != nil {
		return fmt.Errorf("wait for another process's migration: %w", err)
	}
	return errors.Join(do(), locker.SessionUnlock(context.WithoutCancel(ctx), conn))
}

func migrate(ctx context.Context, pool *pgxpool.Pool, steps fs.FS) ([]int64, error) {
	jobs, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return nil, fmt.Errorf("migrate the job queue: %w", err)
	}
	if _, err := jobs.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, fmt.Errorf("migrate the job queue: %w", err)
	}
	provider, closeDB, err := newProvider(pool, steps)
	if err != nil {
		return nil, err
	}
	defer closeDB()
	results, err := provider.Up(ctx)
	var partial *goose.PartialError // which carries what was applied before
	if errors.As(err, &partial) {
		results = partial.Applied
	}
	var applied []int64
	for _, r := range results {
		applied = append(applied, r.Source.Version)
	}
	if err != nil {
		return applied, fmt.Errorf("migrate: %w", err)
	}
	return applied, nil
}

// Migrations lists every step, oldest first.
func (s *Store) Migrations(ctx context.Context) ([]Migration, error) {
	steps, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	provider, closeDB, err := newProvider(s.pool, steps)
	if err != nil {
		return nil, err
	}
	defer closeDB()
	states, err := provider.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	var all []Migration
	for _, m := range states {
		all = append(all, Migration{Version: m.Source.Version, Name: m.Source.Path, AppliedAt: m.AppliedAt})
	}
	return all, nil
}

func newProvider(pool *pgxpool.Pool, steps fs.FS) (*goose.Provider, func() error, error) {
	sqlDB := stdlib.OpenDBFromPool(pool)
	// Steps that were written beside each other may arrive in another order than their numbers'.
	provider, err := goose.NewProvider(goose.DialectPostgres, sqlDB, steps, goose.WithAllowOutofOrder(true))
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("read the migrations: %w", err), sqlDB.Close())
	}
	return provider, sqlDB.Close, nil
}

// versions are the numbers of this release's steps.
func versions() (all Strings, err error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	for _, name := range names {
		number, nameErr := goose.NumericComponent(path.Base(name))
		all, err = append(all, strconv.FormatInt(number, 10)), errors.Join(err, nameErr)
	}
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return all, nil
}

// Fingerprint names this release's schema: it changes with any migration, and with its number.
func Fingerprint() string { return fingerprint(migrations) }

func fingerprint(files fs.FS) string {
	h := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, path)
		h.Write([]byte(path))
		h.Write(text)
		return err
	})
	if err != nil {
		panic(err) // embedded files can always be read
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
