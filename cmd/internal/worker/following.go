package worker

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"plenum/moderation"
)

type followUpsWorker struct {
	river.WorkerDefaults[moderation.FollowUpJob]
	flow *moderation.Flow
}

// Work finds the followers of a comment that has become public, and leaves a mail to each as a job.
func (w *followUpsWorker) Work(ctx context.Context, job *river.Job[moderation.FollowUpJob]) error {
	return w.flow.TellFollowers(ctx, job.Args)
}

// Timeout is for as many as follow a large site.
func (*followUpsWorker) Timeout(*river.Job[moderation.FollowUpJob]) time.Duration {
	return batchTimeout
}

type digests struct{}

// Kind names the job in its row.
func (digests) Kind() string { return "digests" }

type digestsWorker struct {
	river.WorkerDefaults[digests]
	flow *moderation.Flow
}

// Work looks for whose daily mail is due, and leaves each as a job.
func (w *digestsWorker) Work(ctx context.Context, _ *river.Job[digests]) error {
	return w.flow.SendDigests(ctx)
}
