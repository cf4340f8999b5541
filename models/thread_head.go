package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// ThreadHead is what every page of a thread has, whichever of its comments it shows.
type ThreadHead struct {
	Rules   RuleVersion // in force
	Article Article     // zero: nobody has named it before
	Total   int         // approved comments in all
	Bylines []string    // under which the newsroom has something public on the site
}

const rulesInForce = `select v.version, v.published_at, v.published_by, coalesce(i.locale, '') as locale, coalesce(i.intro, '') as intro,
		coalesce(r.number, 0) as number, coalesce(r.code, '') as code, coalesce(r.title, '') as title, coalesce(r.text, '') as text
	from (select * from rule_versions where site_id = @site order by version desc limit 1) v
	left join rule_intros i on i.site_id = v.site_id and i.version = v.version
	left join rules r on r.site_id = i.site_id and r.version = i.version and r.locale = i.locale order by i.locale, r.number`

const totalByKey = `select count(*) from comments where site_id = @site and public_revision is not null
	and article_id = (select id from articles where site_id = @site and key = @key)`

// The names are few and the comments under each many: a walk over an index, one step a name.
const bylinesOfSite = `with recursive walk (name) as (
		(select author_name from comments where site_id = @site and author_role = 'staff' and public_revision is not null order by author_name limit 1)
		union all select (select author_name from comments where site_id = @site and author_role = 'staff' and public_revision is not null
			and author_name > w.name order by author_name limit 1) from walk w where w.name is not null
	) select name from walk where name is not null`

// ThreadHead reads it in one round trip. What the transaction asks after it is planned once for each connection: the
// plans of a thread are the same whatever is asked for, and making them anew costs more than the reading.
func (q Queries) ThreadHead(ctx context.Context, siteID uuid.UUID, key string) (h ThreadHead, err error) {
	args := named{"site": siteID, "key": key}
	var articles []Article
	var rules []ruleInForce
	err = q.at(ctx, siteID, func(tx *Tx) error {
		batch := &pgx.Batch{}
		batch.Queue(sqlPlanOnce)
		collect(batch, &rules, rulesInForce, args)
		collect(batch, &articles, articleByKey, args)
		batch.Queue(totalByKey, args).QueryRow(func(row pgx.Row) error { return row.Scan(&h.Total) })
		batch.Queue(bylinesOfSite, args).Query(func(rows pgx.Rows) (err error) {
			h.Bylines, err = pgx.CollectRows(rows, pgx.RowTo[string])
			return err
		})
		return tx.pgx.SendBatch(ctx, batch).Close()
	})
	if err == nil && len(rules) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return ThreadHead{}, fmt.Errorf("head of the thread of %q: %w", key, err)
	}
	if len(articles) > 0 {
		h.Article = articles[0]
	}
	h.Rules = inForce(rules)
	return h, nil
}

// ruleInForce is a rule beside its version and the intro of its language; each may be the only one.
type ruleInForce struct {
	Version       int
	PublishedAt   time.Time
	PublishedBy   *uuid.UUID
	Locale, Intro string
	Number        int
	Code          string
	Title, Text   string
}

func inForce(rows []ruleInForce) RuleVersion {
	v := RuleVersion{Version: rows[0].Version, PublishedAt: rows[0].PublishedAt, PublishedBy: rows[0].PublishedBy, Locales: map[string]RuleSet{}}
	for _, row := range rows {
		if row.Code == "" {
			continue
		}
		set := v.Locales[row.Locale]
		set.Intro, set.Rules = row.Intro, append(set.Rules, Rule{Number: row.Number, Code: row.Code, Title: row.Title, Text: row.Text})
		v.Locales[row.Locale] = set
	}
	return v
}
