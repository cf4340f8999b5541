package moderation

import (
	"context"

	"plenum/models"
)

// EndSite makes a site unknown to everybody, at once and on each replica. Nothing of it is deleted yet.
func (f *Flow) EndSite(ctx context.Context, site models.Site) error {
	return f.Store.EndSite(ctx, site.ID, f.now())
}

// DeleteSite deletes all of a site that has ended, and the accounts of whoever served no other: all of it, or none. A site
// that is gone already, or has not ended, gives models.ErrNotFound; models.ErrConflict means to try again.
func (f *Flow) DeleteSite(ctx context.Context, site models.Site) error {
	return f.Store.DeleteSite(ctx, site.ID, nobody)
}
