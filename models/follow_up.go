package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Announcement is a comment that has become public, and what decides who is told of it.
type Announcement struct {
	SiteID, CommentID, Entry uuid.UUID // Entry made it public
	ArticleKey               string
	PublishedAt              time.Time
	Author, Parent           []byte // the address hash of who wrote it, and of who wrote what it answers; nil: none
}

// stands holds while the comment c is public, and was without a break since the entry that it names.
const stands = `c.public_revision is not null and exists (select from ledger e where e.site_id = c.site_id and e.id = %s
	and e.comment_id = c.id and not exists (select from ledger l where l.site_id = e.site_id and l.comment_id = e.comment_id
		and l.version >= e.version and l.public_revision is null))`

// Announcement finds what is to be told of a comment that the entry made public; ErrNotFound once that no longer stands.
func (q Queries) Announcement(ctx context.Context, siteID, commentID, entry uuid.UUID) (a Announcement, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select c.site_id, c.id as comment_id, cast(@entry as uuid) as entry, a.key as article_key, c.published_at,
				w.address_hash as author, pw.address_hash as parent
			from comments c join articles a on a.site_id = c.site_id and a.id = c.article_id
				join authors w on w.site_id = c.site_id and w.id = c.author_id
				left join comments p on p.site_id = c.site_id and p.id = c.parent_id
				left join authors pw on pw.site_id = p.site_id and pw.id = p.author_id
			where c.site_id = @site and c.id = @comment and `+fmt.Sprintf(stands, "@entry"),
			sql.Named("site", siteID), sql.Named("comment", commentID), sql.Named("entry", entry)).Scan(&a))
	})
	if err != nil {
		return Announcement{}, fmt.Errorf("announcement of comment %s: %w", commentID, err)
	}
	return a, nil
}

// Round asks for the next Limit followers to tell, in the order of their ids after After.
type Round struct {
	After      uuid.UUID
	Limit      int
	Now, DueAt time.Time // DueAt is the hour of the next digest
}

// Addressee is a follower whom an announcement is for.
type Addressee struct {
	FollowerID uuid.UUID
	New        bool // told by this call; else it was noted before
	AtOnce     bool // by a mail of its own
}

// addressees are those who confirmed, before the comment was published, that they follow what it belongs to: its author
// aside, each once, by the nearest reason, what is told at once before what waits for the digest. Each branch is read by
// the index in the order of followers and ends at the limit, so that a round costs the same however many follow.
const addressees = `select distinct on (s.follower_id) s.follower_id, s.id, s.pace from (
		(select * from subscriptions where site_id = @site and kind = 'site' and article_key = '' and confirmed_at <= @published
			and follower_id > @after and follower_id <> all (array(select id from followers where site_id = @site and address_hash = @author))
			order by follower_id limit @limit)
		union all
		(select * from subscriptions where site_id = @site and kind = 'article' and article_key = @key and confirmed_at <= @published
			and follower_id > @after and follower_id <> all (array(select id from followers where site_id = @site and address_hash = @author))
			order by follower_id limit @limit)
		union all
		(select s.* from followers f join subscriptions s on s.site_id = f.site_id and s.follower_id = f.id
			where f.site_id = @site and f.address_hash = @parent and f.address_hash is distinct from @author and f.id > @after
				and s.kind = 'replies' and s.article_key in ('', @key) and s.confirmed_at <= @published)
	) s order by s.follower_id, s.pace = 'once' desc, array_position(array['replies', 'article', 'site'], s.kind), s.id limit @limit`

// NoteFollowUps notes for the next followers that they are told of the comment, and answers whom it came to. Whoever is
// noted already is not told again, unless nothing was sent yet and it is public by a newer entry than then.
func (t *Tx) NoteFollowUps(_ context.Context, a Announcement, r Round) (all []Addressee, err error) {
	err = t.db.Raw(`with next as (`+addressees+`), noted as (
			insert into follow_ups as old (site_id, comment_id, follower_id, subscription_id, entry, created_at, due_at)
				select @site, @comment, follower_id, id, @entry, @now, case when pace = 'daily' then cast(@due as timestamptz) end from next
			on conflict (site_id, comment_id, follower_id) do update set subscription_id = excluded.subscription_id,
				entry = excluded.entry, due_at = excluded.due_at, digest_at = null
			where old.sent_at is null and old.entry <> excluded.entry
			returning follower_id)
		select next.follower_id, noted.follower_id is not null as new, next.pace = 'once' as at_once
		from next left join noted on noted.follower_id = next.follower_id order by next.follower_id`,
		sql.Named("site", a.SiteID), sql.Named("comment", a.CommentID), sql.Named("entry", a.Entry), sql.Named("key", a.ArticleKey),
		sql.Named("published", a.PublishedAt), sql.Named("author", a.Author), sql.Named("parent", a.Parent),
		sql.Named("after", r.After), sql.Named("limit", r.Limit), sql.Named("now", r.Now), sql.Named("due", r.DueAt)).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("note who is told of comment %s: %w", a.CommentID, err)
	}
	return all, nil
}

// FollowUp is a public comment as one follower is told of it.
type FollowUp struct {
	Follower     Follower     `gorm:"embedded;embeddedPrefix:follower_"`
	Subscription Subscription `gorm:"embedded;embeddedPrefix:subscription_"`
	CommentID    uuid.UUID
	ParentID     *uuid.UUID
	AuthorName   string
	Body         string // of the public revision, as typed
	PublishedAt  time.Time
	Article      Article `gorm:"embedded;embeddedPrefix:article_"`
}

// followUps are what is noted and not sent, while the comment stands and what it is told by is still followed.
var followUps = `select f.id as follower_id, f.site_id as follower_site_id, f.email as follower_email,
		s.id as subscription_id, s.kind as subscription_kind, s.locale as subscription_locale, s.article_key as subscription_article_key,
		c.id as comment_id, c.parent_id, c.author_name, r.body, c.published_at,
		a.id as article_id, a.key as article_key, a.url as article_url, a.title as article_title
	from follow_ups u join followers f on f.site_id = u.site_id and f.id = u.follower_id
		join subscriptions s on s.site_id = u.site_id and s.id = u.subscription_id
		join comments c on c.site_id = u.site_id and c.id = u.comment_id
		join revisions r on r.site_id = c.site_id and r.comment_id = c.id and r.number = c.public_revision
		join articles a on a.site_id = c.site_id and a.id = c.article_id
	where u.site_id = @site and u.follower_id = @follower and u.sent_at is null and ` + fmt.Sprintf(stands, "u.entry")

// Told names a mail about one comment to one follower.
type Told struct{ SiteID, CommentID, FollowerID, Entry uuid.UUID }

// FollowUp finds what a follower is to be told of a comment by a mail of its own; ErrNotFound where there is nothing to
// tell any more, or by this mail.
func (q Queries) FollowUp(ctx context.Context, t Told) (u FollowUp, err error) {
	err = q.at(ctx, t.SiteID, func(tx *Tx) error {
		return first(tx.db.Raw(followUps+` and u.comment_id = @comment and u.entry = @entry and u.due_at is null`, sql.Named("site", t.SiteID),
			sql.Named("follower", t.FollowerID), sql.Named("comment", t.CommentID), sql.Named("entry", t.Entry)).Scan(&u))
	})
	if err != nil {
		return FollowUp{}, fmt.Errorf("follow-up of comment %s: %w", t.CommentID, err)
	}
	return u, nil
}

// MarkTold notes that a mail about one comment was handed on.
func (q Queries) MarkTold(ctx context.Context, t Told, now time.Time) error {
	err := q.at(ctx, t.SiteID, func(tx *Tx) error {
		return tx.db.Exec(`update follow_ups set sent_at = ? where site_id = ? and comment_id = ? and follower_id = ? and entry = ? and sent_at is null`,
			now, t.SiteID, t.CommentID, t.FollowerID, t.Entry).Error
	})
	if err != nil {
		return fmt.Errorf("note that comment %s was told: %w", t.CommentID, err)
	}
	return nil
}
