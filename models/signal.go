package models

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Signal is what triage said of one text. Args and Spans are JSON; Reason is a key of the catalogue of languages.
type Signal struct {
	Name        string
	Position    int // in the list of signals
	Version     int
	Unavailable bool
	Score       float64 // 0 to 1
	Minutes     int     // its term of the priority
	Reason      string
	Args, Spans string
}

// Signals lists what triage said of one text of a comment, in the order of the list of signals.
func (q Queries) Signals(ctx context.Context, siteID, commentID uuid.UUID, revision int) (all []Signal, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select * from signals where site_id = ? and comment_id = ? and revision = ? order by position`,
			siteID, commentID, revision).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("signals of comment %s: %w", commentID, err)
	}
	return all, nil
}

// queueSignals adds what triage said of a revision to the batch that writes it.
func queueSignals(batch *pgx.Batch, r Revision) {
	n := len(r.Signals)
	if n == 0 {
		return
	}
	names, reasons, args, spans := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	positions, versions, minutes := make([]int, n), make([]int, n), make([]int, n)
	unavailable, scores := make([]bool, n), make([]float64, n)
	for i, s := range r.Signals {
		names[i], reasons[i], args[i], spans[i] = s.Name, s.Reason, s.Args, s.Spans
		positions[i], versions[i], minutes[i], unavailable[i], scores[i] = s.Position, s.Version, s.Minutes, s.Unavailable, s.Score
	}
	batch.Queue(`insert into signals (site_id, comment_id, revision, name, position, version, unavailable, score, minutes, reason, args, spans)
		select $1, $2, $3, * from unnest($4::text[], $5::integer[], $6::integer[], $7::boolean[], $8::float8[], $9::integer[], $10::text[], $11::text[], $12::text[])`,
		r.SiteID, r.CommentID, r.Number, names, positions, versions, unavailable, scores, minutes, reasons, args, spans)
}

// Nearby is a text that a new one is compared with: the newest revision of a comment.
type Nearby struct {
	ID                      uuid.UUID // of the comment
	Revision                int
	SameAuthor, SameArticle bool
	Public                  bool
	CreatedAt               time.Time
}

// Vicinity asks for what surrounds a text that is about to be written.
type Vicinity struct {
	ArticleKey   string
	AddressHash  []byte    // of the author; nil: unknown
	Except       uuid.UUID // the comment itself, of an edit
	Since, Burst time.Time // what is compared, and what counts as just now
}

// Surroundings are what triage holds a new text to: the texts around it, newest first: of its author, its article and its
// site, at most nearby of each; how many of them the article got just now; how often the author was approved and refused;
// the article, unless nobody has named it before, and the site's words.
type Surroundings struct {
	Texts                      []Nearby
	Recent, Approved, Rejected int
	Article                    *Article
	Words                      []Word
}

// nearby is how many texts of the author, of the article and of the site a new one is compared with.
const nearby = 25

const nearColumns = `c.id, c.revision, c.created_at, c.public_revision is not null, c.erased_at is not null,
	coalesce(c.author_id = (select author_id from here), false), coalesce(c.article_id = (select article_id from here), false)`

// nearTexts asks for the newest of the site and of the article, some of them twice. Those of no use, which are few, are
// left out when they are here: to look for others instead could take as long as a site has comments.
var nearTexts = fmt.Sprintf(`with here as materialized (select
		(select id from authors where site_id = @site and address_hash = @address) as author_id,
		(select id from articles where site_id = @site and key = @key) as article_id)
	(select `+nearColumns+` from comments c where c.site_id = @site order by c.id desc limit %[1]d) union all
	(select `+nearColumns+` from comments c where c.site_id = @site and c.article_id = (select article_id from here) order by c.id desc limit %[1]d)`, nearby)

var nearTextsAndAuthor = nearTexts + fmt.Sprintf(` union all
	(select `+nearColumns+` from comments c where c.site_id = @site and c.author_id = (select author_id from here) order by c.id desc limit %d)`, nearby)

const recordOf = `select count(*) filter (where c.status = 'approved'), count(*) filter (where c.status in ('rejected', 'removed', 'spam'))
	from comments c join authors a on a.site_id = c.site_id and a.id = c.author_id where c.site_id = @site and a.address_hash = @address`

// planOnce lets PostgreSQL keep the plans of what a transaction asks from here on: making them anew for each comment costs
// more than all that they do. It is for statements of which every plan worth having is the same.
const planOnce, sqlPlanOnce = `set_config('plan_cache_mode', 'force_generic_plan', true)`, `select ` + planOnce

// queue adds to a batch that the surroundings are read, but for the article.
func (v Vicinity) queue(batch *pgx.Batch, siteID uuid.UUID, s *Surroundings) {
	args := named{"site": siteID, "key": v.ArticleKey, "address": v.AddressHash}
	texts := nearTexts
	if v.AddressHash != nil {
		texts = nearTextsAndAuthor
		batch.Queue(recordOf, args).QueryRow(func(row pgx.Row) error { return row.Scan(&s.Approved, &s.Rejected) })
	}
	batch.Queue(texts, args).Query(func(rows pgx.Rows) error { return v.collect(rows, s) })
	collect(batch, &s.Words, wordsOfSite, args)
}

// collect reads what nearTexts asks for.
func (v Vicinity) collect(rows pgx.Rows, s *Surroundings) error {
	var n Nearby
	var erased bool
	s.Texts = make([]Nearby, 0, 3*nearby)
	seen := make(map[uuid.UUID]bool, 3*nearby)
	_, err := pgx.ForEachRow(rows, []any{&n.ID, &n.Revision, &n.CreatedAt, &n.Public, &erased, &n.SameAuthor, &n.SameArticle}, func() error {
		if seen[n.ID] || erased || n.ID == v.Except || !n.CreatedAt.After(v.Since) {
			return nil
		}
		seen[n.ID] = true
		s.Texts = append(s.Texts, n)
		if n.SameArticle && n.CreatedAt.After(v.Burst) {
			s.Recent++
		}
		return nil
	})
	slices.SortFunc(s.Texts, func(a, b Nearby) int { return bytes.Compare(b.ID[:], a.ID[:]) })
	return err
}

// Surroundings reads what triage compares a new text with, by index and in one round trip. Meanwhile may be done while that
// is under way, once; it is not where there is no database to ask.
func (q Queries) Surroundings(ctx context.Context, siteID uuid.UUID, v Vicinity, meanwhile func()) (s Surroundings, err error) {
	batch := &pgx.Batch{}
	v.queue(batch, siteID, &s)
	collectFirst(batch, func(found Article) { s.Article = &found }, articleByKey, named{"site": siteID, "key": v.ArticleKey})
	if err := q.look(ctx, siteID, look{batch, meanwhile}); err != nil {
		return Surroundings{}, fmt.Errorf("what surrounds a text: %w", err)
	}
	return s, nil
}

// NearbyHTML is the text of one of them, by markup.Render.
type NearbyHTML struct {
	ID       uuid.UUID
	Revision int
	HTML     string
}

// NearbyTexts reads texts that a new one is compared with. What is no longer there is left out.
func (q Queries) NearbyTexts(ctx context.Context, siteID uuid.UUID, of []Nearby) (all []NearbyHTML, err error) {
	ids, revisions := make([]uuid.UUID, len(of)), make([]int, len(of))
	for i, n := range of {
		ids[i], revisions[i] = n.ID, n.Revision
	}
	batch := &pgx.Batch{}
	collect(batch, &all, `select r.comment_id as id, r.number as revision, r.html from unnest(@ids::uuid[], @revisions::integer[]) wanted (id, revision)
		join revisions r on r.site_id = @site and r.comment_id = wanted.id and r.number = wanted.revision`,
		named{"site": siteID, "ids": ids, "revisions": revisions})
	if err := q.look(ctx, siteID, look{batch, nil}); err != nil {
		return nil, fmt.Errorf("nearby texts: %w", err)
	}
	return all, nil
}

// collect adds a query to a batch, whose rows become what dst points to: columns are matched to fields by name.
func collect[T any](batch *pgx.Batch, dst *[]T, query string, args named) {
	batch.Queue(query, args).Query(func(rows pgx.Rows) (err error) {
		*dst, err = pgx.CollectRows(rows, pgx.RowToStructByNameLax[T])
		return err
	})
}

// collectFirst is collect of one row, of which set is told if there is one.
func collectFirst[T any](batch *pgx.Batch, set func(T), query string, args named) {
	batch.Queue(query, args).Query(func(rows pgx.Rows) error {
		found, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[T])
		if len(found) > 0 {
			set(found[0])
		}
		return err
	})
}
