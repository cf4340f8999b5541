package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Follower is an address that wants to be told of something on the site. Its row is there only as long as that is so.
type Follower struct {
	SiteID, ID  uuid.UUID
	AddressHash []byte // 32 bytes
	Email       string // as first typed
	CreatedAt   time.Time
}

// HoldFollower finds the follower with the address hash, or makes it of f, and keeps everybody else from changing what
// it follows until the transaction ends.
func (t *Tx) HoldFollower(_ context.Context, f Follower) (held Follower, err error) {
	err = first(t.db.Raw(`insert into followers (site_id, id, address_hash, email, created_at)
		values (@SiteID, @ID, @AddressHash, @Email, @CreatedAt)
		on conflict (site_id, address_hash) do update set email = followers.email returning *`, f).Scan(&held))
	if err != nil {
		return Follower{}, fmt.Errorf("hold a follower: %w", err)
	}
	return held, nil
}

// LockFollower is HoldFollower for one that is known by its id; ErrNotFound where it follows nothing any more.
func (t *Tx) LockFollower(_ context.Context, siteID, id uuid.UUID) (f Follower, err error) {
	err = first(t.db.Raw(`select * from followers where site_id = ? and id = ? for update`, siteID, id).Scan(&f))
	if err != nil {
		return Follower{}, fmt.Errorf("follower %s: %w", id, err)
	}
	return f, nil
}

// Follower finds a follower by its id.
func (q Queries) Follower(ctx context.Context, siteID, id uuid.UUID) (f Follower, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select * from followers where site_id = ? and id = ?`, siteID, id).Scan(&f))
	})
	if err != nil {
		return Follower{}, fmt.Errorf("follower %s: %w", id, err)
	}
	return f, nil
}

// DropFollower deletes a follower that follows nothing any more. The caller holds it.
func (t *Tx) DropFollower(_ context.Context, siteID, id uuid.UUID) error {
	err := t.db.Exec(`delete from followers f where site_id = @site and id = @id
		and not exists (select from subscriptions s where s.site_id = f.site_id and s.follower_id = f.id)`,
		sql.Named("site", siteID), sql.Named("id", id)).Error
	if err != nil {
		return fmt.Errorf("drop follower %s: %w", id, err)
	}
	return nil
}

// ForgetFollower deletes everything that an address follows on the site, and what it was told of. Mails that are still to
// be sent find nobody to send them to. It is no error where the address follows nothing.
func (q Queries) ForgetFollower(ctx context.Context, siteID uuid.UUID, addressHash []byte) error {
	err := q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Exec(`delete from followers where site_id = ? and address_hash = ?`, siteID, addressHash).Error
	})
	if err != nil {
		return fmt.Errorf("forget a follower: %w", err)
	}
	return nil
}

// ForgetUnconfirmed deletes what nobody has confirmed since before, of at most limit followers, and whoever follows nothing
// then. It answers how many followers that were.
func (t *Tx) ForgetUnconfirmed(_ context.Context, siteID uuid.UUID, before time.Time, limit int) (int, error) {
	var held []uuid.UUID // because somebody may just be about to follow something more
	err := t.db.Raw(`select id from followers where site_id = @site and id in (select distinct follower_id from subscriptions
			where site_id = @site and confirmed_at is null and asked_at < @before limit @limit) for update`,
		sql.Named("site", siteID), sql.Named("before", before), sql.Named("limit", limit)).Scan(&held).Error
	for _, statement := range []string{
		`delete from subscriptions where site_id = @site and follower_id = any (cast(@held as uuid[])) and confirmed_at is null and asked_at < @before`,
		`delete from followers f where site_id = @site and id = any (cast(@held as uuid[]))
			and not exists (select from subscriptions s where s.site_id = f.site_id and s.follower_id = f.id)`,
	} {
		if err == nil {
			err = t.db.Exec(statement, sql.Named("site", siteID), sql.Named("held", texts(held)), sql.Named("before", before)).Error
		}
	}
	if err != nil {
		return 0, fmt.Errorf("forget what nobody confirmed: %w", err)
	}
	return len(held), nil
}
