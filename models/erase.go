package models

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// wipe are the statements that leave nothing of the comments @ids but their places, states and decisions. The schema
// refuses them unless the ledger says that the comments are erased. A claim's keys go too: they are made of the texts.
var wipe = []string{
	`update comments set author_name = '', author_url = '', erased_at = @at where site_id = @site and id = any(@ids)`,
	`update revisions set body = '', html = '', erased_at = @at where site_id = @site and comment_id = any(@ids)`,
	`delete from signals where site_id = @site and comment_id = any(@ids)`,
	`delete from search_words where site_id = @site and comment_id = any(@ids)`,
	`delete from comment_networks where site_id = @site and comment_id = any(@ids)`,
	`delete from statements s using ledger l where s.site_id = @site and l.site_id = @site and l.id = s.entry_id and l.comment_id = any(@ids)`,
	`delete from idempotency_keys where site_id = @site and (result = any(@ids) or result in
		(select id from appeals where site_id = @site and comment_id = any(@ids)))`,
	`update appeals set text = '' where site_id = @site and comment_id = any(@ids)`,
	`update reports r set text = '' from report_cases c where r.site_id = @site and c.site_id = @site and c.id = r.case_id and c.comment_id = any(@ids)`,
}

// WipeComments empties comments whose ledger entries of kind erasure are written already: their texts, names and all
// that was written about them, by moderators and in reports. It notes them among the erasures.
func (t *Tx) WipeComments(ctx context.Context, siteID uuid.UUID, ids []uuid.UUID, at time.Time) error {
	// One pgx batch, because GORM does not pipeline.
	batch, args := &pgx.Batch{}, named{"site": siteID, "ids": ids, "at": at}
	for _, statement := range wipe {
		batch.Queue(statement, args)
	}
	if err := t.pgx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("erase %d comments: %w", len(ids), err)
	}
	return t.noteErasures(ctx, siteID, ErasedComment, ids, at)
}

// LockCommentsOf lists an author's comments that are not erased, in the order of their ids, and holds them until the
// transaction ends.
func (t *Tx) LockCommentsOf(_ context.Context, siteID, authorID uuid.UUID) (all []Comment, err error) {
	err = t.db.Raw(`select * from comments where site_id = ? and author_id = ? and erased_at is null order by id for no key update`,
		siteID, authorID).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("comments of author %s: %w", authorID, err)
	}
	return all, nil
}

// WipeAuthor is ForgetAuthor of one whose address was erased. It notes them among the erasures.
func (t *Tx) WipeAuthor(ctx context.Context, siteID, authorID uuid.UUID, at time.Time) error {
	if err := t.ForgetAuthor(ctx, siteID, authorID, at); err != nil {
		return err
	}
	return t.noteErasures(ctx, siteID, ErasedAuthor, []uuid.UUID{authorID}, at)
}

// ForgetAuthor forgets the address of an author whom LockAuthor holds, and all that moderators wrote about them; the
// ledger's entry of the erasure is written already. The keyed hash stays while a pause or a ban of the address is in force
// at the given time.
func (t *Tx) ForgetAuthor(_ context.Context, siteID, authorID uuid.UUID, now time.Time) error {
	args := []any{sql.Named("site", siteID), sql.Named("author", authorID), sql.Named("now", now)}
	for _, statement := range []string{
		`delete from statements s using ledger l where s.site_id = @site and l.site_id = @site and l.id = s.entry_id and l.author_id = @author`,
		`update authors a set email = null, address_hash = case when ` + barred + ` then a.address_hash end where a.site_id = @site and a.id = @author`,
	} {
		if err := t.db.Exec(statement, args...).Error; err != nil {
			return fmt.Errorf("forget author %s: %w", authorID, err)
		}
	}
	return nil
}

// barred holds for an author a whose address is kept out at @now.
const barred = `exists (select from sanctions s where s.site_id = a.site_id and s.author_id = a.id and s.kind in ('pause', 'ban')
	and s.lifted is null and (s.until is null or s.until > @now))`

// WipeReports empties the reports that came from an address, and answers how many there were.
func (t *Tx) WipeReports(ctx context.Context, siteID uuid.UUID, addressHash []byte, at time.Time) (int, error) {
	var rows []struct{ ID uuid.UUID }
	err := t.db.Raw(`update reports set text = '', name = null, email = null, address_hash = null
		where site_id = ? and address_hash = ? returning id`, siteID, addressHash).Scan(&rows).Error
	if err != nil {
		return 0, fmt.Errorf("erase reports: %w", err)
	}
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	if err := t.db.Exec(`delete from idempotency_keys where site_id = ? and result in ?`, siteID, append(slices.Clone(ids), uuid.Nil)).Error; err != nil {
		return 0, fmt.Errorf("erase reports: %w", err)
	}
	return len(ids), t.noteErasures(ctx, siteID, ErasedReport, ids, at)
}

// WipeReport empties one report, as WipeReports does.
func (t *Tx) WipeReport(ctx context.Context, siteID, id uuid.UUID, at time.Time) error {
	err := t.db.Exec(`update reports set text = '', name = null, email = null, address_hash = null where site_id = ? and id = ?`, siteID, id).Error
	if err != nil {
		return fmt.Errorf("erase report %s: %w", id, err)
	}
	return t.noteErasures(ctx, siteID, ErasedReport, []uuid.UUID{id}, at)
}

// unused holds for an author a of @site under whose address no comment is left that is not erased, and of whom something
// is kept that no pause or ban needs.
const unused = `a.site_id = @site and a.address_hash is not null and (a.email is not null or not ` + barred + `)
	and not exists (select from comments c where c.site_id = a.site_id and c.author_id = a.id and c.erased_at is null)`

// ForgetUnused forgets the addresses on a site under which no comment is left that is not erased, and keyed hashes that no
// pause or ban needs any more. Who writes at that moment keeps theirs until the next time.
func (t *Tx) ForgetUnused(_ context.Context, siteID uuid.UUID, now time.Time) error {
	args := []any{sql.Named("site", siteID), sql.Named("now", now)}
	var ids []uuid.UUID
	err := t.db.Raw(`select a.id from authors a where `+unused+` order by a.id for update skip locked`, args...).Scan(&ids).Error
	if err == nil && len(ids) > 0 { // asked again, now that none of them can write
		err = t.db.Exec(`update authors a set email = null, address_hash = case when `+barred+` then a.address_hash end
			where `+unused+` and a.id in @ids`, append(args, sql.Named("ids", ids))...).Error
	}
	if err != nil {
		return fmt.Errorf("forget addresses that nothing is left of: %w", err)
	}
	return nil
}

// WipeFollower deletes what an address follows, with the address, and answers how many subscriptions that were. Among the
// erasures it stands under the follower's id.
func (t *Tx) WipeFollower(ctx context.Context, siteID uuid.UUID, addressHash []byte, at time.Time) (int, error) {
	var rows []struct {
		ID    uuid.UUID
		Count int
	}
	err := t.db.Raw(`delete from followers f where f.site_id = ? and f.address_hash = ? returning f.id,
		(select count(*) from subscriptions s where s.site_id = f.site_id and s.follower_id = f.id) as count`, siteID, addressHash).Scan(&rows).Error
	if err != nil {
		return 0, fmt.Errorf("erase a follower: %w", err)
	}
	if len(rows) == 0 {
		return 0, nil
	}
	return rows[0].Count, t.noteErasures(ctx, siteID, ErasedSubscription, []uuid.UUID{rows[0].ID}, at)
}

// WipeFollowerByID deletes what a follower follows, as WipeFollower does.
func (t *Tx) WipeFollowerByID(ctx context.Context, siteID, id uuid.UUID, at time.Time) error {
	if err := t.db.Exec(`delete from followers where site_id = ? and id = ?`, siteID, id).Error; err != nil {
		return fmt.Errorf("erase follower %s: %w", id, err)
	}
	return t.noteErasures(ctx, siteID, ErasedSubscription, []uuid.UUID{id}, at)
}
