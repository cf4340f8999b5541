package moderation

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/internal/keys"
)

// Following is everything that one address follows on a site. It is empty once the last was ended.
type Following struct {
	Follower models.Follower
	Items    []models.Followed
}

// Following shows the holder of the link what its address follows.
func (f *Flow) Following(ctx context.Context, site models.Site, l Link) (all Following, err error) {
	if err := f.allows(keys.Following, site.ID, l); err != nil {
		return all, err
	}
	err = f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		if all.Follower, err = tx.Follower(ctx, site.ID, l.ID); err != nil {
			return ignoreMissing(err)
		}
		all.Items, err = tx.Subscriptions(ctx, site.ID, l.ID)
		return err
	})
	return all, err
}

// SetPace sets how soon the holder of the link is told of one of the things that its address follows.
func (f *Flow) SetPace(ctx context.Context, site models.Site, l Link, subscriptionID uuid.UUID, pace string) error {
	if err := f.allows(keys.Following, site.ID, l); err != nil {
		return err
	}
	if !slices.Contains([]string{models.PaceOnce, models.PaceDaily}, pace) {
		return invalid("pace", "invalid.oneof", "values", "once, daily")
	}
	err := f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		return tx.SetPace(ctx, models.Subscription{SiteID: site.ID, ID: subscriptionID, FollowerID: l.ID, Pace: pace})
	})
	if err != nil {
		return fmt.Errorf("set a pace: %w", err)
	}
	return nil
}

// StopFollowing ends one of the things that the address of the link follows; one that is not there is ended already.
func (f *Flow) StopFollowing(ctx context.Context, site models.Site, l Link, subscriptionID uuid.UUID) error {
	if err := f.allows(keys.Following, site.ID, l); err != nil {
		return err
	}
	err := f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		return end(ctx, tx, site.ID, l.ID, func() error { return tx.Unsubscribe(ctx, site.ID, l.ID, subscriptionID) })
	})
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return fmt.Errorf("stop following: %w", err)
	}
	return nil
}
