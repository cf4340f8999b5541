package models

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"
)

// Ancestors lists what a comment answers, from the root down to its parent. One that is not public is an empty place.
func (q Queries) Ancestors(ctx context.Context, siteID uuid.UUID, c Comment) (all []Place, err error) {
	if c.Depth == 0 {
		return nil, nil
	}
	query := `select ` + placeColumns + ` from comments c ` + placeJoins + ` where c.site_id = @site and c.id in
		(select encode(substr(o.path, 16 * step + 1, 16), 'hex')::uuid from comments o, generate_series(0, octet_length(o.path) / 16 - 2) step
			where o.site_id = @site and o.id = @id) order by c.path`
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(query, sql.Named("site", siteID), sql.Named("id", c.ID)).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("ancestors of comment %s: %w", c.ID, err)
	}
	return all, nil
}

// Siblings lists public comments beside one: the latest replies to the same parent, or roots, of its article.
func (q Queries) Siblings(ctx context.Context, siteID uuid.UUID, c Comment, limit int) (all []Place, err error) {
	beside, order := `c.parent_id = @parent`, `c.path desc`
	if c.ParentID == nil { // in the order of comments_newest: the path of a root is its root_id
		beside, order = `c.parent_id is null`, `c.root_id desc, c.path`
	}
	query := `select ` + placeColumns + ` from comments c ` + placeJoins + ` where c.site_id = @site and c.article_id = @article
		and c.public_revision is not null and c.published_at is not null and c.id <> @id and ` + beside + ` order by ` + order + ` limit @limit`
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(query, sql.Named("site", siteID), sql.Named("article", c.ArticleID), sql.Named("id", c.ID),
			sql.Named("parent", c.ParentID), sql.Named("limit", limit)).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("siblings of comment %s: %w", c.ID, err)
	}
	return all, nil
}
