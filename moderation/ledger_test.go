package moderation_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"plenum/models"
	"plenum/models/modeltest"
	"plenum/moderation"
)

// Whatever a superuser changes behind the guards, the verification names the row.
func TestVerifyLedgerNamesWhatWasChanged(t *testing.T) {
	url := modeltest.URL(t)
	store, err := models.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	w := &world{TB: t, flow: moderation.New(store, []byte("a secret of thirty-two characters"))}
	w.now = w.flow.Now()
	w.site = w.newSite("news")
	for range 5 {
		r := w.submit(w.submission())
		w.must(w.decide(w.moderator, r.ID, moderation.Reject, "respect"))
	}
	_, err = w.flow.Decide(t.Context(), w.site, w.editor, moderation.Verdict{CommentID: w.submit(w.submission()).ID, Version: 1,
		Action: moderation.Reject, Rules: []string{"topic"}, Statement: "because", Note: "hm"})
	w.must(err)
	sql, err := pgx.Connect(t.Context(), url)
	w.must(err)
	t.Cleanup(func() { sql.Close(context.Background()) })
	if v := w.verify(); v.Fault != nil || v.Entries != 6 {
		t.Fatalf("got %+v before anything was changed, want 6 entries that hold", v)
	}
	for _, change := range []struct {
		sql string
		seq int64
		why string
	}{
		{`update ledger set action = 'spam' where seq = 3`, 3, "changed"},
		{`update ledger set status = 'approved' where seq = 2`, 2, "changed"},
		{`update ledger set rules = '{topic}' where seq = 4`, 4, "changed"},
		{`update ledger set rules_version = 2 where seq = 1`, 1, "changed"},
		{`update ledger set actor_id = (select id from moderators where name = 'ma') where seq = 5`, 5, "changed"},
		{`update ledger set created_at = created_at + interval '1 microsecond' where seq = 6`, 6, "changed"},
		{`update ledger set statement_hash = null where seq = 6`, 6, "changed"},
		{`update ledger set hash = sha256('x') where seq = 3`, 3, "changed"},
		{`update ledger set prev_hash = sha256('x') where seq = 3`, 3, "continue"},
		{`delete from ledger where seq = 4`, 4, "missing"},
		{`delete from ledger where seq = 6`, 7 - 1, "end is missing"},
		{`delete from ledger where seq = 6; update ledger_heads set count = 5, hash = (select hash from ledger where seq = 5)`, 5, "not signed"},
		{`update ledger set seq = case seq when 2 then 3 else 2 end where seq in (2, 3)`, 2, ""},
		{`update statements set text = 'otherwise' where kind = 'statement'`, 6, "statement was changed"},
		{`update statements set text = 'otherwise' where kind = 'note'`, 6, "note was changed"},
		{`delete from statements where kind = 'note'`, 6, "nothing was erased"},
		{`update comments set status = 'spam' where status = 'rejected' and id = (select min(id::text)::uuid from comments)`, 0, "not that of its newest entry"},
	} {
		v := w.tamper(sql, change.sql)
		if v.Fault == nil || v.Fault.Seq != change.seq || !strings.Contains(v.Fault.Why, change.why) {
			t.Errorf("%s: got %+v, want entry %d named (%s)", change.sql, v.Fault, change.seq, change.why)
		}
	}
	other := moderation.New(store, []byte("another secret of thirty-two chars"))
	if v, err := other.VerifyLedger(t.Context(), w.site); err != nil || v.Fault == nil {
		t.Errorf("got %+v, %v with another secret, want the signature refused", v, err)
	}
}

func (w *world) verify() moderation.Verification {
	w.Helper()
	v, err := w.flow.VerifyLedger(w.Context(), w.site)
	w.must(err)
	return v
}

// tamper changes rows with the guards off, verifies, and puts everything back from copies.
func (w *world) tamper(sql *pgx.Conn, change string) moderation.Verification {
	w.Helper()
	run := func(statement string) {
		w.Helper()
		if _, err := sql.Exec(w.Context(), `set session_replication_role = replica; alter table ledger drop constraint if exists ledger_pkey cascade; `+statement); err != nil {
			w.Fatalf("%s: %v", statement, err)
		}
	}
	run(`alter table comments alter column urgency drop expression if exists`) // a computed column is not put back from a copy
	tables := []string{"ledger", "ledger_heads", "statements", "comments"}
	for _, table := range tables {
		run(`create table copy_` + table + ` as table ` + table)
	}
	run(change)
	v := w.verify()
	for _, table := range tables {
		run(`delete from ` + table + `; insert into ` + table + ` select * from copy_` + table + `; drop table copy_` + table)
	}
	return v
}
