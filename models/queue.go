package models

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Waiting is an item of the queue: a comment with the text that it is about and what stands around it.
type Waiting struct {
	Comment
	SiteSlug                   string
	Body, HTML                 string // of TextRevision
	TextRevision               int    // that a decision is about now
	ArticleKey, ArticleURL     string
	ArticleTitle, ArticleState string
	ParentName                 string
	Holder                     string    // the name behind ClaimedBy
	PassedName                 string    // the name behind PassedTo
	DueAt                      time.Time // the promise, without priority
	Since                      time.Time // when what waits came: the text, the first report of the case, the appeal
	SortAt                     time.Time // the item's place in the order that was asked for
	SortID                     uuid.UUID // of the case in reported, of the appeal in appealed, of the decision in decided
}

// Position is where the list goes on after this item.
func (w Waiting) Position() Position {
	return Position{Urgency: -w.Priority, At: w.SortAt, ID: w.SortID}
}

// Position is a place in the order of a lane.
type Position struct {
	Urgency int
	At      time.Time
	ID      uuid.UUID
}

// QueuePage asks for Limit items of a lane after a position (zero: the first).
type QueuePage struct {
	Lane, Sort string
	Filter     Filter
	Me         uuid.UUID // whose claims and passed items are mine
	Now        time.Time
	After      Position
	Limit      int
}

const waitingColumns = `r.body, r.html, r.number as text_revision, a.key as article_key, a.url as article_url, a.title as article_title,
	a.state as article_state, coalesce(p2.author_name, '') as parent_name, coalesce(m.name, '') as holder, coalesce(m2.name, '') as passed_name,
	st.slug as site_slug`

const waitingJoins = ` join sites st on st.id = p.site_id
	join revisions r on r.site_id = p.site_id and r.comment_id = p.id and r.number = coalesce(p.held_revision, p.public_revision, p.revision)
	join articles a on a.site_id = p.site_id and a.id = p.article_id
	left join comments p2 on p2.site_id = p.site_id and p2.id = p.parent_id
	left join moderators m on m.id = p.claimed_by
	left join moderators m2 on m2.id = p.passed_to`

// Queue lists the items of a lane of one site in the order asked for.
func (q Queries) Queue(ctx context.Context, siteID uuid.UUID, p QueuePage) ([]Waiting, error) {
	return q.QueueAcross(ctx, []uuid.UUID{siteID}, p)
}

// QueueAcross lists the items of a lane of several sites in one order. Of each site no more than a page is read, by the
// index of the lane.
func (q Queries) QueueAcross(ctx context.Context, siteIDs []uuid.UUID, p QueuePage) (items []Waiting, err error) {
	s := lanes[p.Lane].sorted(p.Sort)
	narrow, args := p.Filter.narrow(s.lane)
	if !p.After.At.IsZero() {
		narrow += s.behind(s.position())
	}
	limit := strconv.Itoa(p.Limit) // written out, so that no plan is made for a tenth of everything
	page := `select c.*, ` + s.key + ` as sort_at, ` + s.id + ` as sort_id, ` + s.rank + ` as rank_at_key, ` + s.since() + ` as since from ` + s.from +
		` where ` + s.when + narrow + ` order by ` + s.order("c.urgency", s.key, s.id) + ` limit ` + limit
	query := `select p.*, ` + waitingColumns + `, ` + s.dueOf() + ` as due_at
		from unnest(cast(@sites as uuid[])) site (id) cross join lateral (` + strings.ReplaceAll(page, "@site ", "site.id ") + `) p` + waitingJoins +
		` order by ` + s.order("p.urgency", "p.sort_at", "p.sort_id") + ` limit ` + limit
	args = append(args, sql.Named("sites", texts(siteIDs)), sql.Named("me", p.Me), sql.Named("now", p.Now),
		sql.Named("urgency", p.After.Urgency), sql.Named("at", p.After.At), sql.Named("id", p.After.ID))
	err = q.run(ctx, Scope{Sites: siteIDs}, func(tx *Tx) error { return tx.db.Raw(query, args...).Scan(&items).Error })
	if err != nil {
		return nil, fmt.Errorf("queue %s: %w", p.Lane, err)
	}
	return items, nil
}

// dueOf is the promise of an item p.
func (s sorted) dueOf() string { return strings.ReplaceAll(s.due, "c.", "p.") }

// CountCap is how far a lane is counted: a total that is larger is this, and means "this many or more", so that a count
// costs the same however much waits.
const CountCap = 1000

// QueueTotals says how many items each lane has, up to CountCap, and since when the most urgent pending one waits.
type QueueTotals struct {
	Pending, Edited, Reported, Appealed, Mine, SetAside int
	Oldest                                              *time.Time // nil: nothing is pending
}

// QueueTotals counts the lanes as one moderator sees them; the counts are index reads, nothing is kept beside the rows.
func (q Queries) QueueTotals(ctx context.Context, siteIDs []uuid.UUID, p QueuePage) (t QueueTotals, err error) {
	query := `select ` + counted(LanePending) + ` as pending, ` + counted(LaneEdited) + ` as edited, ` + counted(LaneReported) + ` as reported, ` +
		counted(LaneAppealed) + ` as appealed, ` + counted(LaneMine) + ` as mine, ` + counted(LaneSetAside) + ` as set_aside,
		(select min(o.waiting_since) from unnest(cast(@sites as uuid[])) site (id) cross join lateral (
			select c.waiting_since from comments c where c.site_id = site.id and c.status = 'pending' order by c.rank_at, c.id limit 1) o) as oldest`
	err = q.run(ctx, Scope{Sites: siteIDs}, func(tx *Tx) error {
		return first(tx.db.Raw(query, sql.Named("sites", texts(siteIDs)), sql.Named("me", p.Me), sql.Named("now", p.Now)).Scan(&t))
	})
	if err != nil {
		return QueueTotals{}, fmt.Errorf("queue totals: %w", err)
	}
	return t, nil
}

// aside are the comments that are set aside: few, so they are read once, and the lanes are counted from their indexes alone.
const aside = `(select m.id from comments m where m.site_id = any (cast(@sites as uuid[])) and m.set_aside_until > @now)`

// tallies are what is counted of a site in each lane: the lane's own condition, without a row of comments for each.
var tallies = map[string]string{
	LanePending:  `comments c where c.site_id = site.id and c.status = 'pending' and c.id not in ` + aside,
	LaneEdited:   `comments c where c.site_id = site.id and c.status = 'approved' and c.held_revision is not null and c.id not in ` + aside,
	LaneReported: `report_cases k where k.site_id = site.id and k.entry is null and k.comment_id not in ` + aside,
	LaneAppealed: `appeals k where k.site_id = site.id and k.entry is null and k.comment_id not in ` + aside,
	LaneMine:     strings.ReplaceAll(lanes[LaneMine].from+` where `+lanes[LaneMine].when, "@site ", "site.id "),
	LaneSetAside: strings.ReplaceAll(lanes[LaneSetAside].from+` where `+lanes[LaneSetAside].when, "@site ", "site.id "),
}

// QueueTotal counts one lane to its end, as one moderator sees it: for callers that want the number and wait for it.
func (q Queries) QueueTotal(ctx context.Context, siteIDs []uuid.UUID, p QueuePage) (n int, err error) {
	one := strings.ReplaceAll(`select from `+lanes[p.Lane].from+` where `+lanes[p.Lane].when, "@site ", "site.id ")
	err = q.run(ctx, Scope{Sites: siteIDs}, func(tx *Tx) error {
		return tx.db.Raw(`select count(*) from unnest(cast(@sites as uuid[])) site (id) cross join lateral (`+one+`) n`,
			sql.Named("sites", texts(siteIDs)), sql.Named("me", p.Me), sql.Named("now", p.Now)).Scan(&n).Error
	})
	if err != nil {
		return 0, fmt.Errorf("total of %s: %w", p.Lane, err)
	}
	return n, nil
}

// counted is a count of a lane over the sites, up to CountCap.
func counted(name string) string {
	limit := ` limit ` + strconv.Itoa(CountCap)
	return `(select count(*) from (select from unnest(cast(@sites as uuid[])) site (id) cross join lateral (select from ` + tallies[name] + limit + `) o` + limit + `) n)`
}
