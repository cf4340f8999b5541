package models

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Change is one ledger entry with all that it does: to its comment, and to what was said against it. An entry that undoes
// another opens the reports and appeals again that the other closed.
type Change struct {
	Entry      Entry
	Revision   *Revision // of an edit: the new text
	Statements []Statement
	Handling
	Claim      bool // the claim stays: the author changed the text under it
	Public     bool // what the public sees of the thread changes
	Unpublish  bool // the first publication is taken back
	FeaturedAt *time.Time

	Answers    *uuid.UUID // the case of readers' reports that it closes
	Decides    *Appeal    // with its outcome
	Moots      bool       // the comment's open appeals
	Deliveries []Delivery // to webhooks
	End        Head       // of the chain with its mac, should nobody else write before; zero: not known
}

// Record writes a change, and answers its entry as it stands in the ledger and whether its End is the chain's. If not, the
// caller signs the entry's head by SignHead in the same transaction. A comment that is not at the version before, or an
// appeal that is closed, gives ErrConflict.
func (t *Tx) Record(ctx context.Context, c Change) (e Entry, signed bool, err error) {
	// One pgx batch, because GORM does not pipeline.
	batch := &pgx.Batch{}
	e = c.Entry
	thread := Hint{SiteID: e.SiteID, gone: c.Public && e.PublicRevision == nil}
	if c.Revision != nil {
		queueRevision(batch, *c.Revision)
	}
	queueEntry(batch, &e, c.Statements)
	c.queueComment(batch)
	c.queueObjections(batch)
	for _, d := range c.Deliveries {
		batch.Queue(insertDelivery, d.args())
	}
	if c.Public {
		batch.Queue(`update articles set version = version + 1 where site_id = $1 and id =
			(select article_id from comments where site_id = $1 and id = $2) returning key`, e.SiteID, e.CommentID).
			QueryRow(func(row pgx.Row) error { return row.Scan(&thread.Article) })
		t.queueCDN(batch, e.SiteID)
	} else {
		batch.Queue(tellOfSite, e.SiteID)
	}
	c.End.queue(batch, &signed)
	err = t.pgx.SendBatch(ctx, batch).Close()
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrConflict
	}
	if err != nil {
		return Entry{}, false, fmt.Errorf("record %s of comment %s: %w", e.Action, e.CommentID, err)
	}
	t.hint(thread)
	return e, signed, nil
}

// queueComment leads the comment to the state that the entry names.
func (c Change) queueComment(batch *pgx.Batch) {
	e := c.Entry
	batch.Queue(`update comments set version = $3, entry = $4, status = $5, public_revision = $6, held_revision = $7,
			revision = greatest(revision, $8), published_at = case when $10 then null else coalesce(published_at, case when $6::integer is not null then $11::timestamptz end) end,
			claimed_by = case when $9 then claimed_by end, claimed_until = case when $9 then claimed_until end,
			rank_at = $12, waiting_since = $13, priority = $14, set_aside_until = $15, passed_to = $16, passed_role = $17, featured_at = $18
		where site_id = $1 and id = $2 and version = $3 - 1 returning true`,
		e.SiteID, e.CommentID, e.Version, e.ID, e.Status, e.PublicRevision, e.HeldRevision, e.Revision, c.Claim, c.Unpublish, e.CreatedAt,
		c.RankAt, c.WaitingSince, c.Priority, c.SetAsideUntil, c.PassedTo, c.PassedRole, c.FeaturedAt).
		QueryRow(oneRow)
}

// queueObjections keeps reports and appeals in step.
func (c Change) queueObjections(batch *pgx.Batch) {
	e := c.Entry
	if e.Undoes != nil {
		queueReopening(batch, e)
	}
	if c.Answers != nil {
		batch.Queue(`update report_cases set entry = $3 where site_id = $1 and id = $2 and entry is null`, e.SiteID, *c.Answers, e.ID)
	}
	if c.Decides != nil {
		a := c.Decides
		batch.Queue(`update appeals set entry = $3, outcome = $4, decided_by = $5 where site_id = $1 and id = $2 and entry is null returning true`,
			e.SiteID, a.ID, e.ID, a.Outcome, a.DecidedBy).QueryRow(oneRow)
	}
	if c.Moots {
		batch.Queue(`update appeals set entry = $3, outcome = 'moot' where site_id = $1 and comment_id = $2 and entry is null`, e.SiteID, e.CommentID, e.ID)
	}
}

// queueReopening opens again what the undone entry had closed. Where readers have reported the comment since, the earlier
// reports join the case that is open already, at the earlier case's place in the lane.
func queueReopening(batch *pgx.Batch, e Entry) {
	args := named{"site": e.SiteID, "comment": e.CommentID, "undone": *e.Undoes}
	batch.Queue(`update reports r set case_id = o.id from report_cases a, report_cases o
		where a.site_id = @site and a.comment_id = @comment and a.entry = @undone
		and o.site_id = @site and o.comment_id = @comment and o.entry is null and r.site_id = @site and r.case_id = a.id`, args)
	batch.Queue(`update report_cases o set rank_at = least(o.rank_at, a.rank_at) from report_cases a
		where a.site_id = @site and a.comment_id = @comment and a.entry = @undone
		and o.site_id = @site and o.comment_id = @comment and o.entry is null`, args)
	batch.Queue(`update report_cases a set entry = null where a.site_id = @site and a.comment_id = @comment and a.entry = @undone
		and not exists (select from report_cases o where o.site_id = @site and o.comment_id = @comment and o.entry is null)`, args)
	batch.Queue(`update appeals set entry = null, outcome = null, decided_by = null
		where site_id = @site and comment_id = @comment and entry = @undone`, args)
}

// oneRow is pgx.ErrNoRows where a statement that answers true changed nothing.
func oneRow(row pgx.Row) error {
	var changed bool
	return row.Scan(&changed)
}

// queue signs the chain's end, if it is this one.
func (h Head) queue(batch *pgx.Batch, signed *bool) {
	if h.Mac == nil {
		return
	}
	batch.Queue(`update ledger_heads set mac = $4 where site_id = $1 and count = $2 and hash = $3`, h.SiteID, h.Count, h.Hash, h.Mac).
		Exec(func(tag pgconn.CommandTag) error { *signed = tag.RowsAffected() == 1; return nil })
}

// SignHead stores the program's mac over the chain's head.
func (t *Tx) SignHead(ctx context.Context, h Head) error {
	if _, err := t.pgx.Exec(ctx, `update ledger_heads set mac = $2 where site_id = $1`, h.SiteID, h.Mac); err != nil {
		return fmt.Errorf("sign the ledger's head: %w", err)
	}
	return nil
}
