package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Word is an entry of a site's word list.
type Word struct {
	SiteID, ID uuid.UUID
	Kind       string // WordPlain or WordPattern
	Text, Note string
	Minutes    int     // 1 to 30, that a hit moves a comment forward
	Rule       *string // the code of a rule that a hit points its writer at before they send; nil: none
	CreatedAt  time.Time
	CreatedBy  uuid.UUID
	ByName     string
}

// The kinds of words.
const (
	WordPlain   = "word"
	WordPattern = "pattern" // RE2
)

const wordsOfSite = `select w.site_id, w.id, w.kind, w.text, w.note, w.minutes, w.rule, w.created_at, w.created_by, m.name as by_name
	from site_words w join moderators m on m.id = w.created_by where w.site_id = @site order by w.id`

// Words lists a site's words in their order of adding.
func (q Queries) Words(ctx context.Context, siteID uuid.UUID) (all []Word, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(wordsOfSite, sql.Named("site", siteID)).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("words: %w", err)
	}
	return all, nil
}

// AddWord adds an entry; one that is there already gives ErrConflict.
func (q Queries) AddWord(ctx context.Context, w Word) error {
	err := q.at(ctx, w.SiteID, func(tx *Tx) error {
		added := tx.db.Exec(`insert into site_words (site_id, id, kind, text, note, minutes, created_at, created_by, rule)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (site_id, kind, text) do nothing`,
			w.SiteID, w.ID, w.Kind, w.Text, w.Note, w.Minutes, w.CreatedAt, w.CreatedBy, w.Rule)
		if added.Error == nil && added.RowsAffected == 0 {
			return ErrConflict
		}
		return added.Error
	})
	if err != nil {
		return fmt.Errorf("add a word: %w", err)
	}
	return nil
}

// RemoveWord takes an entry out.
func (q Queries) RemoveWord(ctx context.Context, siteID, id uuid.UUID) error {
	err := q.at(ctx, siteID, func(tx *Tx) error {
		removed := tx.db.Exec(`delete from site_words where site_id = ? and id = ?`, siteID, id)
		if removed.Error == nil && removed.RowsAffected == 0 {
			return ErrNotFound
		}
		return removed.Error
	})
	if err != nil {
		return fmt.Errorf("remove a word: %w", err)
	}
	return nil
}

// Judged is a text that somebody decided, and how.
type Judged struct {
	CommentID        uuid.UUID
	AuthorName, Body string
	Action           string
}

// LastDecided lists the texts of the newest decisions that published or refused one, newest first.
func (q Queries) LastDecided(ctx context.Context, siteID uuid.UUID, limit int) (all []Judged, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select l.comment_id, c.author_name, r.body, l.action
			from (select * from ledger where site_id = @site and kind = 'decision' and action in ('approve', 'reject', 'spam', 'remove')
				order by seq desc limit @limit) l
			join comments c on c.site_id = l.site_id and c.id = l.comment_id
			join revisions r on r.site_id = l.site_id and r.comment_id = l.comment_id and r.number = l.revision order by l.seq desc`,
			map[string]any{"site": siteID, "limit": limit}).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("last decisions: %w", err)
	}
	return all, nil
}
