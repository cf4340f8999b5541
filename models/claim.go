package models

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// Claim asks for a lease on items of a lane: the next Limit of them, or the one named, whatever it waits for.
type Claim struct {
	By          uuid.UUID
	Now, Until  time.Time
	AddressHash []byte // of the claimer: own comments, replies to them and own reports are left out
	Lane, Sort  string
	Filter      Filter
	ID          uuid.NullUUID
	After       uuid.NullUUID // only items behind this one in the order asked for
	Mine        bool          // items that By holds already count too
	Limit       int
}

// waits is what can be claimed by its name, in whichever lane it is.
const waits = `(c.held_revision is not null
	or exists (select from report_cases k where k.site_id = c.site_id and k.comment_id = c.id and k.entry is null)
	or exists (select from appeals k where k.site_id = c.site_id and k.comment_id = c.id and k.entry is null))`

// Claim leases items that nobody else holds, and answers them, in the lane's order. What was passed to somebody else is
// left to them, as long as they are of the staff, unless it is named. Items that another transaction is claiming at this
// moment are passed over, so two claimers never get the same one.
func (t *Tx) Claim(ctx context.Context, siteID uuid.UUID, c Claim) (items []Waiting, err error) {
	if c.Lane == LaneDecided || c.Lane == LaneAll { // nothing there waits
		return nil, nil
	}
	s := lanes[c.Lane].sorted(c.Sort)
	which, args := c.narrow(&s)
	query := `with next as (
			select c.id, ` + s.key + ` as sort_at, ` + s.id + ` as sort_id, ` + s.rank + ` as rank_at_key, ` + s.since() + ` as since from ` + s.from + ` where ` + which + `
				and not exists (select from authors w where w.site_id = c.site_id and w.address_hash = @address and (w.id = c.author_id
					or w.id = (select o.author_id from comments o where o.site_id = c.site_id and o.id = c.parent_id)))` + s.none + `
			order by ` + s.order("c.urgency", s.key, s.id) + ` limit ` + strconv.Itoa(c.Limit) + ` for no key update of c skip locked
		), p as (
			update comments c set claimed_by = @by, claimed_until = @until from next where c.site_id = @site and c.id = next.id
			returning c.*, next.sort_at, next.sort_id, next.rank_at_key, next.since
		)
		select p.*, ` + waitingColumns + `, ` + s.dueOf() + ` as due_at from p` + waitingJoins + ` order by ` + s.order("p.urgency", "p.sort_at", "p.sort_id")
	args = append(args, sql.Named("site", siteID), sql.Named("me", c.By), sql.Named("by", c.By), sql.Named("now", c.Now),
		sql.Named("until", c.Until), sql.Named("address", c.AddressHash))
	if err := t.db.Raw(query, args...).Scan(&items).Error; err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	if len(items) == 0 {
		return nil, nil
	}
	return items, t.TellDesk(ctx, siteID)
}

// narrow is the condition of a claim and its own arguments. One that names an item is of no lane.
func (c Claim) narrow(s *sorted) (where string, args []any) {
	free := `(c.claimed_until is null or c.claimed_until <= @now`
	if c.Mine {
		free += ` or c.claimed_by = @by`
	}
	free += `)`
	if c.ID.Valid {
		*s = lanes[""].sorted("")
		return `c.site_id = @site and c.id = @named and ` + waits + ` and ` + free, []any{sql.Named("named", c.ID.UUID)}
	}
	narrow, args := c.Filter.narrow(s.lane)
	where = s.when + ` and ` + free + narrow + ` and (c.passed_to is null or c.passed_to = @by
			or not exists (select from memberships e where e.site_id = c.site_id and e.moderator_id = c.passed_to))
		and (c.passed_role is null or exists (select from memberships e
			where e.site_id = c.site_id and e.moderator_id = @by and e.role in ('editor', 'admin')))`
	if c.After.Valid {
		args = append(args, sql.Named("after", c.After.UUID))
		where += s.behind(s.after())
	}
	return where, args
}

// Release ends the claim of by on a comment; a claim that is not theirs stays. It reports whether there was one.
func (q Queries) Release(ctx context.Context, siteID, id, by uuid.UUID) (held bool, err error) {
	held, err = q.letGo(ctx, siteID, `update comments set claimed_by = null, claimed_until = null
		where site_id = ? and id = ? and claimed_by = ?`, siteID, id, by)
	if err != nil {
		return false, fmt.Errorf("release comment %s: %w", id, err)
	}
	return held, nil
}

// ReleaseAll ends every claim of by on the site.
func (q Queries) ReleaseAll(ctx context.Context, siteID, by uuid.UUID) error {
	_, err := q.letGo(ctx, siteID, `update comments set claimed_by = null, claimed_until = null where site_id = ? and claimed_by = ?`, siteID, by)
	if err != nil {
		return fmt.Errorf("release what %s holds: %w", by, err)
	}
	return nil
}

// ReleaseAt ends the claim of by on a comment at a time, unless it ends before.
func (q Queries) ReleaseAt(ctx context.Context, siteID, id, by uuid.UUID, at time.Time) error {
	_, err := q.letGo(ctx, siteID, `update comments set claimed_until = ? where site_id = ? and id = ? and claimed_by = ? and claimed_until > ?`,
		at, siteID, id, by, at)
	if err != nil {
		return fmt.Errorf("release comment %s: %w", id, err)
	}
	return nil
}

// letGo changes claims, and tells the desk where one changed.
func (q Queries) letGo(ctx context.Context, siteID uuid.UUID, query string, args ...any) (changed bool, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		released := tx.db.Exec(query, args...)
		if changed = released.RowsAffected > 0; released.Error != nil || !changed {
			return released.Error
		}
		return tx.TellDesk(ctx, siteID)
	})
	return changed, err
}
