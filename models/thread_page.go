package models

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// pageRow is a place on a page of a thread, and of a page by branches which branch it is in, how large that is, and how
// many agree with its root.
type pageRow struct {
	Place
	N, Size, OfRoot int
	More            bool // branches after the page
}

// What a page reads of comments that are public, each with its text. The rest is read for all of them at once, see
// complete: a part of a statement that runs for each row costs more than the row.
const (
	pageColumns = `c.id, c.root_id, c.article_id, c.parent_id, c.path, c.depth, c.public_revision is not null as public,
	c.author_name, c.author_url, c.author_role, c.featured_at is not null as featured, r.html, c.created_at, c.published_at,
	case when c.public_revision > 1 then r.created_at end as edited_at`
	pageText = `cross join lateral (select html, created_at from revisions where site_id = c.site_id and comment_id = c.id and number = c.public_revision limit 1) r`
)

// pageRows reads the comments of a page by pgx: GORM takes longer to find where a column goes than PostgreSQL for the row.
func (t *Tx) pageRows(ctx context.Context, query string, args named) ([]pageRow, error) {
	rows, err := t.pgx.Query(ctx, query, args)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByNameLax[pageRow])
}

// beside is what is read of the comments of a page all at once.
type beside struct {
	above           map[uuid.UUID]Place // what stands above them and is not among them; without a text where it is not public
	replies, agreed map[uuid.UUID]int
}

const (
	placesAbove = `select c.id, c.root_id, c.article_id, c.parent_id, c.path, c.depth, c.public_revision is not null as public,
		case when c.public_revision is not null then c.author_name else '' end as author_name,
		case when c.public_revision is not null then c.author_url else '' end as author_url,
		case when c.public_revision is not null then c.author_role else '' end as author_role,
		c.public_revision is not null and c.featured_at is not null as featured, coalesce(r.html, '') as html, c.created_at, c.published_at,
		case when c.public_revision > 1 then r.created_at end as edited_at
	from comments c left join revisions r on r.site_id = c.site_id and r.comment_id = c.id and r.number = c.public_revision
	where c.site_id = @site and c.id = any (@above)`
	repliesTo  = `select parent_id, count(*) from comments where site_id = @site and parent_id = any (@all) and public_revision is not null group by parent_id`
	agreedWith = `select comment_id, agreed from agreements where site_id = @site and comment_id = any (@all)`
)

// complete adds what stands above the comments of a page, where it is wanted there, and counts for all of them. One
// round trip.
func (t *Tx) complete(ctx context.Context, siteID uuid.UUID, rows []pageRow, wanted func(above Place) bool) ([]pageRow, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	b, err := t.beside(ctx, siteID, rows)
	if err != nil {
		return nil, err
	}
	all := b.add(rows, wanted)
	b.count(all)
	return all, nil
}

// add puts each place that stands above others, and is wanted, before the first of them.
func (b beside) add(rows []pageRow, wanted func(above Place) bool) []pageRow {
	placed, all := make(map[uuid.UUID]bool, len(rows)), make([]pageRow, 0, len(rows)+len(b.above))
	for _, row := range rows {
		for _, id := range ancestorsIn(row.Path) {
			if up, known := b.above[id]; known && !placed[id] && wanted(up) {
				placed[id] = true
				all = append(all, pageRow{Place: up, N: row.N, Size: row.Size, OfRoot: row.OfRoot, More: row.More})
			}
		}
		all = append(all, row)
	}
	return all
}

// count fills in what is counted of places, and whom they answer.
func (b beside) count(rows []pageRow) {
	names := make(map[uuid.UUID]string, len(rows)+len(b.above))
	for id, up := range b.above {
		names[id] = up.AuthorName
	}
	for i := range rows {
		p := &rows[i].Place
		names[p.ID] = p.AuthorName
		p.Replies = b.replies[p.ID]
		if p.Public {
			p.Agreed = b.agreed[p.ID]
		}
		if p.ParentID != nil { // who stands above, and so comes first
			p.ParentName = names[*p.ParentID]
		}
	}
}

func (t *Tx) beside(ctx context.Context, siteID uuid.UUID, rows []pageRow) (b beside, err error) {
	b = beside{above: map[uuid.UUID]Place{}, replies: map[uuid.UUID]int{}, agreed: map[uuid.UUID]int{}}
	ids, known := make([]uuid.UUID, 0, len(rows)), make(map[uuid.UUID]bool, len(rows))
	for _, row := range rows {
		ids, known[row.ID] = append(ids, row.ID), true
	}
	for _, row := range rows {
		for _, id := range ancestorsIn(row.Path) {
			if !known[id] {
				ids, known[id] = append(ids, id), true
			}
		}
	}
	batch, args := &pgx.Batch{}, named{"site": siteID, "all": ids, "above": ids[len(rows):]}
	var above []Place
	if len(ids) > len(rows) {
		collect(batch, &above, placesAbove, args)
	}
	countInto(batch, b.replies, repliesTo, args)
	countInto(batch, b.agreed, agreedWith, args)
	if err := t.pgx.SendBatch(ctx, batch).Close(); err != nil {
		return beside{}, err
	}
	for _, p := range above {
		b.above[p.ID] = p
	}
	return b, nil
}

func countInto(batch *pgx.Batch, counts map[uuid.UUID]int, query string, args named) {
	batch.Queue(query, args).Query(func(rows pgx.Rows) error {
		var id uuid.UUID
		var n int
		_, err := pgx.ForEachRow(rows, []any{&id, &n}, func() error { counts[id] = n; return nil })
		return err
	})
}

// ancestorsIn are the ids in a comment's path above its own, the root's first.
func ancestorsIn(path []byte) (ids []uuid.UUID) {
	const length = len(uuid.UUID{})
	for id := range slices.Chunk(path[:len(path)-len(path)%length], length) { // the schema sees to it that nothing is left
		ids = append(ids, uuid.UUID(id))
	}
	return ids[:max(len(ids)-1, 0)]
}
