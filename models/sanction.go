package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// The kinds of sanctions.
const (
	SanctionWarn    = "warn"    // to be acknowledged with the next comment
	SanctionPause   = "pause"   // until a time
	SanctionBan     = "ban"     // until a time, or for good
	SanctionNetwork = "network" // of a network instead of an address, until a time
)

// Sanction is what was laid on an author. Its grounds stand in its ledger entry.
type Sanction struct {
	SiteID, ID, AuthorID uuid.UUID
	Kind                 string
	CommentID            *uuid.UUID // the occasion
	Until                *time.Time // nil: a warning, or a ban for good
	NetworkHash          []byte
	Entry                uuid.UUID
	CreatedAt            time.Time
	AcknowledgedAt       *time.Time // of a warning: when the author said that it was read
	Lifted               *uuid.UUID // the entry that ended it early
}

// InForce reports whether the sanction stands at the given time.
func (s Sanction) InForce(now time.Time) bool {
	return s.Lifted == nil && s.AcknowledgedAt == nil && (s.Until == nil || s.Until.After(now))
}

// InsertSanction adds a sanction whose ledger entry is written already.
func (t *Tx) InsertSanction(_ context.Context, s Sanction) error {
	err := t.db.Exec(`insert into sanctions (site_id, id, author_id, kind, comment_id, until, network_hash, entry, created_at)
		values (@SiteID, @ID, @AuthorID, @Kind, @CommentID, @Until, @NetworkHash, @Entry, @CreatedAt)`, s).Error
	if err != nil {
		return fmt.Errorf("%s author %s: %w", s.Kind, s.AuthorID, err)
	}
	return nil
}

// Sanction finds a sanction by its id.
func (q Queries) Sanction(ctx context.Context, siteID, id uuid.UUID) (Sanction, error) {
	return q.sanction(ctx, `select * from sanctions where site_id = ? and id = ?`, siteID, id)
}

// LockSanction finds a sanction and keeps everybody else from changing it until the transaction ends.
func (t *Tx) LockSanction(ctx context.Context, siteID, id uuid.UUID) (Sanction, error) {
	return t.sanction(ctx, `select * from sanctions where site_id = ? and id = ? for no key update`, siteID, id)
}

// SanctionOf finds the sanction that a ledger entry laid.
func (q Queries) SanctionOf(ctx context.Context, siteID, entryID uuid.UUID) (Sanction, error) {
	return q.sanction(ctx, `select * from sanctions where site_id = ? and entry = ?`, siteID, entryID)
}

func (q Queries) sanction(ctx context.Context, query string, siteID, id uuid.UUID) (s Sanction, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error { return first(tx.db.Raw(query, siteID, id).Scan(&s)) })
	if err != nil {
		return Sanction{}, fmt.Errorf("sanction %s: %w", id, err)
	}
	return s, nil
}

// Sanctions lists an author's sanctions, newest first.
func (q Queries) Sanctions(ctx context.Context, siteID, authorID uuid.UUID) (all []Sanction, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select * from sanctions where site_id = ? and author_id = ? order by created_at desc, id desc`,
			siteID, authorID).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("sanctions of author %s: %w", authorID, err)
	}
	return all, nil
}

// Writer is whoever writes a comment, as far as they can be told from others. Either hash may be nil.
type Writer struct{ AddressHash, NetworkHash []byte }

const sanctionsOn = `select s.site_id, s.id, s.author_id, s.kind, s.comment_id, s.until, s.network_hash, s.entry, s.created_at, s.acknowledged_at, s.lifted
		from authors a join sanctions s on s.site_id = a.site_id and s.author_id = a.id
		where a.site_id = @site and a.address_hash = @address and s.kind <> 'network' and s.lifted is null
			and s.acknowledged_at is null and (s.until is null or s.until > @now)
	union all select s.site_id, s.id, s.author_id, s.kind, s.comment_id, s.until, s.network_hash, s.entry, s.created_at, s.acknowledged_at, s.lifted
		from sanctions s
		where s.site_id = @site and s.network_hash = @network and s.lifted is null and s.until > @now
	order by created_at, id`

// SanctionsOn lists what stands at the given time against whoever writes: by their address, and by their network. Oldest
// first.
func (q Queries) SanctionsOn(ctx context.Context, siteID uuid.UUID, w Writer, now time.Time) (all []Sanction, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(sanctionsOn, sql.Named("site", siteID), sql.Named("address", w.AddressHash), sql.Named("network", w.NetworkHash),
			sql.Named("now", now)).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("sanctions on a writer: %w", err)
	}
	return all, nil
}

// AcknowledgeSanction notes that the author has read a warning.
func (t *Tx) AcknowledgeSanction(_ context.Context, siteID, id uuid.UUID, at time.Time) error {
	err := t.db.Exec(`update sanctions set acknowledged_at = ? where site_id = ? and id = ? and acknowledged_at is null`, at, siteID, id).Error
	if err != nil {
		return fmt.Errorf("acknowledge warning %s: %w", id, err)
	}
	return nil
}

// LiftSanction ends a sanction by a ledger entry that is written already.
func (t *Tx) LiftSanction(_ context.Context, siteID, id, entryID uuid.UUID) error {
	err := t.db.Exec(`update sanctions set lifted = ? where site_id = ? and id = ? and lifted is null`, entryID, siteID, id).Error
	if err != nil {
		return fmt.Errorf("lift sanction %s: %w", id, err)
	}
	return nil
}
