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

// queued is a Job that is worked off in a queue of its own, because it waits for strangers.
type queued interface{ Queue() string }

type enqueuer struct{ client *river.Client[pgx.Tx] }

// Clock is what River goes by: the time as the database keeps it. By its own, it would have a mail wait for as long as the
// machine that asked for it is fast, or the one that leads the queue is slow.
type Clock func() time.Time

// Now is the time.
func (c Clock) Now() time.Time { return c() }

// NowOrNil is the time for River's statements.
func (c Clock) NowOrNil() *time.Time {
	now := c().UTC()
	return &now
}

// River is how River is told of the clock: its tests are the only ones that it lets have another.
func (c Clock) River() river.TestConfig { return river.TestConfig{Time: c} }

func newEnqueuer(c Clock) (enqueuer, error) {
	client, err := river.NewClient(riverpgxv5.New(nil), &river.Config{Test: c.River()})
	if err != nil {
		return enqueuer{}, fmt.Errorf("open the job queue: %w", err)
	}
	return enqueuer{client}, nil
}

// Due is a job with when it is worked off: not before At; zero: at once.
type Due struct {
	Job
	At time.Time
}

func (d Due) opts() *river.InsertOpts {
	opts := &river.InsertOpts{ScheduledAt: d.At}
	if q, ok := d.Job.(queued); ok {
		opts.Queue = q.Queue()
	}
	return opts
}

// Enqueue adds a job that is worked off at least once, not before at (zero: at once), if and only if the transaction
// commits.
func (t *Tx) Enqueue(ctx context.Context, job Job, at time.Time) error {
	return t.EnqueueDue(ctx, []Due{{job, at}})
}

// EnqueueDue is Enqueue of several jobs in one round trip.
func (t *Tx) EnqueueDue(ctx context.Context, jobs []Due) error {
	if len(jobs) == 0 {
		return nil
	}
	many := make([]river.InsertManyParams, len(jobs))
	for i, d := range jobs {
		many[i] = river.InsertManyParams{Args: d.Job, InsertOpts: d.opts()}
	}
	if _, err := t.jobs.client.InsertManyTx(ctx, t.pgx, many); err != nil {
		return fmt.Errorf("enqueue %d from %s on: %w", len(jobs), jobs[0].Kind(), err)
	}
	return nil
}

// behind is the priority of jobs that nobody waits for: whoever wrote is told before whoever follows.
const behind = 3

// EnqueueAll is Enqueue of many jobs at once, worked off when nothing else is to be done.
func (t *Tx) EnqueueAll(ctx context.Context, jobs []Job) error {
	if len(jobs) == 0 {
		return nil
	}
	many := make([]river.InsertManyParams, len(jobs))
	for i, job := range jobs {
		many[i] = river.InsertManyParams{Args: job, InsertOpts: &river.InsertOpts{Priority: behind}}
	}
	if _, err := t.jobs.client.InsertManyTx(ctx, t.pgx, many); err != nil {
		return fmt.Errorf("enqueue %d of %s: %w", len(jobs), jobs[0].Kind(), err)
	}
	return nil
}
