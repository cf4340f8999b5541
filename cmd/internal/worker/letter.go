package worker

import (
	"context"
	"errors"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"plenum/models"
	"plenum/moderation/notify"
)

// mailroom is where letters go out from.
type mailroom struct {
	workers *river.Workers
	pool    *models.Pool // in which their jobs are
	log     *slog.Logger
}

// addLetters adds all that is told by mail.
func (m mailroom) addLetters(postman *notify.Postman) {
	addLetter(m, postman.Deliver)
	addLetter(m, postman.DeliverConfirm)
	addLetter(m, postman.DeliverReport)
	addLetter(m, postman.DeliverSanction)
	addLetter(m, postman.DeliverSubscription)
	addLetter(m, postman.DeliverFollowUp)
	addLetter(m, postman.DeliverDigest)
	addLetter(m, postman.DeliverInquiry)
	addLetter(m, postman.DeliverAlert)
	addLetter(m, postman.DeliverSpree)
	addLetter(m, postman.DeliverAccount)
	addLetter(m, postman.DeliverStopped)
}

func addLetter[T river.JobArgs](m mailroom, deliver func(context.Context, T) error) {
	river.AddWorker(m.workers, &letterWorker[T]{deliver: deliver, mailroom: m})
}

// letterWorker sends letters of one kind.
type letterWorker[T river.JobArgs] struct {
	river.WorkerDefaults[T]
	mailroom
	deliver func(context.Context, T) error
}

// Work delivers a letter; one that a mail server refuses for good is not tried again. It marks its job as done itself, and
// at once: River does so for many jobs together, some time later, and a kill would send all of them again.
func (w *letterWorker[T]) Work(ctx context.Context, job *river.Job[T]) error {
	if err := unlessForGood(w.deliver(ctx, job.Args)); err != nil {
		return err
	}
	done := pgx.BeginFunc(ctx, w.pool, func(tx pgx.Tx) error {
		_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
		return err
	})
	if done != nil { // the letter is out: River marks the job, and tries that again where it fails
		w.log.Debug("a letter's job is marked later", "job", job.ID, "error", done)
	}
	return nil
}

// unlessForGood ends a job whose failure will not go away by itself.
func unlessForGood(err error) error {
	if errors.Is(err, notify.ErrRefused) || errors.Is(err, models.ErrNotFound) {
		return river.JobCancel(err)
	}
	return err
}
