package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// DigestSites lists the sites on which somebody's digest is due. As the schema's owner.
func (s *Store) DigestSites(ctx context.Context, now time.Time) (ids []uuid.UUID, err error) {
	err = s.begin(ctx, asOwner, func(tx *Tx) error {
		return tx.db.Raw(`select distinct site_id from follow_ups where due_at <= ? and digest_at is null and sent_at is null order by site_id`, now).Scan(&ids).Error
	})
	if err != nil {
		return nil, fmt.Errorf("sites with digests: %w", err)
	}
	return ids, nil
}

// TakeDigests puts all that is due into a digest for each of the next limit followers, and answers which those are. What
// is taken is taken by one caller only.
func (t *Tx) TakeDigests(_ context.Context, siteID uuid.UUID, now time.Time, limit int) (followers []uuid.UUID, err error) {
	err = t.db.Raw(`with due as (select distinct follower_id from follow_ups
				where site_id = @site and due_at <= @now and digest_at is null and sent_at is null order by follower_id limit @limit),
			taken as (update follow_ups u set digest_at = @now from due where u.site_id = @site and u.follower_id = due.follower_id
				and u.due_at <= @now and u.digest_at is null and u.sent_at is null returning u.follower_id)
		select distinct follower_id from taken order by follower_id`,
		sql.Named("site", siteID), sql.Named("now", now), sql.Named("limit", limit)).Scan(&followers).Error
	if err != nil {
		return nil, fmt.Errorf("take digests of site %s: %w", siteID, err)
	}
	return followers, nil
}

// Digest names what was put together for a follower at a time.
type Digest struct {
	SiteID, FollowerID uuid.UUID
	At                 time.Time
}

// DigestItems lists what stands in a digest and was not sent, article by article in the order of publication.
func (q Queries) DigestItems(ctx context.Context, d Digest) (all []FollowUp, err error) {
	err = q.at(ctx, d.SiteID, func(tx *Tx) error {
		return tx.db.Raw(followUps+` and u.digest_at = @at order by min(c.published_at) over (partition by a.id), a.id, c.published_at, c.id`,
			sql.Named("site", d.SiteID), sql.Named("follower", d.FollowerID), sql.Named("at", d.At)).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("digest of %s: %w", d.FollowerID, err)
	}
	return all, nil
}

// MarkDigest notes that the digest's comments were told.
func (q Queries) MarkDigest(ctx context.Context, d Digest, comments []uuid.UUID, now time.Time) error {
	err := q.at(ctx, d.SiteID, func(tx *Tx) error {
		return tx.db.Exec(`update follow_ups set sent_at = @now where site_id = @site and follower_id = @follower and digest_at = @at
				and comment_id = any (cast(@comments as uuid[])) and sent_at is null`, sql.Named("now", now), sql.Named("site", d.SiteID),
			sql.Named("follower", d.FollowerID), sql.Named("at", d.At), sql.Named("comments", texts(comments))).Error
	})
	if err != nil {
		return fmt.Errorf("note that the digest of %s was told: %w", d.FollowerID, err)
	}
	return nil
}
