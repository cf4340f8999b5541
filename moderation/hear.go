package moderation

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"plenum/models"
)

// decision is one verdict on its way into the ledger.
type decision struct {
	site  models.Site
	actor Actor
	Verdict
	entryID uuid.UUID
	call    string // that the request's key is for
}

// verdict makes a decision of what it meets.
type verdict func(ctx context.Context, tx *models.Tx, d decision, m models.Matter) (Event, error)

// resolve has a decision made in a transaction of its own.
func (f *Flow) resolve(ctx context.Context, d decision, judge verdict) (event Event, err error) {
	err = f.Store.Serve(ctx, d.site.ID, func(tx *models.Tx) error {
		event, err = f.hear(ctx, tx, d, judge)
		return err
	})
	return event, err
}

// hear reads all that a decision meets and has it made. The first answer is given again to a request that is repeated.
func (f *Flow) hear(ctx context.Context, tx *models.Tx, d decision, judge verdict) (Event, error) {
	m, err := tx.Hear(ctx, d.site.ID, f.hearing(d))
	if errors.Is(err, models.ErrConflict) {
		err = invalid("Idempotency-Key", "refusal.key_reused")
	}
	if err != nil {
		return Event{}, err
	}
	if !m.First {
		return event(ctx, tx.Queries, d.site.ID, m.EntryID)
	}
	return judge(ctx, tx, d, m)
}

func (f *Flow) hearing(d decision) models.Hearing {
	h := models.Hearing{EntryID: d.entryID, CommentID: d.CommentID, AddressHash: f.keys.Address(d.site.ID, d.actor.Email), Event: d.Action,
		Locale: d.site.Locale, At: f.now()}
	if d.Request.Key != "" && d.actor.May(d.Action) { // a key lends nobody a right
		h.Key = models.Key{Call: d.call, Caller: d.actor.ID.String(), Key: d.Request.Key, RequestHash: d.Request.Hash, Lifetime: keyLifetime}
	}
	if d.drafted() {
		h.Drafted = d.Rules[0]
	}
	return h
}

// outcome is a change on its way into the ledger, with who hears of it.
type outcome struct {
	models.Change
	head     models.Head // of the ledger when it was read; zero: it was not
	webhooks []uuid.UUID // that want to be told
	jobs     []models.Due
}

// later adds a job that is not worked off before a time.
func (o *outcome) later(job models.Job, at time.Time) {
	o.jobs = append(o.jobs, models.Due{Job: job, At: at})
}

// undone is when what is decided now can't be undone any more.
func (f *Flow) undone(site models.Site) time.Time { return f.now().Add(f.undoDelay(site)) }

// begin is the outcome of a decision that leaves the comment as it is.
func (f *Flow) begin(d decision, m models.Matter) outcome {
	c := m.Comment
	o := outcome{head: m.Head, webhooks: m.Webhooks}
	o.Handling, o.FeaturedAt = c.Handling, c.FeaturedAt
	o.Entry = models.Entry{SiteID: c.SiteID, ID: d.entryID, Kind: models.KindDecision, Action: d.Action, CommentID: c.ID, Version: c.Version + 1,
		Revision: c.Judged(), State: c.State, RulesVersion: m.RulesVersion, Rules: d.named(), ActorID: &d.actor.ID, CreatedAt: f.now(), BatchID: d.BatchID}
	o.Statements = writeDown(&o.Entry, d.Statement, d.Note)
	return o
}

// enact records what was judged, and answers it as a person reads it.
func (f *Flow) enact(ctx context.Context, tx *models.Tx, d decision, o outcome) (Event, error) {
	e, err := f.record(ctx, tx, o)
	if err != nil {
		return Event{}, err
	}
	return told(e, d.actor.Name, o.Statements), nil
}
