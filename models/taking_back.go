package models

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Decider asks for what one person decided in a time; To is not included.
type Decider struct {
	ModeratorID uuid.UUID
	From, To    time.Time
}

// Taking is a comment that somebody decided in a time, and how many of the newest entries are theirs, of then: what can be
// taken back. None are where somebody else, or the author, has been at it since.
type Taking struct {
	CommentID        uuid.UUID
	Version          int // of now
	Entries          int
	Action           string // the newest of these, or of theirs
	AuthorName, Body string
	Status           string // of now
	Since            string // the newest action, where it is another's
	SinceBy          string // whose; empty: the author's
}

// ordered are the items that a person's batches of a time have yet to decide.
const ordered = `from batches b join batch_items i on i.site_id = b.site_id and i.batch_id = b.id and i.outcome is null
	where b.site_id = @site and b.moderator_id = @who and b.created_at >= @from and b.created_at < @to and b.finished_at is null and i.action <> 'undo'`

// Ordered counts how much a person ordered in a time that had no turn yet.
func (q Queries) Ordered(ctx context.Context, siteID uuid.UUID, d Decider) (n int, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.pgx.QueryRow(ctx, `select count(*) `+ordered, d.named(siteID)).Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("what %s ordered: %w", d.ModeratorID, err)
	}
	return n, nil
}

// CallOffAll ends what a person ordered in a time: what has had no turn yet gets none. It answers how much that is.
func (t *Tx) CallOffAll(ctx context.Context, siteID uuid.UUID, d Decider) (int, error) {
	tag, err := t.pgx.Exec(ctx, `update batch_items o set outcome = 'refused', refusal = '`+CalledOff+`' where o.outcome is null
		and (o.site_id, o.batch_id, o.position) in (select i.site_id, i.batch_id, i.position `+ordered+`)`, d.named(siteID))
	if err != nil {
		return 0, fmt.Errorf("call off what %s ordered: %w", d.ModeratorID, err)
	}
	return int(tag.RowsAffected()), nil
}

func (d Decider) named(siteID uuid.UUID) named {
	return named{"site": siteID, "who": d.ModeratorID, "from": d.From, "to": d.To}
}

// sqlOfThen is the condition that an entry, named l or x, is of a time: made in it, or ordered in it by a batch that went on.
func sqlOfThen(entry string) string {
	return strings.ReplaceAll(`(e.created_at >= @from and e.created_at < @to or e.batch_id is not null and e.batch_id in (select id from batches
		where site_id = @site and moderator_id = @who and created_at >= @from and created_at < @to))`, "e.", entry+".")
}

// TakingBack lists what a person decided or ordered in a time, at most limit comments, the newest decision first.
func (q Queries) TakingBack(ctx context.Context, siteID uuid.UUID, d Decider, limit int) (all []Taking, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`with theirs as (
				select l.comment_id, l.seq, l.version, l.action, not exists (select from ledger x where x.site_id = l.site_id and x.comment_id = l.comment_id
					and x.version > l.version and (x.actor_id is distinct from @who or not `+sqlOfThen("x")+`
						or x.kind <> 'decision' or x.action = 'undo')) as last
				from ledger l where l.site_id = @site and l.actor_id = @who and `+sqlOfThen("l")+` and l.kind = 'decision'
					and l.action <> 'undo' and l.comment_id is not null
			), each as (select comment_id, max(seq) as seq, count(*) filter (where last) as entries, (array_agg(action order by seq desc))[1] as action
				from theirs group by comment_id order by max(seq) desc limit @limit)
			select e.comment_id, c.version, e.entries, e.action, c.author_name, left(r.body, 200) as body, c.status,
				case when e.entries = 0 then n.action else '' end as since, case when e.entries = 0 then coalesce(o.name, '') else '' end as since_by
			from each e join comments c on c.site_id = @site and c.id = e.comment_id
				join revisions r on r.site_id = c.site_id and r.comment_id = c.id and r.number = c.revision
				join ledger n on n.site_id = c.site_id and n.id = c.entry left join moderators o on o.id = n.actor_id
			order by e.seq desc`,
			sql.Named("site", siteID), sql.Named("who", d.ModeratorID), sql.Named("from", d.From), sql.Named("to", d.To), sql.Named("limit", limit)).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("what %s decided: %w", d.ModeratorID, err)
	}
	return all, nil
}

// Deciders lists who decided something since a time, by the newest entries of the log: those too who have left.
func (q Queries) Deciders(ctx context.Context, siteID uuid.UUID, since time.Time) (all []Colleague, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select distinct o.id, o.name from (select actor_id, created_at from ledger where site_id = @site order by seq desc limit @limit) l
			join moderators o on o.id = l.actor_id where l.created_at > @since order by o.name, o.id`,
			sql.Named("site", siteID), sql.Named("since", since), sql.Named("limit", newestLooked)).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("who decided lately: %w", err)
	}
	return all, nil
}
