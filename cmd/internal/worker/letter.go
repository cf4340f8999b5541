package worker

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

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

// A process sends one letter at a time, because a kill between a mail server's word that it has one and the mark that it is
// out sends it once more: so that is one letter, and not as many as are under way.
const (
	mailers    = 1
	fetchEvery = 5 * time.Millisecond // at most: with one at a time this bounds how many go out in a second
	letterTime = 10 * time.Minute     // of a letter with its mark; shorter than rescueAfter
	handing    = time.Minute          // of it for the letter
	markTime   = 5 * time.Second      // of it for each try to mark it
	markPause  = 100 * time.Millisecond
)

// letterWorker sends letters of one kind.
type letterWorker[T river.JobArgs] struct {
	river.WorkerDefaults[T]
	mailroom
	deliver func(context.Context, T) error
}

// Timeout is for a database that goes while a letter is under way.
func (*letterWorker[T]) Timeout(*river.Job[T]) time.Duration { return letterTime }

// Work delivers a letter; one that a mail server refuses for good is not tried again. It marks its job as done itself, and
// at once: River does so for many jobs together, some time later, and a kill would send all of them again.
func (w *letterWorker[T]) Work(ctx context.Context, job *river.Job[T]) error {
	if err := judged(w.hand(ctx, job.Args)); err != nil {
		return err
	}
	for {
		err := w.mark(ctx, job)
		if err == nil || errors.Is(err, rivertype.ErrNotFound) {
			return nil
		}
		// The letter is out, and is sent again unless that is marked: so nothing else is until the database is back.
		w.log.Debug("a letter's job is marked later", "job", job.ID, "error", err)
		select {
		case <-ctx.Done():
			return nil // River tries to mark it, too
		case <-time.After(markPause):
		}
	}
}

func (w *letterWorker[T]) hand(ctx context.Context, letter T) error {
	ctx, cancel := context.WithTimeout(ctx, handing)
	defer cancel()
	return w.deliver(ctx, letter)
}

func (w *letterWorker[T]) mark(ctx context.Context, job *river.Job[T]) error {
	ctx, cancel := context.WithTimeout(ctx, markTime)
	defer cancel()
	return pgx.BeginFunc(ctx, w.pool, func(tx pgx.Tx) error {
		_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
		return err
	})
}

// judged ends a job whose failure will not go away by itself, and puts off one whose letter may yet have to be sent.
func judged(err error) error {
	var notYet *notify.NotYet
	if errors.As(err, &notYet) {
		return river.JobSnooze(notYet.After)
	}
	if errors.Is(err, notify.ErrRefused) || errors.Is(err, models.ErrNotFound) {
		return river.JobCancel(err)
	}
	return err
}
