package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// The lanes of the queue. Each is a pure function of a comment's row.
const (
	LanePending = "pending"
	LaneEdited  = "edited"
)

// lanes gives each lane its condition, word for word that of its partial index; "" is whatever waits.
var lanes = map[string]string{
	"":          `c.held_revision is not null`,
	LanePending: `c.status = 'pending'`,
	LaneEdited:  `c.status = 'approved' and c.held_revision is not null`,
}

// Waiting is an item of the queue: a comment with the text that waits and what stands around it.
type Waiting struct {
	Comment
	Body, HTML                 string // of the waiting revision
	ArticleKey, ArticleURL     string
	ArticleTitle, ArticleState string
	ParentName                 string
	Holder                     string // the name behind ClaimedBy
}

// QueuePage asks for Limit items of a lane after the one that After and AfterID name (zero: the most urgent).
type QueuePage struct {
	Lane    string
	After   time.Time
	AfterID uuid.UUID
	Limit   int
}

const waitingColumns = `c.*, r.body, r.html, a.key as article_key, a.url as article_url, a.title as article_title, a.state as article_state,
	coalesce(p.author_name, '') as parent_name, coalesce(m.name, '') as holder`

const waitingJoins = `join revisions r on r.site_id = c.site_id and r.comment_id = c.id and r.number = c.held_revision
	join articles a on a.site_id = c.site_id and a.id = c.article_id
	left join comments p on p.site_id = c.site_id and p.id = c.parent_id
	left join moderators m on m.id = c.claimed_by`

// Queue lists what waits in a lane, most urgent first.
func (q Queries) Queue(ctx context.Context, siteID uuid.UUID, p QueuePage) (items []Waiting, err error) {
	query := `select ` + waitingColumns + ` from comments c ` + waitingJoins + ` where c.site_id = @site and ` + lanes[p.Lane]
	if !p.After.IsZero() {
		query += ` and (c.rank_at, c.id) > (@after, @id)`
	}
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(query+` order by c.rank_at, c.id limit @limit`, sql.Named("site", siteID), sql.Named("after", p.After),
			sql.Named("id", p.AfterID), sql.Named("limit", p.Limit)).Scan(&items).Error
	})
	if err != nil {
		return nil, fmt.Errorf("queue %s: %w", p.Lane, err)
	}
	return items, nil
}

// QueueTotals says how many items wait in each lane, and since when the most urgent pending one does (nil: none does).
type QueueTotals struct {
	Pending, Edited int
	Oldest          *time.Time
}

// QueueTotals counts the lanes; the counts are index reads, nothing is kept beside the rows.
func (q Queries) QueueTotals(ctx context.Context, siteID uuid.UUID) (t QueueTotals, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select
			(select count(*) from comments c where c.site_id = @site and `+lanes[LanePending]+`) as pending,
			(select count(*) from comments c where c.site_id = @site and `+lanes[LaneEdited]+`) as edited,
			(select c.created_at from comments c where c.site_id = @site and `+lanes[LanePending]+` order by c.rank_at, c.id limit 1) as oldest`,
			sql.Named("site", siteID)).Scan(&t))
	})
	if err != nil {
		return QueueTotals{}, fmt.Errorf("queue totals: %w", err)
	}
	return t, nil
}

// Claim asks for a lease on waiting items: the next Limit of a lane, or the one named.
type Claim struct {
	By          uuid.UUID
	Now, Until  time.Time
	AddressHash []byte // of the claimer: own comments and replies to them are left out
	Lane        string
	ID          uuid.NullUUID
	After       uuid.NullUUID // only items behind this one in the order of the queue
	Mine        bool          // items that By holds already count too
	Limit       int
}

// Claim leases waiting items that nobody else holds, and answers them, most urgent first. Items that another
// transaction is claiming at this moment are passed over, so two claimers never get the same one.
func (t *Tx) Claim(_ context.Context, siteID uuid.UUID, c Claim) (items []Waiting, err error) {
	which, free := lanes[c.Lane], `(c.claimed_until is null or c.claimed_until <= @now)`
	if c.ID.Valid {
		which = lanes[""] + ` and c.id = @id`
	}
	if c.After.Valid {
		which += ` and (c.rank_at, c.id) > (select a.rank_at, a.id from comments a where a.site_id = @site and a.id = @after)`
	}
	if c.Mine {
		free = `(` + free + ` or c.claimed_by = @by)`
	}
	query := `with next as (
			select c.id from comments c where c.site_id = @site and ` + which + ` and ` + free + `
				and not exists (select from authors w where w.site_id = c.site_id and w.address_hash = @address and (w.id = c.author_id
					or w.id = (select p.author_id from comments p where p.site_id = c.site_id and p.id = c.parent_id)))
			order by c.rank_at, c.id limit @limit for no key update of c skip locked
		), claimed as (
			update comments c set claimed_by = @by, claimed_until = @until from next where c.site_id = @site and c.id = next.id returning c.*
		)
		select ` + waitingColumns + ` from claimed c ` + waitingJoins + ` order by c.rank_at, c.id`
	err = t.db.Raw(query, sql.Named("site", siteID), sql.Named("id", c.ID), sql.Named("after", c.After), sql.Named("by", c.By), sql.Named("now", c.Now),
		sql.Named("until", c.Until), sql.Named("address", c.AddressHash), sql.Named("limit", c.Limit)).Scan(&items).Error
	if err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	return items, nil
}

// Release ends the claim of by on a comment; a claim that is not theirs stays. It reports whether there was one.
func (q Queries) Release(ctx context.Context, siteID, id, by uuid.UUID) (held bool, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		released := tx.db.Exec(`update comments set claimed_by = null, claimed_until = null
			where site_id = ? and id = ? and claimed_by = ?`, siteID, id, by)
		held = released.RowsAffected > 0
		return released.Error
	})
	if err != nil {
		return false, fmt.Errorf("release comment %s: %w", id, err)
	}
	return held, nil
}

// Siblings lists public comments beside one: the latest replies to the same parent, or roots, of its article.
func (q Queries) Siblings(ctx context.Context, siteID uuid.UUID, c Comment, limit int) (all []Place, err error) {
	beside, order := `c.parent_id = @parent`, `c.path desc`
	if c.ParentID == nil { // in the order of comments_newest: the path of a root is its root_id
		beside, order = `c.parent_id is null`, `c.root_id desc, c.path`
	}
	query := `select ` + placeColumns + ` from comments c ` + placeJoins + ` where c.site_id = @site and c.article_id = @article
		and c.public_revision is not null and c.id <> @id and ` + beside + ` order by ` + order + ` limit @limit`
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(query, sql.Named("site", siteID), sql.Named("article", c.ArticleID), sql.Named("id", c.ID),
			sql.Named("parent", c.ParentID), sql.Named("limit", limit)).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("siblings of comment %s: %w", c.ID, err)
	}
	return all, nil
}
