package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/notify"
)

// filled is a site with a comment that is decided and one that waits, and its editor.
func (s *shell) filled(slug string) models.Site {
	s.Helper()
	site := s.site(slug)
	s.with("open sesame", "moderator", "create", "ed@"+slug+".example", "--site", slug, "--role", "editor").done()
	flow := s.flow()
	m, err := flow.Store.ModeratorByEmail(s.Context(), "ed@"+slug+".example")
	s.must(err)
	ed, err := flow.SessionActor(s.Context(), site.ID, m)
	s.must(err)
	for _, text := range []string{"decided", "waits"} {
		r, err := flow.Submit(s.Context(), site, moderation.Submission{Article: moderation.ArticleName{Key: "a"}, Name: "Ann", Email: "ann@reader.example", Body: text, RulesVersion: 1})
		s.must(err)
		if text == "decided" {
			_, err = flow.Decide(s.Context(), site, ed, moderation.Verdict{CommentID: r.ID, Version: 1, Action: moderation.Approve})
			s.must(err)
		}
	}
	return site
}

func TestASiteIsDeletedOnlyWhereItsNameIsGivenTwice(t *testing.T) {
	s := newShell(t)
	s.filled("news")
	for _, args := range [][]string{{}, {"--confirm", "new"}, {"--confirm", ""}} {
		s.run(append([]string{"site", "delete", "news"}, args...)...).failed("nothing is deleted yet", "2 comments under 1 articles", "1 decisions",
			"1 accounts, of people who serve no other site: ed@news.example", "open jobs", "plenum export --site news > news.jsonl",
			"plenum site delete news --confirm news").silent()
	}
	if site, err := s.flow().Store.Site(t.Context(), "news"); err != nil || site.Name != "News" {
		t.Errorf("got %+v (%v), want the site as it was", site, err)
	}
	s.run("site", "delete", "nowhere", "--confirm", "nowhere").failed("there is no site").silent()
	s.run("site", "delete").misused("expected \"<slug>\"").silent()
}

func TestADeletedSiteIsGoneWithItsMailsAndTheNextOneStays(t *testing.T) {
	s := newShell(t)
	news, other := s.filled("news"), s.filled("other")
	folder := notify.Folder{Path: filepath.Join(s.folder, "mail"), From: "plenum@plenum.example"}
	for id, site := range map[string]models.Site{"a": news, "b": news, "c": other, "d": {}} {
		s.must(folder.Send(t.Context(), notify.Letter{ID: id + "@plenum.example", SiteID: site.ID, To: "ann@reader.example", Date: time.Unix(0, 0)}))
	}
	exported := s.run("export", "--site", "other").done().out
	got := s.run("site", "delete", "news", "--confirm", "news", "--json").done()
	var d deleted
	s.must(json.Unmarshal([]byte(got.out), &d))
	if d.Site != "news" || d.Comments != 2 || d.Entries != 1 || d.Jobs == 0 || d.Mails != 2 || len(d.Leaving) != 1 {
		t.Errorf("got said %+v", d)
	}
	if left, err := filepath.Glob(filepath.Join(folder.Path, "*.eml")); err != nil || len(left) != 2 {
		t.Errorf("got the mails %v left (%v), want those of the other site and of an account", left, err)
	}
	s.run("export", "--site", "news").failed("there is no site").silent()
	s.run("site", "delete", "news", "--confirm", "news").failed("there is no site").silent()
	if again := s.run("export", "--site", "other").done().out; again != exported {
		t.Errorf("got of the other site\n%s\nwant\n%s", again, exported)
	}
	s.run("audit", "verify").done()
	s.site("news")
	s.with("open sesame", "moderator", "create", "ed@news.example", "--site", "news", "--role", "editor").done()
	if got := s.run("site", "delete", "news", "--confirm", "news").done().out; got != "news: deleted 0 comments, 0 entries of the log, 0 jobs, 1 accounts and 0 mails\n" {
		t.Errorf("got %q of the site that was made again", got)
	}
}

func TestADeletionThatWasInterruptedIsTakenUp(t *testing.T) {
	s := newShell(t)
	site := s.filled("news")
	s.must(s.flow().EndSite(t.Context(), site))
	s.run("site", "create", "news", "--name", "News", "--origin", "https://news.example").failed("slug: ").silent()
	if got := s.run("doctor"); got.code != failed || !strings.Contains(got.out, "ended, and not deleted yet") || !strings.Contains(got.out, "plenum site delete news --confirm news") {
		t.Errorf("got of the doctor %d and %s", got.code, got.out)
	}
	s.run("site", "delete", "news").failed("nothing is deleted yet").silent()
	s.run("site", "delete", "news", "--confirm", "news").done()
	s.site("news")
}

// Mails go while the site is still known by its name, so that whoever runs it once more finds the rest.
func TestADeletionThatIsCutOffLeavesNoMails(t *testing.T) {
	s := newShell(t)
	site := s.filled("news")
	folder := notify.Folder{Path: filepath.Join(s.folder, "mail"), From: "plenum@plenum.example"}
	s.must(folder.Send(t.Context(), notify.Letter{ID: "a@plenum.example", SiteID: site.ID, To: "ann@reader.example", Date: time.Unix(0, 0)}))
	rows := func(statement string) {
		_, err := s.flow().Store.Pool().Exec(t.Context(), statement)
		s.must(err)
	}
	rows(`create function cut_off() returns trigger language plpgsql as $$ begin raise exception 'cut off'; end $$;
		create trigger cut_off before delete on sites for each row execute function cut_off()`)
	s.run("site", "delete", "news", "--confirm", "news").failed("run the same once more", "cut off")
	if left, err := filepath.Glob(filepath.Join(folder.Path, "*.eml")); err != nil || len(left) != 0 {
		t.Errorf("got the mails %v left (%v), want none", left, err)
	}
	rows(`drop trigger cut_off on sites`)
	s.run("site", "delete", "news", "--confirm", "news").done()
	s.site("news")
}

// A publication of the move copies deletions, too.
func TestASiteOnTheMoveIsNotDeleted(t *testing.T) {
	s := newShell(t)
	site := s.filled("news")
	name := "plenum_move_" + strings.ReplaceAll(site.ID.String(), "-", "")
	_, err := s.flow().Store.Pool().Exec(t.Context(), `create publication `+name+` for table sites where (id = '`+site.ID.String()+`')`)
	s.must(err)
	s.run("site", "delete", "news", "--confirm", "news").failed("is being moved").silent()
	if _, err := s.flow().Store.Site(t.Context(), "news"); err != nil {
		t.Errorf("got %v, want the site as it was", err)
	}
}

func TestACDNDropsAllOfADeletedSite(t *testing.T) {
	s := newShell(t)
	var told []string
	status := http.StatusOK
	cdn := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		told = append(told, q.Header.Get("Surrogate-Key")+" "+q.Header.Get("Authorization"))
		w.WriteHeader(status)
	}))
	defer cdn.Close()
	networks := []string{"--outgoing-networks", "127.0.0.0/8"}
	for _, slug := range []string{"news", "other"} {
		s.site(slug)
		s.with("Authorization: Bearer geheim\n", append(networks, "site", "set", slug, "--cdn", "3600", "--purge", cdn.URL)...).done()
	}
	if got := s.run(append(networks, "site", "delete", "news", "--confirm", "news")...).done(); strings.Contains(got.errs, "CDN") || len(told) != 1 || told[0] != "plenum/news Bearer geheim" {
		t.Errorf("got told %q, and said %q", told, got.errs)
	}
	status = http.StatusForbidden
	got := s.run(append(networks, "site", "delete", "other", "--confirm", "other")...).done()
	if !strings.Contains(got.errs, "a CDN may show pages of other for 3600 seconds more, unless you drop the tag plenum/other there: ") || !strings.Contains(got.errs, "403") {
		t.Errorf("got said %q where it does not take it", got.errs)
	}
}
