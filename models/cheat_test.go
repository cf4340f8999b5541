package models_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"plenum/moderation"
)

// entry is SQL that forges a ledger entry for the comment.
func entry(w *world, id uuid.UUID, entryID string, version int, status string) string {
	public := "null"
	if status == "approved" {
		public = "1"
	}
	return fmt.Sprintf(`insert into ledger (site_id, id, kind, action, comment_id, version, revision, status, public_revision, rules_version, actor_id, created_at)
		values ('%s', '%s', 'decision', 'approve', '%s', %d, 1, '%s', %s, 1, '%s', now())`, w.site.ID, entryID, id, version, status, public, w.actor.ID)
}

// born is SQL that makes a comment, whole and with its text, after the likeness of another, in the state given.
func born(w *world, like uuid.UUID, status string, version int, public, held string) []string {
	id := uuid.NewString()
	return []string{fmt.Sprintf(`insert into comments (site_id, id, article_id, root_id, path, depth, author_id, author_name, locale, rules_version, status,
			version, public_revision, held_revision, created_at, published_at, rank_at, waiting_since)
		select site_id, '%s', article_id, '%[1]s', path, 0, author_id, author_name, locale, 1, '%s', %d, %s, %s, now(), now(), now(), now() from comments where id = '%s'`,
		id, status, version, public, held, like), fmt.Sprintf(`insert into revisions values ('%s', '%s', 1, 'x', 'x', 1, now())`, w.site.ID, id)}
}

// Nobody who writes plain SQL changes what is public without an entry of its own, neither as the serving role nor as
// the schema's owner.
func TestTheSchemaRefusesAStateWithoutItsEntry(t *testing.T) {
	w := newWorld(t)
	id, other := w.comment("held", false), w.comment("public", true)
	const approve = `status = 'approved', public_revision = 1, held_revision = null, published_at = now()`
	fresh := uuid.NewString()
	cheats := map[string][]string{
		"a state and no entry":         {fmt.Sprintf(`update comments set %s where id = '%s'`, approve, id)},
		"a version and no entry":       {fmt.Sprintf(`update comments set %s, version = 2 where id = '%s'`, approve, id)},
		"an entry that is not there":   {fmt.Sprintf(`update comments set %s, version = 2, entry = '%s' where id = '%s'`, approve, fresh, id)},
		"another comment's entry":      {fmt.Sprintf(`update comments set %s, version = 2, entry = (select entry from comments where id = '%s') where id = '%s'`, approve, other, id)},
		"an entry of another state":    {entry(w, id, fresh, 2, "rejected"), fmt.Sprintf(`update comments set %s, version = 2, entry = '%s' where id = '%s'`, approve, fresh, id)},
		"a version left out":           {entry(w, id, fresh, 3, "approved"), fmt.Sprintf(`update comments set %s, version = 3, entry = '%s' where id = '%s'`, approve, fresh, id)},
		"the same version":             {entry(w, id, fresh, 2, "approved"), fmt.Sprintf(`update comments set %s, entry = '%s' where id = '%s'`, approve, fresh, id)},
		"a text beside the entry":      {fmt.Sprintf(`update comments set held_revision = null where id = '%s'`, id)},
		"back to pending":              {fmt.Sprintf(`update comments set status = 'pending', public_revision = null, held_revision = 1, entry = null, version = 1 where id = '%s'`, other)},
		"an entry used twice":          {fmt.Sprintf(`update comments set version = 3, published_at = now() where id = '%s'`, other)},
		"approved but not public":      {fmt.Sprintf(`update comments set public_revision = null where id = '%s'`, other)},
		"born approved":                born(w, id, "approved", 1, "1", "null"),
		"born removed":                 born(w, id, "removed", 1, "null", "null"),
		"born at a later version":      born(w, id, "pending", 5, "null", "1"),
		"born with nothing that waits": born(w, id, "pending", 1, "null", "null"),
		"a removal without a rule":     {strings.Replace(entry(w, other, fresh, 3, "removed"), "'approve'", "'remove'", 1)},
		"a second entry of a version":  {entry(w, other, fresh, 2, "removed")},
		"a decision by nobody":         {strings.Replace(entry(w, id, fresh, 2, "approved"), "'"+w.actor.ID.String()+"'", "null", 1)},
	}
	if err := w.exec(true, w.site, born(w, id, "pending", 1, "null", "1")...); err != nil {
		t.Fatalf("a new comment: got %v: something is wrong with this test", err)
	}
	for what, statements := range cheats {
		for _, serving := range []bool{true, false} {
			if err := w.exec(serving, w.site, statements...); !refused(err) {
				t.Errorf("%s: got %v, want it refused, serving %v", what, err, serving)
			}
		}
	}
}

func TestTheLedgerOnlyGrows(t *testing.T) {
	w := newWorld(t)
	id := w.comment("public", true)
	for _, statement := range []string{
		`update ledger set action = 'spam'`, `delete from ledger`, `update rules set text = 'x'`, `delete from rules`, `update rule_versions set version = 9`,
	} {
		for _, serving := range []bool{true, false} {
			if err := w.exec(serving, w.site, statement); !refused(err) {
				t.Errorf("%s: got %v, want it refused, serving %v", statement, err, serving)
			}
		}
	}
	for _, statement := range []string{
		`truncate ledger cascade`, `delete from comments`, `update revisions set body = 'x'`, `update comments set author_name = 'x'`,
		`update statements set text = 'x'`, `delete from ledger_heads`, `insert into sites select * from sites`, `update sites set slug = 'x'`,
		`insert into memberships select * from memberships`,
	} {
		if err := w.exec(true, w.site, statement); !refused(err) {
			t.Errorf("%s: got %v, want it refused to the serving role", statement, err)
		}
	}
	if got := w.read(`select status from comments where id = $1`, id); got != "approved" {
		t.Errorf("got the comment %s, want it as it was", got)
	}
}

// Erasure is the one way in which a text, a name or a statement goes, and it is an entry of the ledger.
func TestNothingIsErasedWithoutItsEntry(t *testing.T) {
	w := newWorld(t)
	id := w.comment("public", true)
	_, err := w.flow.Decide(t.Context(), w.site, w.actor, moderation.Verdict{CommentID: id, Version: 2, Action: moderation.Keep, Note: "a note"})
	w.must(err)
	erase := `insert into ledger (site_id, id, kind, action, comment_id, version, revision, status, rules_version, created_at)
		select site_id, '%s', 'erasure', 'erase', id, version + 1, 1, 'withdrawn', 1, now() from comments where status = 'approved';
		update comments set version = version + 1, entry = '%[1]s', status = 'withdrawn', public_revision = null where status = 'approved'`
	entry := fmt.Sprintf(erase, uuid.NewString())
	for what, statement := range map[string]string{
		"a name":               `update comments set author_name = ''`,
		"a name and a time":    `update comments set author_name = '', erased_at = now()`,
		"another name":         `update comments set author_name = 'x'`,
		"another address":      `update comments set author_url = 'https://x.example'`,
		"a text":               `update revisions set body = '', html = '', erased_at = now()`,
		"another text":         `update revisions set body = 'x'`,
		"a note":               `delete from statements`,
		"another text, then":   entry + `; update comments set author_name = '', erased_at = now(); update revisions set body = 'x', erased_at = now()`,
		"half of a text, then": entry + `; update comments set author_name = '', erased_at = now(); update revisions set body = '', erased_at = now()`,
		"a time only, then":    entry + `; update comments set erased_at = now()`,
		"and written anew":     entry + `; update comments set author_name = '', erased_at = now(); update comments set author_name = 'x', erased_at = null`,
	} {
		for _, serving := range []bool{true, false} {
			if err := w.exec(serving, w.site, strings.Split(statement, ";")...); !refused(err) {
				t.Errorf("%s: got %v, want it refused, serving %v", what, err, serving)
			}
		}
	}
	whole := entry + `; update comments set author_name = '', erased_at = now(); update revisions set body = '', html = '', erased_at = now(); delete from statements`
	if err := w.exec(true, w.site, strings.Split(whole, ";")...); err != nil {
		t.Errorf("a whole erasure: got %v", err)
	}
}

// refused reports whether the schema said no, and not only that the statement is none: class 23 is integrity, 42501 a
// missing right.
func refused(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (strings.HasPrefix(pg.Code, "23") || pg.Code == "42501")
}

func (w *world) read(query string, args ...any) (value string) {
	w.Helper()
	w.must(w.sql.QueryRow(w.Context(), query, args...).Scan(&value))
	return value
}
