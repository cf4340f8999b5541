package models_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"plenum/models"
	"plenum/models/modeltest"
)

// names reads a column of names.
func (w *world) names(query string) (all []string) {
	w.Helper()
	rows, err := w.sql.Query(w.Context(), query)
	w.must(err)
	defer rows.Close()
	for rows.Next() {
		var name string
		w.must(rows.Scan(&name))
		all = append(all, name)
	}
	w.must(rows.Err())
	return all
}

const siteTables = `select c.oid, c.relname, c.relrowsecurity from pg_class c join pg_attribute a on a.attrelid = c.oid
	where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attname = 'site_id'`

func TestEveryTableOfSiteDataHasBothWalls(t *testing.T) {
	w := newWorld(t)
	if tables := w.names(`select relname from (` + siteTables + `) s`); len(tables) < 12 {
		t.Fatalf("got the tables of site data %v: something is wrong with this test", tables)
	}
	for what, query := range map[string]string{
		"without row security":          `select relname from (` + siteTables + `) s where not relrowsecurity`,
		"without a policy":              `select relname from (` + siteTables + `) s where not exists (select from pg_policy p where p.polrelid = s.oid and 'plenum_serve'::regrole = any (p.polroles))`,
		"whose key begins otherwise":    `select relname from (` + siteTables + `) s join pg_index i on i.indrelid = s.oid and i.indisprimary join pg_attribute a on a.attrelid = s.oid and a.attnum = i.indkey[0] where a.attname <> 'site_id'`,
		"with a reference across sites": `select s.relname || '.' || k.conname from (` + siteTables + `) s join pg_constraint k on k.conrelid = s.oid and k.contype = 'f' join (` + siteTables + `) o on o.oid = k.confrelid join pg_attribute a on a.attrelid = s.oid and a.attnum = k.conkey[1] where a.attname <> 'site_id'`,
		// What a distributed table, or a site that moves to another cluster, can take along: triggers on rows. A refused TRUNCATE has none.
		"with a trigger of a whole statement": `select s.relname || '.' || g.tgname from (` + siteTables + `) s join pg_trigger g on g.tgrelid = s.oid where not g.tgisinternal and g.tgtype & 1 = 0 and g.tgtype & 32 = 0`,
		"with a key without its site":         `select s.relname || '.' || i.indexrelid::regclass from (` + siteTables + `) s join pg_index i on i.indrelid = s.oid and i.indisunique where not exists (select from pg_attribute a where a.attrelid = s.oid and a.attname = 'site_id' and a.attnum = any (i.indkey))`,
	} {
		if bad := w.names(query); len(bad) > 0 {
			t.Errorf("tables %s: %s", what, strings.Join(bad, ", "))
		}
	}
	if got := w.read(`select concat_ws(' ', rolsuper, rolbypassrls, rolcanlogin, rolcreaterole) from pg_roles where rolname = 'plenum_serve'`); got != "f f f f" {
		t.Errorf("got the serving role's powers %q, want none", got)
	}
}

func TestAServingTransactionSeesItsOwnSiteOnly(t *testing.T) {
	w := newWorld(t)
	w.comment("ours", true)
	ours := w.site
	theirs := w.newSite("other")
	for _, table := range w.names(`select relname from (` + siteTables + `) s`) {
		err := w.exec(true, theirs, `do $$ begin if exists (select from `+table+` where site_id = '`+ours.ID.String()+`') then raise exception 'seen'; end if; end $$`)
		if err != nil && strings.Contains(err.Error(), "seen") {
			t.Errorf("%s shows another site's rows", table)
		}
	}
	if err := w.exec(true, theirs, `insert into authors (site_id, id, created_at) values ('`+ours.ID.String()+`', gen_random_uuid(), now())`); err == nil {
		t.Error("a row was written for another site")
	}
}

// The walls stand for a role, and every way in takes it on, for one site.
func TestEveryWayInTakesOnTheServingRole(t *testing.T) {
	const asked = `select current_user || ' for ' || current_setting('app.site_ids')`
	w := newWorld(t)
	s, want := w.flow.Store, "plenum_serve for "+w.site.ID.String()
	for _, way := range []func(context.Context, uuid.UUID, func(*models.Tx) error) error{s.Serve, s.Look, s.Read} {
		var got string
		w.must(way(t.Context(), w.site.ID, func(tx *models.Tx) error { return tx.Raw().QueryRow(t.Context(), asked).Scan(&got) }))
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	var got string
	batch := &pgx.Batch{}
	batch.Queue(asked).QueryRow(func(row pgx.Row) error { return row.Scan(&got) })
	if w.must(models.LookUp(t.Context(), s, w.site.ID, batch)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTenMigrationsAtOnceAreOne(t *testing.T) {
	url := modeltest.Empty(t)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			store, err := models.Open(t.Context(), url)
			if err != nil {
				t.Error(err)
				return
			}
			defer store.Close()
			if _, err := store.Migrate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
