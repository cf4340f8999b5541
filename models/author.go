package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Author is who wrote: one per address and site, else one per comment.
type Author struct {
	SiteID, ID  uuid.UUID
	AddressHash []byte  // 32 bytes, nil without an address
	Email       *string // as first typed
	CreatedAt   time.Time
}

// Record is what a site knows of an author's comments.
type Record struct {
	Since                                      time.Time
	Approved, Rejected, Spam, Removed, Pending int
	ByAddress                                  bool
}

// Author finds an author by id.
func (q Queries) Author(ctx context.Context, siteID, id uuid.UUID) (a Author, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select * from authors where site_id = ? and id = ?`, siteID, id).Scan(&a))
	})
	if err != nil {
		return Author{}, fmt.Errorf("author %s: %w", id, err)
	}
	return a, nil
}

// AuthorRecord counts an author's comments on the site by their state.
func (q Queries) AuthorRecord(ctx context.Context, siteID, authorID uuid.UUID) (r Record, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select a.created_at as since, a.address_hash is not null as by_address,
				count(*) filter (where c.status = 'approved') as approved, count(*) filter (where c.status = 'rejected') as rejected,
				count(*) filter (where c.status = 'spam') as spam, count(*) filter (where c.status = 'removed') as removed,
				count(*) filter (where c.status = 'pending') as pending
			from authors a left join comments c on c.site_id = a.site_id and c.author_id = a.id
			where a.site_id = ? and a.id = ? group by a.created_at, a.address_hash`, siteID, authorID).Scan(&r))
	})
	if err != nil {
		return Record{}, fmt.Errorf("record of author %s: %w", authorID, err)
	}
	return r, nil
}

// Written says which of a comment and its parent somebody wrote.
type Written struct{ Comment, Parent bool }

// WrittenBy reports whether the author with this address hash wrote the comment or the one it answers.
func (t *Tx) WrittenBy(_ context.Context, c Comment, addressHash []byte) (w Written, err error) {
	err = first(t.db.Raw(`select coalesce(bool_or(c.id = ?), false) as comment, coalesce(bool_or(c.id = ?), false) as parent
		from comments c join authors a on a.site_id = c.site_id and a.id = c.author_id
		where c.site_id = ? and c.id in (?, ?) and a.address_hash = ?`,
		c.ID, c.ParentID, c.SiteID, c.ID, c.ParentID, addressHash).Scan(&w))
	if err != nil {
		return Written{}, fmt.Errorf("who wrote comment %s: %w", c.ID, err)
	}
	return w, nil
}
