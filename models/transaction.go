package models

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// transaction is pgx's, in fewer messages: what nobody waits for an answer of, its own beginning first of all, is kept
// and goes with the next one.
type transaction struct {
	pgx.Tx    // nil: its beginning is still kept
	conn      *pgx.Conn
	kept      *pgx.Batch
	meanwhile func() // what to do once, while PostgreSQL works; nil: nothing
	failed    error  // of what was kept: nothing may follow it
}

// keep lets statements go with the next message. Their error is one of whatever they went with, at the latest of Commit.
// Where the connection has yet to prepare them, which pgx does ahead of all that it sends, the transaction begins first:
// so that no statement waits for a lock longer than the transaction may.
func (t *transaction) keep(ctx context.Context, b *pgx.Batch) error {
	if t.Tx == nil && !t.prepared(b) {
		if err := t.catchUp(ctx); err != nil {
			return err
		}
	}
	t.kept.QueuedQueries = append(t.kept.QueuedQueries, b.QueuedQueries...)
	return t.failed
}

// prepared is the key under which a connection's own data holds the statements that it has been sent in a batch.
const prepared = "plenum.prepared"

// prepared reports whether the connection knows the statements, as it will once they were sent.
func (t *transaction) prepared(b *pgx.Batch) bool {
	known, ok := t.conn.PgConn().CustomData()[prepared].(map[string]bool)
	if !ok {
		known = map[string]bool{}
		t.conn.PgConn().CustomData()[prepared] = known
	}
	all := true
	for _, q := range b.QueuedQueries {
		all = all && known[q.SQL]
		known[q.SQL] = true
	}
	return all
}

// send sends what is kept, for the results to be read.
func (t *transaction) send(ctx context.Context) pgx.BatchResults {
	results := t.conn.SendBatch(ctx, t.kept)
	if t.Tx == nil {
		t.Tx = results.Tx()
	}
	t.kept = &pgx.Batch{}
	if do := t.meanwhile; do != nil {
		t.meanwhile = nil
		do()
	}
	return results
}

// catchUp sends what is kept before anything that goes another way.
func (t *transaction) catchUp(ctx context.Context) error {
	if t.failed == nil && t.kept.Len() > 0 {
		t.failed = t.send(ctx).Close()
	}
	return t.failed
}

func (t *transaction) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	if err := t.keep(ctx, b); err != nil {
		return pgx.FailedBatchResults(b, err)
	}
	before := t.kept.Len() - b.Len()
	results := t.send(ctx)
	for range before {
		if _, t.failed = results.Exec(); t.failed != nil {
			break // the results of b say so, too
		}
	}
	return results
}

func (t *transaction) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	if err := t.catchUp(ctx); err != nil {
		return pgconn.CommandTag{}, err
	}
	return t.Tx.Exec(ctx, sql, args...)
}

func (t *transaction) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	if err := t.catchUp(ctx); err != nil {
		return nil, err
	}
	return t.Tx.Query(ctx, sql, args...)
}

func (t *transaction) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	if err := t.catchUp(ctx); err != nil {
		return pgx.FailedBatchResults(&pgx.Batch{}, err).QueryRow()
	}
	return t.Tx.QueryRow(ctx, sql, args...)
}

func (t *transaction) CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error) {
	if err := t.catchUp(ctx); err != nil {
		return 0, err
	}
	return t.Tx.CopyFrom(ctx, table, columns, rows)
}

func (t *transaction) Begin(ctx context.Context) (pgx.Tx, error) {
	if err := t.catchUp(ctx); err != nil {
		return nil, err
	}
	return t.Tx.Begin(ctx)
}

func (t *transaction) Prepare(ctx context.Context, name, sql string) (*pgconn.StatementDescription, error) {
	if err := t.catchUp(ctx); err != nil {
		return nil, err
	}
	return t.Tx.Prepare(ctx, name, sql)
}

func (t *transaction) Conn() *pgx.Conn { return t.conn }

// Commit sends what is kept, and commits in the same message.
func (t *transaction) Commit(ctx context.Context) error {
	if t.failed != nil {
		return t.failed
	}
	t.kept.Queue(`commit`).Exec(func(tag pgconn.CommandTag) error {
		if tag.String() == "ROLLBACK" { // nobody has minded an earlier error
			return pgx.ErrTxCommitRollback
		}
		return nil
	})
	return t.send(ctx).Close()
}

// Rollback takes everything back. What was sent may have to be prepared again.
func (t *transaction) Rollback(ctx context.Context) error {
	if t.Tx == nil || t.conn.IsClosed() {
		return nil
	}
	delete(t.conn.PgConn().CustomData(), prepared)
	if err := t.Tx.Rollback(ctx); !errors.Is(err, pgx.ErrTxClosed) { // it is, where the commit went with the beginning and failed
		return err
	}
	return nil
}

// run runs f and commits. An error of f, or a panic, takes everything back, and is returned as it is.
func (t *transaction) run(ctx context.Context, f func() error) (err error) {
	committed := false
	defer func() {
		if committed {
			return
		}
		if failed := t.Rollback(ctx); failed != nil {
			err = errors.Join(err, failed)
		}
	}()
	if err = f(); err == nil {
		err = t.Commit(ctx)
		committed = err == nil
	}
	return err
}
