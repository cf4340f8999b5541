package worker

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"plenum/moderation/notify"
)

type webhookWorker struct {
	river.WorkerDefaults[notify.WebhookNotice]
	postman *notify.Postman
}

// Work tells a webhook; what it did not take is told again, until there were enough tries.
func (w *webhookWorker) Work(ctx context.Context, job *river.Job[notify.WebhookNotice]) error {
	return w.postman.DeliverWebhook(ctx, job.Args)
}

// NextRetry waits as Standard Webhooks proposes it.
func (w *webhookWorker) NextRetry(job *river.Job[notify.WebhookNotice]) time.Time {
	return w.postman.Now().Add(notify.PauseAfter(job.Attempt))
}
