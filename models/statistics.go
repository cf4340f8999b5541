package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Statistics are the figures of a site for the time from From until before To.
type Statistics struct {
	Received                    int  // comments
	Decided                     int  // approvals, rejections and spam of what waited, without those undone
	Sorted                      int  // of these, comments that triage moved forward
	Median, Ninetieth           *int // seconds from sending to decision
	Reports, Kept, TakenDown    int  // reports received; cases answered either way
	Appeals, Upheld, Overturned int

	Actions    []ActionCount    `gorm:"-"`
	Rules      []RuleCount      `gorm:"-"`
	Moderators []ModeratorCount `gorm:"-"`
	Days       []DayCount       `gorm:"-"`
	Waiting    []AgeCount       `gorm:"-"` // now
}

// ActionCount is how often a decision was made, without those undone.
type ActionCount struct {
	Action string
	Count  int
}

// RuleCount is how often a rule was the ground of a rejection or removal: in a period, or of one author.
type RuleCount struct {
	Code  string
	Count int
}

// ModeratorCount is how many decisions somebody made.
type ModeratorCount struct {
	ModeratorID uuid.UUID
	Name        string
	Count       int
}

// DayCount is a day of the period, UTC.
type DayCount struct {
	Day                         time.Time
	Received, Approved, Refused int
	Median, Ninetieth           *int // seconds
}

// AgeCount is how much waits for less than so many minutes, and at least as long as the one before it; 0: longer.
type AgeCount struct{ Minutes, Count int }

// standing are the decisions of the period that were not undone.
const standing = `standing as (
	select l.* from ledger l where l.site_id = @site and l.kind = 'decision' and l.created_at >= @from and l.created_at < @to and l.comment_id is not null
		and not exists (select from ledger u where u.site_id = l.site_id and u.undoes = l.id))`

// judged are those that answered what a reader had sent, with the seconds that took. What the newsroom writes is approved
// as it is sent, and has not waited.
const judgedTexts = standing + `, judged as (
	select s.*, c.priority, extract(epoch from s.created_at - r.created_at)::integer as seconds from standing s
		join comments c on c.site_id = s.site_id and c.id = s.comment_id
		join revisions r on r.site_id = s.site_id and r.comment_id = s.comment_id and r.number = s.revision
	where s.action in ('approve', 'reject', 'spam') and c.author_role = 'reader')`

const figures = `with ` + judgedTexts + `
	select (select count(*) from comments where site_id = @site and created_at >= @from and created_at < @to and author_role = 'reader') as received,
		(select count(*) from judged) as decided,
		(select count(*) from judged where priority > 0) as sorted,
		(select percentile_disc(0.5) within group (order by seconds) from judged) as median,
		(select percentile_disc(0.9) within group (order by seconds) from judged) as ninetieth,
		(select count(*) from reports where site_id = @site and created_at >= @from and created_at < @to) as reports,
		(select count(*) from report_cases k join standing s on s.site_id = k.site_id and s.id = k.entry where k.site_id = @site and s.status = 'approved') as kept,
		(select count(*) from report_cases k join standing s on s.site_id = k.site_id and s.id = k.entry where k.site_id = @site and s.status <> 'approved') as taken_down,
		(select count(*) from appeals where site_id = @site and created_at >= @from and created_at < @to) as appeals,
		(select count(*) from standing where action = 'uphold') as upheld,
		(select count(*) from standing where action = 'overturn') as overturned`

const daily = `with ` + judgedTexts + `, received as (
		select date_trunc('day', created_at at time zone 'UTC') as day, count(*) as received from comments
		where site_id = @site and created_at >= @from and created_at < @to and author_role = 'reader' group by 1
	), decided as (
		select date_trunc('day', created_at at time zone 'UTC') as day, count(*) filter (where action = 'approve') as approved,
			count(*) filter (where action <> 'approve') as refused,
			percentile_disc(0.5) within group (order by seconds) as median, percentile_disc(0.9) within group (order by seconds) as ninetieth
		from judged group by 1)
	select day, coalesce(received, 0) as received, coalesce(approved, 0) as approved, coalesce(refused, 0) as refused, median, ninetieth
	from received full join decided using (day) order by day`

// Ages are the ends of what Statistics.Waiting counts, in minutes.
var Ages = []int{15, 60, 240, 1440, 0}

const ages = `select case when minutes < 15 then 15 when minutes < 60 then 60 when minutes < 240 then 240 when minutes < 1440 then 1440 else 0 end as minutes, count(*) as count
	from (select extract(epoch from cast(@now as timestamptz) - waiting_since) / 60 as minutes from comments where site_id = @site and held_revision is not null) w group by 1`

// Statistics answers the figures of a site for a period, and what waits at now.
func (q Queries) Statistics(ctx context.Context, siteID uuid.UUID, from, to, now time.Time) (s Statistics, err error) {
	args := []any{sql.Named("site", siteID), sql.Named("from", from), sql.Named("to", to), sql.Named("now", now)}
	err = q.at(ctx, siteID, func(tx *Tx) error {
		if err := first(tx.db.Raw(figures, args...).Scan(&s)); err != nil {
			return err
		}
		for query, into := range map[string]any{
			daily: &s.Days, ages: &s.Waiting,
			`with ` + standing + ` select action, count(*) as count from standing group by action order by action`: &s.Actions,
			`with ` + standing + ` select code, count(*) as count from standing, unnest(rules) code where action in ('reject', 'remove')
				group by code order by count(*) desc, code`: &s.Rules,
			`with ` + standing + ` select actor_id as moderator_id, m.name, count(*) as count from standing join moderators m on m.id = actor_id
				where action <> 'undo' group by actor_id, m.name order by count(*) desc, m.name`: &s.Moderators,
		} {
			if err := tx.db.Raw(query, args...).Scan(into).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Statistics{}, fmt.Errorf("statistics: %w", err)
	}
	return s, nil
}

// HeadOfDay is the signed end of a site's log as it stood on a day.
type HeadOfDay struct {
	Day time.Time
	Head
}

// KeepHead writes down the end of the log for a day, if that has not been done.
func (q Queries) KeepHead(ctx context.Context, siteID uuid.UUID, day time.Time) error {
	err := q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Exec(`insert into ledger_days (site_id, day, count, hash, mac)
			select site_id, ?::date, count, hash, mac from ledger_heads where site_id = ? and mac is not null on conflict do nothing`, day, siteID).Error
	})
	if err != nil {
		return fmt.Errorf("keep the head of site %s: %w", siteID, err)
	}
	return nil
}

// Heads lists the ends of a site's log by day, from the newest before a day on.
func (q Queries) Heads(ctx context.Context, siteID uuid.UUID, before time.Time, limit int) (all []HeadOfDay, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select * from ledger_days where site_id = ? and day < ?::date order by day desc limit ?`, siteID, before, limit).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("heads of site %s: %w", siteID, err)
	}
	return all, nil
}
