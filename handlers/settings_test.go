package handlers_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// settings is the admin's form as it stands, with some of it typed anew.
func (w *world) settings(admin option, typed ...string) url.Values {
	w.Helper()
	page := string(w.get("/desk/zeitung/settings", admin).want(200).body)
	_, seen, _ := strings.Cut(page, `name="seen" value="`)
	form := url.Values{"seen": {seen[:len(uuid.Nil.String())]}, "name": {w.site.Name}, "origins": {strings.Join(w.site.Origins, "\r\n")}, "agree": {"on"}}
	for i := 0; i < len(typed); i += 2 {
		form.Set(typed[i], typed[i+1])
	}
	return form
}

func TestAnAdminSetsWhatHoldsForTheSite(t *testing.T) {
	w := newWorld(t)
	admin, address := w.session(ada), "/desk/zeitung/settings"
	top := w.approve(w.send(newDraft("x")))
	w.approve(w.send(newDraft("x").below(w.approve(w.send(newDraft("x").below(top))))))
	w.get(address, admin).want(200).holds(`id="undo_seconds" name="undo_seconds" value="20"`, `id="close_after_days" name="close_after_days" value="0"`, "Noch nichts.")
	form := w.settings(admin, "thread_depth", "1", "name", "Die  Zeitung ", "origins", w.site.Origins[0]+"\r\nhttps://neu.example", "confirm", "on", "report_target_minutes", "30")
	w.filled(address, form.Encode(), admin).leadsTo(address + "?saved=1")
	w.get(address+"?saved=1", admin).want(200).holds("Gespeichert.", `name="thread_depth" value="1"`, `value="Die  Zeitung"`, "\nhttps://neu.example</textarea>",
		`name="confirm" value="on" checked`, "</bdi> → <bdi>30</bdi>", "<bdi>no</bdi> → <bdi>yes</bdi>", ">Name of admin ada</span>")
	if got := strings.Count(w.page("article="+url.QueryEscape(article)), "<ol>\n<li"); got != 1 {
		t.Errorf("got %d levels of answers, want the one that was set", got)
	}
	if got := w.get("/zeitung/thread?article=" + url.QueryEscape(article)).header.Get("Content-Security-Policy"); !strings.Contains(got, "https://neu.example") {
		t.Errorf("got %q, want the new address to frame it", got)
	}
	site, err := w.flow.Store.Site(t.Context(), "zeitung")
	w.must(err)
	if site.UndoSeconds != nil || !site.RequireConfirmed || site.ReportTargetMinutes != 30 {
		t.Errorf("got %+v, want what was set, and the program's delay where nothing was", site)
	}
}

func TestALongLogOfChangesIsShownWholeWhereItIsAskedFor(t *testing.T) {
	w := newWorld(t)
	admin := w.session(ada)
	for _, log := range []struct{ page, api, fill string }{
		{"/desk/zeitung/settings", "/api/v1/sites/zeitung/settings", `insert into setting_changes (site_id, id, actor_id, setting, was, becomes, created_at)
			select $1, gen_random_uuid(), null, 'thread_depth', n::text, (n + 1)::text, now() - n * interval '1 day' from generate_series(1, 60) n`},
		{"/desk/zeitung/moderators", "/api/v1/sites/zeitung/moderators", `insert into staff_changes (site_id, id, action, actor_id, moderator_id, role, detail, created_at)
			select $1, gen_random_uuid(), 'second_factor', null, null, null, 'optional', now() - n * interval '1 day' from generate_series(1, 60) n`},
	} {
		w.sql(log.fill, w.site.ID)
		for address, want := range map[string]int{log.page: 50, log.page + "?changes=all": 60} {
			page := w.get(address, admin).want(200)
			if got := strings.Count(string(page.body), "\n<li>"); got != want {
				t.Errorf("%s: got %d changes, want %d", address, got, want)
			}
			if got := strings.Contains(string(page.body), `href="?changes=all"`); got != (want == 50) {
				t.Errorf("%s: there is a link to more: %t", address, got)
			}
		}
		for address, want := range map[string]int{log.api: 50, log.api + "?changes=newest": 50, log.api + "?changes=all": 60} {
			var answer struct{ Changes []any }
			if w.get(address, admin).want(200).into(&answer); len(answer.Changes) != want {
				t.Errorf("%s: got %d changes, want %d", address, len(answer.Changes), want)
			}
		}
		w.get(log.api+"?changes=some", admin).want(400)
	}
}

func TestRefusedSettingsStandAsTheyWereTyped(t *testing.T) {
	w := newWorld(t)
	admin, address := w.session(ada), "/desk/zeitung/settings"
	for _, c := range [][3]string{
		{"appeal_days", "30", "183 bis 3.650"}, {"thread_depth", "zwei", "nicht"}, {"name", " ", "leer"}, {"name", strings.Repeat("n", 81), "80 Zeichen"},
		{"origins", "https://zeitung.example/artikel", "https://zeitung.example/artikel"}, {"origins", "", "leer"}, {"limit_seconds", "3601", "3.600"},
	} {
		page := w.filled(address, w.settings(admin, c[0], c[1], "bulk_day", "77").Encode(), admin)
		if page.status != 422 && page.status != 400 {
			t.Errorf("%s %q: got %d", c[0], c[1], page.status)
		}
		page.holds(`role="alert"><a href="#`+c[0]+`">`, c[2], `aria-invalid="true"`, `name="bulk_day" value="77"`)
		if c[0] != "origins" {
			page.holds(`value="` + c[1] + `"`)
		}
	}
	w.get(address, admin).want(200).holds("Noch nichts.", `name="bulk_day" value="5000"`)
	w.get(address, w.session(ida)).want(403)
}

func TestTwoAdminsDoNotUndoEachOthersSettingsUnseen(t *testing.T) {
	w := newWorld(t)
	admin, address := w.session(ada), "/desk/zeitung/settings"
	mine, other := w.settings(admin, "bulk_day", "77"), w.settings(admin, "bulk_hour", "33")
	w.filled(address, other.Encode(), admin).leadsTo(address + "?saved=1")
	w.filled(address, mine.Encode(), admin).want(409).holds(`name="bulk_day" value="77"`, "inzwischen", "<bdi>33</bdi>")
	w.filled(address, w.settings(admin, "bulk_day", "77").Encode(), admin).leadsTo(address + "?saved=1")
}

func TestSettingsAreSetByTheAPI(t *testing.T) {
	w := newWorld(t)
	admin := w.session(ada)
	type settings struct {
		Name    string
		Origins []string
		Numbers map[string]int
		Confirm string
		Changes []struct{ ID, Setting, Was, Becomes string }
	}
	now := read[settings](w.get(w.api("/settings"), admin).want(200))
	if now.Name != w.site.Name || len(now.Numbers) != 13 || now.Numbers["undo_seconds"] != 20 || len(now.Changes) != 0 {
		t.Fatalf("got %+v", now)
	}
	now = read[settings](w.do("PATCH", w.api("/settings"), draft{"seen": uuid.Nil.String(), "numbers": draft{"undo_seconds": 20, "close_after_days": 30}}, admin).want(200))
	if c := now.Changes; now.Numbers["close_after_days"] != 30 || len(c) != 1 || c[0].Setting != "close_after_days" || c[0].Was != "0" || c[0].Becomes != "30" {
		t.Errorf("got %+v, want what was changed and nothing else in the log", now)
	}
	w.do("PATCH", w.api("/settings"), draft{"seen": uuid.Nil.String(), "confirm": "yes"}, admin).refused(409)
	w.do("PATCH", w.api("/settings"), draft{"seen": now.Changes[0].ID, "confirm": "yes"}, w.session(ida)).refused(403)
	if after := read[settings](w.get(w.api("/settings"), admin).want(200)); after.Confirm != "no" || len(after.Changes) != 1 {
		t.Errorf("got %+v, want nothing changed by an editor", after)
	}
	if p := w.do("PATCH", w.api("/settings"), draft{"seen": now.Changes[0].ID, "numbers": draft{"depth": 3}}, admin).refused(422); !p.names("depth", "unknown") {
		t.Errorf("got %+v", p)
	}
	if p := w.do("PATCH", w.api("/settings"), draft{"seen": now.Changes[0].ID, "origins": []string{}}, admin).refused(422); !p.names("origins", "required") {
		t.Errorf("got %+v", p)
	}
}
