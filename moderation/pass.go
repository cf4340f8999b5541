package moderation

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"plenum/models"
)

// Passing hands an item that waits to somebody else, bound to the version that was shown.
type Passing struct {
	CommentID uuid.UUID
	Version   int
	To        *uuid.UUID // a member of the site; nil: the editors
	Note      string     // internal
}

// Pass hands an item to a colleague, who may decide it, or to the editors. It stays in its lanes and at its rank, but
// nobody else is given it as the next one. Its entry changes no state, and a decision ends it.
func (f *Flow) Pass(ctx context.Context, site models.Site, actor Actor, p Passing) (Event, error) {
	v := Verdict{CommentID: p.CommentID, Version: p.Version, Action: Pass, Note: p.Note}
	return f.handle(ctx, site, actor, v, func(tx *models.Tx, m models.Matter, change *models.Change) error {
		role := RoleEditor
		change.SetAsideUntil, change.PassedTo, change.PassedRole = nil, p.To, &role
		if p.To == nil {
			return nil
		}
		change.PassedRole, change.Entry.AssignedTo = nil, p.To
		if *p.To == actor.ID {
			return invalid("to", "refusal.pass_self")
		}
		_, err := tx.Membership(ctx, site.ID, *p.To)
		if errors.Is(err, models.ErrNotFound) {
			return invalid("to", "refusal.pass_nobody")
		}
		if err != nil {
			return err
		}
		return f.passable(ctx, tx, m, *p.To)
	})
}

// passable refuses whoever may not decide the item: they wrote it, or what it answers, or all that waits is an appeal
// against a decision of theirs. It does not say which: under what name a colleague writes is not for the others to know.
func (f *Flow) passable(ctx context.Context, tx *models.Tx, m models.Matter, to uuid.UUID) error {
	c := m.Comment
	theirs := func(a models.Appeal) bool { return a.Entry == nil && a.DeciderID == to }
	if c.HeldRevision == nil && m.Case == nil && slices.ContainsFunc(m.Appeals, theirs) {
		return invalid("to", "refusal.pass_unfit")
	}
	colleague, err := tx.ModeratorByID(ctx, to)
	if err != nil {
		return err
	}
	written, err := tx.WrittenBy(ctx, c.SiteID, c.ID, f.keys.Address(c.SiteID, colleague.Email))
	if err == nil && (written.Comment || written.Parent) {
		err = invalid("to", "refusal.pass_unfit")
	}
	return err
}
