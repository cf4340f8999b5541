package models

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Row is one row of an export, by its columns.
type Row map[string]json.RawMessage

// Text is a column that holds a text; empty where it holds none.
func (r Row) Text(column string) (text string) {
	if json.Unmarshal(r[column], &text) != nil { // null, a number, or not there
		return ""
	}
	return text
}

// Set sets a column.
func (r Row) Set(column string, value any) (err error) {
	r[column], err = json.Marshal(value)
	return err
}

// given are columns of the ledger that the database gives anew: the chain of another site, or under another secret, is
// another chain.
var given = []string{"seq", "prev_hash", "hash"}

// ErrUnknownRecord says that an export holds a record that this release knows nothing of.
var ErrUnknownRecord = errors.New("unknown record")

// PutRows writes rows of an export into the site, those that are not there. Columns that this release does not know are
// passed over, and of those that the rows do not have each gets what the schema gives a new row.
func (t *Tx) PutRows(ctx context.Context, siteID uuid.UUID, record string, rows []Row) error {
	at := slices.IndexFunc(parts, func(p part) bool { return p.record == record && p.table != "" })
	if at < 0 {
		return fmt.Errorf("%w %q", ErrUnknownRecord, record)
	}
	return t.putRows(ctx, siteID, parts[at], rows)
}

// PutRevisions is PutRows for the texts of comments, which an export has inside of them.
func (t *Tx) PutRevisions(ctx context.Context, siteID uuid.UUID, rows []Row) error {
	return t.putRows(ctx, siteID, part{table: "revisions"}, rows)
}

func (t *Tx) putRows(ctx context.Context, siteID uuid.UUID, p part, rows []Row) error {
	table, known := p.table, cmp.Or(p.known, `on conflict do nothing`)
	columns, err := t.columns(ctx, table)
	if err != nil {
		return err
	}
	site, err := json.Marshal(siteID)
	if err != nil {
		return err
	}
	batch := &pgx.Batch{}
	for _, row := range rows {
		row["site_id"] = site
		var have []string
		for _, c := range columns {
			if _, ok := row[c]; ok {
				have = append(have, pgx.Identifier{c}.Sanitize())
			}
		}
		text, err := json.Marshal(row)
		if err != nil {
			return err
		}
		list := strings.Join(have, ", ")
		batch.Queue(`insert into `+table+` (`+list+`) select `+list+` from jsonb_populate_record(null::`+table+`, $1::jsonb) `+known, string(text))
	}
	if err := t.pgx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("put %d rows into %s: %w", len(rows), table, err)
	}
	return nil
}

// columns are those of a table that can be written.
func (t *Tx) columns(ctx context.Context, table string) ([]string, error) {
	rows, err := t.pgx.Query(ctx, `select attname::text from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped
		and attgenerated = '' and not attname = any ($2)`, table, given)
	if err != nil {
		return nil, fmt.Errorf("columns of %s: %w", table, err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// SameRule reports whether the site's rule of that version, language and number is the row's, to the letter.
func (t *Tx) SameRule(ctx context.Context, siteID uuid.UUID, row Row) (same bool, err error) {
	text, err := json.Marshal(row)
	if err != nil {
		return false, err
	}
	err = t.pgx.QueryRow(ctx, `select exists (select from rules r join jsonb_populate_record(null::rules, $2::jsonb) f
		on (f.version, f.locale, f.number, f.code, f.title, f.text) = (r.version, r.locale, r.number, r.code, r.title, r.text) where r.site_id = $1)`, siteID, string(text)).Scan(&same)
	if err != nil {
		return false, fmt.Errorf("compare a rule: %w", err)
	}
	return same, nil
}

// PutModerators makes people known by whom rows were written: with no way to sign in, and no role.
func (t *Tx) PutModerators(ctx context.Context, all []Moderator) error {
	batch := &pgx.Batch{}
	for _, m := range all {
		batch.Queue(`insert into moderators (id, email, name, password_hash, locale, created_at) values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing`,
			m.ID, m.Email, m.Name, m.PasswordHash, m.Locale, m.CreatedAt)
	}
	if err := t.pgx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("put %d moderators: %w", len(all), err)
	}
	return nil
}

// Replay writes an entry of an export, and moves its comment to the state that it names: with the last of its entries to
// all that final, the comment's row in the export, says. An entry that is there already is passed over; one that does not
// follow on the comment's state gives ErrConflict.
func (t *Tx) Replay(ctx context.Context, siteID uuid.UUID, e Entry, entry, final Row) (Head, error) {
	known, err := t.known(ctx, siteID, e.ID)
	if err != nil || known {
		return Head{}, err
	}
	if err := t.putRows(ctx, siteID, part{table: "ledger"}, []Row{entry}); err != nil {
		return Head{}, err
	}
	if e.CommentID != uuid.Nil {
		if err := t.move(ctx, siteID, e, final); err != nil {
			return Head{}, err
		}
	}
	return t.LedgerHead(ctx, siteID)
}

func (t *Tx) known(ctx context.Context, siteID, entryID uuid.UUID) (known bool, err error) {
	err = t.pgx.QueryRow(ctx, `select exists (select from ledger where site_id = $1 and id = $2)`, siteID, entryID).Scan(&known)
	if err != nil {
		return false, fmt.Errorf("entry %s: %w", entryID, err)
	}
	return known, nil
}

func (t *Tx) move(ctx context.Context, siteID uuid.UUID, e Entry, final Row) error {
	text, err := json.Marshal(final)
	if err != nil {
		return err
	}
	moved, err := t.pgx.Exec(ctx, `update comments c set version = $3, entry = $4, status = $5, public_revision = $6, held_revision = $7, revision = greatest(c.revision, $8),
			published_at = case when f.version = $3 then f.published_at when $6::integer is not null then coalesce(c.published_at, f.published_at, $9) else c.published_at end,
			featured_at = case when f.version = $3 then f.featured_at end, set_aside_until = case when f.version = $3 then f.set_aside_until end,
			passed_to = case when f.version = $3 then f.passed_to end, passed_role = case when f.version = $3 then f.passed_role end,
			rank_at = f.rank_at, waiting_since = f.waiting_since, priority = f.priority,
			author_name = case when f.erased_at is not null and $10 then '' else c.author_name end, author_url = case when f.erased_at is not null and $10 then '' else c.author_url end,
			erased_at = case when $10 then f.erased_at else c.erased_at end
		from jsonb_populate_record(null::comments, $11::jsonb) f where c.site_id = $1 and c.id = $2 and c.version = $3 - 1`,
		siteID, e.CommentID, e.Version, e.ID, e.Status, e.PublicRevision, e.HeldRevision, e.Revision, e.CreatedAt, e.Kind == KindErasure || e.Kind == KindImport, string(text))
	if err != nil {
		return fmt.Errorf("replay entry %s: %w", e.ID, err)
	}
	if moved.RowsAffected() == 0 {
		return fmt.Errorf("replay entry %s: %w", e.ID, ErrConflict)
	}
	return nil
}

// Paths answers the paths of those of the comments that are there.
func (t *Tx) Paths(ctx context.Context, siteID uuid.UUID, ids []uuid.UUID) (map[uuid.UUID][]byte, error) {
	rows, err := t.pgx.Query(ctx, `select id, path from comments where site_id = $1 and id = any ($2)`, siteID, ids)
	paths := map[uuid.UUID][]byte{}
	if err == nil {
		var id uuid.UUID
		var path []byte
		_, err = pgx.ForEachRow(rows, []any{&id, &path}, func() error { paths[id] = slices.Clone(path); return nil })
	}
	if err != nil {
		return nil, fmt.Errorf("paths: %w", err)
	}
	return paths, nil
}

// TellSite lets every process drop what it remembers of the site, once the transaction commits.
func (t *Tx) TellSite(ctx context.Context, siteID uuid.UUID) error {
	t.hint(Hint{SiteID: siteID, Whole: true})
	_, err := t.pgx.Exec(ctx, `select pg_notify('`+hintChannel+`', json_build_object('site', $1::uuid, 'whole', true)::text)`, siteID)
	if err != nil {
		return fmt.Errorf("tell of site %s: %w", siteID, err)
	}
	return nil
}
