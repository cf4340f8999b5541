package worker

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"plenum/models"
	"plenum/moderation/notify"
)

type purgeWorker struct {
	river.WorkerDefaults[models.Purge]
	postman *notify.Postman
}

// Work tells a CDN what to drop; where it does not take it, it is told again.
func (w *purgeWorker) Work(ctx context.Context, job *river.Job[models.Purge]) error {
	return w.postman.Purge(ctx, job.Args)
}

// NextRetry waits longer each time, and begins sooner than a webhook's: until then something may show that was taken down.
func (w *purgeWorker) NextRetry(job *river.Job[models.Purge]) time.Time {
	return w.postman.Now().Add(notify.PurgePause(job.Attempt))
}
