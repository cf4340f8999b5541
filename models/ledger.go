package models

import (
	"context"
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

// Head is the end of the chain that an entry is the last of, without a mac.
func (e Entry) Head() Head { return Head{SiteID: e.SiteID, Count: e.Seq, Hash: e.Hash} }

// LockLedger keeps everybody else from writing to the site's ledger until the transaction ends. Decisions hold it when they
// come to their article: whoever holds an article and then writes to the ledger takes it first.
func (t *Tx) LockLedger(_ context.Context, siteID uuid.UUID) error {
	if err := t.db.Exec(`select from ledger_heads where site_id = ? for no key update`, siteID).Error; err != nil {
		return fmt.Errorf("lock the ledger: %w", err)
	}
	return nil
}

// Log writes an entry that is about no comment, and answers the chain's new head, to be signed by SignHead.
func (t *Tx) Log(ctx context.Context, e Entry, written []Statement) (Head, error) {
	batch := &pgx.Batch{}
	queueEntry(batch, &e, written)
	if err := t.pgx.SendBatch(ctx, batch).Close(); err != nil {
		return Head{}, fmt.Errorf("log %s: %w", e.Action, err)
	}
	return e.Head(), nil
}

// queueEntry adds the insert of an entry, with what was written beside it, to a batch that gives it its place in the chain.
func queueEntry(batch *pgx.Batch, e *Entry, written []Statement) {
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
			$18, $19, $20, $21, $22, $23) returning seq, prev_hash, hash`,
		e.SiteID, e.ID, e.Kind, e.Action, uuid.NullUUID{UUID: e.CommentID, Valid: e.CommentID != uuid.Nil}, about(e.Version), about(e.Revision),
		e.Status, e.PublicRevision, e.HeldRevision, e.RulesVersion, []string(e.Rules), e.ActorID, e.Undoes, e.StatementHash, e.NoteHash, e.CreatedAt,
		e.AuthorID, e.ArticleID, e.BatchID, e.Until, e.AssignedTo, e.Appealed).
		QueryRow(func(row pgx.Row) error { return row.Scan(&e.Seq, &e.PrevHash, &e.Hash) })
	for _, s := range written {
		batch.Queue(`insert into statements (site_id, entry_id, kind, text, salt) values ($1, $2, $3, $4, $5)`,
			e.SiteID, e.ID, s.Kind, s.Text, s.Salt)
	}
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
