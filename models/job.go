package models

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// Job is the arguments of one job, as JSON in its row. Kind names what works it off, for ever: rows outlive releases.
type Job interface{ Kind() string }

type enqueuer struct{ client *river.Client[pgx.Tx] }

func newEnqueuer() (enqueuer, error) {
	client, err := river.NewClient(riverpgxv5.New(nil), &river.Config{})
	if err != nil {
		return enqueuer{}, fmt.Errorf("open the job queue: %w", err)
	}
	return enqueuer{client}, nil
}

// Enqueue adds a job that is worked off at least once, not before at (zero: at once), if and only if the transaction
// commits.
func (t *Tx) Enqueue(ctx context.Context, job Job, at time.Time) error {
	if _, err := t.jobs.client.InsertTx(ctx, t.pgx, job, &river.InsertOpts{ScheduledAt: at}); err != nil {
		return fmt.Errorf("enqueue %s: %w", job.Kind(), err)
	}
	return nil
}
