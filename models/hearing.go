package models

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Hearing is a verdict that is about to be made: on which comment, by whom, on what grounds, and by which request.
type Hearing struct {
	EntryID, CommentID uuid.UUID
	Key                Key    // without a call: nobody can repeat the request
	AddressHash        []byte // of whoever decides
	Event              string // that webhooks are told of
	Locale             string // whose rules are meant
	Drafted            string // the code of the rule whose statement is filled in; empty: none
	At                 time.Time
}

// Matter is what a verdict meets. The comment is held until the transaction ends, and with it all of this but the head.
type Matter struct {
	EntryID      uuid.UUID // of the verdict; if not First, of the one that an earlier request with this key has made
	First        bool      // the key was free, and is taken now; or there was none
	Comment      Comment
	Written      Written             // by whoever decides
	History      []Entry             // oldest first
	Case         *Case               // of readers' reports, open; nil: none
	Appeals      []Appeal            // oldest first
	RulesVersion int                 // in force
	Codes        []string            // of these rules
	Templates    []StatementTemplate // of the rule Drafted, one a language
	Webhooks     []uuid.UUID         // that want to be told of the event
	Head         Head                // of the ledger, at this moment
}

const (
	// The columns that Comment has.
	heldComment = `select site_id, id, article_id, parent_id, root_id, path, depth, author_id, author_name, author_url, author_role, locale, rules_version,
			status, public_revision, held_revision, version, entry, revision, created_at, published_at, featured_at, erased_at,
			rank_at, waiting_since, priority, set_aside_until, passed_to, passed_role, claimed_by, claimed_until
		from comments where site_id = @site and id = @comment for no key update`
	writtenBy = `select coalesce(bool_or(c.id = @comment), false) as comment, coalesce(bool_or(c.id <> @comment), false) as parent
		from comments c join authors a on a.site_id = c.site_id and a.id = c.author_id
		where c.site_id = @site and a.address_hash = @address
			and c.id in (@comment, (select parent_id from comments where site_id = @site and id = @comment))`
	historyOf     = `select * from ledger where site_id = @site and comment_id = @comment order by version`
	openCaseOf    = `select * from report_cases where site_id = @site and comment_id = @comment and entry is null`
	openReportsOf = `select * from reports where site_id = @site and case_id =
		(select id from report_cases where site_id = @site and comment_id = @comment and entry is null) order by created_at, id`
	appealsOf    = `select * from appeals where site_id = @site and comment_id = @comment order by created_at, id`
	codesInForce = `select v.version, array(select r.code from rules r where r.site_id = @site and r.version = v.version and r.locale = @locale order by r.number)
		from rule_versions v where v.site_id = @site order by v.version desc limit 1`
	draftsInForce = `select * from statement_templates where site_id = @site and code = @drafted
		and version = (select max(version) from rule_versions where site_id = @site)`
	headOf = `select site_id, count, hash from ledger_heads where site_id = @site`
)

// Hear takes the comment, then the request's key, and reads what the verdict meets, all in one round trip. Another request
// under a live key gives ErrConflict. The ledger's head is read and not held: whoever writes next moves it on.
// What the transaction asks after it is planned once for each connection.
func (t *Tx) Hear(ctx context.Context, siteID uuid.UUID, h Hearing) (Matter, error) {
	batch, args := &pgx.Batch{}, named{"site": siteID, "comment": h.CommentID, "address": h.AddressHash, "event": h.Event,
		"locale": h.Locale, "drafted": h.Drafted}
	m := Matter{EntryID: h.EntryID, First: true}
	var comments []Comment
	var cases []Case
	var reports []Report
	batch.Queue(sqlPlanOnce)
	collect(batch, &comments, heldComment, args) // each statement after it sees what was committed until it was taken
	if h.Key.Call != "" {
		h.Key.queue(batch, siteID, claim{h.EntryID, h.At, &m.First})
	}
	batch.Queue(writtenBy, args).QueryRow(func(row pgx.Row) error { return row.Scan(&m.Written.Comment, &m.Written.Parent) })
	collect(batch, &m.History, historyOf, args)
	collect(batch, &cases, openCaseOf, args)
	collect(batch, &reports, openReportsOf, args)
	collect(batch, &m.Appeals, appealsOf, args)
	batch.Queue(codesInForce, args).QueryRow(func(row pgx.Row) error { return row.Scan(&m.RulesVersion, &m.Codes) })
	if h.Drafted != "" {
		collect(batch, &m.Templates, draftsInForce, args)
	}
	queueWebhooksFor(batch, &m.Webhooks, args)
	batch.Queue(headOf, args).QueryRow(func(row pgx.Row) error { return row.Scan(&m.Head.SiteID, &m.Head.Count, &m.Head.Hash) })
	err := t.pgx.SendBatch(ctx, batch).Close()
	if errors.Is(err, pgx.ErrNoRows) || err == nil && len(comments) == 0 {
		err = ErrNotFound
	}
	if err == nil && !m.First {
		m.EntryID, err = t.holder(ctx, siteID, h.Key)
	}
	if err != nil {
		return Matter{}, fmt.Errorf("comment %s: %w", h.CommentID, err)
	}
	m.Comment = comments[0]
	if len(cases) > 0 {
		m.Case = &cases[0]
		m.Case.Reports = reports
	}
	return m, nil
}
