package models

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Place is a comment where it stands in its public thread, with the text that is public.
// A place whose comment is not public itself (an ancestor of one that is) has ids, Path, Depth and Replies only.
type Place struct {
	ID, RootID, ArticleID uuid.UUID
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
	Replies               int    // approved ones directly below
	Agreed                int    // how many readers agree with it
	ParentName            string // of a page of a thread
	AlikeStaff            bool   // of a reader whose name looks like the newsroom's; nothing of the row says so
}

// SortTop puts the roots first that most readers agree with; the other sorts are SortOldest and SortNewest.
const SortTop = "top"

// Spot is where a page of a thread ended: a place, and how many agreed with its root when it was shown.
type Spot struct {
	Root   uuid.UUID
	Path   []byte // empty: before the root
	Agreed int
}

// ThreadPage asks for a page of a thread: Limit comments in reading order after a spot (zero: from the start). Sort is
// about roots; answers stay in the order they were written. What readers agree with meanwhile moves roots up only: none
// is shown twice, and one that rises past the spot is seen by whoever begins anew.
type ThreadPage struct {
	ArticleID uuid.UUID
	Sort      string        // empty: SortOldest
	Featured  bool          // only editors' picks
	Branch    uuid.NullUUID // only what stands below this root, and itself
	After     Spot
	Limit     int
}

// A place with its public text. What is not public has no text, name or time on its way out of the database.
const placeColumns = `c.id, c.root_id, c.article_id, c.parent_id, c.path, c.depth, c.public_revision is not null as public,
	case when c.public_revision is not null then c.author_name else '' end as author_name,
	case when c.public_revision is not null then c.author_url else '' end as author_url,
	case when c.public_revision is not null then c.author_role else '' end as author_role,
	c.public_revision is not null and c.featured_at is not null as featured, coalesce(r.html, '') as html, c.created_at, c.published_at,
	case when c.public_revision > 1 then r.created_at end as edited_at,
	(select count(*) from comments a where a.site_id = c.site_id and a.parent_id = c.id and a.public_revision is not null) as replies,
	case when c.public_revision is not null then coalesce((select g.agreed from agreements g where g.site_id = c.site_id and g.comment_id = c.id), 0) else 0 end as agreed`

// One row, found by its key whatever PostgreSQL expects: hence lateral, limit 1.
const placeJoins = `left join lateral (select html, created_at from revisions where site_id = c.site_id and comment_id = c.id and number = c.public_revision limit 1) r on true`

// The public comments of the thread that is asked for.
const publicOnes = `c.site_id = @site and c.article_id = @article and c.public_revision is not null and (not @featured or c.featured_at is not null)`

// Each sort has the comments after the spot, read by an index and no more than are wanted, and the order of the page. The
// part is 0 for what is left of the spot's own branch, whatever became of its count meanwhile, 1 for the roots that
// somebody agrees with, 2 for the others.
var threadSorts = map[string]struct{ comments, order string }{
	SortOldest: {`select c.*, 0 as part, 0 as of_root from comments c where ` + publicOnes + ` and c.path > @path order by path limit @limit + 1`, `path`},
	SortNewest: {`select c.*, 0 as part, 0 as of_root from comments c where ` + publicOnes + `
		and (not @paged or (c.root_id <= @root and (c.root_id < @root or c.path > @path))) order by root_id desc, path limit @limit + 1`, `root_id desc, path`},
	SortTop: {`(select c.*, 0 as part, 0 as of_root from comments c where ` + publicOnes + ` and c.root_id = @root and c.path > @path order by path limit @limit + 1)
		union all (select c.*, 1, t.agreed from agreements t join comments c on c.root_id = t.comment_id where ` + publicOnes + `
			and t.site_id = @site and t.article_id = @article and t.depth = 0
			and (not @paged or (t.agreed <= @agreed and (t.agreed < @agreed or t.comment_id > @root))) order by t.agreed desc, t.comment_id, c.path limit @limit + 1)
		union all (select c.*, 2, 0 from comments c where ` + publicOnes + ` and c.path > case when @agreed = 0 then @path else ''::bytea end and c.root_id <> @root
			and not exists (select from agreements t where t.site_id = c.site_id and t.comment_id = c.root_id) order by path limit @limit + 1)`,
		`part, of_root desc, root_id, path`},
	"branch": {`select c.*, 0 as part, 0 as of_root from comments c where ` + publicOnes + ` and c.root_id = @branch and c.path > @path order by path limit @limit + 1`, `path`},
}

// Thread answers a page of the public thread in reading order, and whether there is more: the page by index, then what is
// beside its comments. An ancestor of them that is not public itself stands on the page of its first public descendant: it
// lies behind the spot exactly if that descendant does.
func (q Queries) Thread(ctx context.Context, siteID uuid.UUID, p ThreadPage) (places []Place, more bool, err error) {
	sort, known := threadSorts[p.Sort]
	switch {
	case p.Branch.Valid:
		sort = threadSorts["branch"]
	case !known:
		sort = threadSorts[SortOldest]
	}
	query := `select ` + pageColumns + ` from (select * from (` + sort.comments + `) c order by ` + sort.order + ` limit @limit + 1) c ` + pageText + ` order by ` + sort.order
	args := p.After.args()
	args["site"], args["article"], args["branch"], args["featured"], args["limit"] = siteID, p.ArticleID, p.Branch.UUID, p.Featured, p.Limit
	gap := func(above Place) bool {
		return !above.Public && !p.Featured && (above.RootID != p.After.Root || bytes.Compare(above.Path, p.After.Path) > 0)
	}
	var rows []pageRow
	err = q.at(ctx, siteID, func(tx *Tx) (err error) {
		if rows, err = tx.pageRows(ctx, query, args); err != nil {
			return err
		}
		more = len(rows) > p.Limit
		rows, err = tx.complete(ctx, siteID, rows[:min(len(rows), p.Limit)], gap)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("thread of article %s: %w", p.ArticleID, err)
	}
	for _, row := range rows {
		places = append(places, row.Place)
	}
	return places, more, nil
}

func (s Spot) args() named {
	path := s.Path
	if path == nil {
		path = []byte{}
	}
	return named{"root": s.Root, "path": path, "agreed": s.Agreed, "paged": s.Root != uuid.Nil}
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
