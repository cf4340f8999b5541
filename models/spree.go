package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// The kinds of sprees.
const (
	SpreeApproved  = "approved"
	SpreeTakenDown = "taken_down" // public comments
)

// Spree is an alarm: somebody decided far more in an hour than is usual.
type Spree struct {
	SiteID, ID, ModeratorID uuid.UUID
	Kind                    string
	Count                   int // the most in an hour
	Usual                   int // what all of the staff do in a day
	StartedAt, LastAt       time.Time
	Over                    bool
	Name                    string // of a list: the moderator's
}

// takenDown is the condition that an entry l took a comment down that was public.
const takenDown = `(l.action in ('remove', 'spam', 'reopen') and exists (select from ledger p where p.site_id = l.site_id and p.comment_id = l.comment_id
	and p.version = l.version - 1 and p.public_revision is not null))`

// Pace is how much somebody decided lately, with what is ordered and yet to come. What takes something back does not count.
type Pace struct{ Hour, Day, TakenDown int }

// sqlPlanAnew ends sqlPlanOnce, for what is planned by the numbers that it is asked with.
const sqlPlanAnew = `select set_config('plan_cache_mode', 'auto', true)`

// LockPace counts what one person decided in the hour and the day before now, up to limit, and has whoever else counts
// theirs wait until the transaction ends.
func (t *Tx) LockPace(ctx context.Context, siteID, moderatorID uuid.UUID, now time.Time, limit int) (p Pace, err error) {
	batch := &pgx.Batch{} // whose last statement sees what was committed until the lock was taken
	batch.Queue(sqlPlanAnew)
	batch.Queue(`select pg_advisory_xact_lock(hashtextextended('pace ' || $1::text || $2::text, 0))`, siteID.String(), moderatorID.String())
	batch.Queue(`with made as (select l.* from ledger l where l.site_id = @site and l.actor_id = @me order by l.seq desc limit @limit),
			ordered as (select i.action from batches b join batch_items i on i.site_id = b.site_id and i.batch_id = b.id and i.outcome is null
				where b.site_id = @site and b.moderator_id = @me and b.finished_at is null and i.action <> 'undo')
		select count(*) filter (where l.created_at > @hour) + (select count(*) from ordered), count(*) + (select count(*) from ordered),
			count(*) filter (where l.created_at > @hour and `+takenDown+`) + (select count(*) from ordered where action = 'remove')
		from made l where l.created_at > @day and l.kind = 'decision' and l.action <> 'undo' and l.comment_id is not null`,
		named{"site": siteID, "me": moderatorID, "limit": limit, "hour": now.Add(-time.Hour), "day": now.AddDate(0, 0, -1)}).
		QueryRow(func(row pgx.Row) error { return row.Scan(&p.Hour, &p.Day, &p.TakenDown) })
	if err := t.pgx.SendBatch(ctx, batch).Close(); err != nil {
		return Pace{}, fmt.Errorf("pace of %s: %w", moderatorID, err)
	}
	return p, nil
}

// newestLooked is how many of a site's newest entries are looked through for what happened in an hour.
const newestLooked = 5000

// Busy is how often somebody approved or took down within a time.
type Busy struct {
	ModeratorID       uuid.UUID
	Kind              string
	Count             int
	StartedAt, LastAt time.Time
}

// Busy lists who approved or took down how much since a time, by the newest entries of the log.
func (q Queries) Busy(ctx context.Context, siteID uuid.UUID, since time.Time) (all []Busy, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select moderator_id, kind, count(*) as count, min(created_at) as started_at, max(created_at) as last_at from (
				select l.actor_id as moderator_id, l.created_at, case when l.action = 'approve' then 'approved' when `+takenDown+` then 'taken_down' end as kind
				from (select * from ledger where site_id = @site order by seq desc limit @limit) l where l.created_at > @since and l.kind = 'decision') l
			where kind is not null group by moderator_id, kind order by moderator_id, kind`,
			sql.Named("site", siteID), sql.Named("since", since), sql.Named("limit", newestLooked)).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("who is busy on site %s: %w", siteID, err)
	}
	return all, nil
}

// CountKind counts how often all of the staff did what a kind of sprees is about.
func (q Queries) CountKind(ctx context.Context, siteID uuid.UUID, kind string, from, to time.Time) (n int, err error) {
	condition := `l.action = 'approve'`
	if kind == SpreeTakenDown {
		condition = takenDown
	}
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select count(*) from ledger l where l.site_id = @site and l.kind = 'decision' and l.created_at >= @from and l.created_at < @to and `+condition,
			sql.Named("site", siteID), sql.Named("from", from), sql.Named("to", to)).Scan(&n).Error
	})
	if err != nil {
		return 0, fmt.Errorf("count what was %s: %w", kind, err)
	}
	return n, nil
}

// NoteSpree writes an alarm down, or what came on top of the one that stands, and reports whether it is a new one.
func (t *Tx) NoteSpree(_ context.Context, s Spree) (fresh bool, err error) {
	var row struct{ ID uuid.UUID }
	err = first(t.db.Raw(`insert into sprees as old (site_id, id, moderator_id, kind, count, usual, started_at, last_at)
		values (@SiteID, @ID, @ModeratorID, @Kind, @Count, @Usual, @StartedAt, @LastAt)
		on conflict (site_id, moderator_id, kind) where not over do update set count = greatest(old.count, excluded.count), last_at = greatest(old.last_at, excluded.last_at)
		returning id`, s).Scan(&row))
	if err != nil {
		return false, fmt.Errorf("note a spree of %s: %w", s.ModeratorID, err)
	}
	return row.ID == s.ID, nil
}

// EndSprees ends the alarms of those who have done nothing unusual since a time.
func (q Queries) EndSprees(ctx context.Context, siteID uuid.UUID, since time.Time) error {
	return q.ofSite(ctx, siteID, "end sprees", `update sprees set over = true where site_id = ? and not over and last_at <= ?`, siteID, since)
}

// Sprees lists the alarms since a time, the newest first.
func (q Queries) Sprees(ctx context.Context, siteID uuid.UUID, since time.Time) (all []Spree, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select s.*, o.name from sprees s join moderators o on o.id = s.moderator_id where s.site_id = ? and s.last_at > ?
			order by s.last_at desc, s.id desc limit 100`, siteID, since).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("sprees: %w", err)
	}
	return all, nil
}

// Spree finds an alarm.
func (q Queries) Spree(ctx context.Context, siteID, id uuid.UUID) (s Spree, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select s.*, o.name from sprees s join moderators o on o.id = s.moderator_id where s.site_id = ? and s.id = ?`, siteID, id).Scan(&s))
	})
	if err != nil {
		return Spree{}, fmt.Errorf("spree %s: %w", id, err)
	}
	return s, nil
}
