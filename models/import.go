package models

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// SourceKey is a hash of where a comment comes from, and of its name there.
type SourceKey [32]byte

// Imported is one comment that was written elsewhere, in the state that it comes in with.
type Imported struct {
	Submission             // its Comment has that state, and names its Entry unless it waits
	Source     SourceKey   // by which it comes in once
	Entry      *Entry      // nil: it waits, as if it had just been sent
	Notes      []Statement // beside the entry: from where, and by whom
}

// Import writes comments that were written elsewhere, in their order, with their entries; parents stand before what
// answers them, or are there already. It answers the chain's new head, to be signed by SignHead; the same as before
// where nothing has an entry. Whoever decides, erases or writes meanwhile is waited for: the ledger is taken first, then
// articles, then authors.
func (t *Tx) Import(ctx context.Context, siteID uuid.UUID, all []Imported) (Head, error) {
	if err := t.LockLedger(ctx, siteID); err != nil {
		return Head{}, err
	}
	batch := &pgx.Batch{}
	public := queueArticles(batch, siteID, all)
	queueAuthors(batch, all)
	for _, i := range all {
		queueImported(batch, i)
	}
	if err := t.pgx.SendBatch(ctx, batch).Close(); err != nil {
		return Head{}, fmt.Errorf("import %d comments: %w", len(all), err)
	}
	for _, key := range public {
		t.hint(Hint{SiteID: siteID, Article: key})
	}
	head := Head{SiteID: siteID}
	for _, i := range all {
		if i.Entry != nil {
			head = i.Entry.Head()
		}
	}
	return head, nil
}

// queueArticles adds the articles that are new, each as its first comment names it, and raises the version of those whose
// public thread changes, in the order of their keys. It answers the keys of these.
func queueArticles(batch *pgx.Batch, siteID uuid.UUID, all []Imported) (public []string) {
	first, seen := map[string]Imported{}, map[string]bool{}
	for _, i := range all {
		key := i.Article.Key
		if _, known := first[key]; !known {
			first[key] = i
		}
		seen[key] = seen[key] || i.Comment.PublicRevision != nil
	}
	for _, key := range slices.Sorted(maps.Keys(first)) {
		a := first[key].Article
		batch.Queue(`insert into articles (site_id, id, key, url, title, created_at) values ($1, $2, $3, $4, $5, $6) on conflict (site_id, key) do nothing`,
			siteID, a.ID, a.Key, a.URL, a.Title, first[key].Comment.CreatedAt)
		if seen[key] {
			batch.Queue(`update articles set version = version + 1 where site_id = $1 and key = $2`, siteID, key)
			public = append(public, key)
		}
	}
	return public
}

// queueAuthors adds the authors that are new, and holds those that are known, in the order of their addresses; see
// Tx.Submit.
func queueAuthors(batch *pgx.Batch, all []Imported) {
	inOrder := slices.SortedStableFunc(slices.Values(all), func(a, b Imported) int { return bytes.Compare(a.Author.AddressHash, b.Author.AddressHash) })
	for _, i := range inOrder {
		queueAuthor(batch, i.Comment, i.Author)
	}
}

// queueImported adds one comment to a batch that gives its entry its place in the chain.
func queueImported(batch *pgx.Batch, i Imported) {
	c, r := i.Comment, i.Revision
	batch.Queue(`insert into comments (site_id, id, article_id, parent_id, root_id, path, depth, author_id, author_name, author_url, author_role, locale,
			rules_version, status, version, entry, public_revision, held_revision, created_at, published_at, erased_at, rank_at, waiting_since, priority)
		values ($1, $2, (select id from articles where site_id = $1 and key = $3), $4, $5, $6, $7,
			(select id from authors where site_id = $1 and (address_hash = $8 or id = $9) order by address_hash = $8 desc nulls last limit 1),
			$10, $11, 'reader', $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`,
		c.SiteID, c.ID, i.Article.Key, c.ParentID, c.RootID, c.Path, c.Depth, i.Author.AddressHash, i.Author.ID, c.AuthorName, c.AuthorURL, c.Locale,
		c.RulesVersion, c.Status, c.Version, c.Entry, c.PublicRevision, c.HeldRevision, c.CreatedAt, c.PublishedAt, c.ErasedAt, c.RankAt, c.WaitingSince, c.Priority)
	batch.Queue(`insert into revisions (site_id, comment_id, number, body, html, markup_version, created_at, erased_at) values ($1, $2, 1, $3, $4, $5, $6, $7)`,
		c.SiteID, c.ID, r.Body, r.HTML, r.MarkupVersion, r.CreatedAt, c.ErasedAt)
	queueSignals(batch, r)
	batch.Queue(`insert into imported (site_id, source, comment_id) values ($1, $2, $3)`, c.SiteID, i.Source[:], c.ID)
	if i.Entry != nil {
		queueEntry(batch, i.Entry, i.Notes)
	}
}

// Standing is where an imported comment stands: under which article, and below whom.
type Standing struct {
	ID, RootID uuid.UUID
	ArticleKey string
	Path       []byte
	Depth      int
}

// Standings answers where those of the sources' comments stand that are there.
func (t *Tx) Standings(ctx context.Context, siteID uuid.UUID, sources []SourceKey) (map[SourceKey]Standing, error) {
	keys, there := make([][]byte, len(sources)), map[SourceKey]Standing{}
	for i := range sources {
		keys[i] = sources[i][:]
	}
	rows, err := t.pgx.Query(ctx, `select i.source, c.id, c.root_id, a.key, c.path, c.depth from imported i
		join comments c on c.site_id = i.site_id and c.id = i.comment_id
		join articles a on a.site_id = c.site_id and a.id = c.article_id
		where i.site_id = $1 and i.source = any ($2)`, siteID, keys)
	if err == nil {
		var source []byte
		var s Standing
		_, err = pgx.ForEachRow(rows, []any{&source, &s.ID, &s.RootID, &s.ArticleKey, &s.Path, &s.Depth}, func() error {
			at := s
			at.Path = bytes.Clone(s.Path)
			there[SourceKey(source)] = at
			return nil
		})
	}
	if err != nil {
		return nil, fmt.Errorf("where comments stand: %w", err)
	}
	return there, nil
}
