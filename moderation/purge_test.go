package moderation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"plenum/models"
	"plenum/moderation"
)

// cdn has the site's CDN told of changes.
func (w *world) cdn() {
	w.Helper()
	site, err := w.flow.SetSite(w.Context(), w.site, moderation.SiteChange{Purge: &moderation.Purging{Address: "https://cdn.example/purge"}})
	w.must(err)
	w.site = site
	w.purges()
}

// purges takes the jobs that wait, oldest first: when each is due, and for which tags.
func (w *world) purges() []string {
	w.Helper()
	rows, err := w.flow.Store.Pool().Query(w.Context(), `with taken as (delete from river_job where kind = 'purge' returning *)
		select case state when 'scheduled' then 'later' else 'now' end || array_to_string(array(select ' ' || jsonb_array_elements_text(args->'tags')), '') from taken order by id`)
	w.must(err)
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	w.must(err)
	return all
}

func (w *world) wantPurges(what string, want ...string) {
	w.Helper()
	if got := w.purges(); !slices.Equal(got, want) {
		w.Errorf("%s: got the purges %q, want %q", what, got, want)
	}
}

// thread is what a job says that is about the thread of an article.
func (w *world) thread(when, key string) string {
	return when + " " + w.site.Tags([]string{key})[1] + " plenum/news/overview"
}

func TestEveryChangeOfWhatIsPublicIsToldToTheCDN(t *testing.T) {
	w := newWorld(t)
	w.cdn()
	now, later := w.thread("now", "a"), w.thread("later", "a")
	pending := w.submit(w.submission())
	w.wantPurges("a submission")
	w.must(w.decide(w.moderator, pending.ID, moderation.Reject, "respect"))
	w.wantPurges("a rejection")

	first := w.submit(w.submission())
	w.must(w.decide(w.moderator, first.ID, moderation.Approve))
	w.wantPurges("an approval", later)
	w.must(w.decide(w.moderator, first.ID, moderation.Undo))
	w.wantPurges("its undoing", now, later)
	w.must(w.decide(w.moderator, first.ID, moderation.Approve))
	w.wantPurges("the next approval", later)
	w.must(w.flow.Edit(t.Context(), w.site, first.ID, first.ManageToken, "another text"))
	w.wantPurges("an edit that waits")
	w.must(w.decide(w.moderator, first.ID, moderation.Approve))
	w.wantPurges("an edit approved", later)
	_, err := w.flow.Feature(t.Context(), w.site, w.editor, moderation.Verdict{CommentID: first.ID, Version: w.comment(first.ID).Version, Action: moderation.Feature})
	w.must(err)
	w.wantPurges("an editor's pick", later)
	w.must(w.decide(w.moderator, first.ID, moderation.Remove, "topic"))
	w.wantPurges("a removal", now, later)
	w.must(w.decide(w.editor, first.ID, moderation.Restore))
	w.wantPurges("a restoration", later)
	_, err = w.flow.Agree(t.Context(), w.site, moderation.Agreement{CommentID: first.ID, Browser: "a browser"})
	w.must(err)
	w.wantPurges("an agreement, which nothing is lost with")
	w.must(w.flow.Withdraw(t.Context(), w.site, first.ID, first.ManageToken))
	w.wantPurges("a withdrawal", now, later)
}

func TestAnErasureAnArticleRulesAndSettingsAreToldToTheCDN(t *testing.T) {
	w := newWorld(t)
	w.cdn()
	s := w.submission()
	s.Email = "ann@reader.example"
	w.must(w.decide(w.moderator, w.submit(s).ID, moderation.Approve))
	w.purges()
	_, err := w.flow.ErasePerson(t.Context(), w.site, s.Email)
	w.must(err)
	w.wantPurges("an erasure", w.thread("now", "a"), w.thread("later", "a"))
	address, title := "https://news.example/b", "B"
	_, err = w.flow.PutArticle(t.Context(), w.site, w.editor, moderation.ArticleChange{Key: "b c", URL: &address, Title: &title})
	w.must(err)
	w.wantPurges("an article", w.thread("later", "b c"))
	texts, err := moderation.ParseRules([]byte("locales: {de: {intro: Neu, rules: [{code: topic, title: Thema, text: Zur Sache.}]}}"))
	w.must(err)
	_, err = w.flow.PublishRules(t.Context(), w.site, w.editor, texts)
	w.must(err)
	w.wantPurges("rules", "later plenum/news")
	depth := 3
	_, err = w.flow.SetSite(t.Context(), w.site, moderation.SiteChange{Numbers: map[string]int{"thread_depth": depth}})
	w.must(err)
	w.wantPurges("settings", "later plenum/news")
}

func TestManyApprovalsAreOneCall(t *testing.T) {
	w := newWorld(t)
	w.cdn()
	for range 5 {
		w.public()
	}
	w.wantPurges("five approvals", w.thread("later", "a"))
}

// A call that is under way may have come too soon for a change that is committed meanwhile.
func TestAChangeWhileTheCallIsUnderWayIsToldByAnother(t *testing.T) {
	w := newWorld(t)
	w.cdn()
	w.public()
	_, err := w.flow.Store.Pool().Exec(t.Context(), `update river_job set state = 'running' where kind = 'purge'`)
	w.must(err)
	w.public()
	if got := w.purges(); len(got) != 2 {
		t.Errorf("got the purges %q, want the one under way and its successor", got)
	}
}

func TestWhatWasNotCommittedIsNotPurged(t *testing.T) {
	w := newWorld(t)
	w.cdn()
	id := w.public()
	w.purges()
	_, err := w.flow.Store.Pool().Exec(t.Context(), `create function fail() returns trigger language plpgsql as $$ begin raise exception 'no commit'; end $$;
		create constraint trigger fail after insert on ledger deferrable initially deferred for each row execute function fail()`)
	w.must(err)
	if w.decide(w.moderator, id, moderation.Remove, "topic") == nil {
		t.Fatal("the removal was committed: something is wrong with this test")
	}
	w.wantPurges("nothing")
}

func TestASiteWithoutAnAddressTellsNobody(t *testing.T) {
	w := newWorld(t)
	w.must(w.decide(w.moderator, w.public(), moderation.Remove, "topic"))
	w.wantPurges("a removal")
	w.cdn()
	other := w.site
	w.site = w.newSite("other")
	w.must(w.decide(w.moderator, w.public(), moderation.Remove, "topic"))
	w.wantPurges("a removal on another site")
	_, err := w.flow.SetSite(t.Context(), other, moderation.SiteChange{Purge: &moderation.Purging{}})
	w.must(err)
	w.wantPurges("the end of it")
}

func TestAPurgeAddressIsPublicAndItsHeaderIsSealed(t *testing.T) {
	w := newWorld(t)
	set := func(address, header string) (models.Site, error) {
		return w.flow.SetSite(w.Context(), w.site, moderation.SiteChange{Purge: &moderation.Purging{Address: address, Header: header}})
	}
	for _, address := range []string{"http://cdn.example/", "https://127.0.0.1/", "https://10.1.2.3/", "https://me:secret@cdn.example/", "cdn.example", "https://cdn.example/" + strings.Repeat("x", 1000)} {
		_, err := set(address, "")
		w.wantRefusal(err, "refusal.webhook_url")
	}
	for _, header := range []string{"token", "Authorization:", "Auth orization: x", "Authorization: a\x00b"} {
		_, err := set("https://cdn.example/", header)
		w.wantRefusal(err, "refusal.purge_header")
	}
	site, err := set("https://cdn.example/zones/geheim/purge", "Fastly-Key: geheim")
	w.must(err)
	shown, err := w.flow.PurgeShown(site)
	w.must(err)
	if shown != "https://cdn.example (Fastly-Key: …)" {
		t.Errorf("got shown %q", shown)
	}
	stored, err := w.flow.Store.Site(t.Context(), "news")
	w.must(err)
	if len(stored.PurgeSealed) == 0 || strings.Contains(string(stored.PurgeSealed), "geheim") {
		t.Errorf("got the header %q, want it sealed", stored.PurgeSealed)
	}
	var rows []string
	w.must(w.flow.Store.Export(t.Context(), site.ID, func(_ string, row []byte) error { rows = append(rows, string(row)); return nil }))
	if all := strings.Join(rows, "\n"); strings.Contains(all, "geheim") || strings.Contains(all, "purge_") {
		t.Error("the export holds how the CDN is told") // beside that, and when, somebody set it
	}
}

func TestAChangeOfManyThreadsGoesByTheSite(t *testing.T) {
	site := models.Site{Slug: "news"}
	var keys []string
	for i := range 21 {
		keys = append(keys, fmt.Sprint("article, with a key ", i))
	}
	if got := site.Tags(keys[:20]); len(got) != 21 || strings.ContainsAny(strings.Join(got, ""), " ,") {
		t.Errorf("got %q", got)
	}
	if got := site.Tags(keys); !slices.Equal(got, []string{"plenum/news", "plenum/news/overview"}) {
		t.Errorf("got %q", got)
	}
}
