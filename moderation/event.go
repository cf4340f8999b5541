package moderation

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"plenum/models"
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
		name := ""
		if e.ActorID != nil {
			name = names[*e.ActorID]
		}
		all[i] = told(e, name, written)
	}
	return all, nil
}

// told is an entry as a person reads it: with the actor's name, and what of all that was written stands beside it.
func told(e models.Entry, name string, written []models.Statement) Event {
	event := Event{Entry: e, Actor: name}
	for _, s := range written {
		if s.EntryID == e.ID && s.Kind == models.KindNote {
			event.Note = s.Text
		} else if s.EntryID == e.ID {
			event.Statement = s.Text
		}
	}
	return event
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
