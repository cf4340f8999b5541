package moderation

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"plenum/models"
)

// Erased says how much an erasure wiped.
type Erased struct {
	Comments      int `json:"comments"`
	Reports       int `json:"reports"`
	Subscriptions int `json:"subscriptions"`
}

// Erase wipes an author's own comment, from any state and for good: its texts, its name, and whatever moderators and
// readers wrote about it. Its place, its decisions and the totals stay. The address goes with the last comment that was
// written under it. The token is the comment's; with another one there is no such comment. Erasing twice is the same as
// once.
func (f *Flow) Erase(ctx context.Context, site models.Site, id uuid.UUID, token string) error {
	err := f.own(ctx, site, id, token, func(tx *models.Tx, c models.Comment) error {
		if _, err := f.eraseComments(ctx, tx, site, []models.Comment{c}); err != nil {
			return err
		}
		return tx.ForgetUnused(ctx, site.ID, &c.AuthorID, f.now())
	})
	if f.yetToConfirm(err, site.ID, id, token) {
		err = f.eraseUnconfirmed(ctx, site, id)
	}
	if err != nil {
		return fmt.Errorf("erase: %w", err)
	}
	return nil
}

// ErasePerson erases everything under an address on the site: every comment, with what Erase wipes of each, every report,
// everything it follows, and the address itself. Who nothing is known of is erased already.
func (f *Flow) ErasePerson(ctx context.Context, site models.Site, address string) (erased Erased, err error) {
	err = f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		erased, err = f.erasePerson(ctx, tx, site, f.keys.Address(site.ID, address))
		return err
	})
	if err != nil {
		return Erased{}, fmt.Errorf("erase a person: %w", err)
	}
	return erased, nil
}

func (f *Flow) erasePerson(ctx context.Context, tx *models.Tx, site models.Site, addressHash []byte) (erased Erased, err error) {
	if erased.Reports, err = tx.WipeReports(ctx, site.ID, addressHash, f.now()); err != nil {
		return erased, err
	}
	if erased.Subscriptions, err = tx.WipeFollower(ctx, site.ID, addressHash, f.now()); err != nil {
		return erased, err
	}
	if err := tx.ForgetInquiries(ctx, site.ID, addressHash); err != nil {
		return erased, err
	}
	unconfirmed, err := tx.WipeUnconfirmed(ctx, site.ID, addressHash, f.now())
	if err != nil {
		return erased, err
	}
	erased.Comments = unconfirmed
	author, err := tx.AuthorByAddress(ctx, site.ID, addressHash)
	if err != nil {
		return erased, ignoreMissing(err)
	}
	written, err := f.eraseAuthor(ctx, tx, site, author)
	erased.Comments += written
	return erased, err
}

// eraseAuthor erases what an author wrote, then who they are. One who was erased before is left only for the keyed hash
// that a ban needs.
func (f *Flow) eraseAuthor(ctx context.Context, tx *models.Tx, site models.Site, author models.Author) (int, error) {
	comments, err := tx.LockCommentsOf(ctx, site.ID, author.ID)
	if err != nil || len(comments) == 0 && author.Email == nil {
		return 0, err
	}
	erased, err := f.eraseComments(ctx, tx, site, comments)
	if err != nil {
		return 0, err
	}
	rules, err := tx.RulesVersion(ctx, site.ID)
	if err != nil {
		return 0, err
	}
	e := models.Entry{SiteID: site.ID, ID: f.NewID(), Kind: models.KindErasure, Action: erase, AuthorID: &author.ID,
		RulesVersion: rules, CreatedAt: f.now()}
	if err := f.log(ctx, tx, e, nil); err != nil {
		return 0, err
	}
	return erased, tx.WipeAuthor(ctx, site.ID, author.ID, f.now())
}

// eraseComments takes back and wipes comments that the transaction holds, each with a ledger entry of its own, and
// answers how many were not erased before.
func (f *Flow) eraseComments(ctx context.Context, tx *models.Tx, site models.Site, comments []models.Comment) (int, error) {
	var ids []uuid.UUID
	for _, c := range comments {
		if c.ErasedAt != nil {
			continue
		}
		if err := f.takeBack(ctx, tx, site, c, taking{models.KindErasure, erase}); err != nil {
			return 0, fmt.Errorf("comment %s: %w", c.ID, err)
		}
		ids = append(ids, c.ID)
	}
	if len(ids) == 0 {
		return 0, nil
	}
	return len(ids), tx.WipeComments(ctx, site.ID, ids, f.now())
}

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
