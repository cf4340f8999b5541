package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// The states of a comment.
const (
	Pending   = "pending"
	Approved  = "approved"
	Rejected  = "rejected"
	Spam      = "spam"
	Removed   = "removed"
	Withdrawn = "withdrawn"
)

// State is one word, and which revisions are public and waiting. It changes only together with a ledger entry.
type State struct {
	Status         string
	PublicRevision *int // set exactly while approved
	HeldRevision   *int // set exactly while something waits for a decision
}

// Same reports whether both are the same state.
func (s State) Same(as State) bool {
	same := func(a, b *int) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }
	return s.Status == as.Status && same(s.PublicRevision, as.PublicRevision) && same(s.HeldRevision, as.HeldRevision)
}

// Comment is one comment of a thread, without its text.
type Comment struct {
	SiteID, ID, ArticleID uuid.UUID
	ParentID              *uuid.UUID
	RootID                uuid.UUID
	Path                  []byte // the ids from the root to this comment, 16 bytes each
	Depth                 int
	AuthorID              uuid.UUID
	AuthorName, AuthorURL string
	AuthorRole            string // reader or staff
	Locale                string
	RulesVersion          int // that the author was shown
	State
	Version     int
	Entry       *uuid.UUID // the ledger entry that made this version
	Revision    int        // the newest
	CreatedAt   time.Time
	PublishedAt *time.Time // first made public
	FeaturedAt  *time.Time // chosen by an editor
	ErasedAt    *time.Time // its name and texts were wiped
	Handling
	ClaimedBy    *uuid.UUID
	ClaimedUntil *time.Time
}

// Handling is how the desk deals with what waits.
type Handling struct {
	RankAt        time.Time // the order of the queue: when it is due, less Priority
	WaitingSince  time.Time // when what waits was sent
	Priority      int       // minutes that triage moves it forward
	SetAsideUntil *time.Time
	PassedTo      *uuid.UUID // a moderator
	PassedRole    *string    // the editors
}

// Judged is the revision that a decision is about now: what waits, else what is public, else the newest.
func (c Comment) Judged() int {
	switch {
	case c.HeldRevision != nil:
		return *c.HeldRevision
	case c.PublicRevision != nil:
		return *c.PublicRevision
	}
	return c.Revision
}

// HeldBy reports who else than me holds the claim at the given time.
func (c Comment) HeldBy(me uuid.UUID, now time.Time) (uuid.UUID, bool) {
	if c.ClaimedBy == nil || *c.ClaimedBy == me || !c.ClaimedUntil.After(now) {
		return uuid.Nil, false
	}
	return *c.ClaimedBy, true
}

// Comment finds a comment by its id.
func (q Queries) Comment(ctx context.Context, siteID, id uuid.UUID) (Comment, error) {
	return q.comment(ctx, `select * from comments where site_id = ? and id = ?`, siteID, id)
}

// LockComment finds a comment and keeps everybody else from changing it until the transaction ends.
func (t *Tx) LockComment(ctx context.Context, siteID, id uuid.UUID) (Comment, error) {
	return t.comment(ctx, `select * from comments where site_id = ? and id = ? for no key update`, siteID, id)
}

func (q Queries) comment(ctx context.Context, query string, siteID, id uuid.UUID) (c Comment, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error { return first(tx.db.Raw(query, siteID, id).Scan(&c)) })
	if err != nil {
		return Comment{}, fmt.Errorf("comment %s: %w", id, err)
	}
	return c, nil
}

// Submission is everything that one new comment writes.
type Submission struct {
	Comment     Comment // its ArticleID and AuthorID are found or made here
	Revision    Revision
	Author      Author
	Article     Article
	NetworkHash []byte // where it came from; nil: not known
}

// Submit writes a new comment with its first revision and from where it came, and its article and author where they are
// new. An Article with a CreatedAt is one that is there. What cannot be written is an error of the transaction.
func (t *Tx) Submit(ctx context.Context, s Submission) error {
	// One pgx batch, because GORM does not pipeline.
	c, batch := s.Comment, &pgx.Batch{}
	article, inArticle := any(s.Article.ID), `$3`
	if s.Article.CreatedAt.IsZero() {
		batch.Queue(`insert into articles (site_id, id, key, url, title, created_at, lead) values ($1, $2, $3, $4, $5, $6, $7)
			on conflict (site_id, key) do nothing`, c.SiteID, s.Article.ID, s.Article.Key, s.Article.URL, s.Article.Title, c.CreatedAt, s.Article.Lead)
		article, inArticle = s.Article.Key, `(select id from articles where site_id = $1 and key = $3)`
	}
	queueAuthor(batch, c, s.Author)
	author, byAuthor := any(s.Author.ID), `$8`
	if s.Author.AddressHash != nil {
		author, byAuthor = s.Author.AddressHash, `(select id from authors where site_id = $1 and address_hash = $8)`
	}
	batch.Queue(`insert into comments (site_id, id, article_id, parent_id, root_id, path, depth, author_id, author_name,
			author_url, author_role, locale, rules_version, held_revision, created_at, rank_at, waiting_since, priority)
		values ($1, $2, `+inArticle+`, $4, $5, $6, $7, `+byAuthor+`, $9, $10, $11, $12, $13, 1, $14, $15, $16, $17)`,
		c.SiteID, c.ID, article, c.ParentID, c.RootID, c.Path, c.Depth, author,
		c.AuthorName, c.AuthorURL, c.AuthorRole, c.Locale, c.RulesVersion, c.CreatedAt, c.RankAt, c.WaitingSince, c.Priority)
	queueRevision(batch, s.Revision)
	if s.NetworkHash != nil {
		batch.Queue(`insert into comment_networks (site_id, comment_id, network_hash, created_at) values ($1, $2, $3, $4)`, c.SiteID, c.ID, s.NetworkHash, c.CreatedAt)
	}
	if err := t.pgx.keep(ctx, batch); err != nil {
		return fmt.Errorf("submit comment %s: %w", c.ID, err)
	}
	return nil
}
