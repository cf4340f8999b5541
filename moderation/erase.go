package moderation

import (
	"context"
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
// readers wrote about it. Its place, its decisions and the totals stay. The address, and what moderators wrote about its
// owner, go with the last comment that was written under it. The token is the comment's; with another one there is no such
// comment. Erasing twice is the same as once.
func (f *Flow) Erase(ctx context.Context, site models.Site, id uuid.UUID, token string) error {
	err := f.own(ctx, site, id, token, func(tx *models.Tx, c models.Comment) error {
		erased, err := f.eraseComments(ctx, tx, site, []models.Comment{c})
		if err != nil || erased == 0 {
			return err
		}
		return f.forgetUnused(ctx, tx, site, c.AuthorID)
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

// The author's row is taken before what a submission writes after it, or each might wait for the other.
func (f *Flow) erasePerson(ctx context.Context, tx *models.Tx, site models.Site, addressHash []byte) (erased Erased, err error) {
	if erased.Comments, err = tx.WipeUnconfirmed(ctx, site.ID, addressHash, f.now()); err != nil {
		return erased, err
	}
	author, err := tx.AuthorByAddress(ctx, site.ID, addressHash)
	if err == nil {
		var written int
		written, err = f.eraseAuthor(ctx, tx, site, author)
		erased.Comments += written
	}
	if ignoreMissing(err) != nil {
		return erased, err
	}
	if erased.Reports, err = tx.WipeReports(ctx, site.ID, addressHash, f.now()); err != nil {
		return erased, err
	}
	if erased.Subscriptions, err = tx.WipeFollower(ctx, site.ID, addressHash, f.now()); err != nil {
		return erased, err
	}
	return erased, tx.ForgetInquiries(ctx, site.ID, addressHash)
}

// eraseAuthor erases what an author wrote, then who they are. One who was erased before is left only for the keyed hash
// that a ban needs. Whoever decides takes a comment, then the ledger, then an author; so does this, and looks again at what
// was written until it had the author.
func (f *Flow) eraseAuthor(ctx context.Context, tx *models.Tx, site models.Site, author models.Author) (int, error) {
	erased, err := f.eraseWritten(ctx, tx, site, author.ID)
	if err != nil || erased == 0 && author.Email == nil {
		return 0, err
	}
	if err := f.logErased(ctx, tx, site, author.ID); err != nil {
		return 0, err
	}
	if _, err := tx.LockAuthor(ctx, site.ID, author.ID); err != nil {
		return 0, err
	}
	meanwhile, err := f.eraseWritten(ctx, tx, site, author.ID)
	if err != nil {
		return 0, err
	}
	return erased + meanwhile, tx.WipeAuthor(ctx, site.ID, author.ID, f.now())
}

func (f *Flow) eraseWritten(ctx context.Context, tx *models.Tx, site models.Site, authorID uuid.UUID) (int, error) {
	comments, err := tx.LockCommentsOf(ctx, site.ID, authorID)
	if err != nil {
		return 0, err
	}
	return f.eraseComments(ctx, tx, site, comments)
}

// logErased writes the entry of an author's erasure.
func (f *Flow) logErased(ctx context.Context, tx *models.Tx, site models.Site, authorID uuid.UUID) error {
	rules, err := tx.RulesVersion(ctx, site.ID)
	if err != nil {
		return err
	}
	return f.log(ctx, tx, models.Entry{SiteID: site.ID, ID: f.NewID(), Kind: models.KindErasure, Action: erase, AuthorID: &authorID,
		RulesVersion: rules, CreatedAt: f.now()}, nil)
}

// forgetUnused forgets who an author is once none of their comments is left that is not erased. There is nothing to forget
// of one without an address, whom nobody has sanctioned.
func (f *Flow) forgetUnused(ctx context.Context, tx *models.Tx, site models.Site, authorID uuid.UUID) error {
	author, err := tx.LockAuthor(ctx, site.ID, authorID)
	if err != nil {
		return err
	}
	left, err := tx.CommentsOf(ctx, site.ID, authorID)
	if err != nil || len(left) > 0 {
		return err
	}
	sanctions, err := tx.Sanctions(ctx, site.ID, authorID)
	if err != nil || author.AddressHash == nil && len(sanctions) == 0 {
		return err
	}
	if err := f.logErased(ctx, tx, site, authorID); err != nil {
		return err
	}
	return tx.ForgetAuthor(ctx, site.ID, authorID, f.now())
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
