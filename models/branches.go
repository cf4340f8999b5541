package models

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"
)

// Branch is a root and what of its answers is shown, in reading order.
type Branch struct {
	Places []Place
	Size   int // public comments in all, the root included
	Agreed int // with the root
}

// BranchesPage asks for whole branches of a thread: as many as come to Limit comments, and at least one. Of a long branch
// the first Fold comments are shown, and as many as there are where not more than Slack would be left over.
type BranchesPage struct {
	ArticleID uuid.UUID
	Sort      string
	After     Spot // zero: from the start; its Path is not looked at
	From      bool // After is the first root of the page, not the last of the one before
	Limit     int

	Fold, Slack int
	Within      Spot // the long branch that is shown from this place on, with what stands above it; zero: none
}

// Walks over the roots of a thread that have something public, each one step in an index: n counts them in their order.
// A root that is not public itself has one all the same where an answer is.
const (
	oneRoot  = `(select c.root_id from comments c where c.site_id = @site and c.article_id = @article and c.public_revision is not null and c.root_id `
	walkOn   = ` limit 1)`
	unagreed = ` and not exists (select from agreements t where t.site_id = c.site_id and t.comment_id = c.root_id)`
)

// walk is the recursive query of roots in one direction.
func walk(beyond, begin, order, more string) string {
	order = more + ` order by c.root_id ` + order + walkOn
	return `(root_id, n) as (select * from (select ` + oneRoot + begin + order + `, 1) first (root_id, n)
		union all select ` + oneRoot + beyond + ` w.root_id` + order + `, n + 1 from walk w where w.root_id is not null and n <= @limit)`
}

// begin is the condition on the first root.
func (p BranchesPage) begin(beyond string) string {
	switch {
	case p.After.Root == uuid.Nil:
		return `is not null`
	case p.From:
		return beyond + `= @root`
	}
	return beyond + ` @root`
}

// roots are the named queries that end in one called roots, of (root_id, n, agreed).
func (p BranchesPage) roots() string {
	switch p.Sort {
	case SortNewest:
		return `walk ` + walk(`<`, p.begin(`<`), `desc`, ``) + `, roots as (select root_id, n, 0 as agreed from walk)`
	case SortTop:
		counted, begin := `t.agreed <= @agreed and (t.agreed < @agreed or t.comment_id `+p.begin(`>`)+`)`, `is not null`
		if p.After.Agreed == 0 {
			begin = p.begin(`>`)
		}
		if p.After.Root == uuid.Nil {
			counted = `true`
		}
		return `counted as (select t.comment_id as root_id, t.agreed, row_number() over (order by t.agreed desc, t.comment_id) as n from agreements t
				where t.site_id = @site and t.article_id = @article and t.depth = 0 and ` + counted + ` and exists (select from comments c
					where c.site_id = @site and c.article_id = @article and c.root_id = t.comment_id and c.public_revision is not null)
				order by t.agreed desc, t.comment_id limit @limit + 1),
			walk ` + walk(`>`, begin, `asc`, unagreed) + `,
			roots as (select root_id, n, agreed from counted union all select root_id, n + (select count(*) from counted), 0 from walk)`
	}
	return `walk ` + walk(`>`, p.begin(`>`), `asc`, ``) + `, roots as (select root_id, n, 0 as agreed from walk)`
}

// Branches answers a page of the public thread by whole branches, and whether there is more: the roots by a walk
// over an index with the beginning of each branch, then what is beside those comments, and whatever stands above them.
func (q Queries) Branches(ctx context.Context, siteID uuid.UUID, p BranchesPage) (branches []Branch, more bool, err error) {
	query := `with recursive ` + p.roots() + `, sized as (
			select r.*, (select count(*) from comments c where c.site_id = @site and c.article_id = @article and c.root_id = r.root_id
				and c.public_revision is not null) as size from roots r where r.root_id is not null
		), folded as (select *, case when size > cast(@whole as integer) then cast(@fold as integer) else size end as shown from sized
		), summed as (select *, coalesce(sum(shown) over (order by n rows between unbounded preceding and 1 preceding), 0) as before from folded
		), page as (select * from summed where before < @limit and n <= @limit
		)
		select ` + pageColumns + `, page.n, page.size, page.agreed as of_root, (select count(*) from sized) > (select count(*) from page) as more
		from page cross join lateral (
			select c.* from comments c where c.site_id = @site and c.article_id = @article and c.root_id = page.root_id and c.public_revision is not null
				and c.path >= case when page.size > page.shown and page.root_id = @within then @path else ''::bytea end
			order by c.path limit page.shown) c ` + pageText + ` order by page.n, c.path`
	var rows []pageRow
	args := Spot{Root: p.After.Root, Agreed: p.After.Agreed, Path: p.Within.Path}.args()
	args["site"], args["article"], args["within"] = siteID, p.ArticleID, p.Within.Root
	args["limit"], args["fold"], args["whole"] = p.Limit, p.Fold, p.Fold+p.Slack
	err = q.at(ctx, siteID, func(tx *Tx) (err error) {
		if rows, err = tx.pageRows(ctx, query, args); err != nil {
			return err
		}
		rows, err = tx.complete(ctx, siteID, rows, func(Place) bool { return true })
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("branches of article %s: %w", p.ArticleID, err)
	}
	for i, row := range rows {
		if i == 0 || row.N != rows[i-1].N {
			branches = append(branches, Branch{Size: row.Size, Agreed: row.OfRoot})
		}
		b := &branches[len(branches)-1]
		b.Places, more = append(b.Places, row.Place), row.More
	}
	return branches, more, nil
}

// Ordinal answers at which place of its branch a public comment stands, counting from 1, and how many agree with the root.
func (q Queries) Ordinal(ctx context.Context, siteID, articleID uuid.UUID, p Place) (ordinal, agreed int, err error) {
	var row struct{ Ordinal, Agreed int }
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select count(*) as ordinal, coalesce((select agreed from agreements where site_id = @site and comment_id = @root), 0) as agreed
			from comments c where c.site_id = @site and c.article_id = @article and c.root_id = @root and c.public_revision is not null and c.path <= @path`,
			sql.Named("site", siteID), sql.Named("article", articleID), sql.Named("root", p.RootID), sql.Named("path", p.Path)).Scan(&row).Error
	})
	if err != nil {
		return 0, 0, fmt.Errorf("ordinal of comment %s: %w", p.ID, err)
	}
	return row.Ordinal, row.Agreed, nil
}
