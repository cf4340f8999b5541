package worker

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"plenum/moderation"
)

// expireHour is when the night's work begins, in UTC.
const expireHour = 3

// nightly is once a day, whenever the program was started.
type nightly struct{}

// Next is the next such hour.
func (nightly) Next(current time.Time) time.Time {
	day := current.UTC().Truncate(24 * time.Hour)
	next := day.Add(expireHour * time.Hour)
	if !next.After(current) {
		next = next.AddDate(0, 0, 1)
	}
	return next
}

type expiry struct{}

// Kind names the job in its row.
func (expiry) Kind() string { return "expire" }

type expiryWorker struct {
	river.WorkerDefaults[expiry]
	flow *moderation.Flow
}

// Work deletes or empties what is kept for longer than the data map says.
func (w *expiryWorker) Work(ctx context.Context, _ *river.Job[expiry]) error {
	return w.flow.Expire(ctx)
}

// Timeout is for the first night of a site with many years.
func (*expiryWorker) Timeout(*river.Job[expiry]) time.Duration { return batchTimeout }
