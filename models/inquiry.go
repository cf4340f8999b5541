package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Inquiry is somebody's question what is kept under an address, and the link that answers it: good until it expires, to
// hand out the data once, and to erase it, which deletes the inquiry too.
type Inquiry struct {
	SiteID, ID  uuid.UUID
	AddressHash []byte
	Email       string // where the link goes
	Locale      string
	CreatedAt   time.Time
	ExpiresAt   time.Time
	ExportedAt  *time.Time // its data was handed out
}

// Inquire stores a new inquiry.
func (t *Tx) Inquire(_ context.Context, i Inquiry) error {
	err := t.db.Exec(`insert into inquiries (site_id, id, address_hash, email, locale, created_at, expires_at)
		values (@SiteID, @ID, @AddressHash, @Email, @Locale, @CreatedAt, @ExpiresAt)`, i).Error
	if err != nil {
		return fmt.Errorf("inquire: %w", err)
	}
	return nil
}

// Inquiry finds an inquiry by its id.
func (q Queries) Inquiry(ctx context.Context, siteID, id uuid.UUID) (Inquiry, error) {
	return q.inquiry(ctx, `select * from inquiries where site_id = ? and id = ?`, siteID, id)
}

// LockInquiry finds an inquiry and keeps everybody else from using it until the transaction ends.
func (t *Tx) LockInquiry(ctx context.Context, siteID, id uuid.UUID) (Inquiry, error) {
	return t.inquiry(ctx, `select * from inquiries where site_id = ? and id = ? for update`, siteID, id)
}

func (q Queries) inquiry(ctx context.Context, query string, siteID, id uuid.UUID) (i Inquiry, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error { return first(tx.db.Raw(query, siteID, id).Scan(&i)) })
	if err != nil {
		return Inquiry{}, fmt.Errorf("inquiry %s: %w", id, err)
	}
	return i, nil
}

// UseInquiry notes that an inquiry's data is handed out.
func (t *Tx) UseInquiry(_ context.Context, siteID, id uuid.UUID, at time.Time) error {
	err := t.db.Exec(`update inquiries set exported_at = ? where site_id = ? and id = ?`, at, siteID, id).Error
	if err != nil {
		return fmt.Errorf("use inquiry %s: %w", id, err)
	}
	return nil
}

// ForgetInquiries deletes the inquiries about an address: what they would lead to is erased.
func (t *Tx) ForgetInquiries(_ context.Context, siteID uuid.UUID, addressHash []byte) error {
	err := t.db.Exec(`delete from inquiries where site_id = ? and address_hash = ?`, siteID, addressHash).Error
	if err != nil {
		return fmt.Errorf("forget inquiries: %w", err)
	}
	return nil
}

// Known reports whether anything is kept under an address: comments, also those that wait to be confirmed, reports, what is
// followed, or the address itself.
func (q Queries) Known(ctx context.Context, siteID uuid.UUID, addressHash []byte) (known bool, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select exists (select from authors a where a.site_id = @SiteID and a.address_hash = @AddressHash and (a.email is not null
				or exists (select from comments c where c.site_id = a.site_id and c.author_id = a.id and c.erased_at is null)))
			or exists (select from unconfirmed u where u.site_id = @SiteID and u.address_hash = @AddressHash)
			or exists (select from reports r where r.site_id = @SiteID and r.address_hash = @AddressHash)
			or exists (select from followers f where f.site_id = @SiteID and f.address_hash = @AddressHash)`,
			Inquiry{SiteID: siteID, AddressHash: addressHash}).Scan(&known).Error
	})
	if err != nil {
		return false, fmt.Errorf("whether an address is known: %w", err)
	}
	return known, nil
}

// ReportsBy lists the reports that came from an address, oldest first, each with its comment.
func (q Queries) ReportsBy(ctx context.Context, siteID uuid.UUID, addressHash []byte) (all []Answer, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select r.*, c.comment_id, c.entry from reports r join report_cases c on c.site_id = r.site_id and c.id = r.case_id
			where r.site_id = ? and r.address_hash = ? order by r.created_at, r.id`, siteID, addressHash).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("reports by an address: %w", err)
	}
	return all, nil
}

// CommentsOf lists an author's comments that are not erased, oldest first.
func (q Queries) CommentsOf(ctx context.Context, siteID, authorID uuid.UUID) (all []Comment, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select * from comments where site_id = ? and author_id = ? and erased_at is null order by created_at, id`,
			siteID, authorID).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("comments of author %s: %w", authorID, err)
	}
	return all, nil
}
