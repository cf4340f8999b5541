package models

import (
	"context"
	"database/sql"
	"fmt"
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
	for _, s := range r.Signals {
		batch.Queue(`insert into signals (site_id, comment_id, revision, name, position, version, unavailable, score, minutes, reason, args, spans)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, r.SiteID, r.CommentID, r.Number, s.Name, s.Position, s.Version,
			s.Unavailable, s.Score, s.Minutes, s.Reason, s.Args, s.Spans)
	}
}

// Nearby is a text that a new one is compared with.
type Nearby struct {
	Body                    string
	SameAuthor, SameArticle bool
	Public                  bool
}

// Vicinity asks for what surrounds a text that is about to be written.
type Vicinity struct {
	ArticleKey   string
	AddressHash  []byte    // of the author; nil: unknown
	Except       uuid.UUID // the comment itself, of an edit
	Since, Burst time.Time // what is compared, and what counts as just now
	Limit        int       // of the texts of each kind
}

// Surroundings are the texts around a new one, newest first: of its author, its article and its site; how many the
// article got just now, as far as Limit; and how often the author was approved and refused.
type Surroundings struct {
	Texts                      []Nearby `gorm:"-"`
	Recent, Approved, Rejected int
}

const nearTexts = `with near as (
		(select c.id from comments c where c.site_id = @site and c.author_id = (select a.id from authors a where a.site_id = @site and a.address_hash = @address)
			order by c.id desc limit @limit) union
		(select c.id from comments c where c.site_id = @site and c.article_id = (select a.id from articles a where a.site_id = @site and a.key = @key)
			order by c.id desc limit @limit) union
		(select c.id from comments c where c.site_id = @site order by c.id desc limit @limit))
	select r.body, c.public_revision is not null as public,
		coalesce(c.author_id = (select a.id from authors a where a.site_id = @site and a.address_hash = @address), false) as same_author,
		coalesce(c.article_id = (select a.id from articles a where a.site_id = @site and a.key = @key), false) as same_article
	from near join comments c on c.site_id = @site and c.id = near.id
		join revisions r on r.site_id = @site and r.comment_id = c.id and r.number = c.revision
	where c.created_at > @since and c.id <> @except order by c.id desc`

const nearCounts = `select
	(select count(*) from (select c.created_at from comments c where c.site_id = @site
		and c.article_id = (select a.id from articles a where a.site_id = @site and a.key = @key) order by c.id desc limit @limit) l
		where l.created_at > @burst) as recent,
	(select count(*) from comments c join authors a on a.site_id = c.site_id and a.id = c.author_id
		where c.site_id = @site and a.address_hash = @address and c.status = 'approved') as approved,
	(select count(*) from comments c join authors a on a.site_id = c.site_id and a.id = c.author_id
		where c.site_id = @site and a.address_hash = @address and c.status in ('rejected', 'removed', 'spam')) as rejected`

// Surroundings reads what triage compares a new text with, by index.
func (q Queries) Surroundings(ctx context.Context, siteID uuid.UUID, v Vicinity) (s Surroundings, err error) {
	args := []any{sql.Named("site", siteID), sql.Named("key", v.ArticleKey), sql.Named("address", v.AddressHash), sql.Named("except", v.Except),
		sql.Named("since", v.Since), sql.Named("burst", v.Burst), sql.Named("limit", v.Limit)}
	err = q.at(ctx, siteID, func(tx *Tx) error {
		if err := first(tx.db.Raw(nearCounts, args...).Scan(&s)); err != nil {
			return err
		}
		return tx.db.Raw(nearTexts, args...).Scan(&s.Texts).Error
	})
	if err != nil {
		return Surroundings{}, fmt.Errorf("what surrounds a text: %w", err)
	}
	return s, nil
}
