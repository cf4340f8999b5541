package models

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Bucket is a limit: one in Every, and up to Burst of them at once.
type Bucket struct {
	Key   []byte // 32 bytes, of whoever asks and for what
	Burst int
	Every time.Duration
}

// latest is how far ahead of now a bucket may be spoken for, for one more to be taken.
func (b Bucket) latest(now time.Time) time.Time { return now.Add(time.Duration(b.Burst-1) * b.Every) }

// Full is a bucket that one was not taken from, and how long until there is one.
type Full struct {
	Bucket int // its place among those asked for
	Wait   time.Duration
}

// Take takes one out of each bucket of the site (zero: of none), or answers the first that is full. It is the generic
// cell rate algorithm: free_at moves on by Every with each that is taken, and may be ahead of now by Burst of them. One
// statement decides and writes, so any number of replicas together admit no more than one of them would. What was taken
// is given back where the transaction fails.
func (t *Tx) Take(ctx context.Context, siteID uuid.UUID, now time.Time, buckets []Bucket) (*Full, error) {
	batch, full := &pgx.Batch{}, -1
	for i, b := range buckets {
		batch.Queue(`insert into limits (site_id, key, free_at) values ($1, $2, $3::timestamptz + $4::interval)
			on conflict (site_id, key) do update set free_at = greatest(limits.free_at, $3) + $4 where limits.free_at <= $5
			returning true`, siteID, b.Key, now, b.Every, b.latest(now)).
			QueryRow(func(row pgx.Row) error {
				var taken bool
				err := row.Scan(&taken)
				if errors.Is(err, pgx.ErrNoRows) && full < 0 {
					full = i
				}
				return ignoreNoRows(err)
			})
	}
	if err := t.pgx.SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("take from limits: %w", err)
	}
	if full < 0 {
		return nil, nil
	}
	wait, err := t.untilFree(ctx, siteID, now, buckets[full])
	return &Full{full, wait}, err
}

func ignoreNoRows(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	return err
}

// untilFree is how long until one can be taken from a bucket that is full.
func (t *Tx) untilFree(ctx context.Context, siteID uuid.UUID, now time.Time, b Bucket) (time.Duration, error) {
	var free time.Time
	err := t.pgx.QueryRow(ctx, `select free_at from limits where site_id = $1 and key = $2`, siteID, b.Key).Scan(&free)
	if err != nil {
		return 0, fmt.Errorf("read a limit: %w", err)
	}
	return max(free.Sub(b.latest(now)), time.Second), nil
}
