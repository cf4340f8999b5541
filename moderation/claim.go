package moderation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"plenum/models"
)

// Lease is how long a claim of the desk holds when nothing happens.
const Lease = 5 * time.Minute

// Claim leases the next waiting items of a lane (empty: of any), most urgent first, to the actor alone until the lease
// runs out. It answers up to limit items, never one that another holds, and none that the actor may not decide.
func (f *Flow) Claim(ctx context.Context, site models.Site, actor Actor, lane string, limit int, lease time.Duration) ([]models.Waiting, error) {
	return f.claim(ctx, site, actor, models.Claim{Lane: lane, Limit: limit, Until: f.now().Add(lease)})
}

// ClaimOne leases the named item; an item that another holds, that no longer waits or that is the actor's own is
// answered with no error and not claimed.
func (f *Flow) ClaimOne(ctx context.Context, site models.Site, actor Actor, id uuid.UUID) (claimed bool, err error) {
	named := uuid.NullUUID{UUID: id, Valid: true}
	items, err := f.claim(ctx, site, actor, models.Claim{ID: named, Mine: true, Limit: 1, Until: f.now().Add(Lease)})
	return len(items) == 1, err
}

// ClaimNext leases the item of the lane that comes after the one named in the order of the queue, so that who decides
// or skips moves on; after the last, or after none, the most urgent. nil where nothing waits that is free or the actor's.
func (f *Flow) ClaimNext(ctx context.Context, site models.Site, actor Actor, lane string, after uuid.NullUUID) (*models.Waiting, error) {
	c := models.Claim{Lane: lane, After: after, Mine: true, Limit: 1, Until: f.now().Add(Lease)}
	items, err := f.claim(ctx, site, actor, c)
	if err == nil && len(items) == 0 && after.Valid {
		c.After = uuid.NullUUID{}
		items, err = f.claim(ctx, site, actor, c)
	}
	if err != nil || len(items) == 0 {
		return nil, err
	}
	return &items[0], nil
}

func (f *Flow) claim(ctx context.Context, site models.Site, actor Actor, c models.Claim) (items []models.Waiting, err error) {
	if err := actor.write(RoleModerator); err != nil {
		return nil, err
	}
	c.By, c.Now, c.AddressHash = actor.ID, f.now(), f.keys.Address(site.ID, actor.Email)
	err = f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		items, err = tx.Claim(ctx, site.ID, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	return items, nil
}

// Release gives an item back. Giving back what one does not hold changes nothing.
func (f *Flow) Release(ctx context.Context, site models.Site, actor Actor, id uuid.UUID) error {
	if err := actor.write(RoleModerator); err != nil {
		return err
	}
	if _, err := f.Store.Comment(ctx, site.ID, id); err != nil {
		return err
	}
	_, err := f.Store.Release(ctx, site.ID, id, actor.ID)
	return err
}

// Undoable answers the actor's newest decision on the site while it may still be undone, and until when; nil otherwise.
func (f *Flow) Undoable(ctx context.Context, site models.Site, actor Actor) (*models.Entry, time.Time, error) {
	last, err := f.Store.LastDecision(ctx, site.ID, actor.ID)
	if err != nil {
		return nil, time.Time{}, ignoreMissing(err)
	}
	until := last.CreatedAt.Add(f.undoDelay(site))
	if last.Action == Undo || !until.After(f.now()) {
		return nil, time.Time{}, nil
	}
	c, err := f.Store.Comment(ctx, site.ID, last.CommentID)
	if err != nil || c.Version != last.Version {
		return nil, time.Time{}, err
	}
	return &last, until, nil
}

// ignoreMissing takes a row that is not there for an answer, not a fault.
func ignoreMissing(err error) error {
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	return err
}
