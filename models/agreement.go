package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// ReactionAgree is the reaction of a site whose readers may agree with comments.
const ReactionAgree = "agree"

// Agreed is how many readers agree with a comment, and whether somebody was counted just now.
type Agreed struct {
	Agreed  int
	Counted bool
}

// Agree counts one person's agreement with a public comment; the same person on the same day is counted once. Whoever
// renders the thread is told when the transaction commits; its version stays, because nothing in it was said anew.
// Anything but a public comment is ErrNotFound.
func (t *Tx) Agree(_ context.Context, siteID, commentID uuid.UUID, day time.Time, person []byte) (Agreed, error) {
	var row struct {
		Agreed
		Article string
	}
	// One statement, so that the row that all of them count in is locked for its update and the commit only.
	err := first(t.db.Raw(`with shown as (
			select site_id, article_id, id, depth from comments where site_id = @site and id = @id and public_revision is not null
		), mark as (
			insert into agreement_marks (site_id, comment_id, day, person) select site_id, id, cast(@day as date), @person from shown
			on conflict do nothing returning comment_id
		), counted as (
			insert into agreements as old (site_id, article_id, comment_id, depth, agreed)
				select site_id, article_id, id, depth, 1 from shown join mark on mark.comment_id = shown.id
			on conflict (site_id, comment_id) do update set agreed = old.agreed + 1 returning site_id, article_id, agreed
		), a as (select articles.site_id, key from articles join counted on counted.site_id = articles.site_id and counted.article_id = articles.id
		), told as (select pg_notify('`+hintChannel+`', json_build_object('site', a.site_id, 'article', a.key)::text) from a)
		select coalesce((select agreed from counted), (select agreed from agreements where site_id = @site and comment_id = @id), 0) as agreed,
			exists (select from counted) as counted, coalesce((select key from a), '') as article, (select count(*) from told) as told
		from shown`, sql.Named("site", siteID), sql.Named("id", commentID), sql.Named("day", day), sql.Named("person", person)).Scan(&row))
	if err != nil {
		return Agreed{}, fmt.Errorf("agree with comment %s: %w", commentID, err)
	}
	if row.Counted {
		t.hint(Hint{SiteID: siteID, Article: row.Article, minor: true})
	}
	return row.Agreed, nil
}

// AgreedWith answers how many readers agree with a comment.
func (q Queries) AgreedWith(ctx context.Context, siteID, commentID uuid.UUID) (agreed int, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select coalesce(sum(agreed), 0) from agreements where site_id = ? and comment_id = ?`, siteID, commentID).Scan(&agreed).Error
	})
	if err != nil {
		return 0, fmt.Errorf("agreements with comment %s: %w", commentID, err)
	}
	return agreed, nil
}

// DaySalt answers the salt of a site's day; the first who asks sets it to what they offer.
func (q Queries) DaySalt(ctx context.Context, siteID uuid.UUID, day time.Time, offer []byte) ([]byte, error) {
	var row struct{ Salt []byte }
	err := q.at(ctx, siteID, func(tx *Tx) error {
		find := func() error {
			return first(tx.db.Raw(`select salt from agreement_salts where site_id = ? and day = cast(? as date)`, siteID, day).Scan(&row))
		}
		err := find()
		if !errors.Is(err, ErrNotFound) {
			return err
		}
		err = tx.db.Exec(`insert into agreement_salts (site_id, day, salt) values (?, cast(? as date), ?) on conflict do nothing`, siteID, day, offer).Error
		if err != nil {
			return err
		}
		return find() // somebody else may have been faster
	})
	if err != nil {
		return nil, fmt.Errorf("salt of the day: %w", err)
	}
	return row.Salt, nil
}
