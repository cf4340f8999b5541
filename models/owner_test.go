package models_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"plenum/models"
	"plenum/models/modeltest"
	"plenum/moderation"
)

// asOwner is a world whose schema belongs to a plain role: no superuser, as on a database that somebody else runs.
func asOwner(t *testing.T) *world {
	t.Helper()
	modeltest.URL(t) // so that plenum_serve is there: a plain role may not make it
	url := modeltest.Empty(t)
	super, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, sql: super}
	name := "owner_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	w.do(`create role ` + name + ` login; grant plenum_serve, plenum_search to ` + name + `; do $$ begin execute format('alter database %I owner to ` + name + `', current_database()); end $$`)
	store, err := models.Open(t.Context(), url+" user="+name)
	w.must(err)
	t.Cleanup(func() {
		store.Close()
		if _, err := super.Exec(context.Background(), `reassign owned by `+name+` to current_user; drop owned by `+name+`; drop role `+name); err != nil {
			t.Error(err)
		}
		if err := super.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	_, err = store.Migrate(t.Context())
	w.must(err)
	w.flow = moderation.New(store, []byte("a secret of thirty-two characters"))
	w.flow.Unlimited = true
	w.site = w.newSite("news")
	return w
}

func (w *world) do(statement string) {
	w.Helper()
	_, err := w.sql.Exec(w.Context(), statement)
	w.must(err)
}

func TestAPlainRoleOwnsTheSchemaAndStillCannotRewriteTheLedger(t *testing.T) {
	w := asOwner(t)
	w.comment("public", true)
	if v, err := w.flow.VerifyLedger(t.Context(), w.site); err != nil || v.Entries != 1 || v.Fault != nil {
		t.Fatalf("got %+v (%v), want one entry that holds", v, err)
	}
	for _, statement := range []string{
		`update ledger set action = 'spam'`, `delete from ledger`, `truncate ledger`, `truncate ledger cascade`, `truncate rules`, `truncate rule_versions cascade`,
		`truncate rule_intros cascade`, `delete from rules`, `update rules set text = 'x'`, `delete from rule_intros`, `update rule_intros set intro = 'x'`,
		`delete from rule_versions`, `update comments set status = 'spam', public_revision = null`, `alter role plenum_serve superuser`,
	} {
		if _, err := w.flow.Store.Pool().Exec(t.Context(), statement); !refused(err) && !isCascade(err) {
			t.Errorf("%s as the owner: got %v, want it refused", statement, err)
		}
	}
}

// The private PostgreSQL's owner is a superuser, whom only triggers stop.
func TestNotEvenASuperuserEmptiesTheLedgerByAWord(t *testing.T) {
	w := newWorld(t)
	w.comment("public", true)
	for _, table := range []string{"ledger", "rules", "rule_versions", "rule_intros", "sites", "comments", "moderators"} {
		if err := w.exec(false, w.site, `truncate `+table+` cascade`); !refused(err) {
			t.Errorf("truncate %s cascade: got %v, want it refused", table, err)
		}
	}
}

// isCascade: a table that others refer to is not truncated alone.
func isCascade(err error) bool { return strings.Contains(err.Error(), "SQLSTATE 0A000") }

func TestTheServingRoleOwnsNothingAndIsNobody(t *testing.T) {
	w := newWorld(t)
	if got := w.names(`select relname from pg_class where relowner = 'plenum_serve'::regrole`); len(got) > 0 {
		t.Errorf("the serving role owns %v", got)
	}
	if got := w.names(`select relname || ' ' || privilege from pg_class c, (values ('truncate'), ('trigger'), ('references')) p (privilege)
		where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and has_table_privilege('plenum_serve', c.oid, privilege)`); len(got) > 0 {
		t.Errorf("the serving role may %v", got)
	}
	for _, statement := range []string{`create table x ()`, `alter table comments disable trigger guard`, `drop trigger guard on comments`, `set session_replication_role = replica`,
		`alter table comments disable row level security`, `create policy mine on comments using (true)`} {
		if err := w.exec(true, w.site, statement); !refused(err) {
			t.Errorf("%s as the serving role: got %v, want it refused", statement, err)
		}
	}
}

// Whatever a serving transaction of one site tries on the rows of another, it meets none.
func TestTheSecondWallStandsForEveryVerb(t *testing.T) {
	w := newWorld(t)
	id := w.comment("ours", true)
	ours, theirs := w.site, w.newSite("other")
	for what, statement := range map[string]string{
		"an article":   `update articles set title = 'x' where site_id = '%s'`,
		"a claim":      `update comments set claimed_by = (select id from moderators limit 1), claimed_until = now() where site_id = '%s'`,
		"a head":       `update ledger_heads set mac = null where site_id = '%s'`,
		"a key":        `delete from idempotency_keys where site_id = '%s'`,
		"any claim":    `update comments set claimed_by = null, claimed_until = null`,
		"any headline": `update articles set title = 'x'`,
	} {
		before := w.fingerprint(ours.ID)
		if err := w.exec(true, theirs, strings.ReplaceAll(statement, "%s", ours.ID.String())); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if after := w.fingerprint(ours.ID); after != before {
			t.Errorf("%s of another site was changed", what)
		}
	}
	for what, statement := range map[string]string{
		"an entry": entry(&world{T: t, site: ours, actor: w.actor}, id, uuid.NewString(), 3, "approved"),
		"a rule":   `insert into rule_versions (site_id, version, published_at) values ('` + ours.ID.String() + `', 9, now())`,
		"a text":   `insert into revisions values ('` + ours.ID.String() + `', '` + id.String() + `', 9, 'x', 'x', 1, now())`,
		"a key":    `insert into idempotency_keys values ('` + ours.ID.String() + `', 'c', '', 'k', sha256(''), gen_random_uuid(), now())`,
	} {
		if err := w.exec(true, theirs, statement); !refused(err) && !strings.Contains(err.Error(), "query returned no rows") { // its chain's head is not to be seen
			t.Errorf("%s for another site: got %v, want it refused", what, err)
		}
	}
}

// fingerprint changes with anything of a site that the serving role may write.
func (w *world) fingerprint(site uuid.UUID) string {
	w.Helper()
	return w.read(`select md5((select string_agg(a::text, '' order by id) from articles a where site_id = $1) || (select string_agg(c::text, '' order by id) from comments c where site_id = $1)
		|| (select h::text from ledger_heads h where site_id = $1) || (select string_agg(k::text, '' order by key) from idempotency_keys k where site_id = $1))`, site)
}

func TestWithoutASiteNothingIsSeen(t *testing.T) {
	w := newWorld(t)
	w.comment("ours", true)
	for _, table := range w.names(`select relname from (` + siteTables + `) s`) {
		for _, sites := range []string{"", uuid.NewString(), uuid.NewString() + "," + uuid.NewString()} {
			tx, err := w.sql.Begin(t.Context())
			w.must(err)
			var seen bool
			_, err = tx.Exec(t.Context(), `select set_config('role', 'plenum_serve', true), set_config('app.site_ids', $1, true)`, sites)
			w.must(err)
			err = tx.QueryRow(t.Context(), `select exists (select from `+table+`)`).Scan(&seen)
			w.must(tx.Rollback(t.Context()))
			if err != nil || seen {
				t.Errorf("%s for the sites %q: got rows %v (%v), want none", table, sites, seen, err)
			}
		}
	}
}
