package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Settled asks for comments that are not erased, have been in one of the states since before a time, and that no appeal
// is open about.
type Settled struct {
	Statuses []string
	Before   time.Time
	Limit    int
}

// LockSettled lists such comments and holds them until the transaction ends; what somebody else holds is left out.
func (t *Tx) LockSettled(_ context.Context, siteID uuid.UUID, s Settled) (all []Comment, err error) {
	err = t.db.Raw(`select c.* from comments c join ledger l on l.site_id = c.site_id and l.id = c.entry
		where c.site_id = ? and c.erased_at is null and c.status in ? and l.created_at < ?
			and not exists (select from appeals a where a.site_id = c.site_id and a.comment_id = c.id and a.entry is null)
		order by c.id limit ? for no key update of c skip locked`, siteID, s.Statuses, s.Before, s.Limit).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("settled comments: %w", err)
	}
	return all, nil
}

// idle are authors who wrote nothing, and of whom nothing was decided, since a time.
const idle = `a.site_id = @site and a.email is not null and a.created_at < @before
	and not exists (select from comments c left join ledger l on l.site_id = c.site_id and l.id = c.entry
		where c.site_id = a.site_id and c.author_id = a.id and (c.held_revision is not null or c.created_at >= @before or l.created_at >= @before))`

// ForgetAddresses empties the addresses of authors who wrote nothing, and of whom nothing was decided, since before a
// time. Their keyed hashes stay, so that they can still ask for what is left of theirs. Who writes at that moment keeps
// theirs.
func (t *Tx) ForgetAddresses(_ context.Context, siteID uuid.UUID, before time.Time, limit int) (int, error) {
	args := []any{sql.Named("site", siteID), sql.Named("before", before), sql.Named("limit", limit)}
	var held []uuid.UUID
	err := t.db.Raw(`select a.id from authors a where `+idle+` order by a.id limit @limit for update skip locked`, args...).Scan(&held).Error
	if err != nil {
		return 0, fmt.Errorf("hold silent authors: %w", err)
	}
	if len(held) == 0 {
		return 0, nil
	}
	// Asked once more, now that none of them can write.
	return t.empty("addresses", `update authors a set email = null where a.id in @held and `+idle, append(args, sql.Named("held", held))...)
}

// ForgetReports empties reports that were answered before a time: what was said, and by whom.
func (t *Tx) ForgetReports(_ context.Context, siteID uuid.UUID, before time.Time, limit int) (int, error) {
	return t.empty("reports", `update reports set text = '', name = null, email = null, address_hash = null where site_id = ? and id in (
		select r.id from reports r join report_cases c on c.site_id = r.site_id and c.id = r.case_id
			join ledger l on l.site_id = c.site_id and l.id = c.entry
		where r.site_id = ? and l.created_at < ? and (r.text <> '' or r.name is not null or r.email is not null)
		order by r.id limit ?)`, siteID, siteID, before, limit)
}

// ForgetAppeals empties the texts of appeals that were closed before a time.
func (t *Tx) ForgetAppeals(_ context.Context, siteID uuid.UUID, before time.Time, limit int) (int, error) {
	return t.empty("appeals", `update appeals set text = '' where site_id = ? and id in (
		select a.id from appeals a join ledger l on l.site_id = a.site_id and l.id = a.entry
		where a.site_id = ? and a.text <> '' and l.created_at < ? order by a.id limit ?)`, siteID, siteID, before, limit)
}

// empty runs a statement that empties rows, and answers how many.
func (t *Tx) empty(what, statement string, args ...any) (int, error) {
	done := t.db.Exec(statement, args...)
	if done.Error != nil {
		return 0, fmt.Errorf("empty old %s: %w", what, done.Error)
	}
	return int(done.RowsAffected), nil
}
