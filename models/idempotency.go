package models

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Key names a request that may be repeated: the same key from the same caller of the same call is the same request.
type Key struct {
	Call, Caller, Key string
	RequestHash       []byte        // 32 bytes, of the body
	Lifetime          time.Duration // after which the key is free again
}

// TakeKey takes the key for result, or answers the result that an earlier request left, and whether it was this one.
// A request with the same key that is under way is waited for. Another body under a live key gives ErrConflict.
func (t *Tx) TakeKey(_ context.Context, siteID uuid.UUID, k Key, result uuid.UUID, now time.Time) (uuid.UUID, bool, error) {
	taken := t.db.Exec(`insert into idempotency_keys (site_id, call, caller, key, request_hash, result, created_at)
		values (?, ?, ?, ?, ?, ?, ?)
		on conflict (site_id, call, caller, key) do update set request_hash = excluded.request_hash,
			result = excluded.result, created_at = excluded.created_at
		where idempotency_keys.created_at <= ?`,
		siteID, k.Call, k.Caller, k.Key, k.RequestHash, result, now, now.Add(-k.Lifetime))
	if taken.Error != nil || taken.RowsAffected == 1 {
		return result, true, taken.Error
	}
	var earlier struct {
		RequestHash []byte
		Result      uuid.UUID
	}
	err := first(t.db.Raw(`select request_hash, result from idempotency_keys
		where site_id = ? and call = ? and caller = ? and key = ?`, siteID, k.Call, k.Caller, k.Key).Scan(&earlier))
	if err == nil && !bytes.Equal(earlier.RequestHash, k.RequestHash) {
		err = ErrConflict
	}
	if err != nil {
		return uuid.Nil, false, fmt.Errorf("take key of %s: %w", k.Call, err)
	}
	return earlier.Result, false, nil
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
