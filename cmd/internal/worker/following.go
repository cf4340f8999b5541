package worker

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"plenum/moderation"
	"plenum/moderation/notify"
)

// addFollowing adds what tells followers.
func addFollowing(workers *river.Workers, flow *moderation.Flow, postman *notify.Postman) {
	river.AddWorker(workers, &subscriptionWorker{postman: postman})
	river.AddWorker(workers, &followUpsWorker{flow: flow})
	river.AddWorker(workers, &followerWorker{postman: postman})
	river.AddWorker(workers, &digestsWorker{flow: flow})
	river.AddWorker(workers, &digestWorker{postman: postman})
}

type subscriptionWorker struct {
	river.WorkerDefaults[notify.SubscriptionNotice]
	postman *notify.Postman
}

// Work asks somebody to confirm a subscription.
func (w *subscriptionWorker) Work(ctx context.Context, job *river.Job[notify.SubscriptionNotice]) error {
	return unlessForGood(w.postman.DeliverSubscription(ctx, job.Args))
}

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

type followerWorker struct {
	river.WorkerDefaults[notify.FollowUpNotice]
	postman *notify.Postman
}

// Work delivers one comment to one follower.
func (w *followerWorker) Work(ctx context.Context, job *river.Job[notify.FollowUpNotice]) error {
	return unlessForGood(w.postman.DeliverFollowUp(ctx, job.Args))
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

type digestWorker struct {
	river.WorkerDefaults[notify.DigestNotice]
	postman *notify.Postman
}

// Work delivers one follower's daily mail.
func (w *digestWorker) Work(ctx context.Context, job *river.Job[notify.DigestNotice]) error {
	return unlessForGood(w.postman.DeliverDigest(ctx, job.Args))
}
