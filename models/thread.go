package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Place is a comment where it stands in its public thread, with the text that is public.
// A place whose comment is not public itself (an ancestor of one that is) has an ID, ParentID, Depth and Replies only.
type Place struct {
	ID, RootID            uuid.UUID
	ParentID              *uuid.UUID
	Path                  []byte
	Depth                 int
	Public                bool
	AuthorName, AuthorURL string
	AuthorRole            string
	HTML                  string
	CreatedAt             time.Time
	PublishedAt           *time.Time
	EditedAt              *time.Time
	Featured              bool
	Replies               int // approved ones directly below
	ParentName            string
}

// ThreadPage asks for a page of a thread: Limit comments in reading order after the place that AfterRoot and AfterPath
// name (nothing: from the start). Newest puts the newest roots first; replies stay in the order they were written.
type ThreadPage struct {
	ArticleID uuid.UUID
	Newest    bool
	Featured  bool // only editors' picks
	AfterRoot uuid.UUID
	AfterPath []byte
	Limit     int
}

// A place with its public text. What is not public has no text, name or time on its way out of the database.
const placeColumns = `c.id, c.root_id, c.parent_id, c.path, c.depth, c.public_revision is not null as public,
	case when c.public_revision is not null then c.author_name else '' end as author_name,
	case when c.public_revision is not null then c.author_url else '' end as author_url,
	case when c.public_revision is not null then c.author_role else '' end as author_role,
	c.public_revision is not null and c.featured_at is not null as featured, coalesce(r.html, '') as html, c.created_at, c.published_at,
	case when c.public_revision > 1 then r.created_at end as edited_at,
	(select count(*) from comments a where a.site_id = c.site_id and a.parent_id = c.id and a.public_revision is not null) as replies,
	coalesce(p.author_name, '') as parent_name`

const placeJoins = `left join revisions r on r.site_id = c.site_id and r.comment_id = c.id and r.number = c.public_revision
	left join comments p on p.site_id = c.site_id and p.id = c.parent_id and p.public_revision is not null`

// Thread answers a page of the public thread in reading order, and whether there is more.
// One statement: the page by index, then the ancestors of its comments that are not public themselves. Such an ancestor
// stands on the page of its first public descendant: it lies behind the cursor exactly if that descendant does.
func (q Queries) Thread(ctx context.Context, siteID uuid.UUID, p ThreadPage) (places []Place, more bool, err error) {
	after, order := `c.path > @path`, `path`
	if p.Newest {
		order = `root_id desc, path`
		after = `(not @paged or (c.root_id <= @root and (c.root_id < @root or c.path > @path)))`
	}
	query := `with more as (
			select c.* from comments c where c.site_id = @site and c.article_id = @article and c.public_revision is not null
				and (not @featured or c.featured_at is not null) and ` + after + ` order by ` + order + ` limit @limit + 1
		), page as (select * from more order by ` + order + ` limit @limit
		), gaps as (
			select c.* from comments c where c.site_id = @site and c.article_id = @article and c.public_revision is null and not @featured and ` + after + `
				and c.id in (select encode(substr(page.path, 16 * step + 1, 16), 'hex')::uuid from page, generate_series(0, page.depth - 1) step)
		)
		select ` + placeColumns + `, (select count(*) from more) > @limit as more
		from (select * from page union all select * from gaps) c ` + placeJoins + ` order by ` + order
	if p.AfterPath == nil {
		p.AfterPath = []byte{}
	}
	var rows []struct {
		Place
		More bool
	}
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(query, sql.Named("site", siteID), sql.Named("article", p.ArticleID), sql.Named("root", p.AfterRoot),
			sql.Named("path", p.AfterPath), sql.Named("paged", len(p.AfterPath) > 0), sql.Named("limit", p.Limit), sql.Named("featured", p.Featured)).Scan(&rows).Error
	})
	if err != nil {
		return nil, false, fmt.Errorf("thread of article %s: %w", p.ArticleID, err)
	}
	for _, row := range rows {
		places, more = append(places, row.Place), row.More
	}
	return places, more, nil
}

// Place finds one public comment; anything else is ErrNotFound.
func (q Queries) Place(ctx context.Context, siteID, id uuid.UUID) (p Place, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select `+placeColumns+` from comments c `+placeJoins+`
			where c.site_id = ? and c.id = ? and c.public_revision is not null`, siteID, id).Scan(&p))
	})
	if err != nil {
		return Place{}, fmt.Errorf("public comment %s: %w", id, err)
	}
	return p, nil
}
