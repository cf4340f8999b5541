package models

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// The kinds of ledger entries.
const (
	KindDecision   = "decision"
	KindEdit       = "edit"
	KindWithdrawal = "withdrawal"
	KindErasure    = "erasure"
	KindImport     = "import"
)

// Entry is one line of a site's append-only log. It is about a comment, and then names the state it led it to, or about
// an author or an article.
type Entry struct {
	SiteID       uuid.UUID
	Seq          int64 // 1, 2, 3 … in each site; given by the database
	ID           uuid.UUID
	Kind, Action string
	CommentID    uuid.UUID // zero: about an author or an article
	Version      int       // of the comment, made by this entry
	Revision     int       // judged by a decision, made by an edit
	State
	AuthorID, ArticleID     *uuid.UUID
	RulesVersion            int // in force at the time
	Rules                   Strings
	ActorID                 *uuid.UUID // a moderator; nil: the author
	Undoes                  *uuid.UUID
	BatchID                 *uuid.UUID // decided together with others
	Until                   *time.Time // the end of a pause, a ban or a setting aside
	AssignedTo              *uuid.UUID // passed to; nil: to the editors
	Appealed                *uuid.UUID // of an appeal's decision: the one that it was about
	StatementHash, NoteHash []byte
	CreatedAt               time.Time // in microseconds
	PrevHash, Hash          []byte    // given by the database
}

// Head is the end of a site's chain: how many entries it has, the last one's hash, and the program's mac over both.
type Head struct {
	SiteID    uuid.UUID
	Count     int64
	Hash, Mac []byte
}

// Change is one ledger entry with all that it does to its comment.
type Change struct {
	Entry      Entry
	Revision   *Revision // of an edit: the new text
	Statements []Statement
	Handling
	Claim      bool // the claim stays: the author changed the text under it
	Public     bool // what the public sees of the thread changes
	Unpublish  bool // the first publication is taken back
	FeaturedAt *time.Time
}

// Record writes the entry and moves the comment to the state it names, and answers the chain's new head, which the
// caller signs by SignHead in the same transaction. A comment that is not at the version before gives ErrConflict.
func (t *Tx) Record(ctx context.Context, c Change) (Head, error) {
	// One pgx batch, because GORM does not pipeline.
	e, batch, head, moved := c.Entry, &pgx.Batch{}, Head{SiteID: c.Entry.SiteID}, false
	thread := Hint{SiteID: e.SiteID, gone: c.Public && e.PublicRevision == nil}
	if c.Revision != nil {
		queueRevision(batch, *c.Revision)
	}
	queueEntry(batch, e, c.Statements, &head)
	batch.Queue(`update comments set version = $3, entry = $4, status = $5, public_revision = $6, held_revision = $7,
			revision = greatest(revision, $8), published_at = case when $10 then null else coalesce(published_at, case when $6::integer is not null then $11::timestamptz end) end,
			claimed_by = case when $9 then claimed_by end, claimed_until = case when $9 then claimed_until end,
			rank_at = $12, waiting_since = $13, priority = $14, set_aside_until = $15, passed_to = $16, passed_role = $17, featured_at = $18
		where site_id = $1 and id = $2 and version = $3 - 1 returning true`,
		e.SiteID, e.CommentID, e.Version, e.ID, e.Status, e.PublicRevision, e.HeldRevision, e.Revision, c.Claim, c.Unpublish, e.CreatedAt,
		c.RankAt, c.WaitingSince, c.Priority, c.SetAsideUntil, c.PassedTo, c.PassedRole, c.FeaturedAt).
		QueryRow(func(row pgx.Row) error { return row.Scan(&moved) })
	if c.Public {
		batch.Queue(`update articles set version = version + 1 where site_id = $1 and id =
			(select article_id from comments where site_id = $1 and id = $2) returning key`, e.SiteID, e.CommentID).
			QueryRow(func(row pgx.Row) error { return row.Scan(&thread.Article) })
	} else {
		batch.Queue(tellOfSite, e.SiteID)
	}
	err := t.pgx.SendBatch(ctx, batch).Close()
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrConflict
	}
	if err != nil {
		return Head{}, fmt.Errorf("record %s of comment %s: %w", e.Action, e.CommentID, err)
	}
	t.hint(thread)
	return head, nil
}

// Log writes an entry that is about no comment, and answers the chain's new head, to be signed as Record's.
func (t *Tx) Log(ctx context.Context, e Entry, written []Statement) (Head, error) {
	batch, head := &pgx.Batch{}, Head{SiteID: e.SiteID}
	queueEntry(batch, e, written, &head)
	if err := t.pgx.SendBatch(ctx, batch).Close(); err != nil {
		return Head{}, fmt.Errorf("log %s: %w", e.Action, err)
	}
	return head, nil
}

// queueEntry adds the insert of an entry, with what was written beside it, to a batch that fills head.
func queueEntry(batch *pgx.Batch, e Entry, written []Statement, head *Head) {
	about := func(n int) *int {
		if e.CommentID == uuid.Nil {
			return nil
		}
		return &n
	}
	batch.Queue(`insert into ledger (site_id, id, kind, action, comment_id, version, revision, status, public_revision, held_revision,
			rules_version, rules, actor_id, undoes, statement_hash, note_hash, created_at,
			author_id, article_id, batch_id, until, assigned_to, appealed)
		values ($1, $2, $3, $4, $5, $6, $7, nullif($8, ''), $9, $10, $11, coalesce($12::text[], '{}'), $13, $14, $15, $16, $17,
			$18, $19, $20, $21, $22, $23) returning seq, hash`,
		e.SiteID, e.ID, e.Kind, e.Action, uuid.NullUUID{UUID: e.CommentID, Valid: e.CommentID != uuid.Nil}, about(e.Version), about(e.Revision),
		e.Status, e.PublicRevision, e.HeldRevision, e.RulesVersion, []string(e.Rules), e.ActorID, e.Undoes, e.StatementHash, e.NoteHash, e.CreatedAt,
		e.AuthorID, e.ArticleID, e.BatchID, e.Until, e.AssignedTo, e.Appealed).
		QueryRow(func(row pgx.Row) error { return row.Scan(&head.Count, &head.Hash) })
	for _, s := range written {
		batch.Queue(`insert into statements (site_id, entry_id, kind, text, salt) values ($1, $2, $3, $4, $5)`,
			e.SiteID, e.ID, s.Kind, s.Text, s.Salt)
	}
}

// SignHead stores the program's mac over the chain's head.
func (t *Tx) SignHead(ctx context.Context, h Head) error {
	if _, err := t.pgx.Exec(ctx, `update ledger_heads set mac = $2 where site_id = $1`, h.SiteID, h.Mac); err != nil {
		return fmt.Errorf("sign the ledger's head: %w", err)
	}
	return nil
}

// LedgerHead answers the end of the site's chain.
func (q Queries) LedgerHead(ctx context.Context, siteID uuid.UUID) (h Head, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select * from ledger_heads where site_id = ?`, siteID).Scan(&h))
	})
	if err != nil {
		return Head{}, fmt.Errorf("ledger head: %w", err)
	}
	return h, nil
}

// Ledger lists the site's entries after seq, oldest first, at most limit of them.
func (q Queries) Ledger(ctx context.Context, siteID uuid.UUID, after int64, limit int) (all []Entry, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select * from ledger where site_id = ? and seq > ? order by seq limit ?`,
			siteID, after, limit).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("ledger after %d: %w", after, err)
	}
	return all, nil
}

// Entry finds one entry by its id.
func (q Queries) Entry(ctx context.Context, siteID, id uuid.UUID) (e Entry, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select * from ledger where site_id = ? and id = ?`, siteID, id).Scan(&e))
	})
	if err != nil {
		return Entry{}, fmt.Errorf("ledger entry %s: %w", id, err)
	}
	return e, nil
}

// History lists the entries of one comment that made versions above after, oldest first.
func (q Queries) History(ctx context.Context, siteID, commentID uuid.UUID, after int) (all []Entry, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select * from ledger where site_id = ? and comment_id = ? and version > ? order by version`,
			siteID, commentID, after).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("history of comment %s: %w", commentID, err)
	}
	return all, nil
}

// LastDecision finds the newest decision of a moderator on the site.
func (q Queries) LastDecision(ctx context.Context, siteID, actorID uuid.UUID) (e Entry, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select * from ledger where site_id = ? and actor_id = ? order by seq desc limit 1`,
			siteID, actorID).Scan(&e))
	})
	if err != nil {
		return Entry{}, fmt.Errorf("last decision of %s: %w", actorID, err)
	}
	return e, nil
}
