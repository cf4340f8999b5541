package models_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

// end ends a site and deletes it.
func (w *world) end(site models.Site) {
	w.Helper()
	w.must(w.flow.Store.EndSite(w.Context(), site.ID, time.Now()))
	w.must(w.flow.Store.DeleteSite(w.Context(), site.ID, "none"))
}

// rowsBut are the rows of every table but those that hold the text, each as a line under its table's name.
func (w *world) rowsBut(text string) (all []string) {
	w.Helper()
	for _, table := range w.names(`select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`) {
		for _, row := range w.names(`select t::text from ` + table + ` t order by 1`) {
			if !strings.Contains(row, text) {
				all = append(all, table+": "+row)
			}
		}
	}
	return all
}

func TestADeletedSiteIsInNoTableAndEveryOtherRowIsAsItWas(t *testing.T) {
	w := newTwins(t)
	gone := w.a.site.ID.String()
	for _, table := range w.names(`select relname from (` + siteTables + `) s`) {
		if w.read(`select exists (select from `+table+` where site_id = $1)::text`, w.a.site.ID) != "true" {
			t.Errorf("%s holds nothing of the site: something is wrong with this test", table)
		}
	}
	if w.read(`select exists (select from river_job where args->>'site_id' = $1::text)::text`, w.a.site.ID) != "true" {
		t.Error("there is no job of the site: something is wrong with this test")
	}
	left := w.read(`select id::text from moderators where email = 'mo@news'`) // the one who serves no other site
	before := slices.DeleteFunc(w.rowsBut(gone), func(row string) bool { return strings.Contains(row, left) })
	w.end(w.a.site)
	for _, table := range w.names(`select relname from (` + siteTables + `) s`) {
		if w.read(`select exists (select from `+table+` where site_id = $1)::text`, w.a.site.ID) != "false" {
			t.Errorf("%s holds something of the site", table)
		}
	}
	for _, row := range w.rowsBut("\x00") {
		if strings.Contains(row, gone) {
			t.Errorf("the site's id is left: %s", row)
		}
	}
	after := slices.DeleteFunc(w.rowsBut(gone), func(row string) bool { return strings.Contains(row, left) })
	if !slices.Equal(before, after) {
		t.Errorf("got other rows than before:\n%s", strings.Join(after, "\n"))
	}
}

func TestWhoLosesTheLastSiteHasNoAccountAndTheOthersKeepTheirs(t *testing.T) {
	w := newWorld(t)
	kept, gone, ctx := w.newSite("other"), w.site, t.Context()
	join := func(name string, sites ...models.Site) models.Moderator {
		m := models.Moderator{ID: uuid.New(), Email: name + "@example.org", Name: name, PasswordHash: "x", Locale: "de", CreatedAt: time.Now()}
		for _, site := range sites {
			w.must(w.flow.Store.CreateModerator(ctx, m, site.ID, moderation.RoleEditor))
		}
		w.must(w.flow.Store.CreateSession(ctx, models.Session{ID: uuid.New(), TokenHash: hashOf(name), ModeratorID: m.ID, CreatedAt: time.Now(), ExpiresAt: later, SeenAt: time.Now(), ConfirmedAt: time.Now(), Factor: "password"}))
		return m
	}
	join("last", gone)
	both := join("both", gone, kept)
	served := join("served", gone, kept) // and decided there, before they left it
	w.site, w.actor = kept, moderation.Actor{ID: served.ID, Name: served.Name, Email: served.Email, Role: moderation.RoleEditor}
	w.comment("public", true)
	w.must(w.flow.Store.DeleteMembership(ctx, kept.ID, served.ID))
	loss, err := w.flow.Store.Loss(ctx, gone.ID)
	if want := []string{"last@example.org", "mo@news", "served@example.org"}; err != nil || !slices.Equal(loss.Leaving, want) || !slices.Equal(loss.Staff, []string{both.Email}) {
		t.Errorf("got %+v (%v), want %v to leave, and %s to stay", loss, err, want, both.Email)
	}
	w.end(gone)
	want := []string{"both both@example.org x", "served served@example.org none"}
	if got := w.names(`select name || ' ' || email || ' ' || password_hash from moderators where name in ('last', 'both', 'served') order by 1`); !slices.Equal(got, want) {
		t.Errorf("got the accounts %q, want %q", got, want)
	}
	if got := w.names(`select o.name from sessions join moderators o on o.id = moderator_id`); !slices.Equal(got, []string{"both"}) {
		t.Errorf("got sessions of %q, want of who serves another site alone", got)
	}
	if got := w.read(`select count(*)::text from moderators where name = '-' and email = id::text and password_hash = 'none'`); got != "2" {
		t.Errorf("got %s emptied accounts, want those of last and of mo", got)
	}
}

func TestASiteThatHasEndedIsNotSeenByWhoeverServes(t *testing.T) {
	w := newWorld(t)
	w.comment("public", true)
	w.must(w.flow.Store.EndSite(t.Context(), w.site.ID, time.Now()))
	if _, err := w.flow.Store.Site(t.Context(), "news"); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("by its name: got %v", err)
	}
	if _, err := w.flow.Store.SiteByID(t.Context(), w.site.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("by its id: got %v", err)
	}
	if sites, err := w.flow.Store.Memberships(t.Context(), w.actor.ID); err != nil || len(sites) != 0 {
		t.Errorf("of its staff: got %v (%v)", sites, err)
	}
	if sites, err := w.flow.Store.Sites(t.Context()); err != nil || len(sites) != 0 {
		t.Errorf("on the list: got %v (%v)", sites, err)
	}
}

// The logs let nobody through but the owner of a site that has ended, and then no other site's rows.
func TestALogIsDeletedFromByTheOwnerOfASiteThatHasEndedOnly(t *testing.T) {
	w := asOwner(t)
	w.comment("public", true)
	ended := w.site
	w.must(w.flow.Store.CreateStaffChange(t.Context(), models.StaffChange{SiteID: ended.ID, ID: uuid.New(), Action: models.StaffSecond, CreatedAt: time.Now()}))
	w.site = w.newSite("other")
	w.comment("public", true)
	w.must(w.flow.Store.CreateStaffChange(t.Context(), models.StaffChange{SiteID: w.site.ID, ID: uuid.New(), Action: models.StaffSecond, CreatedAt: time.Now()}))
	if err := w.flow.Store.DeleteSite(t.Context(), ended.ID, "none"); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("before its end: got %v, want it refused", err)
	}
	w.must(w.flow.Store.EndSite(t.Context(), ended.ID, time.Now()))
	for _, statement := range []string{`update sites set ended_at = null`, `update sites set ended_at = now()`, `delete from sites`,
		`delete from ledger`, `delete from staff_changes`, `delete from rules`} {
		if err := w.exec(true, ended, statement); !refused(err) {
			t.Errorf("%s by the serving role: got %v, want it refused", statement, err)
		}
	}
	for _, statement := range []string{`delete from ledger`, `delete from staff_changes`, `update ledger set action = 'spam' where site_id = '` + ended.ID.String() + `'`} {
		if _, err := w.flow.Store.Pool().Exec(t.Context(), statement); !refused(err) {
			t.Errorf("%s by the owner: got %v, want it refused for the other site's rows, and any change", statement, err)
		}
	}
	w.must(w.flow.Store.DeleteSite(t.Context(), ended.ID, "none"))
	if v, err := w.flow.VerifyLedger(t.Context(), w.site); err != nil || v.Entries != 1 || v.Fault != nil {
		t.Errorf("the other site: got %+v (%v), want its log whole", v, err)
	}
}

// A row without an index by which it is found from what it refers to is looked for among all of its site, once for each row
// there: a large site would never end. Answers are looked for among those of one article.
func TestEveryReferenceWithinASiteIsFoundByAnIndex(t *testing.T) {
	w := newWorld(t)
	slow := w.names(`select k.conrelid::regclass || '.' || k.conname from pg_constraint k where k.contype = 'f'
		and k.confrelid not in ('memberships'::regclass, 'rule_versions'::regclass) -- of which there are few
		and k.conrelid in (select oid from (` + siteTables + `) s) and k.confrelid in (select oid from (` + siteTables + `) s)
		and not exists (select from pg_index i where i.indrelid = k.conrelid and i.indisvalid
			and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~ '^\(\w+ IS NOT NULL\)$')
			and 2 = (select count(*) from unnest(k.conkey) c (n) where c.n = any ((string_to_array(i.indkey::text, ' ')::smallint[])[1:2])))`)
	if len(slow) > 0 {
		t.Errorf("without an index: %s", strings.Join(slow, ", "))
	}
}
