package models

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Key names a request that may be repeated: the same key from the same caller of the same call is the same request.
type Key struct {
	Call, Caller, Key string
	RequestHash       []byte        // 32 bytes, of the body
	Lifetime          time.Duration // after which the key is free again
}

// TakeKey takes the key for result, or answers the result that an earlier request left, and whether it was this one.
// A request with the same key that is under way is waited for. Another body under a live key gives ErrConflict.
func (t *Tx) TakeKey(ctx context.Context, siteID uuid.UUID, k Key, result uuid.UUID, now time.Time) (uuid.UUID, bool, error) {
	batch, taken := &pgx.Batch{}, false
	k.queue(batch, siteID, claim{result, now, &taken})
	if err := t.pgx.SendBatch(ctx, batch).Close(); err != nil {
		return uuid.Nil, false, fmt.Errorf("take key of %s: %w", k.Call, err)
	}
	if taken {
		return result, true, nil
	}
	earlier, err := t.holder(ctx, siteID, k)
	return earlier, false, err
}

// TakeFreeKey takes a key with the next message, see CatchUp. Where an earlier request has left it nothing of the transaction
// is done, and KeyTaken is true of its error.
func (t *Tx) TakeFreeKey(ctx context.Context, siteID uuid.UUID, a Arrival) error {
	k, batch := a.Key, &pgx.Batch{}
	batch.Queue(insertKey, siteID, k.Call, k.Caller, k.Key, k.RequestHash, a.ID, a.At)
	if err := t.pgx.keep(ctx, batch); err != nil {
		return fmt.Errorf("take a free key of %s: %w", k.Call, err)
	}
	return nil
}

// KeyTaken reports whether a transaction failed because another request has left its key.
func KeyTaken(err error) bool {
	var failed *pgconn.PgError
	return errors.As(err, &failed) && failed.ConstraintName == "idempotency_keys_pkey"
}

const insertKey = `insert into idempotency_keys (site_id, call, caller, key, request_hash, result, created_at) values ($1, $2, $3, $4, $5, $6, $7)`

// claim is what a key is taken for, and whether it was.
type claim struct {
	result uuid.UUID
	now    time.Time
	taken  *bool
}

// queue adds to a batch that the key is taken.
func (k Key) queue(batch *pgx.Batch, siteID uuid.UUID, c claim) {
	batch.Queue(insertKey+`
		on conflict (site_id, call, caller, key) do update set request_hash = excluded.request_hash,
			result = excluded.result, created_at = excluded.created_at
		where idempotency_keys.created_at <= $8`,
		siteID, k.Call, k.Caller, k.Key, k.RequestHash, c.result, c.now, c.now.Add(-k.Lifetime)).
		Exec(func(tag pgconn.CommandTag) error { *c.taken = tag.RowsAffected() == 1; return nil })
}

// holder is the result that an earlier request left under the key.
func (t *Tx) holder(ctx context.Context, siteID uuid.UUID, k Key) (result uuid.UUID, err error) {
	var hash []byte
	err = t.pgx.QueryRow(ctx, `select request_hash, result from idempotency_keys
		where site_id = $1 and call = $2 and caller = $3 and key = $4`, siteID, k.Call, k.Caller, k.Key).Scan(&hash, &result)
	if err == nil && !bytes.Equal(hash, k.RequestHash) {
		err = ErrConflict
	}
	if err != nil {
		return uuid.Nil, fmt.Errorf("holder of a key of %s: %w", k.Call, err)
	}
	return result, nil
}

// DropKey frees a key, so that the next request under it is a new one.
func (t *Tx) DropKey(_ context.Context, siteID uuid.UUID, k Key) error {
	err := t.db.Exec(`delete from idempotency_keys where site_id = ? and call = ? and caller = ? and key = ?`,
		siteID, k.Call, k.Caller, k.Key).Error
	if err != nil {
		return fmt.Errorf("drop key of %s: %w", k.Call, err)
	}
	return nil
}
