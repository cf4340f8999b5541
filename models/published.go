package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Publication is an approved comment outside its thread, with the article it stands under.
type Publication struct {
	Place
	ArticleKey, ArticleURL, ArticleTitle string
}

// PublishedPage asks for Limit approved comments, newest publication first, before the one that Before and BeforeID
// name (zero: from the newest); of one article if ArticleID is set.
type PublishedPage struct {
	ArticleID uuid.NullUUID
	Before    time.Time
	BeforeID  uuid.UUID
	Limit     int
}

// Published lists approved comments by the time of publication, so that a late approval comes first.
func (q Queries) Published(ctx context.Context, siteID uuid.UUID, p PublishedPage) (all []Publication, err error) {
	query := `select ` + placeColumns + `, a.key as article_key, a.url as article_url, a.title as article_title
		from comments c join articles a on a.site_id = c.site_id and a.id = c.article_id ` + placeJoins + `
		where c.site_id = @site and c.public_revision is not null and c.published_at is not null`
	if p.ArticleID.Valid {
		query += ` and c.article_id = @article`
	}
	if !p.Before.IsZero() {
		query += ` and (c.published_at, c.id) < (@before, @id)`
	}
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(query+` order by c.published_at desc, c.id desc limit @limit`, sql.Named("site", siteID),
			sql.Named("article", p.ArticleID), sql.Named("before", p.Before), sql.Named("id", p.BeforeID),
			sql.Named("limit", p.Limit)).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("published comments: %w", err)
	}
	return all, nil
}
