package models

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Loss is what goes with a site.
type Loss struct {
	Comments      int `json:"comments"`
	Articles      int `json:"articles"`
	Entries       int `json:"entries"`       // of its log: decisions, edits, withdrawals, erasures
	Subscriptions int `json:"subscriptions"` // that readers follow it by
	Jobs          int `json:"jobs"`          // not worked off: mails, webhooks, batches

	Staff   []string `json:"staff"`   // addresses of its moderators who serve other sites too
	Leaving []string `json:"leaving"` // addresses of those who serve no other, and lose their account
}

// EndingSite finds a site by its slug, also one that has ended and is not deleted yet: for the command line, as the schema's
// owner. Moving says that a publication of e2e/scale/move.sh copies it to another cluster, deletions included.
func (s *Store) EndingSite(ctx context.Context, slug string) (site Site, moving bool, err error) {
	db := s.db.WithContext(ctx)
	if err = first(db.Raw(`select * from sites where slug = ?`, slug).Scan(&site)); err == nil {
		err = first(db.Raw(`select exists (select from pg_publication where pubname = 'plenum_move_' || replace(?, '-', ''))`, site.ID.String()).Scan(&moving))
	}
	if err != nil {
		return Site{}, false, fmt.Errorf("site %q: %w", slug, err)
	}
	return site, moving, nil
}

// EndedSites lists the slugs of sites that have ended and are not deleted yet, as the schema's owner.
func (s *Store) EndedSites(ctx context.Context) (slugs []string, err error) {
	err = s.db.WithContext(ctx).Raw(`select slug from sites where ended_at is not null order by slug`).Scan(&slugs).Error
	if err != nil {
		return nil, fmt.Errorf("list sites that have ended: %w", err)
	}
	return slugs, nil
}

// Loss counts what goes with a site, as the schema's owner.
func (s *Store) Loss(ctx context.Context, siteID uuid.UUID) (l Loss, err error) {
	err = s.begin(ctx, asOwner, func(tx *Tx) error {
		return tx.pgx.QueryRow(ctx, `select (select count(*) from comments where site_id = $1), (select count(*) from articles where site_id = $1),
			(select count from ledger_heads where site_id = $1), (select count(*) from subscriptions where site_id = $1),
			(select count(*) from river_job where args->>'site_id' = $1::text and finalized_at is null),
			array(select o.email from moderators o where o.id in (select moderator_id from memberships where site_id = $1)
				and o.id in (select moderator_id from memberships where site_id <> $1) order by o.email),
			array(select o.email from moderators o where o.id in (select moderator_id from memberships where site_id = $1)
				and o.id not in (select moderator_id from memberships where site_id <> $1) order by o.email)`, siteID).
			Scan(&l.Comments, &l.Articles, &l.Entries, &l.Subscriptions, &l.Jobs, &l.Staff, &l.Leaving)
	})
	if err != nil {
		return Loss{}, fmt.Errorf("what site %s holds: %w", siteID, err)
	}
	return l, nil
}

// EndSite makes a site unknown to whoever serves, on each replica from the moment it is committed, as the schema's owner.
// What the site holds is still there, for DeleteSite. Ending it twice is the same as once.
func (s *Store) EndSite(ctx context.Context, siteID uuid.UUID, at time.Time) error {
	err := s.begin(ctx, asOwner, func(tx *Tx) error {
		tx.hint(Hint{SiteID: siteID, Whole: true, Ended: true})
		return tx.db.Exec(`update sites set ended_at = coalesce(ended_at, ?) where id = ?`, at, siteID).Error
	})
	if err != nil {
		return fmt.Errorf("end site %s: %w", siteID, err)
	}
	return nil
}

// DeleteSite deletes all that a site that has ended left behind, in one transaction of the schema's owner: the rows of every
// table, the jobs, and the accounts of whoever served no other site. An account that a log of another site names keeps its
// address and name there, but no way in. PasswordHash is one that no password has. A site that has not ended, or is gone,
// gives ErrNotFound. What somebody has been writing since before the end gives ErrConflict: they will be done soon.
func (s *Store) DeleteSite(ctx context.Context, siteID uuid.UUID, passwordHash string) error {
	err := s.begin(ctx, asOwner, func(tx *Tx) error {
		var found uuid.UUID
		if err := tx.pgx.QueryRow(ctx, `select id from sites where id = $1 and ended_at is not null for update`, siteID).Scan(&found); err != nil {
			return err
		}
		leaving, err := tx.leaving(ctx, siteID)
		if err != nil {
			return err
		}
		if err := tx.deleteRows(ctx, siteID); err != nil {
			return err
		}
		return tx.endAccounts(ctx, leaving, passwordHash)
	})
	var pg *pgconn.PgError
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		err = ErrNotFound
	case errors.As(err, &pg) && (pg.Code == "23503" || pg.Code == "40P01"): // a reference to what is gone; a deadlock
		err = fmt.Errorf("%w: %w", ErrConflict, err)
	}
	if err != nil {
		return fmt.Errorf("delete site %s: %w", siteID, err)
	}
	return nil
}

// ofSites are the tables of site data, the referring before what they refer to. References that may wait until the end of
// the transaction order nothing: with them there would be no order.
const ofSites = `with recursive t as (select c.oid from pg_class c join pg_attribute a on a.attrelid = c.oid
		where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attname = 'site_id'),
	deep (oid, level) as (select oid, 0 from t
		union select k.conrelid, deep.level + 1 from deep join pg_constraint k on k.confrelid = deep.oid
			where k.contype = 'f' and not k.condeferrable and k.conrelid <> k.confrelid and k.conrelid in (select oid from t))
	select oid::regclass::text from deep group by oid order by max(level) desc, 1`

func (t *Tx) deleteRows(ctx context.Context, siteID uuid.UUID) error {
	tables, err := t.texts(ctx, ofSites)
	if err != nil {
		return err
	}
	if _, err := t.pgx.Exec(ctx, `set constraints all deferred`); err != nil {
		return err
	}
	for _, table := range tables {
		if _, err := t.pgx.Exec(ctx, `delete from `+table+` where site_id = $1`, siteID); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	if _, err := t.pgx.Exec(ctx, `delete from river_job where args->>'site_id' = $1`, siteID.String()); err != nil {
		return err
	}
	_, err = t.pgx.Exec(ctx, `delete from sites where id = $1`, siteID)
	return err
}

// naming is, of each column of site data that names a moderator, SQL for whether a site s names the moderator o in it. Who
// only holds a comment, or was passed one, is not named: nothing was done by it.
const naming = `select 'exists (select from ' || t.relname || ' n where n.site_id = s.id and n.' || a.attname || ' = o.id)'
	from pg_class t join pg_attribute a on a.attrelid = t.oid
	where t.relkind = 'r' and t.relnamespace = 'public'::regnamespace and t.relname <> 'comments'
		and exists (select from pg_attribute s where s.attrelid = t.oid and s.attname = 'site_id')
		and (a.attname = 'published_by' or exists (select from pg_constraint k where k.contype = 'f' and k.conrelid = t.oid
			and k.confrelid = 'moderators'::regclass and k.conkey = array[a.attnum]))
	order by 1`

// leaver is somebody whose last site ends.
type leaver struct {
	ID    uuid.UUID
	Named bool // by another site, which they served before
}

// leaving finds whom the site names, as one of its staff or in a log, and who serves no other. They are held, so that no
// other site takes them on from then on.
func (t *Tx) leaving(ctx context.Context, siteID uuid.UUID) ([]leaver, error) {
	columns, err := t.texts(ctx, naming)
	if err != nil {
		return nil, err
	}
	names := "(" + strings.Join(columns, " or ") + ")"
	rows, err := t.pgx.Query(ctx, `select o.id, exists (select from sites s where s.id <> $1 and `+names+`) from moderators o
		where exists (select from sites s where s.id = $1 and `+names+`)
			and not exists (select from memberships m where m.moderator_id = o.id and m.site_id <> $1) for update of o`, siteID)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[leaver])
}

// endAccounts takes every way in from the leavers, with the jobs that would mail them a new one. A row stays, because looking
// for all that may refer to it would read every comment of every site; but there is nothing of anybody in it, unless a log
// of another site names them.
func (t *Tx) endAccounts(ctx context.Context, leavers []leaver, passwordHash string) error {
	var all, nameless []string
	for _, l := range leavers {
		if all = append(all, l.ID.String()); !l.Named {
			nameless = append(nameless, l.ID.String())
		}
	}
	const gone = `(select o.id from moderators o where o.id = any ($1::uuid[]) and not exists (select from memberships m where m.moderator_id = o.id))`
	batch := &pgx.Batch{}
	for _, table := range []string{"sessions", "passkeys", "totp_secrets", "recovery_codes", "password_links"} {
		batch.Queue(`delete from `+table+` where moderator_id in `+gone, all)
	}
	batch.Queue(`delete from river_job where args->>'moderator_id' in (select id::text from moderators where id in `+gone+`)`, all)
	batch.Queue(`update moderators set password_hash = $2, user_handle = gen_random_uuid(), wrong_codes = 0, codes_after = null where id in `+gone, all, passwordHash)
	batch.Queue(`update moderators set name = '-', email = id::text where id in `+gone, nameless)
	return t.pgx.SendBatch(ctx, batch).Close()
}

// texts reads a column of texts.
func (t *Tx) texts(ctx context.Context, query string) ([]string, error) {
	rows, err := t.pgx.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
