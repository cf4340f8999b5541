package moderation

import (
	"context"
	"errors"

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

// Pass hands an item to a colleague or to the editors. It stays in its lanes and at its rank, but nobody else is given
// it as the next one. Its entry changes no state, and a decision ends it.
func (f *Flow) Pass(ctx context.Context, site models.Site, actor Actor, p Passing) (Event, error) {
	v := Verdict{CommentID: p.CommentID, Version: p.Version, Action: Pass, Note: p.Note}
	return f.handle(ctx, site, actor, v, func(tx *models.Tx, change *models.Change) error {
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
		return err
	})
}
