package moderation_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"plenum/models"
	"plenum/models/modeltest"
	"plenum/moderation"
)

// forger is a superuser at a world's database, who has taken its guards and constraints out.
type forger struct {
	*world
	sql *pgx.Conn
}

// newForger makes a site with four entries: approved, rejected with statement and note, edited by its author, undone.
func newForger(t *testing.T) *forger {
	t.Helper()
	url := modeltest.URL(t)
	store, err := models.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	f := &forger{world: &world{TB: t, flow: moderation.New(store, []byte("a secret of thirty-two characters"))}}
	f.site = f.newSite("news")
	f.must(f.decide(f.moderator, f.submit(f.submission()).ID, moderation.Approve))
	_, err = f.flow.Decide(t.Context(), f.site, f.moderator, moderation.Verdict{CommentID: f.submit(f.submission()).ID, Version: 1,
		Action: moderation.Reject, Rules: []string{"topic", "respect"}, Statement: "because", Note: "hm"})
	f.must(err)
	r := f.submit(f.submission())
	f.must(f.flow.Edit(t.Context(), f.site, r.ID, r.ManageToken, "otherwise"))
	f.must(f.decide(f.editor, f.submit(f.submission()).ID, moderation.Spam))
	f.sql, err = pgx.Connect(t.Context(), url)
	f.must(err)
	t.Cleanup(func() { f.sql.Close(context.Background()) })
	if v := f.verify(); v.Fault != nil || v.Entries != 4 {
		t.Fatalf("got %+v before anything was forged, want 4 entries that hold", v)
	}
	f.do(`set session_replication_role = replica`)
	f.do(`do $$ declare c record; begin
		for c in select conname, conrelid::regclass as t from pg_constraint where conrelid in ('ledger'::regclass, 'comments'::regclass) and contype in ('c', 'p') loop
			execute format('alter table %s drop constraint %I cascade', c.t, c.conname);
		end loop; end $$`)
	return f
}

func (f *forger) do(statement string) {
	f.Helper()
	if _, err := f.sql.Exec(f.Context(), statement); err != nil {
		f.Fatalf("%s: %v", statement, err)
	}
}

// other is SQL for a value that a column does not have now, by its type.
var other = map[string]string{
	"uuid": `gen_random_uuid()`, "int8": `coalesce(%[1]s, 0) + 100`, "int4": `coalesce(%[1]s, 0) + 1`, "text": `%[1]s || 'x'`, "_text": `%[1]s || '{x}'`,
	"timestamptz": `coalesce(%[1]s, now()) + interval '1 microsecond'`, "bytea": `sha256(coalesce(%[1]s, ''))`,
}

// column is one of the ledger's.
type column struct{ Name, Type string }

func (f *forger) columns() []column {
	f.Helper()
	rows, err := f.sql.Query(f.Context(), `select column_name::text, udt_name::text from information_schema.columns where table_name = 'ledger'`)
	f.must(err)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[column])
	f.must(err)
	return all
}

func TestNoColumnOfAnEntryIsChangedUnseen(t *testing.T) {
	f := newForger(t)
	columns := f.columns()
	if len(columns) < 20 {
		t.Fatalf("got %d columns: something is wrong with this test", len(columns))
	}
	for seq := 1; seq <= 4; seq++ {
		for _, c := range columns {
			form, ok := other[c.Type]
			if !ok {
				t.Fatalf("no other value for %s of type %s", c.Name, c.Type)
			}
			if strings.Contains(form, "%") {
				form = fmt.Sprintf(form, c.Name)
			}
			f.do(fmt.Sprintf(`create table kept as select * from ledger where seq = %d`, seq))
			f.do(fmt.Sprintf(`update ledger set %s = %s where seq = %d`, c.Name, form, seq))
			if v := f.verify(); v.Fault == nil || v.Fault.Seq != int64(seq) || v.Entries != int64(seq-1) {
				t.Errorf("%s of entry %d: got %+v after %d entries that hold, want the entry named", c.Name, seq, v.Fault, v.Entries)
			}
			f.do(fmt.Sprintf(`delete from ledger where seq in (%d, %[1]d + 100) or site_id not in (select id from sites); insert into ledger select * from kept; drop table kept`, seq))
		}
	}
	if v := f.verify(); v.Fault != nil {
		t.Errorf("got %+v after everything was put back, want all to hold", v.Fault)
	}
}

func TestAWholeLedgerCannotBeTakenAway(t *testing.T) {
	f := newForger(t)
	f.do(`delete from statements; delete from ledger; update ledger_heads set count = 0, hash = decode(repeat('00', 32), 'hex'), mac = null;
		update comments set status = 'pending', version = 1, entry = null, public_revision = null, held_revision = 1, published_at = null`)
	if v := f.verify(); v.Fault == nil {
		t.Errorf("got %+v, want it seen that nothing is left", v)
	}
}

func TestTheLedgerOfANewSiteHolds(t *testing.T) {
	w := newWorld(t)
	if v := w.verify(); v.Fault != nil || v.Entries != 0 {
		t.Errorf("got %+v, %+v, want no entries, and that to hold", v, v.Fault)
	}
}

func TestACommentsStateIsComparedWithItsNewestEntry(t *testing.T) {
	for change, seq := range map[string]int{
		`status = 'approved', public_revision = 1`: 2, `public_revision = null`: 1, `public_revision = 2`: 1, `held_revision = 2`: 1,
		`held_revision = 1`: 3, `version = version + 1`: 1, `entry = gen_random_uuid()`: 1, `version = 1, entry = null`: 4,
	} {
		f := newForger(t)
		f.do(fmt.Sprintf(`update comments set %s where id = (select comment_id from ledger where seq = %d)`, change, seq))
		if v := f.verify(); v.Fault == nil || v.Fault.Seq != 0 || v.Entries != 4 {
			t.Errorf("%s: got %+v after %d entries, want the comment named after all 4", change, v.Fault, v.Entries)
		}
	}
}

func TestAStatementIsNeitherChangedNorPutElsewhereUnseen(t *testing.T) {
	for _, change := range []string{
		`update statements set text = text || '.'`, `update statements set salt = salt || 'x'::bytea`,
		`update statements set entry_id = (select id from ledger where seq = 1)`,
		`update statements set kind = case kind when 'note' then 'statement' else 'note' end`,
	} {
		f := newForger(t)
		f.do(`alter table statements drop constraint statements_pkey; ` + change)
		if v := f.verify(); v.Fault == nil {
			t.Errorf("%s: got %+v, want it seen", change, v)
		}
	}
}
