package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// What can be followed.
const (
	FollowReplies = "replies" // to the follower's own comments, below one article or anywhere
	FollowArticle = "article"
	FollowSite    = "site"
)

// How soon a follower is told.
const (
	PaceOnce  = "once"  // of each comment by itself, at once
	PaceDaily = "daily" // of all of a day together
)

// Subscription is something that a follower wants to be told of.
type Subscription struct {
	SiteID, ID, FollowerID uuid.UUID
	Kind, ArticleKey       string // empty: of the site, or of replies anywhere
	Pace, Locale           string
	CreatedAt, AskedAt     time.Time
	ConfirmedAt            *time.Time // nil: nothing is told yet
}

// Followed is a subscription with the title of its article, which is empty while nothing of that is public.
type Followed struct {
	Subscription
	ArticleTitle string
}

const followed = `select s.*, coalesce(a.title, '') as article_title from subscriptions s
	left join articles a on a.site_id = s.site_id and a.key = s.article_key and a.version > 1 `

// Subscription finds one by its id.
func (q Queries) Subscription(ctx context.Context, siteID, id uuid.UUID) (s Followed, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(followed+`where s.site_id = ? and s.id = ?`, siteID, id).Scan(&s))
	})
	if err != nil {
		return Followed{}, fmt.Errorf("subscription %s: %w", id, err)
	}
	return s, nil
}

// Subscriptions lists what a follower follows, oldest first.
func (q Queries) Subscriptions(ctx context.Context, siteID, followerID uuid.UUID) (all []Followed, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(followed+`where s.site_id = ? and s.follower_id = ? order by s.created_at, s.id`, siteID, followerID).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("subscriptions of %s: %w", followerID, err)
	}
	return all, nil
}

// SubscriptionsBy lists what an address follows, oldest first.
func (q Queries) SubscriptionsBy(ctx context.Context, siteID uuid.UUID, addressHash []byte) (all []Followed, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(followed+`join followers f on f.site_id = s.site_id and f.id = s.follower_id
			where f.site_id = ? and f.address_hash = ? order by s.created_at, s.id`, siteID, addressHash).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("subscriptions by address: %w", err)
	}
	return all, nil
}

// Asking is a subscription that somebody asked for: whether a mail about it is due, and whether it is confirmed already.
type Asking struct {
	ID             uuid.UUID
	Due, Confirmed bool
}

// Subscribe adds a subscription that is still to be confirmed, or finds the one that is there already: about that one a
// mail is due only if none was since before. The caller holds the follower.
func (t *Tx) Subscribe(_ context.Context, s Subscription, before time.Time) (a Asking, err error) {
	err = first(t.db.Raw(`with asked as (insert into subscriptions as old (site_id, id, follower_id, kind, article_key, pace, locale, created_at, asked_at)
			values (@SiteID, @ID, @FollowerID, @Kind, @ArticleKey, @Pace, @Locale, @CreatedAt, @CreatedAt)
			on conflict (site_id, follower_id, kind, article_key) do update set asked_at = excluded.asked_at,
				pace = case when old.confirmed_at is null then excluded.pace else old.pace end,
				locale = case when old.confirmed_at is null then excluded.locale else old.locale end
			where old.asked_at <= @before returning id, confirmed_at)
		select id, true as due, confirmed_at is not null as confirmed from asked union all
		select id, false, confirmed_at is not null from subscriptions
			where site_id = @SiteID and follower_id = @FollowerID and kind = @Kind and article_key = @ArticleKey
		order by due desc limit 1`, s, sql.Named("before", before)).Scan(&a))
	if err != nil {
		return Asking{}, fmt.Errorf("subscribe: %w", err)
	}
	return a, nil
}

// Asked counts how many mails about subscriptions went to a follower after the time.
func (t *Tx) Asked(_ context.Context, siteID, followerID uuid.UUID, after time.Time) (n int, err error) {
	err = t.db.Raw(`select count(*) from subscriptions where site_id = ? and follower_id = ? and asked_at > ?`, siteID, followerID, after).Scan(&n).Error
	if err != nil {
		return 0, fmt.Errorf("mails to follower %s: %w", followerID, err)
	}
	return n, nil
}

// Confirm lets a subscription be told of from now on; one that is confirmed already stays as it is.
func (t *Tx) Confirm(_ context.Context, siteID, id uuid.UUID, now time.Time) error {
	err := t.db.Exec(`update subscriptions set confirmed_at = coalesce(confirmed_at, ?) where site_id = ? and id = ?`, now, siteID, id).Error
	if err != nil {
		return fmt.Errorf("confirm subscription %s: %w", id, err)
	}
	return nil
}

// SetPace sets how soon the follower is told; ErrNotFound where it is not theirs.
func (t *Tx) SetPace(_ context.Context, s Subscription) error {
	set := t.db.Exec(`update subscriptions set pace = @Pace where site_id = @SiteID and id = @ID and follower_id = @FollowerID`, s)
	if set.Error == nil && set.RowsAffected == 0 {
		set.Error = ErrNotFound
	}
	if set.Error != nil {
		return fmt.Errorf("set the pace of subscription %s: %w", s.ID, set.Error)
	}
	return nil
}

// others hands what is still to be told by a subscription on to another one of the follower's that it is also told by:
// one of the same pace before others, then the nearest reason. When it is told stays as it was noted.
const others = `update follow_ups u set subscription_id = coalesce((select s.id from comments c
			join articles a on a.site_id = c.site_id and a.id = c.article_id
			join subscriptions s on s.site_id = c.site_id and s.follower_id = u.follower_id and s.id <> u.subscription_id and s.confirmed_at <= c.published_at
		where c.site_id = u.site_id and c.id = u.comment_id and case s.kind when 'site' then true when 'article' then s.article_key = a.key
			else s.article_key in ('', a.key) and exists (select from comments p join authors w on w.site_id = p.site_id and w.id = p.author_id
				join followers f on f.site_id = w.site_id and f.address_hash = w.address_hash
				where p.site_id = c.site_id and p.id = c.parent_id and f.id = u.follower_id) end
		order by (s.pace = 'daily') = (u.due_at is not null) desc, array_position(array['replies', 'article', 'site'], s.kind), s.id limit 1), u.subscription_id)
	where u.site_id = @site and u.follower_id = @follower and u.subscription_id = @id and u.sent_at is null`

// Unsubscribe ends one of a follower's subscriptions. What is followed another way, too, is still told. One that is not
// there is ended already. The caller holds the follower.
func (t *Tx) Unsubscribe(_ context.Context, siteID, followerID, id uuid.UUID) error {
	args := []any{sql.Named("site", siteID), sql.Named("follower", followerID), sql.Named("id", id)}
	err := t.db.Exec(others, args...).Error
	if err == nil {
		err = t.db.Exec(`delete from subscriptions where site_id = @site and follower_id = @follower and id = @id`, args...).Error
	}
	if err != nil {
		return fmt.Errorf("end subscription %s: %w", id, err)
	}
	return nil
}

// UnsubscribeDaily ends everything that a follower is told of by the daily mail. The caller holds the follower.
func (t *Tx) UnsubscribeDaily(_ context.Context, siteID, followerID uuid.UUID) error {
	err := t.db.Exec(`delete from subscriptions where site_id = ? and follower_id = ? and pace = 'daily'`, siteID, followerID).Error
	if err != nil {
		return fmt.Errorf("end the daily mail to %s: %w", followerID, err)
	}
	return nil
}
