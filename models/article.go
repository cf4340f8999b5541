package models

import (
	"context"
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
}

// Article finds an article by the publisher's key.
func (q Queries) Article(ctx context.Context, siteID uuid.UUID, key string) (a Article, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select * from articles where site_id = ? and key = ?`, siteID, key).Scan(&a))
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

// PutArticle adds the article, or sets address, title, text and state of the one with its key, and answers the row.
func (q Queries) PutArticle(ctx context.Context, a Article) (stored Article, err error) {
	err = q.at(ctx, a.SiteID, func(tx *Tx) error {
		return first(tx.db.Raw(`insert into articles (site_id, id, key, url, title, text, state, version, created_at)
			values (@SiteID, @ID, @Key, @URL, @Title, @Text, @State, 2, @CreatedAt)
			on conflict (site_id, key) do update set url = excluded.url, title = excluded.title, text = excluded.text,
				state = excluded.state, version = articles.version + 1
			returning *`, a).Scan(&stored))
	})
	if err != nil {
		return Article{}, fmt.Errorf("put article %q: %w", a.Key, err)
	}
	return stored, nil
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
