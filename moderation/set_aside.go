package moderation

import (
	"context"
	"fmt"
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
	return f.handle(ctx, site, actor, v, func(_ *models.Tx, change *models.Change) error {
		until := s.Until.UTC().Truncate(time.Microsecond)
		if wait := until.Sub(f.now()); wait < minAside || wait > maxAside {
			return invalid("until", "refusal.set_aside_range")
		}
		change.SetAsideUntil, change.Entry.Until = &until, &until
		return nil
	})
}

// handle logs how the desk deals with an item that waits: its state stays, its version grows, the claim ends.
func (f *Flow) handle(ctx context.Context, site models.Site, actor Actor, v Verdict, how func(*models.Tx, *models.Change) error) (Event, error) {
	v.Note = strings.TrimSpace(v.Note)
	d := decision{site, actor, v, f.NewID()}
	err := f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		c, err := tx.LockComment(ctx, site.ID, v.CommentID)
		if err != nil {
			return err
		}
		if err := f.handleable(ctx, tx, d, c); err != nil {
			return err
		}
		change, err := f.authored(ctx, tx, c, models.KindDecision, v.Action)
		if err != nil {
			return err
		}
		change.Entry.ID, change.Entry.ActorID = d.entryID, &actor.ID
		if err := how(tx, &change); err != nil {
			return err
		}
		write(d, &change)
		return f.record(ctx, tx, change)
	})
	if err != nil {
		return Event{}, fmt.Errorf("%s comment %s: %w", v.Action, v.CommentID, err)
	}
	return f.Event(ctx, site.ID, d.entryID)
}

// handleable refuses whatever is not as it was shown, not the actor's to deal with, or does not wait for anybody.
func (f *Flow) handleable(ctx context.Context, tx *models.Tx, d decision, c models.Comment) error {
	if err := f.current(ctx, tx, d, c); err != nil {
		return err
	}
	if err := f.permit(ctx, tx, d.actor, c, d.Action); err != nil {
		return err
	}
	waits, err := tx.Waits(ctx, c.SiteID, c.ID)
	if err != nil {
		return err
	}
	if !waits {
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
