// Package worker runs the jobs that transactions left behind, such as mails, webhooks and batches, and those of the
// clock: alerts each minute, the sweep each quarter of an hour, the expiry each night.
package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/notify"
)

// Worker works jobs off, several at a time. Any number of processes may run one on the same database.
type Worker struct{ client *river.Client[pgx.Tx] }

const (
	callers      = 4           // webhooks that are being told at a time; the same of CDNs
	hands        = 4           // other jobs at a time
	jobTimeout   = time.Minute // after which a job is tried again
	batchTimeout = 10 * time.Minute
	sweepEvery   = 15 * time.Minute // of what has run out
	alertEvery   = time.Minute      // what moderators wish to be told is looked for
	digestEvery  = 10 * time.Minute // daily mails that are due are looked for
	rescueAfter  = 15 * time.Minute // a job under way whose worker was killed is tried again; longer than any job takes
	stopWithin   = 5 * time.Second  // after which jobs under way are handed back
)

// New makes a worker on the store's database. Its jobs begin with Start.
func New(store *models.Store, flow *moderation.Flow, postman *notify.Postman, log *slog.Logger) (*Worker, error) {
	workers := river.NewWorkers()
	mailroom{workers, store.JobPool(), log}.addLetters(postman)
	river.AddWorker(workers, &webhookWorker{postman: postman})
	river.AddWorker(workers, &purgeWorker{postman: postman})
	river.AddWorker(workers, &alertWorker{flow: flow})
	river.AddWorker(workers, &followUpsWorker{flow: flow})
	river.AddWorker(workers, &digestsWorker{flow: flow})
	river.AddWorker(workers, &batchWorker{flow: flow})
	river.AddWorker(workers, &sweepWorker{flow: flow})
	river.AddWorker(workers, &expiryWorker{flow: flow})
	client, err := river.NewClient(riverpgxv5.New(store.JobPool()), &river.Config{
		Queues: map[string]river.QueueConfig{
			river.QueueDefault:  {MaxWorkers: mailers, FetchCooldown: fetchEvery},
			notify.WebhookQueue: {MaxWorkers: callers},
			models.PurgeQueue:   {MaxWorkers: callers},
			moderation.Chores:   {MaxWorkers: hands},
		},
		Workers:    workers,
		JobTimeout: jobTimeout,

		RescueStuckJobsAfter: rescueAfter,
		Test:                 models.Clock(flow.Now).River(),
		Logger:               slog.New(quiet{log.Handler()}),
		PeriodicJobs: []*river.PeriodicJob{
			river.NewPeriodicJob(river.PeriodicInterval(sweepEvery), func() (river.JobArgs, *river.InsertOpts) { return sweep{}, &chore },
				&river.PeriodicJobOpts{RunOnStart: true}),
			river.NewPeriodicJob(river.PeriodicInterval(alertEvery), func() (river.JobArgs, *river.InsertOpts) { return alerts{}, &chore }, nil),
			river.NewPeriodicJob(nightly{}, func() (river.JobArgs, *river.InsertOpts) { return expiry{}, &chore }, nil),
			river.NewPeriodicJob(river.PeriodicInterval(digestEvery), func() (river.JobArgs, *river.InsertOpts) { return digests{}, &chore },
				&river.PeriodicJobOpts{RunOnStart: true}),
		},
	})
	if err != nil {
		return nil, fmt.Errorf("make the worker: %w", err)
	}
	return &Worker{client}, nil
}

// chore is how periodic jobs are inserted: none of them waits for a mail server.
var chore = river.InsertOpts{Queue: moderation.Chores}

// Start begins working.
func (w *Worker) Start(ctx context.Context) error {
	if err := w.client.Start(ctx); err != nil {
		return fmt.Errorf("start the worker: %w", err)
	}
	return nil
}

// Stop finishes what is under way, or hands it back to be tried again.
func (w *Worker) Stop(ctx context.Context) error {
	soft, cancel := context.WithTimeout(ctx, stopWithin)
	defer cancel()
	err := w.client.Stop(soft)
	if errors.Is(err, context.DeadlineExceeded) {
		err = w.client.StopAndCancel(ctx)
	}
	if err != nil {
		return fmt.Errorf("stop the worker: %w", err)
	}
	return nil
}

type alerts struct{}

// Kind names the job in its row.
func (alerts) Kind() string { return "alerts" }

type alertWorker struct {
	river.WorkerDefaults[alerts]
	flow *moderation.Flow
}

// Work looks for what moderators wish to be told, and for what their colleagues have to be told of them.
func (w *alertWorker) Work(ctx context.Context, _ *river.Job[alerts]) error {
	if err := w.flow.WatchSprees(ctx); err != nil {
		return err
	}
	return w.flow.RaiseAlerts(ctx)
}

type batchWorker struct {
	river.WorkerDefaults[moderation.BatchJob]
	flow *moderation.Flow
}

// Work gives each item of a batch its turn.
func (w *batchWorker) Work(ctx context.Context, job *river.Job[moderation.BatchJob]) error {
	return w.flow.RunBatch(ctx, job.Args)
}

// Timeout is for thousands of decisions.
func (*batchWorker) Timeout(*river.Job[moderation.BatchJob]) time.Duration { return batchTimeout }

type sweep struct{}

// Kind names the job in its row.
func (sweep) Kind() string { return "sweep" }

type sweepWorker struct {
	river.WorkerDefaults[sweep]
	flow *moderation.Flow
}

// Work keeps the day's end of each log, measures how long decisions take, and deletes what has run out.
func (w *sweepWorker) Work(ctx context.Context, _ *river.Job[sweep]) error {
	if err := w.flow.KeepHeads(ctx); err != nil {
		return err
	}
	if err := w.flow.MeasureWaits(ctx); err != nil {
		return err
	}
	return w.flow.Sweep(ctx, sweepEvery)
}

// quiet passes River's warnings and errors on; what it says of itself is nobody's concern.
type quiet struct{ slog.Handler }

func (q quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && q.Handler.Enabled(ctx, level)
}

func (q quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(attrs)} }
func (q quiet) WithGroup(name string) slog.Handler       { return quiet{q.Handler.WithGroup(name)} }
