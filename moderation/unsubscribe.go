package moderation

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/internal/keys"
)

// ToEnd is what a mailed link would end, and whether it is still there. Looking changes nothing.
func (f *Flow) ToEnd(ctx context.Context, site models.Site, l Link) (s models.Followed, there bool, err error) {
	if err := f.allows(keys.Unsubscribe, site.ID, l); err != nil {
		return s, false, err
	}
	s, err = f.Store.Subscription(ctx, site.ID, l.ID)
	if errors.Is(err, models.ErrNotFound) {
		return s, false, nil
	}
	return s, err == nil, err
}

// Unsubscribe ends a subscription. What is ended already stays so: a link may be used again. With the last one the address
// is forgotten.
func (f *Flow) Unsubscribe(ctx context.Context, site models.Site, l Link) error {
	s, there, err := f.ToEnd(ctx, site, l)
	if err != nil || !there {
		return err
	}
	err = f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		return end(ctx, tx, site.ID, s.FollowerID, func() error { return tx.Unsubscribe(ctx, site.ID, s.FollowerID, l.ID) })
	})
	if err != nil {
		return fmt.Errorf("unsubscribe: %w", err)
	}
	return nil
}

// MayEndDigest answers models.ErrNotFound unless the link is one that ends a daily mail.
func (f *Flow) MayEndDigest(site models.Site, l Link) error {
	return f.allows(keys.NoDigest, site.ID, l)
}

// EndDigest ends everything that a follower is told of by the daily mail, as Unsubscribe ends one thing.
func (f *Flow) EndDigest(ctx context.Context, site models.Site, l Link) error {
	if err := f.MayEndDigest(site, l); err != nil {
		return err
	}
	err := f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		return end(ctx, tx, site.ID, l.ID, func() error { return tx.UnsubscribeDaily(ctx, site.ID, l.ID) })
	})
	if err != nil {
		return fmt.Errorf("end the daily mail: %w", err)
	}
	return nil
}

// end runs do while nobody else changes what the follower follows, and forgets whoever follows nothing then.
func end(ctx context.Context, tx *models.Tx, siteID, followerID uuid.UUID, do func() error) error {
	if _, err := tx.LockFollower(ctx, siteID, followerID); err != nil {
		return ignoreMissing(err)
	}
	if err := do(); err != nil {
		return err
	}
	return tx.DropFollower(ctx, siteID, followerID)
}

// ForgetFollower deletes everything that an address follows on the site, confirmed or not, with what it was told of.
func (f *Flow) ForgetFollower(ctx context.Context, site models.Site, email string) error {
	return f.Store.ForgetFollower(ctx, site.ID, f.keys.Address(site.ID, email))
}
