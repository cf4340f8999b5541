package moderation

import (
	"context"
	"errors"
	"fmt"

	"plenum/models"
)

// ReplayErasures erases again what a list says was erased, and answers how many of them this database did not know of:
// for one that was restored from a backup, before it serves anybody. Each is a transaction of its own; the list may be
// played any number of times. What the database does not have is as good as erased.
func (f *Flow) ReplayErasures(ctx context.Context, list []models.Erasure) (done int, err error) {
	for _, e := range list {
		known, err := f.Store.Erased(ctx, e)
		if err != nil || known {
			if err != nil {
				return done, err
			}
			continue
		}
		site, err := f.Store.SiteByID(ctx, e.SiteID)
		if errors.Is(err, models.ErrNotFound) {
			continue
		}
		if err == nil {
			err = f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error { return ignoreMissing(f.replay(ctx, tx, site, e)) })
		}
		if err != nil {
			return done, fmt.Errorf("erase %s %s again: %w", e.Kind, e.Subject, err)
		}
		done++
	}
	return done, nil
}

func (f *Flow) replay(ctx context.Context, tx *models.Tx, site models.Site, e models.Erasure) error {
	switch e.Kind {
	case models.ErasedComment:
		c, err := tx.LockComment(ctx, site.ID, e.Subject)
		if errors.Is(err, models.ErrNotFound) {
			return tx.WithdrawUnconfirmed(ctx, site.ID, e.Subject, f.now())
		}
		if err != nil {
			return err
		}
		_, err = f.eraseComments(ctx, tx, site, []models.Comment{c})
		return err
	case models.ErasedAuthor:
		author, err := tx.Author(ctx, site.ID, e.Subject)
		if err != nil {
			return err
		}
		if _, err := tx.WipeUnconfirmed(ctx, site.ID, author.AddressHash, f.now()); err != nil {
			return err
		}
		if err := tx.ForgetFollower(ctx, site.ID, author.AddressHash); err != nil {
			return err
		}
		_, err = f.eraseAuthor(ctx, tx, site, author)
		return err
	case models.ErasedReport:
		return tx.WipeReport(ctx, site.ID, e.Subject, f.now())
	case models.ErasedSubscription:
		return tx.WipeFollowerByID(ctx, site.ID, e.Subject, f.now())
	}
	return nil
}
