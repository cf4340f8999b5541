package models

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// ExportVersion is the version of the format that Export writes. It is raised when a reader of the one before would
// misread what is written; a column more is none of that.
const ExportVersion = 1

// part is a table of a site's data on its way out and in: in which order its rows stand, and what never leaves. What is
// derived is made anew where it comes in; keyed hashes mean nothing under another secret; a claim is of the moment.
type part struct {
	record, table, order string
	without              []string
	query                string // where the rows are not just those of the table
	known                string // what becomes of a row that is there; empty: it stays as it is
}

// parts are in an order in which each row's references stand before it.
var parts = []part{
	{record: "site", query: `select (to_jsonb(s) - array['id', 'usual_wait', 'purge_url', 'purge_sealed', 'ended_at'])::text from sites s where id = $1`},
	{record: "moderator", query: `select jsonb_build_object('id', m.id, 'name', m.name)::text from moderators m where m.id in (
		select moderator_id from memberships where site_id = $1 union select unnest(array[actor_id, assigned_to]) from ledger where site_id = $1
		union select published_by from rule_versions where site_id = $1 union select updated_by from statement_templates where site_id = $1
		union select created_by from site_words where site_id = $1 union select passed_to from comments where site_id = $1
		union select actor_id from setting_changes where site_id = $1 union select unnest(array[actor_id, moderator_id]) from staff_changes where site_id = $1) order by m.id`},
	{record: "setting_change", table: "setting_changes", order: "created_at, id"},
	{record: "staff_change", table: "staff_changes", order: "created_at, id"},
	{record: "rules", table: "rule_versions", order: "version"},
	{record: "rules_intro", table: "rule_intros", order: "version, locale"},
	{record: "rule", table: "rules", order: "version, locale, number"},
	{record: "statement_template", table: "statement_templates", order: "version, locale, code",
		known: `on conflict (site_id, version, locale, code) do update set text = excluded.text, updated_at = excluded.updated_at, updated_by = excluded.updated_by`},
	{record: "rule_hint", table: "rule_hints", order: "signal"},
	{record: "word", table: "site_words", order: "id"},
	{record: "article", table: "articles", order: "id"},
	{record: "author", table: "authors", order: "id", without: []string{"address_hash"}},
	{record: "comment", table: "comments", query: `select (to_jsonb(c) - array['site_id', 'claimed_by', 'claimed_until', 'path', 'root_id', 'depth', 'urgency'] || jsonb_build_object('revisions',
		(select jsonb_agg(to_jsonb(r) - array['site_id', 'html', 'markup_version'] order by r.number) from revisions r where r.site_id = c.site_id and r.comment_id = c.id)))::text
		from comments c where site_id = $1 order by depth, id`},
	{record: "agreement", table: "agreements", order: "comment_id"},
	{record: "imported", table: "imported", order: "source"},
	{record: "entry", table: "ledger", order: "seq"},
	{record: "statement", table: "statements", order: "entry_id, kind"},
	{record: "sanction", table: "sanctions", order: "id", without: []string{"network_hash"}},
	{record: "report_case", table: "report_cases", order: "id"},
	{record: "report", table: "reports", order: "id", without: []string{"address_hash"}},
	{record: "appeal", table: "appeals", order: "id"},
	{record: "follower", table: "followers", order: "id", without: []string{"address_hash"}},
	{record: "subscription", table: "subscriptions", order: "id"},
}

// Export gives every row of the site's data as JSON to write, one after the other, as all of it was at one moment. It
// holds no row of another site, and no secret.
func (s *Store) Export(ctx context.Context, siteID uuid.UUID, write func(record string, row []byte) error) error {
	unbounded := func(context.Context) *pgx.Batch { return beginning(ofOneMoment) }
	err := s.begin(ctx, unbounded, func(tx *Tx) error {
		// The second wall, without the limits of a serving transaction: whoever reads may be slow.
		if _, err := tx.pgx.Exec(ctx, `select set_config('role', 'plenum_serve', true), set_config('app.site_ids', $1, true)`, siteID.String()); err != nil {
			return err
		}
		for _, p := range parts {
			if err := tx.export(ctx, p, siteID, func(row []byte) error { return write(p.record, row) }); err != nil {
				return fmt.Errorf("%s: %w", p.record, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

func (t *Tx) export(ctx context.Context, p part, siteID uuid.UUID, write func(row []byte) error) error {
	query, args := p.query, []any{siteID}
	if query == "" {
		query = `select (to_jsonb(t) - $2::text[])::text from ` + p.table + ` t where site_id = $1 order by ` + p.order
		args = append(args, append([]string{"site_id"}, p.without...))
	}
	rows, err := t.pgx.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	var row []byte
	_, err = pgx.ForEachRow(rows, []any{&row}, func() error { return write(row) })
	return err
}
