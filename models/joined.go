package models

import (
	"context"
	"database/sql"
	"errors"
)

// joined lets GORM work inside a transaction that pgx opened on the same connection. Commit and Rollback are there so
// that GORM takes it for a transaction, and turns a nested one into a savepoint; they are never the way to end it.
type joined struct {
	conn *sql.Conn
	tx   *transaction
}

func (j joined) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	if err := j.tx.catchUp(ctx); err != nil {
		return nil, err
	}
	return j.conn.PrepareContext(ctx, query)
}

func (j joined) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := j.tx.catchUp(ctx); err != nil {
		return nil, err
	}
	return j.conn.ExecContext(ctx, query, args...)
}

func (j joined) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := j.tx.catchUp(ctx); err != nil {
		return nil, err
	}
	return j.conn.QueryContext(ctx, query, args...)
}

func (j joined) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if err := j.tx.catchUp(ctx); err != nil {
		failed, cancel := context.WithCancelCause(ctx) // a row has no other way to fail
		cancel(err)
		ctx = failed
	}
	return j.conn.QueryRowContext(ctx, query, args...)
}

var errNotMine = errors.New("a transaction that pgx opened is ended by pgx")

func (joined) Commit() error   { return errNotMine }
func (joined) Rollback() error { return errNotMine }
