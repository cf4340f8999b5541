package moderation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"plenum/models"
)

// The shortest and the longest time for which an item is set aside.
const (
	minAside = time.Minute
	maxAside = 30 * 24 * time.Hour
)

// SettingAside takes an item that waits out of its lanes until a time, bound to the version that was shown.
type SettingAside struct {
	CommentID uuid.UUID
	Version   int
	Until     time.Time
	Note      string // internal
}

// SetAside takes an item out of its lanes until a time; then it is back at its old rank. Its entry changes no state, and
// a decision ends it.
func (f *Flow) SetAside(ctx context.Context, site models.Site, actor Actor, s SettingAside) (Event, error) {
	v := Verdict{CommentID: s.CommentID, Version: s.Version, Action: SetAside, Note: s.Note}
	return f.handle(ctx, site, actor, v, func(_ *models.Tx, _ models.Matter, change *models.Change) error {
		until := s.Until.UTC().Truncate(time.Microsecond)
		if wait := until.Sub(f.now()); wait < minAside || wait > maxAside {
			return invalid("until", "refusal.set_aside_range")
		}
		change.SetAsideUntil, change.Entry.Until = &until, &until
		return nil
	})
}

// handle logs how the desk deals with an item that waits: its state stays, its version grows, the claim ends.
func (f *Flow) handle(ctx context.Context, site models.Site, actor Actor, v Verdict, how func(*models.Tx, models.Matter, *models.Change) error) (Event, error) {
	v.Note = strings.TrimSpace(v.Note)
	event, err := f.resolve(ctx, decision{site: site, actor: actor, Verdict: v, entryID: f.NewID()},
		func(ctx context.Context, tx *models.Tx, d decision, m models.Matter) (Event, error) {
			if err := f.handleable(ctx, tx, d, m); err != nil {
				return Event{}, err
			}
			o := f.begin(d, m)
			if err := how(tx, m, &o.Change); err != nil {
				return Event{}, err
			}
			return f.enact(ctx, tx, d, o)
		})
	if err != nil {
		return Event{}, fmt.Errorf("%s comment %s: %w", v.Action, v.CommentID, err)
	}
	return event, nil
}

// handleable refuses whatever is not as it was shown, not the actor's to deal with, or does not wait for anybody.
func (f *Flow) handleable(ctx context.Context, tx *models.Tx, d decision, m models.Matter) error {
	if err := f.current(ctx, tx, d, m.Comment); err != nil {
		return err
	}
	if err := permit(d.actor, m.Written, d.Action); err != nil {
		return err
	}
	appealed := slices.ContainsFunc(m.Appeals, func(a models.Appeal) bool { return a.Entry == nil })
	if m.Comment.HeldRevision == nil && m.Case == nil && !appealed {
		return invalid("", "refusal.waits_not")
	}
	return nil
}

// handled is how the desk dealt with a comment before the newest of its entries, as the entries tell it.
func handled(history []models.Entry, h models.Handling) models.Handling {
	before, now := map[uuid.UUID]models.Handling{}, settled(h)
	last := now
	for _, e := range history {
		last, before[e.ID] = now, now
		switch {
		case e.Action == SetAside:
			now.SetAsideUntil = e.Until
		case e.Action == Pass && e.AssignedTo != nil:
			now.SetAsideUntil, now.PassedTo, now.PassedRole = nil, e.AssignedTo, nil
		case e.Action == Pass:
			role := RoleEditor
			now.SetAsideUntil, now.PassedTo, now.PassedRole = nil, nil, &role
		case e.Action == Undo:
			now = before[*e.Undoes]
		case e.Kind != models.KindEdit:
			now = settled(now)
		}
	}
	return last
}
