package models

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// The kinds of what a moderator writes with a decision.
const (
	KindStatement = "statement" // of reasons, to the author
	KindNote      = "note"      // internal
)

// Statement is a text that a moderator wrote with a decision. The ledger holds only SHA-256(salt, text).
type Statement struct {
	EntryID    uuid.UUID
	Kind, Text string
	Salt       []byte
}

// Statements lists what was written with the decisions on one comment.
func (q Queries) Statements(ctx context.Context, siteID, commentID uuid.UUID) (all []Statement, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select s.entry_id, s.kind, s.text, s.salt from statements s
			join ledger l on l.site_id = s.site_id and l.id = s.entry_id
			where s.site_id = ? and l.comment_id = ?`, siteID, commentID).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("statements of comment %s: %w", commentID, err)
	}
	return all, nil
}

// EntryStatements lists what was written with one decision.
func (q Queries) EntryStatements(ctx context.Context, siteID, entryID uuid.UUID) (all []Statement, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select entry_id, kind, text, salt from statements where site_id = ? and entry_id = ?`,
			siteID, entryID).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("statements of entry %s: %w", entryID, err)
	}
	return all, nil
}

// HashedStatement is a statement beside what the ledger says of it.
type HashedStatement struct {
	Statement
	Seq  int64
	Hash []byte
}

// SiteStatements lists all statements of a site with the hashes that their ledger entries hold.
func (q Queries) SiteStatements(ctx context.Context, siteID uuid.UUID) (all []HashedStatement, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select s.entry_id, s.kind, s.text, s.salt, l.seq,
				case s.kind when 'note' then l.note_hash else l.statement_hash end as hash
			from statements s join ledger l on l.site_id = s.site_id and l.id = s.entry_id
			where s.site_id = ? order by l.seq`, siteID).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("statements of site %s: %w", siteID, err)
	}
	return all, nil
}

// MissingStatements lists entries whose statement or note is gone though nothing that it was about was erased.
func (q Queries) MissingStatements(ctx context.Context, siteID uuid.UUID) (all []Entry, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select l.* from ledger l
			where l.site_id = ? and num_nonnulls(l.statement_hash, l.note_hash) >
					(select count(*) from statements s where s.site_id = l.site_id and s.entry_id = l.id)
				and not exists (select from ledger e where e.site_id = l.site_id and e.kind = 'erasure' and e.comment_id = l.comment_id)
				and not exists (select from ledger e where e.site_id = l.site_id and e.kind = 'erasure' and e.author_id = l.author_id)
			order by l.seq limit 10`, siteID).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("missing statements of site %s: %w", siteID, err)
	}
	return all, nil
}

// StrayComments lists comments whose state is not what their newest ledger entry says: none, unless somebody changed
// rows with the schema's guards taken out.
func (q Queries) StrayComments(ctx context.Context, siteID uuid.UUID) (ids []uuid.UUID, err error) {
	var stray []Comment
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select c.id from comments c
			left join lateral (select * from ledger l where l.site_id = c.site_id and l.comment_id = c.id
				order by l.version desc limit 1) l on true
			where c.site_id = ? and (c.version, c.entry, c.status, c.public_revision, c.held_revision)
				is distinct from (coalesce(l.version, 1), l.id, coalesce(l.status, 'pending'), l.public_revision,
					case when l.id is null then 1 else l.held_revision end)
			order by c.id limit 10`, siteID).Scan(&stray).Error
	})
	if err != nil {
		return nil, fmt.Errorf("stray comments of site %s: %w", siteID, err)
	}
	for _, c := range stray {
		ids = append(ids, c.ID)
	}
	return ids, nil
}
