package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Author is who wrote: one per address and site, else one per comment.
type Author struct {
	SiteID, ID  uuid.UUID
	AddressHash []byte  // 32 bytes, nil without an address
	Email       *string // as first typed; nil also once it is forgotten
	CreatedAt   time.Time
}

// Record is what a site knows of an author's comments.
type Record struct {
	Since                                      time.Time
	Approved, Rejected, Spam, Removed, Pending int
	ByAddress                                  bool
}

// Author finds an author by id.
func (q Queries) Author(ctx context.Context, siteID, id uuid.UUID) (Author, error) {
	return q.author(ctx, `select * from authors where site_id = ? and id = ?`, siteID, id)
}

// LockAuthor is Author, and nobody can write under their address until the transaction ends. What was written before is
// seen by the statements that follow.
func (t *Tx) LockAuthor(ctx context.Context, siteID, id uuid.UUID) (Author, error) {
	return t.author(ctx, `select * from authors where site_id = ? and id = ? for update`, siteID, id)
}

func (q Queries) author(ctx context.Context, query string, siteID, id uuid.UUID) (a Author, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error { return first(tx.db.Raw(query, siteID, id).Scan(&a)) })
	if err != nil {
		return Author{}, fmt.Errorf("author %s: %w", id, err)
	}
	return a, nil
}

// AuthorByAddress finds the author with an address.
func (q Queries) AuthorByAddress(ctx context.Context, siteID uuid.UUID, addressHash []byte) (a Author, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select * from authors where site_id = ? and address_hash = ?`, siteID, addressHash).Scan(&a))
	})
	if err != nil {
		return Author{}, fmt.Errorf("author by address: %w", err)
	}
	return a, nil
}

// AuthorRecord counts an author's comments on the site by their state.
func (q Queries) AuthorRecord(ctx context.Context, siteID, authorID uuid.UUID) (r Record, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select a.created_at as since, a.address_hash is not null as by_address,
				count(*) filter (where c.status = 'approved') as approved, count(*) filter (where c.status = 'rejected') as rejected,
				count(*) filter (where c.status = 'spam') as spam, count(*) filter (where c.status = 'removed') as removed,
				count(*) filter (where c.status = 'pending') as pending
			from authors a left join comments c on c.site_id = a.site_id and c.author_id = a.id
			where a.site_id = ? and a.id = ? group by a.created_at, a.address_hash`, siteID, authorID).Scan(&r))
	})
	if err != nil {
		return Record{}, fmt.Errorf("record of author %s: %w", authorID, err)
	}
	return r, nil
}

// queueAuthor adds a comment's author, who is new since it was written. A known author's row is locked also where nothing of it
// changes: so an erasure of the address and what is written under it wait for each other. After one, the address is a new
// author's; a forgotten address is known again.
func queueAuthor(batch *pgx.Batch, c Comment, a Author) {
	batch.Queue(`insert into authors (site_id, id, address_hash, email, created_at) values ($1, $2, $3, $4, $5)
		on conflict (site_id, address_hash) do update set email = excluded.email where authors.email is null`,
		c.SiteID, a.ID, a.AddressHash, a.Email, c.CreatedAt)
}

// Written says which of a comment and its parent somebody wrote.
type Written struct{ Comment, Parent bool }

// WrittenBy says which of a comment and its parent came from an address.
func (q Queries) WrittenBy(ctx context.Context, siteID, commentID uuid.UUID, addressHash []byte) (w Written, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(writtenBy, map[string]any{"site": siteID, "comment": commentID, "address": addressHash}).Scan(&w))
	})
	if err != nil {
		return Written{}, fmt.Errorf("who wrote comment %s: %w", commentID, err)
	}
	return w, nil
}

// Note is what a moderator wrote for the others about a comment.
type Note struct {
	CommentID uuid.UUID
	Text      string
	Actor     string
	CreatedAt time.Time
}

// Marks are what decisions and readers left on an author's comments. A decision that was undone is none.
type Marks struct {
	Rules            []RuleCount // most often first
	Reports, Appeals int         // cases of readers' reports; appeals by the author
	Notes            []Note      // the newest, newest first
}

// notesShown is how many notes on an author's comments are read.
const notesShown = 5

// AuthorMarks reads what was decided and noted about an author's comments on the site.
func (q Queries) AuthorMarks(ctx context.Context, siteID, authorID uuid.UUID) (m Marks, err error) {
	var counts struct{ Reports, Appeals int }
	err = q.at(ctx, siteID, func(tx *Tx) error {
		err := tx.db.Raw(`select rule as code, count(*) as count from comments c
				join ledger l on l.site_id = c.site_id and l.comment_id = c.id and l.action in ('reject', 'remove'), unnest(l.rules) rule
			where c.site_id = @site and c.author_id = @author and not exists (select from ledger u
				where u.site_id = l.site_id and u.comment_id = l.comment_id and u.undoes = l.id)
			group by rule order by count(*) desc, rule`, sql.Named("site", siteID), sql.Named("author", authorID)).Scan(&m.Rules).Error
		if err != nil {
			return err
		}
		err = tx.db.Raw(`select count(r.id) as reports, (select count(*) from comments c join appeals a on a.site_id = c.site_id and a.comment_id = c.id
				where c.site_id = @site and c.author_id = @author) as appeals
			from comments c join report_cases r on r.site_id = c.site_id and r.comment_id = c.id
			where c.site_id = @site and c.author_id = @author`, sql.Named("site", siteID), sql.Named("author", authorID)).Scan(&counts).Error
		if err != nil {
			return err
		}
		return tx.db.Raw(`select l.comment_id, s.text, coalesce(o.name, '') as actor, l.created_at from comments c
				join ledger l on l.site_id = c.site_id and l.comment_id = c.id and l.note_hash is not null
				join statements s on s.site_id = l.site_id and s.entry_id = l.id and s.kind = 'note' left join moderators o on o.id = l.actor_id
			where c.site_id = @site and c.author_id = @author order by l.seq desc limit @limit`, sql.Named("site", siteID),
			sql.Named("author", authorID), sql.Named("limit", notesShown)).Scan(&m.Notes).Error
	})
	if err != nil {
		return Marks{}, fmt.Errorf("marks of author %s: %w", authorID, err)
	}
	m.Reports, m.Appeals = counts.Reports, counts.Appeals
	return m, nil
}

// WrittenComment is one of an author's comments, with its newest text.
type WrittenComment struct {
	ID                       uuid.UUID
	AuthorName, AuthorRole   string
	Body, HTML, Status       string
	Locale                   string
	ArticleKey, ArticleTitle string
	CreatedAt                time.Time
}

// AuthorPage asks for Limit comments of an author, newest first, before the one that Before and BeforeID name (zero: from
// the newest).
type AuthorPage struct {
	AuthorID uuid.UUID
	Before   time.Time
	BeforeID uuid.UUID
	Limit    int
}

// WrittenComments lists what an author wrote on the site, and reports whether there is more.
func (q Queries) WrittenComments(ctx context.Context, siteID uuid.UUID, p AuthorPage) (all []WrittenComment, more bool, err error) {
	query := `select c.id, c.author_name, c.author_role, r.body, r.html, c.status, c.locale, a.key as article_key, a.title as article_title, c.created_at
		from comments c join articles a on a.site_id = c.site_id and a.id = c.article_id
			join revisions r on r.site_id = c.site_id and r.comment_id = c.id and r.number = c.revision
		where c.site_id = @site and c.author_id = @author`
	if !p.Before.IsZero() {
		query += ` and (c.created_at, c.id) < (@before, @id)`
	}
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(query+` order by c.created_at desc, c.id desc limit @limit`, sql.Named("site", siteID), sql.Named("author", p.AuthorID),
			sql.Named("before", p.Before), sql.Named("id", p.BeforeID), sql.Named("limit", p.Limit+1)).Scan(&all).Error
	})
	if err != nil {
		return nil, false, fmt.Errorf("comments of author %s: %w", p.AuthorID, err)
	}
	return all[:min(p.Limit, len(all))], len(all) > p.Limit, nil
}
