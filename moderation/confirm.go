package moderation

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/internal/keys"
)

// Link is a mailed link about a subscription or a follower. Its token is good for one purpose only.
type Link struct {
	ID    uuid.UUID
	Token string
}

// ToConfirm is what a mailed link would confirm. Looking changes nothing; with another token there is no such thing.
func (f *Flow) ToConfirm(ctx context.Context, site models.Site, l Link) (models.Followed, error) {
	if err := f.allows(keys.Confirm, site.ID, l); err != nil {
		return models.Followed{}, err
	}
	return f.Store.Subscription(ctx, site.ID, l.ID)
}

// Confirm lets a subscription be told of from now on, and answers the link to whatever else its address follows. To do it
// again changes nothing.
func (f *Flow) Confirm(ctx context.Context, site models.Site, l Link) (following Link, err error) {
	if err := f.allows(keys.Confirm, site.ID, l); err != nil {
		return Link{}, err
	}
	err = f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		s, err := tx.Subscription(ctx, site.ID, l.ID)
		if err != nil {
			return err
		}
		following = Link{s.FollowerID, f.keys.Token(keys.Following, site.ID, s.FollowerID)}
		return tx.Confirm(ctx, site.ID, l.ID, f.now())
	})
	if err != nil {
		return Link{}, fmt.Errorf("confirm: %w", err)
	}
	return following, nil
}

// allows answers models.ErrNotFound unless the link's token is the one for this purpose.
func (f *Flow) allows(purpose string, siteID uuid.UUID, l Link) error {
	if !f.keys.Allows(l.Token, purpose, siteID, l.ID) {
		return fmt.Errorf("link %s: %w", l.ID, models.ErrNotFound)
	}
	return nil
}
