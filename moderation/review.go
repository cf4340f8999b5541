package moderation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/markup"
)

// Event is a ledger entry as a person reads it: with the name of who acted and what they wrote.
type Event struct {
	models.Entry
	Actor           string // empty: the author
	Statement, Note string
}

// Event finds one entry of the site's ledger.
func (f *Flow) Event(ctx context.Context, siteID, entryID uuid.UUID) (Event, error) {
	return event(ctx, f.Store.Queries, siteID, entryID)
}

func event(ctx context.Context, q models.Queries, siteID, entryID uuid.UUID) (Event, error) {
	entry, err := q.Entry(ctx, siteID, entryID)
	if err != nil {
		return Event{}, err
	}
	written, err := q.EntryStatements(ctx, siteID, entryID)
	if err != nil {
		return Event{}, err
	}
	read, err := tellEvents(ctx, q, []models.Entry{entry}, written)
	if err != nil {
		return Event{}, err
	}
	return read[0], nil
}

// events reads what happened to a comment after a version, oldest first.
func events(ctx context.Context, q models.Queries, c models.Comment, after int) ([]Event, error) {
	entries, err := q.History(ctx, c.SiteID, c.ID, after)
	if err != nil {
		return nil, err
	}
	written, err := q.Statements(ctx, c.SiteID, c.ID)
	if err != nil {
		return nil, err
	}
	return tellEvents(ctx, q, entries, written)
}

func tellEvents(ctx context.Context, q models.Queries, entries []models.Entry, written []models.Statement) ([]Event, error) {
	var actors []uuid.UUID
	for _, e := range entries {
		if e.ActorID != nil {
			actors = append(actors, *e.ActorID)
		}
	}
	names, err := q.ModeratorNames(ctx, actors)
	if err != nil {
		return nil, err
	}
	all := make([]Event, len(entries))
	for i, e := range entries {
		all[i].Entry = e
		if e.ActorID != nil {
			all[i].Actor = names[*e.ActorID]
		}
		for _, s := range written {
			if s.EntryID == e.ID && s.Kind == models.KindNote {
				all[i].Note = s.Text
			} else if s.EntryID == e.ID {
				all[i].Statement = s.Text
			}
		}
	}
	return all, nil
}

// Review is everything that a moderator sees about one comment.
type Review struct {
	models.Comment
	Text      models.Revision  // what a decision is about now
	Public    *models.Revision // what is public while an edit waits
	Revisions []models.Revision
	Article   models.Article
	Ancestors []models.Place // what it answers, from the root down; one that is not public is an empty place
	Siblings  []models.Place
	Author    models.Author
	Record    Record
	History   []Event
	Holder    string // who holds the claim
	DueAt     time.Time

	Replies int               // below it, public or waiting
	Signals []SignalView      // of Text
	Diff    []markup.Piece    // of what is public and the edit that waits
	Drafts  map[string]string // the statement that each rule in force fills in, by its code, in the author's language
	Case    *models.Case      // open, with its reports; nil: none
	Appeals []AppealView      // oldest first
	OnlyOne bool              // the site has one moderator, who can decide no appeal of his own decisions
}

// Review gathers what a moderator needs to decide a comment. It changes nothing.
func (f *Flow) Review(ctx context.Context, siteID, id uuid.UUID) (r Review, err error) {
	err = f.Store.Serve(ctx, siteID, func(tx *models.Tx) error {
		if r.Comment, err = tx.Comment(ctx, siteID, id); err != nil {
			return err
		}
		if r.Revisions, err = tx.Revisions(ctx, siteID, id); err != nil {
			return err
		}
		r.Text = r.Revisions[r.Judged()-1]
		// rank_at is the promise less the priority, so this is the promise.
		r.DueAt = r.RankAt.Add(time.Duration(r.Priority) * time.Minute)
		if r.HeldRevision != nil && r.PublicRevision != nil {
			r.Public = &r.Revisions[*r.PublicRevision-1]
		}
		if r.Public != nil {
			r.Diff = markup.Diff(markup.TextOf(r.Public.HTML), markup.TextOf(r.Text.HTML))
		}
		return f.surround(ctx, tx, &r)
	})
	if err != nil {
		return Review{}, fmt.Errorf("review: %w", err)
	}
	return r, nil
}

// Parent is the comment that it answers directly; nil where there is none, or it is not public.
func (r Review) Parent() *models.Place {
	if n := len(r.Ancestors); n > 0 && r.Ancestors[n-1].Public {
		return &r.Ancestors[n-1]
	}
	return nil
}

const siblings = 5

func (f *Flow) surround(ctx context.Context, tx *models.Tx, r *Review) (err error) {
	if r.Article, err = tx.ArticleByID(ctx, r.SiteID, r.ArticleID); err != nil {
		return err
	}
	if r.Author, err = tx.Author(ctx, r.SiteID, r.AuthorID); err != nil {
		return err
	}
	if r.Record, err = authorRecord(ctx, tx.Queries, r.SiteID, r.AuthorID); err != nil {
		return err
	}
	if r.Siblings, err = tx.Siblings(ctx, r.SiteID, r.Comment, siblings); err != nil {
		return err
	}
	if r.History, err = events(ctx, tx.Queries, r.Comment, 0); err != nil {
		return err
	}
	if r.Ancestors, err = tx.Ancestors(ctx, r.SiteID, r.Comment); err != nil {
		return err
	}
	if err := objections(ctx, tx, r); err != nil {
		return err
	}
	if r.Replies, err = tx.BranchSize(ctx, r.SiteID, r.Comment, maxBranch); err != nil {
		return err
	}
	version, err := tx.RulesVersion(ctx, r.SiteID)
	if err != nil {
		return err
	}
	site, err := tx.SiteByID(ctx, r.SiteID)
	if err != nil {
		return err
	}
	r.Article.State = f.ArticleState(site, r.Article)
	if r.Drafts, err = drafts(ctx, tx.Queries, r.SiteID, version, r.Locale, site.Locale); err != nil {
		return err
	}
	found, err := tx.Signals(ctx, r.SiteID, r.ID, r.Text.Number)
	if err != nil {
		return err
	}
	if r.Signals, err = signalViews(found); err != nil {
		return err
	}
	if r.ClaimedBy == nil || !r.ClaimedUntil.After(f.now()) {
		return nil
	}
	names, err := tx.ModeratorNames(ctx, []uuid.UUID{*r.ClaimedBy})
	r.Holder = names[*r.ClaimedBy]
	return err
}

// objections adds what readers reported and the author appealed.
func objections(ctx context.Context, tx *models.Tx, r *Review) (err error) {
	if r.Case, err = openCase(ctx, tx.Queries, r.Comment); err != nil {
		return err
	}
	if r.Appeals, err = appealViews(ctx, tx.Queries, r.Comment, r.History); err != nil {
		return err
	}
	staff, err := tx.StaffCount(ctx, r.SiteID)
	r.OnlyOne = staff == 1
	return err
}

// Own is what an author sees of his comment.
type Own struct {
	models.Comment
	Text     models.Revision  // what waits, else the newest
	Public   *models.Revision // what is public, if that is an older one
	Article  models.Article
	Decision *Event             // the newest that stands
	Rules    models.RuleVersion // in the wording that the author was shown; the decision's, where a rule is newer

	Appeal      *AppealView // of the decision that stands, else the newest; nil: none
	AppealUntil time.Time   // an appeal may be made until then; zero: not, or not any more

	Unconfirmed *models.Unconfirmed // the address must be confirmed first; nil: it need not, or is
}

// Own finds an author's own comment by its token; with another one there is no such comment.
func (f *Flow) Own(ctx context.Context, site models.Site, id uuid.UUID, token string) (o Own, err error) {
	if !f.keys.Manages(token, site.ID, id) {
		return Own{}, fmt.Errorf("own comment %s: %w", id, models.ErrNotFound)
	}
	err = f.Store.Look(ctx, site.ID, func(tx *models.Tx) error {
		c, err := tx.Comment(ctx, site.ID, id)
		if err != nil {
			return err
		}
		o.Comment = c
		text := c.Revision
		if c.Status == models.Pending { // what waits may be older: a public text reopened after its edit was refused
			text = *c.HeldRevision
		}
		if o.Text, err = tx.Revision(ctx, site.ID, id, text); err != nil {
			return err
		}
		if c.PublicRevision != nil && *c.PublicRevision != c.Revision {
			public, err := tx.Revision(ctx, site.ID, id, *c.PublicRevision)
			if err != nil {
				return err
			}
			o.Public = &public
		}
		if o.Article, err = tx.ArticleByID(ctx, site.ID, c.ArticleID); err != nil {
			return err
		}
		o.Article.State = f.ArticleState(site, o.Article)
		if err := f.explain(ctx, tx, &o); err != nil {
			return err
		}
		return f.heard(ctx, tx, site, &o)
	})
	if f.yetToConfirm(err, site.ID, id, token) {
		o, err = f.ownUnconfirmed(ctx, site, id)
	}
	if err != nil {
		return Own{}, fmt.Errorf("own comment: %w", err)
	}
	return o, nil
}

// explain adds the newest decision that stands and the rules it named.
func (f *Flow) explain(ctx context.Context, tx *models.Tx, o *Own) error {
	history, err := events(ctx, tx.Queries, o.Comment, 0)
	if err != nil {
		return err
	}
	o.Decision = standing(history)
	version := o.RulesVersion
	if o.Rules, err = tx.Rules(ctx, o.SiteID, version); err != nil || o.Decision == nil {
		return err
	}
	if !o.Rules.Has(o.Decision.Rules) {
		o.Rules, err = tx.Rules(ctx, o.SiteID, o.Decision.RulesVersion)
	}
	return err
}

// heard adds the author's appeal, or until when one may be made.
func (f *Flow) heard(ctx context.Context, tx *models.Tx, site models.Site, o *Own) error {
	history, err := events(ctx, tx.Queries, o.Comment, 0)
	if err != nil {
		return err
	}
	views, err := appealViews(ctx, tx.Queries, o.Comment, history)
	if err != nil {
		return err
	}
	if len(views) > 0 {
		o.Appeal = &views[len(views)-1]
	}
	about := appealable(o.Comment, entries(history))
	if about == nil {
		return nil
	}
	if o.Appeal != nil && o.Appeal.Appealed == about.ID {
		return nil
	}
	o.Appeal = nil
	if end := appealEnd(site, *about); !f.now().After(end) {
		o.AppealUntil = end
	}
	return nil
}

func entries(events []Event) (all []models.Entry) {
	for _, e := range events {
		all = append(all, e.Entry)
	}
	return all
}

// standing is the newest decision that was not undone and made the comment's state; nil where there is none, or the
// comment waits again. One that left the state as it was, such as keep or uphold, takes nothing from the one before.
func standing(history []Event) *Event {
	e := standingEntry(entries(history))
	if e == nil {
		return nil
	}
	i := slices.IndexFunc(history, func(h Event) bool { return h.ID == e.ID })
	return &history[i]
}

func standingEntry(history []models.Entry) *models.Entry {
	undone := map[uuid.UUID]bool{}
	for i := len(history) - 1; i >= 0; i-- {
		before := start()
		if i > 0 {
			before = history[i-1].State
		}
		switch e := history[i]; {
		case e.Action == Undo:
			undone[*e.Undoes] = true
		case e.Action == Reopen && !undone[e.ID]:
			return nil
		case e.Kind == models.KindDecision && !undone[e.ID] && !e.State.Same(before):
			return &history[i]
		}
	}
	return nil
}

// DecidedAt is when the standing decision was made; zero before.
func (o Own) DecidedAt() time.Time {
	if o.Decision == nil {
		return time.Time{}
	}
	return o.Decision.CreatedAt
}

// History reads what was decided on a comment after one of its versions, and its author's edits and withdrawal.
func (f *Flow) History(ctx context.Context, siteID, id uuid.UUID, after int) ([]Event, error) {
	c, err := f.Store.Comment(ctx, siteID, id)
	if err != nil {
		return nil, err
	}
	return events(ctx, f.Store.Queries, c, after)
}

// SearchLog reads entries of the site's ledger, newest first, with what was written beside them. It is for editors.
func (f *Flow) SearchLog(ctx context.Context, site models.Site, actor Actor, filter models.LogFilter) ([]Event, error) {
	if !actor.AtLeast(RoleEditor) {
		return nil, forbidden("refusal.role")
	}
	entries, err := f.Store.Log(ctx, site.ID, filter)
	if err != nil {
		return nil, err
	}
	written, err := f.Store.Written(ctx, site.ID, entries)
	if err != nil {
		return nil, err
	}
	return tellEvents(ctx, f.Store.Queries, entries, written)
}

// Log reads the site's ledger after a sequence number, oldest first, without what was written beside it.
func (f *Flow) Log(ctx context.Context, siteID uuid.UUID, after int64, limit int) ([]Event, error) {
	entries, err := f.Store.Ledger(ctx, siteID, after, limit)
	if err != nil {
		return nil, err
	}
	return tellEvents(ctx, f.Store.Queries, entries, nil)
}
