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

// Claim leases the next items of a lane (empty: of any text that waits), most urgent first, to the actor alone until the
// lease runs out. It answers up to limit items, never one that another holds or that was passed to another, and none
// that the actor may not decide.
func (f *Flow) Claim(ctx context.Context, site models.Site, actor Actor, lane string, limit int, lease time.Duration) ([]models.Waiting, error) {
	return f.claim(ctx, site, actor, models.Claim{Lane: lane, Limit: limit, Until: f.now().Add(lease)})
}

// ClaimOne leases the named item, or renews the actor's own lease; an item that another holds, that no longer waits or that is the actor's own is
// answered with no error and not claimed.
func (f *Flow) ClaimOne(ctx context.Context, site models.Site, actor Actor, id uuid.UUID) (claimed bool, err error) {
	named := uuid.NullUUID{UUID: id, Valid: true}
	items, err := f.claim(ctx, site, actor, models.Claim{ID: named, Mine: true, Limit: 1, Until: f.now().Add(Lease)})
	return len(items) == 1, err
}

// Renew is ClaimOne for a page that stays open, and answers the item's claim as it is now: the actor's, or another's.
func (f *Flow) Renew(ctx context.Context, site models.Site, actor Actor, id uuid.UUID) (models.Waiting, error) {
	if _, err := f.ClaimOne(ctx, site, actor, id); err != nil {
		return models.Waiting{}, err
	}
	c, err := f.Store.Comment(ctx, site.ID, id)
	if err != nil || c.ClaimedBy == nil {
		return models.Waiting{Comment: c}, err
	}
	names, err := f.Store.ModeratorNames(ctx, []uuid.UUID{*c.ClaimedBy})
	return models.Waiting{Comment: c, Holder: names[*c.ClaimedBy]}, err
}

// ClaimNext leases the item that comes after the one named in the order that was asked for, so that who decides or
// skips moves on; after the last, or after none, the first. nil where nothing waits that is free or the actor's.
func (f *Flow) ClaimNext(ctx context.Context, site models.Site, actor Actor, q Question, after uuid.NullUUID) (*models.Waiting, error) {
	c := models.Claim{Lane: q.Lane, Sort: q.Sort, Filter: q.Filter, After: after, Mine: true, Limit: 1, Until: f.now().Add(Lease)}
	if err := f.narrow(ctx, []uuid.UUID{site.ID}, q, &c.Filter); err != nil {
		return nil, err
	}
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

// ClaimNextOf leases the first item of all sites that somebody serves which nobody else holds; nil where there is none.
func (f *Flow) ClaimNextOf(ctx context.Context, m models.Moderator, q Question) (*models.Waiting, error) {
	q.Limit = nearest
	found, err := f.QueueOf(ctx, m.ID, q)
	if err != nil {
		return nil, err
	}
	for _, item := range found.Items {
		actor, err := f.SessionActor(ctx, item.SiteID, m)
		if err != nil {
			return nil, err
		}
		claimed, err := f.ClaimOne(ctx, models.Site{ID: item.SiteID}, actor, item.ID)
		if err != nil {
			return nil, err
		}
		if claimed {
			return &item, nil
		}
	}
	return nil, nil
}

// nearest is how many items of several sites are looked at for one that is free.
const nearest = 50

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

// ReleaseAll gives back everything that the actor holds on the site: the page is being left.
func (f *Flow) ReleaseAll(ctx context.Context, site models.Site, actor Actor) error {
	if err := actor.write(RoleModerator); err != nil {
		return err
	}
	return f.Store.ReleaseAll(ctx, site.ID, actor.ID)
}

// leaving is how long a claim holds after its page was left: long enough for the same page to come back.
const leaving = 20 * time.Second

// Leave ends the actor's claim on an item soon: its page is being left, perhaps only to be loaded again.
func (f *Flow) Leave(ctx context.Context, site models.Site, actor Actor, id uuid.UUID) error {
	if err := actor.write(RoleModerator); err != nil {
		return err
	}
	return f.Store.ReleaseAt(ctx, site.ID, id, actor.ID, f.now().Add(leaving))
}

// Undoable answers the actor's newest decision on the site while it may still be undone, and until when; nil otherwise.
func (f *Flow) Undoable(ctx context.Context, site models.Site, actor Actor) (*models.Entry, time.Time, error) {
	last, err := f.Store.LastDecision(ctx, site.ID, actor.ID)
	if err != nil {
		return nil, time.Time{}, ignoreMissing(err)
	}
	until := last.CreatedAt.Add(f.undoDelay(site))
	if last.CommentID == uuid.Nil || last.Action == Undo || !until.After(f.now()) { // of an author or an article: nothing to undo
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
