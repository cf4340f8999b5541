package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// The states of an article's thread.
const (
	ArticleOpen   = "open"
	ArticleClosed = "closed"
)

// Article is what a thread stands under, named by the publisher's own key.
type Article struct {
	SiteID, ID      uuid.UUID
	Key, URL, Title string
	Text            string
	State           string
	Version         int64 // raised whenever the public thread changes; 1: nothing of it is public yet
	CreatedAt       time.Time

	Section, Lead  string     // for whoever moderates
	ClosesAt       *time.Time // when it takes no more comments
	CloseAfterDays *int       // the same, from CreatedAt on; 0: never; nil: as the site has it
	SlowMinutes    int        // one comment per author in so many; 0: as many as they like
	Notice         string     // above the thread, plain text
}

// Closing is when the article closes by itself; nil: never.
func (a Article) Closing(site Site) *time.Time {
	days := site.CloseAfterDays
	if a.CloseAfterDays != nil {
		days = a.CloseAfterDays
	}
	if a.ClosesAt != nil || days == nil || *days == 0 || a.CreatedAt.IsZero() {
		return a.ClosesAt
	}
	end := a.CreatedAt.AddDate(0, 0, *days)
	return &end
}

// Closed reports whether the article takes no comments at the given time.
func (a Article) Closed(site Site, now time.Time) bool {
	end := a.Closing(site)
	return a.State == ArticleClosed || end != nil && !end.After(now)
}

const articleByKey = `select site_id, id, key, url, title, text, state, version, created_at, section, lead, closes_at, close_after_days, slow_minutes, notice
	from articles where site_id = @site and key = @key`

// Article finds an article by the publisher's key.
func (q Queries) Article(ctx context.Context, siteID uuid.UUID, key string) (a Article, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(articleByKey, sql.Named("site", siteID), sql.Named("key", key)).Scan(&a))
	})
	if err != nil {
		return Article{}, fmt.Errorf("article %q: %w", key, err)
	}
	return a, nil
}

// ArticleByID finds an article by its id.
func (q Queries) ArticleByID(ctx context.Context, siteID, id uuid.UUID) (a Article, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select * from articles where site_id = ? and id = ?`, siteID, id).Scan(&a))
	})
	if err != nil {
		return Article{}, fmt.Errorf("article %s: %w", id, err)
	}
	return a, nil
}

// LockArticle finds an article by the publisher's key and keeps everybody else from changing it until the transaction ends.
func (t *Tx) LockArticle(_ context.Context, siteID uuid.UUID, key string) (a Article, err error) {
	err = first(t.db.Raw(`select * from articles where site_id = ? and key = ? for no key update`, siteID, key).Scan(&a))
	if err != nil {
		return Article{}, fmt.Errorf("article %q: %w", key, err)
	}
	return a, nil
}

// PutArticle adds the article, or sets all that can be set of the one with its key, and answers the row. Its version
// grows where the public sees a difference, and is never again that of an article of which nothing is public.
func (q Queries) PutArticle(ctx context.Context, a Article) (stored Article, err error) {
	err = q.at(ctx, a.SiteID, func(tx *Tx) error {
		err := first(tx.db.Raw(`insert into articles as old (site_id, id, key, url, title, text, section, lead, state, closes_at, close_after_days,
				slow_minutes, notice, version, created_at)
			values (@SiteID, @ID, @Key, @URL, @Title, @Text, @Section, @Lead, @State, @ClosesAt, @CloseAfterDays, @SlowMinutes, @Notice, 2, @CreatedAt)
			on conflict (site_id, key) do update set url = excluded.url, title = excluded.title, text = excluded.text,
				section = excluded.section, lead = excluded.lead, state = excluded.state, closes_at = excluded.closes_at,
				close_after_days = excluded.close_after_days, slow_minutes = excluded.slow_minutes, notice = excluded.notice,
				version = greatest(2, old.version + case when
					(excluded.url, excluded.title, excluded.state, excluded.closes_at, excluded.close_after_days, excluded.slow_minutes, excluded.notice)
					is distinct from (old.url, old.title, old.state, old.closes_at, old.close_after_days, old.slow_minutes, old.notice) then 1 else 0 end)
			returning *`, a).Scan(&stored))
		if err == nil {
			tx.hint(Hint{SiteID: a.SiteID, Article: a.Key})
		}
		return err
	})
	if err != nil {
		return Article{}, fmt.Errorf("put article %q: %w", a.Key, err)
	}
	return stored, nil
}

// NameArticle sets address, title and lead of the article with the key as its publisher gives them, unless an editor has
// set something of it. Where it is public its version grows with what readers see.
func (t *Tx) NameArticle(_ context.Context, siteID uuid.UUID, a Article) error {
	named := t.db.Exec(`update articles a set url = @url, title = @title, lead = @lead,
			version = a.version + case when a.version > 1 and (a.url, a.title) is distinct from (@url, @title) then 1 else 0 end
		where a.site_id = @site and a.key = @key and (a.url, a.title, a.lead) is distinct from (@url, @title, @lead)
			and not exists (select from ledger l where l.site_id = a.site_id and l.article_id = a.id and l.action = 'article')`,
		sql.Named("site", siteID), sql.Named("key", a.Key), sql.Named("url", a.URL), sql.Named("title", a.Title), sql.Named("lead", a.Lead))
	if named.Error != nil {
		return fmt.Errorf("name article %q: %w", a.Key, named.Error)
	}
	if named.RowsAffected > 0 {
		t.hint(Hint{SiteID: siteID, Article: a.Key})
	}
	return nil
}

// ArticlesPage asks for Limit articles, newest first, before the one that Before and BeforeID name (zero: from the
// newest), with Search in the title or key.
type ArticlesPage struct {
	Search   string
	Before   time.Time
	BeforeID uuid.UUID
	Limit    int
}

// Articles lists a site's articles, and reports whether there are more.
func (q Queries) Articles(ctx context.Context, siteID uuid.UUID, p ArticlesPage) (all []Article, more bool, err error) {
	query := `select * from articles where site_id = @site`
	if p.Search != "" {
		query += ` and strpos(lower(title || ' ' || key), lower(@search)) > 0`
	}
	if !p.Before.IsZero() {
		query += ` and (created_at, id) < (@before, @id)`
	}
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(query+` order by created_at desc, id desc limit @limit`, sql.Named("site", siteID), sql.Named("search", p.Search),
			sql.Named("before", p.Before), sql.Named("id", p.BeforeID), sql.Named("limit", p.Limit+1)).Scan(&all).Error
	})
	if err != nil {
		return nil, false, fmt.Errorf("articles: %w", err)
	}
	return all[:min(p.Limit, len(all))], len(all) > p.Limit, nil
}

// Counts answers how many approved comments stand under each article; a key that nobody knows counts 0.
func (q Queries) Counts(ctx context.Context, siteID uuid.UUID, keys []string) (counts map[string]int, err error) {
	counts = make(map[string]int, len(keys))
	for _, key := range keys {
		counts[key] = 0
	}
	var rows []struct {
		Key   string
		Count int
	}
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select a.key, count(*) from articles a join comments c on c.site_id = a.site_id
			and c.article_id = a.id and c.public_revision is not null
			where a.site_id = ? and a.key = any (?) group by a.key`, siteID, Strings(keys)).Scan(&rows).Error
	})
	if err != nil {
		return nil, fmt.Errorf("count comments: %w", err)
	}
	for _, row := range rows {
		counts[row.Key] = row.Count
	}
	return counts, nil
}
